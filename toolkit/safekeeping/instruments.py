"""Instruments: what is measured before the course, after it and later; as forms, a codebook and authors' keys.

Only the forms of a wave, the evaluation and whoever writes content load this module; a lesson never does. A form holds
no key: `sheet` and `codebook` leave keys, rationales and accurate sentences out, and `keys` alone gives them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, Literal

from .faults import WrongCall, listed, near
from .library import Library
from .records import Form as Often
from .records import Item, _record, _Value, many, words

CODEBOOK = 1  # version of the codebook
LETTERS = "ABCDEFGH"
UNKNOWN = "?"  # the cell of somebody who chose "don't know"
BASE = ("event", "wave", "form", "length", "date", "role")  # the first columns of a row of answers

Kind = Literal[
    "knowledge", "judgement", "self-efficacy", "myths", "intention", "barriers", "reaction", "distress", "behaviour",
    "open",
]  # fmt: skip
Answer = Literal["choice", "rating", "tick", "open"]
ANSWER: dict[str, Answer] = {
    "knowledge": "choice", "barriers": "tick", "behaviour": "tick", "open": "open",
}  # fmt: skip  # every other kind is rated
# Seconds that one answer takes beside reading at 200 words a minute: the authors' estimate, no pilot has measured it.
SECONDS: dict[Answer, float] = {"choice": 8, "rating": 3, "tick": 2, "open": 45}
SECONDS_A_CODE, WORDS_A_MINUTE = 6, 200


@_record
class Statement(_Value):
    """One line to rate, to tick or to answer in writing. Its id names its column."""

    id: str
    text: str = words()
    module: str = ""
    reverse: bool = False
    accurate: str = words(default="")
    basis: tuple[str, ...] = ()


@_record
class Deed(_Value):
    """One action of a vignette, to rate; ``key`` is the authors' rating, ``report`` marks "report now"."""

    id: str
    text: str = words()
    rationale: str = words()
    key: int
    report: bool = False


@_record
class Vignette(_Value):
    """A short fictional case. In a positive one a report is due now; in a negative one it is not."""

    id: str
    case: Literal["positive", "negative"]
    forms: tuple[Often, ...] = ()
    stem: str = words()
    basis: tuple[str, ...]
    actions: tuple[Deed, ...] = many("action")


@_record
class Instrument(_Value):
    """One thing that is measured. The parts that its kind does not use stay empty.

    ``low`` and ``high`` name the ends of a scale from ``least`` to ``most``. ``form`` and ``length`` belong to
    knowledge alone: ``kn-a`` is form A in full, ``kn-a5`` five of its items.
    """

    id: str
    kind: Kind
    title: str = words()
    intro: str = words()
    form: Literal["", "A", "B"] = ""
    length: int = 0
    least: int = 0
    most: int = 0
    low: str = words(default="")
    high: str = words(default="")
    panel: str = "none"
    items: tuple[str, ...] = ()
    statements: tuple[Statement, ...] = many("statement")
    vignettes: tuple[Vignette, ...] = many("vignette")
    retired: bool = False


@_record
class Length(_Value):
    """What a wave holds with so many knowledge items: instruments in order; ``kn`` is the form of that length."""

    knowledge: int
    parts: tuple[str, ...]


@_record
class Wave(_Value):
    """A time of measuring."""

    id: Literal["pre", "post", "follow-30", "follow-90"]
    title: str = words()
    intro: str = words()
    lengths: tuple[Length, ...] = many("length")
    retired: bool = False


@_record
class Code(_Value):
    """One element of the pseudonym; ``pattern`` says in words what is written, ``match`` the same for a program:
    one letter, two digits (03), or a whole number below a hundred."""

    id: str
    text: str = words()
    hint: str = words(default="")
    pattern: str = words()
    match: Literal["letter", "two-digits", "number"]
    retired: bool = False


@dataclass(frozen=True)
class Question:
    """One thing to answer, as a form prints it.

    Attributes
    ----------
    column : the name of its column. label : "7", or "7b" for the second action of a vignette.
    type : how it is answered. text : the question, statement or action.
    answers : for choices the letter and the words of each option, in the order of print.
    case : what stands above the first action of a vignette; empty elsewhere.
    """

    column: str
    label: str
    type: Answer
    text: str
    answers: tuple[tuple[str, str], ...] = ()
    case: str = ""


@dataclass(frozen=True)
class Part:
    """One instrument of a form; ``least`` to ``most`` is its scale, ``low`` and ``high`` the words at its ends."""

    id: str
    kind: Kind
    title: str
    intro: str
    least: int
    most: int
    low: str
    high: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Sheet:
    """A form as it is printed or shown: no key, no rationale, no accurate sentence.

    Attributes
    ----------
    wave, form, length : which form it is. ids : its instruments in order.
    codes : the elements of the pseudonym, in order; their columns are ``code_1`` to ``code_7``.
    minutes : estimated from its words and answers, rounded up; nobody has measured it.
    """

    wave: str
    form: str
    length: int
    title: str
    intro: str
    codes: tuple[Code, ...]
    parts: tuple[Part, ...]

    @property
    def ids(self) -> list[str]:
        """The instruments in order."""
        return [part.id for part in self.parts]

    @property
    def minutes(self) -> int:
        """Whole minutes for the form, as it states them."""
        return ceil(self.time)

    @property
    def time(self) -> float:
        """Minutes for reading at 200 words a minute and a few seconds for each answer."""
        read = [self.intro, *(part.intro for part in self.parts), *(f"{one.text} {one.hint}" for one in self.codes)]
        seconds: float = SECONDS_A_CODE * len(self.codes)
        for question in (one for part in self.parts for one in part.questions):
            read += [question.case, question.text, *(text for _, text in question.answers)]
            seconds += SECONDS[question.type]
        return sum(len(text.split()) for text in read) / WORDS_A_MINUTE + seconds / 60


def instrument(library: Library, id: str) -> Instrument:
    """One instrument by its id.

    Raises
    ------
    WrongCall : there is no such instrument.
    """
    found: Instrument = library.get("instrument", id)
    return found


def codes(library: Library) -> list[Code]:
    """The elements of the pseudonym, in order."""
    return list(library.every("code"))


def roles(library: Library) -> dict[str, str]:
    """The closed list of roles: the value of a cell, and its words."""
    table = library.words("test-form")
    return {key.removeprefix("role-"): text for key, text in table.items() if key.startswith("role-")}


def parts(library: Library, wave: str, form: str, length: int) -> list[str]:
    """The ids of the instruments of one form, in order of print.

    Parameters
    ----------
    wave : ``pre``, ``post``, ``follow-30`` or ``follow-90``. form : ``A`` or ``B``. length : knowledge items.

    Raises
    ------
    WrongCall : there is no such wave, form or length; says what there is.
    """
    every: dict[str, Wave] = {one.id: one for one in library.every("wave")}
    if wave not in every:
        hint = near(str(wave), every) or f"There are {listed(every)}."
        raise WrongCall(f'There is no form for "{wave}". {hint}')
    if form not in ("A", "B"):
        raise WrongCall(f'There is no form "{form}". Choose A or B: half the group begins with A, half with B.')
    lengths = {one.knowledge: one for one in every[wave].lengths}
    if length not in lengths:
        there = listed(str(one) for one in lengths)
        raise WrongCall(f"There is no form of {length} knowledge items for {wave}. Choose one of these: {there}.")
    knowledge = next((one.id for one in forms(library, form) if one.length == length), "kn")
    return [knowledge if one == "kn" else one for one in lengths[length].parts]


def forms(library: Library, form: str) -> list[Instrument]:
    """The knowledge instruments of one form, the full one first."""
    every = [one for one in library.every("instrument") if one.kind == "knowledge" and one.form == form]
    return sorted(every, key=lambda one: -one.length)


def sheet(library: Library, wave: str, form: str, length: int) -> Sheet:
    """One form in order of print, for a page, a notebook or paper; parameters and errors as for `parts`.

    Questions are numbered through; the actions of a vignette share its number and have letters.
    """
    ids = parts(library, wave, form, length)
    one: Wave = library.get("wave", wave)
    found, number = [], 0
    for id in ids:
        source = instrument(library, id)
        questions = tuple(_questions(library, source, number))
        number += len({question.label.rstrip("abcdefgh") for question in questions})
        scale = (source.least, source.most, source.low, source.high)
        found.append(Part(id, source.kind, source.title, source.intro, *scale, questions))
    return Sheet(wave, form, length, one.title, one.intro, tuple(codes(library)), tuple(found))


def _questions(library: Library, one: Instrument, number: int) -> Iterator[Question]:
    kind = ANSWER.get(one.kind, "rating")
    for n, item in enumerate(_items(library, one), number + 1):
        options = tuple((letter, option.text) for letter, option in zip(LETTERS, item.options, strict=False))
        yield Question(item.id, str(n), kind, item.stem, options)
    for n, statement in enumerate(one.statements, number + 1):
        yield Question(statement.id, str(n), kind, statement.text)
    for n, vignette in enumerate(one.vignettes, number + 1):
        for letter, action in zip(LETTERS.lower(), vignette.actions, strict=False):
            case = vignette.stem if letter == "a" else ""
            yield Question(f"{vignette.id}.{action.id}", f"{n}{letter}", kind, action.text, case=case)


def _items(library: Library, one: Instrument) -> list[Item]:
    return [library.get("item", id) for id in one.items]


def columns(library: Library, ids: Sequence[str]) -> list[str]:
    """The answer columns of these instruments, each once, in order; open answers have none in the data sheet."""
    named = [row["column"] for id in ids for row in _columns(library, instrument(library, id))]
    return list(dict.fromkeys(named))


def header(library: Library, ids: Sequence[str]) -> list[str]:
    """The header of a sheet of answers to these instruments: who and when, the pseudonym's elements, the answers."""
    return [*BASE, *(f"code_{n}" for n, _ in enumerate(codes(library), 1)), *columns(library, ids)]


def codebook(library: Library, ids: Sequence[str] | None = None) -> dict[str, Any]:
    """What the columns of a sheet of answers mean, without any key; all instruments by default.

    Returns
    -------
    A mapping that JSON takes: ``safekeeping_codebook`` (version), ``course``, ``language``, ``waves``, ``forms`` (the
    instruments of each wave, form and length), ``codes``, ``roles`` and ``instruments`` with their columns.

    Raises
    ------
    WrongCall : there is no such instrument.
    """
    every = list(library.every("instrument"))
    chosen = every if ids is None else [instrument(library, id) for id in dict.fromkeys(ids)]
    waves: list[Wave] = list(library.every("wave"))
    return {
        "safekeeping_codebook": CODEBOOK,
        "course": str(library.course()["version"]),
        "language": library.language,
        "waves": [wave.id for wave in waves],
        "forms": [
            {"wave": wave, "form": form, "length": length, "instruments": parts(library, wave, form, length)}
            for wave, length in ((one.id, row.knowledge) for one in waves for row in one.lengths)
            for form in ("A", "B")
        ],
        "codes": [
            {"column": f"code_{n}", "text": one.text, "pattern": one.pattern, "match": one.match}
            for n, one in enumerate(codes(library), 1)
        ],
        "roles": roles(library),
        "instruments": [_entry(library, one) for one in chosen],
    }


def _entry(library: Library, one: Instrument) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": one.id, "kind": one.kind, "title": one.title, "panel": one.panel}
    if one.kind == "knowledge":
        entry |= {"form": one.form, "length": one.length}
        full = forms(library, one.form)[0]
        entry |= {"subset_of": full.id} if one.id != full.id else {}
    if ANSWER.get(one.kind, "rating") == "tick":
        entry["type"] = "tick"
    return entry | {"columns": list(_columns(library, one))}


def _columns(library: Library, one: Instrument) -> Iterator[dict[str, Any]]:
    """The columns of one instrument; the same keys for every column of a kind."""
    kind = ANSWER.get(one.kind, "rating")
    scale: dict[str, Any] = {"least": one.least, "most": one.most} if kind == "rating" else {}
    if one.kind == "knowledge":
        shared, modules = anchors(library), _modules(library)
        for item in _items(library, one):
            values = {letter: option.id for letter, option in zip(LETTERS, item.options, strict=False)}
            yield {
                "column": item.id, "type": "choice", "module": modules.get(item.objective, ""),
                "objective": item.objective, "values": values, "unknown": UNKNOWN, "anchor": item.id in shared,
                "text": item.stem,
            }  # fmt: skip
    for statement in one.statements if kind != "open" else ():
        row: dict[str, Any] = {"column": statement.id, "type": kind, **scale}
        row |= {"reverse": statement.reverse} if one.kind == "myths" else {}
        row |= {"module": statement.module} if statement.module else {}
        yield row | {"text": statement.text}
    for vignette in one.vignettes:
        for action in vignette.actions:
            yield {
                "column": f"{vignette.id}.{action.id}", "type": kind, **scale, "vignette": vignette.id,
                "case": vignette.case, "report": action.report, "text": action.text,
            }  # fmt: skip


def anchors(library: Library) -> set[str]:
    """The items that the full forms A and B share."""
    a, b = ({item for one in forms(library, form)[:1] for item in one.items} for form in "AB")
    return a & b


def _modules(library: Library) -> Mapping[str, str]:
    """The module of each objective."""
    return {one.id: module.id for module in library.every("module") for one in module.objectives}


def keys(library: Library, ids: Sequence[str] | None = None) -> dict[str, str | int]:
    """The authors' keys by column: a letter for a choice, 1 to 5 for an action. No panel has rated them.

    Only the evaluation, the marking sheet and instructors' files call this; nothing that a learner opens does.
    """
    every = list(library.every("instrument"))
    chosen = every if ids is None else [instrument(library, id) for id in ids]
    found: dict[str, str | int] = {}
    for one in chosen:
        for item in _items(library, one):
            found[item.id] = LETTERS[[option.key for option in item.options].index(True)]
        for vignette in one.vignettes:
            found |= {f"{vignette.id}.{action.id}": action.key for action in vignette.actions}
    return found


def accurate(library: Library) -> list[tuple[str, str]]:
    """Each myth's column with its accurate sentence: handed out after the last measurement, never before it."""
    every = [one for one in library.every("instrument") if one.kind == "myths"]
    return [(row.id, row.accurate) for one in every for row in one.statements]

