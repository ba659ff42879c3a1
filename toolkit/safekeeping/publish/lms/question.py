"""What an item becomes for a learning platform: one of three kinds of question, from which every format is written.

MC becomes a choice. CL, SEQ and SJ become matching: every platform has it, while few have sorting, ordering or rating.
A SEQ is matched to places. An SJ is matched to three words, since only the side of the key counts in the course, too.
SR becomes an essay with its model answer and criteria. MR and the pairs of 5.3 have no right answer and stay in the
pages: a myth never stands without its accurate sentence, and a pair is there to think about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...faults import ContentError, Fault, WrongCall
from ...library import Library
from ...quiz import compile as compile_items
from ...quiz import scorable
from ...records import Item, ItemSet, Module
from ...render import contacts_by_use

PREFIX = "sk-"  # before every identifier: no digit may stand first in XML, and nobody else's ids begin so
# What no XML can hold, as no text that a person can read does.
_UNREADABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ODD = re.compile(r"[^a-z0-9.-]")


@dataclass(frozen=True)
class Answer:
    """One answer of a choice, with what it teaches."""

    id: str
    text: str
    right: bool
    feedback: str


@dataclass(frozen=True)
class Choice:
    """One right answer of several.

    Attributes
    ----------
    ident : its identifier, the same in every export. item : the item's id; it is the question's name.
    stem : paragraphs.
    """

    ident: str
    item: str
    objective: str
    stem: tuple[str, ...]
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Row:
    """One thing to match: ``label`` is the id of its label."""

    id: str
    text: str
    label: str
    feedback: str


@dataclass(frozen=True)
class Match:
    """Rows, each with the label that fits. ``labels``: text by id. ``feedback``: every row explained, once answered."""

    ident: str
    item: str
    objective: str
    stem: tuple[str, ...]
    rows: tuple[Row, ...]
    labels: Mapping[str, str]
    feedback: tuple[str, ...]

    def choices(self) -> tuple[Choice, ...]:
        """The same as one choice a row, for a format that knows no matching."""
        return tuple(
            Choice(
                ident(f"{self.item}.{row.id}"),
                f"{self.item}.{row.id}",
                self.objective,
                (*self.stem, row.text),
                tuple(Answer(id, text, id == row.label, row.feedback) for id, text in self.labels.items()),
            )
            for row in self.rows
        )


@dataclass(frozen=True)
class Essay:
    """A short answer in one's own words. ``guide``: a heading and its lines, to compare one's answer with."""

    ident: str
    item: str
    objective: str
    stem: tuple[str, ...]
    guide: tuple[tuple[str, tuple[str, ...]], ...]


Question = Choice | Match | Essay


@dataclass(frozen=True)
class Quiz:
    """The questions of one part. ``intro``: paragraphs before them; ``note``: what the intro is called.

    ``once``: asked once, with no answer shown, as before and after a course; practice is free and tells.
    """

    ident: str
    module: Module
    title: str
    note: str
    intro: tuple[str, ...]
    questions: tuple[Question, ...]
    once: bool = False


def quizzes(library: Library, modules: Sequence[Module], *, instructor: bool = False) -> list[Quiz]:
    """One quiz for each part that has questions, in the course's order; each in the order in which the part asks.

    Parameters
    ----------
    instructor : the test questions in place of those for practice; no quiz ever holds both.

    Raises
    ------
    ContentError : two identifiers would be the same, or a text holds a character that nobody can read.
    """
    use = "test" if instructor else "practice"
    words = library.words("lms")
    last = () if instructor else turn(library)
    every = [one for one in library.every("item") if one.use == use and (one.type == "SR" or scorable(one))]
    made = []
    for module in modules:
        items = _in_order(library, module, every)
        if items:
            title = words[use if module.number else f"{use}_start"].format(n=module.number)
            note = words["test_note_name" if instructor else "note_name"]
            intro = (*_intro(library, module, use), *last)
            questions = tuple(question(one, words) for one in items)
            made.append(Quiz(ident(f"{module.id}.{use}"), module, title, note, intro, questions, once=instructor))
    refuse(made)
    return made


def refuse_empty(made: Sequence[Quiz], modules: Sequence[Module], *, instructor: bool = False) -> None:
    """Raise WrongCall if there is nothing to write: no part that was asked for has such questions."""
    if not made:
        kind = "test questions" if instructor else "questions for practice"
        stems = " and ".join(one.stem for one in modules[:2]) if len(modules) < 3 else "These parts"
        have = "has" if len(modules) == 1 else "have"
        raise WrongCall(f"{stems} {have} no {kind}. Name another part, or leave the names out for the whole course.")


def _in_order(library: Library, module: Module, every: Iterable[Item]) -> list[Item]:
    """The items of a part's own objectives: first as its exercises ask them, then the others as the files have them."""
    own = {one.id for one in module.objectives}
    items = {one.id: one for one in every if one.objective in own}
    asked = [id for set in module.sets for id in library.get("set", set).items if id in items]
    return [items[id] for id in dict.fromkeys([*asked, *items])]


def _intro(library: Library, module: Module, use: str) -> tuple[str, ...]:
    words = library.words("lms")
    keys = words["keys"].format(label=library.review_label())
    if use == "test":
        return words["instructor"], keys
    note = module.content_note.text.strip()
    first = (words["content_note"].format(text=note),) if note else ()
    return (*first, words["choice"], keys)


def turn(library: Library) -> tuple[str, ...]:
    """Where to turn, for whoever cannot open a page of ours: the lines for danger and for a bad hour."""
    words, uses = library.words("lms"), library.words("turn-to")
    found = []
    for use, group in contacts_by_use(library):
        lines = []
        for one in group:
            state = words["state_confirmed"].format(date=one.checked_on)
            state = state if one.checked_on else words["state_unconfirmed"]
            if one.phone:
                lines.append(words["contact"].format(name=one.name, phone=one.phone, state=state))
        if use in ("danger-now", "crisis") and lines:
            found.append(words["turn"].format(use=uses[use], contacts="; ".join(lines)))
    return tuple(found)


def question(item: Item, words: Mapping[str, str]) -> Question:
    """One item as a platform can ask it; MC, CL, SEQ, SJ and SR alone."""
    return _QUESTION[item.type](item, words)


def ident(id: str) -> str:
    """An identifier that is valid in every format (letters, digits, hyphens, dots), made from an id alone."""
    return PREFIX + _ODD.sub("-", id.lower())


def _choice(item: Item, words: Mapping[str, str]) -> Choice:
    answers = tuple(Answer(one.id, one.text, one.key, one.rationale) for one in item.options)
    return Choice(ident(item.id), item.id, item.objective, (item.stem,), answers)


def _sort(item: Item, words: Mapping[str, str]) -> Match:
    rows = [Row(one.id, one.text, one.category, one.rationale) for one in item.cases]
    return _match(item, words, (item.stem,), rows, {one.id: one.text for one in item.categories})


def _order(item: Item, words: Mapping[str, str]) -> Match:
    """The steps stand as an exercise shows them: the same shuffled order everywhere, never the right one."""
    new_set: Any = ItemSet  # records come from files elsewhere, so their fields have no names for a type checker
    alone = new_set(id=item.id, title="", kind="quiz", items=(item.id,))
    shown = compile_items(alone, [item], key=False)["items"][0]["steps"]
    steps = {one.id: one for one in item.steps}
    places = {one.id: f"place-{n}" for n, one in enumerate(item.steps, 1)}
    labels = {f"place-{n}": words["place"].format(n=n) for n in range(1, len(steps) + 1)}
    rows = [Row(id, steps[id].text, places[id], steps[id].rationale) for id in shown]
    return _match(item, words, (item.stem, words["in_order"]), rows, labels)


def _judge(item: Item, words: Mapping[str, str]) -> Match:
    sides = {id: words[id.replace("-", "_")] for id in ("fits", "between", "fits-not")}
    rows = [Row(one.id, one.text, _side(one.key), one.rationale) for one in item.actions]
    return _match(item, words, (item.stem, words["three_ways"]), rows, sides)


def _side(key: int) -> str:
    return "fits" if key > 3 else "fits-not" if key < 3 else "between"


def _match(
    item: Item, words: Mapping[str, str], stem: tuple[str, ...], rows: Sequence[Row], labels: Mapping[str, str]
) -> Match:
    told = (words["explained"].format(row=row.text, label=labels[row.label], why=row.feedback) for row in rows)
    return Match(ident(item.id), item.id, item.objective, stem, tuple(rows), labels, tuple(told))


def _essay(item: Item, words: Mapping[str, str]) -> Essay:
    parts = {"model": (item.model,), "criteria": tuple(one.text for one in item.criteria), "levels": item.levels}
    guide = tuple((words[key], lines) for key, lines in parts.items() if any(lines))
    return Essay(ident(item.id), item.id, item.objective, (item.stem, words["stored"]), guide)


_QUESTION: dict[str, Callable[[Item, Mapping[str, str]], Question]] = {
    "MC": _choice,
    "CL": _sort,
    "SEQ": _order,
    "SJ": _judge,
    "SR": _essay,
}


# --- what keeps a quiz from being written ----------------------------------------------------------------------------


def refuse(made: Iterable[Quiz]) -> None:
    """Raise ContentError, with every fault, where identifiers clash or a text holds what no file can carry."""
    faults: list[Fault] = []
    seen: dict[str, str] = {}
    for quiz in made:
        for one in quiz.questions:
            for id, item in _idents(one):
                if seen.setdefault(id, item) != item:
                    came, allowed = f'"{seen[id]}" and "{item}", both "{id}"', "one identifier for one question"
                    remedy = "Rename one: capitals and signs other than letters, digits, dots and hyphens do not count."
                    faults.append(Fault("id-clash", "items", f"item[{item}]", came, allowed, remedy))
            for text in texts(one):
                if odd := _UNREADABLE.search(text):
                    at, came = f"item[{one.item}]", f"the character U+{ord(odd[0]):04X}"
                    remedy = "Delete it; it often comes along when text is pasted."
                    faults.append(Fault("unreadable", "items", at, came, "characters that can be read", remedy))
    if faults:
        raise ContentError(faults)


def _idents(one: Question) -> list[tuple[str, str]]:
    """Every identifier that a question takes in some format, each with the name of whoever takes it."""
    rows = [(row.ident, f"{row.item}, a row") for row in one.choices()] if isinstance(one, Match) else []
    return [(one.ident, one.item), *rows]


def texts(one: Question) -> list[str]:
    """Every text of a question."""
    if isinstance(one, Choice):
        return [*one.stem, *(text for answer in one.answers for text in (answer.text, answer.feedback))]
    if isinstance(one, Match):
        return [*one.stem, *one.labels.values(), *(text for row in one.rows for text in (row.text, row.feedback))]
    return [*one.stem, *(line for _, lines in one.guide for line in lines)]
