"""Frozen records of the content, one class a thing, and the one reader that turns TOML into them.

A record is dumb: it holds what a file says. Fields made with `words` hold text that a person reads; `texts` lists
them under stable ids, which the exercises, the printed forms and the translations all share.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields, is_dataclass, replace
from functools import cache, partial
from typing import Any, ClassVar, Literal, TypeVar

from .faults import Fault, listed, near

LONGEST_TEXT = 20_000  # characters in one text; longer is an accident or an attack
MOST_ENTRIES = 5_000  # entries in one list

Grade = Literal["read", "secondary", "unverified"]
Stance = Literal["withdraw", "hold", "escalate"]
Principle = Literal["safety", "dignity", "role-limits", "timely-report", "documentation"]
Strength = Literal["common in many children", "needs context", "take seriously", "act today"]
Form = Literal["boys", "lgbtq", "disabled", "indigenous", "migrant", "familial", "online-only"]

R = TypeVar("R")


class _Value:
    """Records do not change, and are equal with the same class and fields; what this takes is written once for all."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def __init__(self, **values: Any) -> None:
        required, defaults, fresh = _filling(typing.cast(Hashable, type(self)))
        if odd := (required - values.keys()) | (values.keys() - self.__dataclass_fields__.keys()):
            raise TypeError(f"{type(self).__name__}: missing or unknown {', '.join(sorted(odd))}")
        own = vars(self)
        own.update(defaults)
        own.update((name, make()) for name, make in fresh if name not in values)
        own.update(values)

    def __setattr__(self, name: str, value: object) -> None:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__dataclass_fields__)

    def __hash__(self) -> int:
        return hash((type(self), getattr(self, "id", "")))


@cache
def _filling(cls: Hashable) -> tuple[set[str], dict[str, Any], list[tuple[str, Callable[[], Any]]]]:
    """The fields that a record must be given, the defaults of others, and what makes a default of each record's own."""
    every = fields(typing.cast(Any, cls))
    made = [(f.name, f.default_factory) for f in every if f.default_factory is not MISSING]
    given = {f.name: f.default for f in every if f.default is not MISSING}
    return {f.name for f in every} - given.keys() - {name for name, _ in made}, given, made


# Filling, freezing and comparing stand above, printing nowhere, and there are no slots: to make these anew for thirty
# classes would cost a notebook more than reading a scenario does.
_record = partial(dataclass, kw_only=True, init=False, eq=False, repr=False)


def words(*, default: Any = MISSING, key: str | None = None) -> Any:
    """A field of text that a person reads, and that a translation replaces."""
    meta = {"words": True} | ({"key": key} if key else {})
    return field(metadata=meta) if default is MISSING else field(default=default, metadata=meta)


def many(key: str) -> Any:
    """A list of records whose TOML table has this (singular) name."""
    return field(default=(), metadata={"key": key})


@_record
class Measure(_Value):
    """A figure of a claim: its value with unit and year as printed, and what it measures."""

    value: str = words()
    measures: str = words(default="")


@_record
class Claim(_Value):
    """One statement of the evidence base, never shown without its caveat."""

    id: str
    topic: str = ""
    grade: Grade
    text: str = words()
    caveat: str = words(default="")
    note: str = ""
    sources: tuple[str, ...] = ()
    seeds: tuple[str, ...] = ()
    source_articles: tuple[str, ...] = ()
    figure: Measure | None = None
    do_not_use: bool = False
    retired: bool = False


@_record
class Source(_Value):
    """One reference. All parts are text; ``year`` is a whole number or absent."""

    id: str
    type: str
    title: str
    authors: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    year: int | None = None
    date: str = ""
    container: str = ""
    publisher: str = ""
    volume: str = ""
    issue: str = ""
    page: str = ""
    number: str = ""
    doi: str = ""
    url: str = ""
    note: str = ""
    retired: bool = False


@_record
class Seed(_Value):
    """One point of the two source articles that the course must cover, with its correction."""

    id: str
    source_article: str
    kind: str
    text: str
    claims: tuple[str, ...] = ()
    correction: str = ""


@_record
class Sighting(_Value):
    """A page on which a contact was seen."""

    title: str
    url: str = ""
    date: str = ""


@_record
class Contact(_Value):
    """A service to turn to. ``checked_on`` exists only if a named role phoned or read the service's own site."""

    id: str
    name: str
    kind: str
    use: tuple[str, ...] = ()
    phone: str = ""
    text: str = words(default="")
    url: str = ""
    tty: str = words(default="")
    hours: str = words(default="")
    languages: str = words(default="")
    scope: str = words(default="")
    for_whom: str = words(default="")
    seen_in: tuple[Sighting, ...] = ()
    page_date: str = ""
    grade: Grade
    own_site_seen: bool = False
    note: str = ""
    checked_on: str = ""
    checked_by: str = ""
    retired: bool = False


@_record
class Law(_Value):
    """A headline of the law of one place, in plain words, with the claims it rests on and a date to look again."""

    id: str
    text: str = words()
    claims: tuple[str, ...]
    caveat: str = words(default="")
    review_by: str
    retired: bool = False


@_record
class Phrase(_Value):
    """A few words that differ from place to place, such as the emergency number."""

    id: str
    text: str = words()
    note: str = ""
    claims: tuple[str, ...] = ()
    retired: bool = False


@_record
class Term(_Value):
    """A way of speaking to avoid, and what to say instead. ``lint`` marks phrases that a program may flag."""

    id: str
    avoid: tuple[str, ...]
    prefer: str = words()
    why: str = words()
    allowed_when: str = words(default="")
    sources: tuple[str, ...] = ()
    grade: Grade
    note: str = ""
    lint: bool = False
    lint_phrases: tuple[str, ...] = ()
    retired: bool = False


@_record
class Entry(_Value):
    """One glossary entry."""

    id: str
    term: str = words()
    text: str = words()
    claims: tuple[str, ...] = ()
    retired: bool = False


@_record
class Setting(_Value):
    """A place of work or life in which an adult may notice something."""

    id: str
    name: str = words()
    intro: str = words()
    claims: tuple[str, ...] = ()
    retired: bool = False


@_record
class Indicator(_Value):
    """A reason to pay attention, never proof: it always carries context, innocent explanations and a next step."""

    id: str
    settings: tuple[str, ...]
    text: str = words()
    strength: Strength
    context: str = words()
    innocent: tuple[str, ...] = words()
    next_step: str = words()
    claims: tuple[str, ...] = ()
    seeds: tuple[str, ...] = ()
    retired: bool = False


@_record
class Diagram(_Value):
    """A diagram drawn for this course: an SVG file beside `figures.toml`, with its description in full."""

    id: str
    title: str = words()
    desc: str = words()
    file: str
    claims: tuple[str, ...] = ()
    retired: bool = False


@_record
class ContentNote(_Value):
    """What comes, calmly, and the whole of it in short for those who choose not to go on."""

    text: str = words()
    summary: str = words()


@_record
class Person(_Value):
    """Somebody in a scenario; the audit of parts, genders and backgrounds reads these."""

    name: str
    part: Literal["young person", "exploiter", "buyer", "adult helper", "other"]
    gender: Literal["woman", "man", "girl", "boy", "non-binary", "unstated"]
    background: str = ""


@_record
class Turn(_Value):
    """Where an option leads if a flag was set earlier."""

    flag: str
    go_to: str


@_record
class Flag(_Value):
    """Something that a scenario remembers, in words that complete "If …" on paper: "you have told your lead"."""

    id: str
    text: str = words()


@_record
class Extra(_Value):
    """A paragraph that a scene gains if a flag was set earlier."""

    when: str
    text: str = words()


@_record
class Option(_Value):
    """What a caring adult might do. ``points`` are whole numbers from -2 to 2 by principle."""

    id: str
    stance: Stance
    move: Literal["ask", "note", "consult", "report", "wait", "support", "other"] = "other"
    text: str = words()
    consequence: str = words()
    feedback: str = words()
    points: Mapping[str, int] = field(default_factory=dict)
    go_to: str
    go_if: tuple[Turn, ...] = ()
    set: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()


@_record
class Node(_Value):
    """One scene with options, or one ending."""

    id: str
    title: str = words()
    start: bool = False
    repair: bool = False
    ending: bool = False
    text: str = words()
    extras: tuple[Extra, ...] = many("extra")
    aloud: str = words(default="")
    known: tuple[str, ...] = words(default=())
    unknown: tuple[str, ...] = words(default=())
    question: str = words(default="")
    invite_replay: str = ""
    options: tuple[Option, ...] = many("option")


@_record
class Debrief(_Value):
    """Five steps, spoken in this order."""

    settle: str = words()
    facts: str = words()
    choices: str = words()
    principle: str = words()
    action: str = words()


@_record
class Scenario(_Value):
    """A fictional branching story; see FORMAT.md."""

    id: str
    module: str
    title: str = words()
    kind: Literal["positive", "negative", "ambiguous"]
    size: Literal["full", "micro"] = "full"
    forms: tuple[Form, ...] = ()
    setting: str = words()
    role: str = words()
    minutes: int
    objectives: tuple[str, ...]
    principles: tuple[Principle, ...]
    basis: tuple[str, ...]
    authors_path: tuple[str, ...]
    panel: str = "none"
    status: Literal["ready", "needs-review"] = "ready"
    fictional: bool
    content_note: ContentNote
    persons: tuple[Person, ...] = many("person")
    flags: tuple[Flag, ...] = many("flag")
    nodes: tuple[Node, ...] = many("node")
    debrief: Debrief
    because: Mapping[str, str] = field(default_factory=dict)
    retired: bool = False


@_record
class Choice(_Value):
    """One option of a single-best-answer item."""

    id: str
    text: str = words()
    rationale: str = words()
    key: bool = False


@_record
class Action(_Value):
    """One action to judge from 1 (not at all fitting) to 5 (very fitting); ``key`` is the authors' rating."""

    id: str
    text: str = words()
    rationale: str = words()
    key: int


@_record
class Category(_Value):
    """A group to sort into."""

    id: str
    text: str = words()


@_record
class Case(_Value):
    """A short situation to sort; ``category`` is the authors' group."""

    id: str
    text: str = words()
    category: str
    rationale: str = words()


@_record
class Step(_Value):
    """One step of an order; the order of the file is the authors' order."""

    id: str
    text: str = words()
    rationale: str = words()


@_record
class Criterion(_Value):
    """One thing to look for in one's own short answer."""

    id: str
    text: str = words()


@_record
class Item(_Value):
    """One question. The parts that its type does not use stay empty."""

    id: str
    type: Literal["MC", "MR", "SJ", "CL", "SEQ", "SR"]
    use: Literal["practice", "test"]
    objective: str
    basis: tuple[str, ...] = ()
    stem: str = words()
    place: str = ""
    pair: str = ""
    variant: Literal["", "a", "b"] = ""
    scale: str = words(default="")
    accurate: str = words(default="")
    model: str = words(default="")
    levels: tuple[str, ...] = words(default=())
    options: tuple[Choice, ...] = many("option")
    actions: tuple[Action, ...] = many("action")
    categories: tuple[Category, ...] = many("category")
    cases: tuple[Case, ...] = many("case")
    steps: tuple[Step, ...] = many("step")
    criteria: tuple[Criterion, ...] = many("criterion")
    because: Mapping[str, str] = field(default_factory=dict)
    retired: bool = False


@_record
class ItemSet(_Value):
    """Items that are answered one after the other as one exercise."""

    id: str
    title: str = words()
    kind: Literal["quiz", "sort", "pairs"]
    items: tuple[str, ...]
    intro: str = words(default="")
    closing: str = words(default="")
    retired: bool = False


@_record
class Objective(_Value):
    """What a learner can do afterwards, with a measurable verb."""

    id: str
    text: str = words()
    bloom: tuple[str, ...] | str = ()
    cswe: tuple[str, ...] = ()
    scorable: bool = True


@_record
class KeyPoint(_Value):
    """A sentence to keep."""

    id: str
    text: str = words()
    claims: tuple[str, ...] = ()


@_record
class Module(_Value):
    """One part of the course; ``minutes`` are plan figures of the short route, not measured."""

    id: str
    stem: str
    number: int
    title: str = words()
    lead: str = words()
    minutes: int
    room_minutes: int = 0
    content_note: ContentNote
    objectives: tuple[Objective, ...] = many("objective")
    key_points: tuple[KeyPoint, ...] = many("key_point")
    scenarios: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    retired: bool = False


@_record
class Translated(_Value):
    """One text in another language; ``of`` is the fingerprint of the English that it follows."""

    id: str
    of: str = ""
    text: str


@_record
class Note(_Value):
    """Speaker notes of one cell, for the facilitator's copy only."""

    cell: str
    minutes: float = 0
    say: str = words(default="")
    do: str = words(default="")
    ask: str = words(default="")
    watch: str = words(default="")


@_record
class Review(_Value):
    """An external review that really took place."""

    reviewer_role: str
    date: str
    scope: str
    outcome: str
    organisation: str = ""


@_record
class Language(_Value):
    """A language and how far it is."""

    id: str
    name: str
    status: Literal["complete", "in progress", "not started"]


@cache
def shape(cls: Hashable) -> dict[str, tuple[Field[Any], Any]]:
    """The TOML keys of a record class, each with its field and its resolved type."""
    hints = typing.get_type_hints(cls)
    every = fields(typing.cast(Any, cls))
    return {f.metadata.get("key", f.name): (f, hints[f.name]) for f in every}


def read(cls: type[R], raw: object, file: str, at: str, faults: list[Fault]) -> R | None:
    """Read one record; every fault goes into `faults`, and then the answer is None.

    Parameters
    ----------
    cls : the record class.
    raw : what `tomllib` gave for this table.
    file, at : where it stands, for the faults.
    faults : list that receives what is wrong; nothing is raised.
    """
    if not isinstance(raw, Mapping):
        faults.append(Fault("wrong-type", file, at, _seen(raw), "a table", "Write it as a table with keys."))
        return None
    keys = shape(typing.cast(Hashable, cls))
    before = len(faults)
    for name in raw:
        if name not in keys:
            hint = near(name, keys) or "Remove it, or look the key up in FORMAT.md."
            faults.append(Fault("unknown-key", file, _join(at, name), f'the key "{name}"', listed(keys, 40), hint))
    values: dict[str, Any] = {}
    for name, (spec, hint_type) in keys.items():
        if name in raw:
            value = raw[name]
            plain = _plain(hint_type, value)
            values[spec.name] = value if plain else _value(hint_type, value, file, _join(at, name), faults)
        elif spec.default is MISSING and spec.default_factory is MISSING:
            allowed = f'every {_thing(cls)} has "{name}"'
            faults.append(Fault("missing-key", file, at, f'no "{name}"', allowed, "Add it."))
    return cls(**values) if len(faults) == before else None


def _plain(kind: Any, raw: Any) -> bool:
    """Whether a value is right as it stands, as nearly every one is; its place need not be worked out then."""
    return type(raw) is kind and (kind is not str or len(raw) <= LONGEST_TEXT)


@cache
def _inside(kind: Hashable) -> tuple[Any, tuple[Any, ...]]:
    """The origin and the arguments of a type, worked out once."""
    return typing.get_origin(kind), typing.get_args(kind)


def _value(kind: Any, raw: object, file: str, at: str, faults: list[Fault]) -> Any:
    origin, inside = _inside(kind)
    if origin in (typing.Union, types.UnionType):
        return _union(inside, raw, file, at, faults)
    if is_dataclass(kind):
        return read(typing.cast(type, kind), raw, file, at, faults)
    if origin is tuple:
        if not isinstance(raw, list) or len(raw) > MOST_ENTRIES:
            allowed = f"a list of at most {MOST_ENTRIES}"
            faults.append(Fault("wrong-type", file, at, _seen(raw), allowed, 'Write ["…"].'))
            return ()
        if all(_plain(inside[0], one) for one in raw):
            return tuple(raw)
        return tuple(_value(inside[0], one, file, f"{at}[{_name(one, i)}]", faults) for i, one in enumerate(raw))
    if origin is Literal:
        if raw not in inside:
            choices = [str(one) for one in inside]
            hint = near(str(raw), choices) or "Choose one of them."
            faults.append(Fault("not-allowed", file, at, _seen(raw), listed(choices, 20), hint))
        return raw
    if kind is not bool and isinstance(raw, bool):
        faults.append(Fault("wrong-type", file, at, _seen(raw), _kind_name(kind), "Put text in quotes."))
        return raw
    if origin is not None and issubclass(origin, Mapping):
        if not isinstance(raw, Mapping):
            faults.append(Fault("wrong-type", file, at, _seen(raw), "a table", "Write { key = value }."))
            return {}
        return {str(k): _value(inside[1], v, file, _join(at, str(k)), faults) for k, v in raw.items()}
    plain: Any = (int, float) if kind is float else kind
    if not isinstance(raw, plain):
        remedy = 'Put the text in quotes: "…".' if kind is str else f"Write {_kind_name(kind)} without quotes."
        faults.append(Fault("wrong-type", file, at, _seen(raw), _kind_name(kind), remedy))
    elif isinstance(raw, str) and len(raw) > LONGEST_TEXT:
        came = f"a text of {len(raw)} characters"
        faults.append(Fault("too-long", file, at, came, f"at most {LONGEST_TEXT} characters", "Shorten or split it."))
    return raw


def _union(inside: tuple[Any, ...], raw: object, file: str, at: str, faults: list[Fault]) -> Any:
    """``X | None`` is read as X (TOML has no null); ``tuple | str`` takes a single text for a list of one."""
    if str in inside and len(inside) == 2 and type(None) not in inside:
        other = inside[0] if inside[1] is str else inside[1]
        return _value(other, [raw] if isinstance(raw, str) else raw, file, at, faults)
    return _value(next(one for one in inside if one is not type(None)), raw, file, at, faults)


def _join(at: str, key: str) -> str:
    return f"{at}.{key}" if at else key


def _name(raw: object, index: int) -> str:
    return str(raw["id"]) if isinstance(raw, Mapping) and isinstance(raw.get("id"), str) else str(index)


def _seen(raw: object) -> str:
    text = repr(raw) if not isinstance(raw, str) else f'"{raw}"'
    return text if len(text) <= 80 else text[:77] + "…"


def _kind_name(kind: Any) -> str:
    return {str: "text in quotes", int: "a whole number", float: "a number", bool: "true or false"}.get(kind, str(kind))


def _thing(cls: type) -> str:
    return cls.__name__.lower()


# In text ids a content note is called "note": the ids travel in every page, and stay short.
_SHORT = {"content_note": "note"}


def texts(record: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a record that a person reads, as pairs of text id and text.

    The id is made of the ids on the way: ``monday.let-it-be.feedback``, ``monday.known.0``, ``note.summary``.
    """
    kind: Any = type(record)
    for name, short, words_ in _spoken(kind):
        value = getattr(record, name)
        if words_:
            here = _join(at, short)
            if isinstance(value, str):
                if value:
                    yield here, value
            else:
                yield from ((f"{here}.{i}", one) for i, one in enumerate(value))
        elif isinstance(value, tuple):
            if value and is_dataclass(value[0]):
                for i, one in enumerate(value):
                    yield from texts(one, _join(at, one.id) if hasattr(one, "id") else f"{_join(at, short)}.{i}")
        elif not isinstance(value, (str, int)) and is_dataclass(value):
            yield from texts(value, _join(at, short))


@cache
def _spoken(cls: Hashable) -> tuple[tuple[str, str, bool], ...]:
    """The fields of a record class: name, name in text ids, and whether a person reads it."""
    every = fields(typing.cast(Any, cls))
    return tuple((f.name, _SHORT.get(f.name, f.name), bool(f.metadata.get("words"))) for f in every)


def with_texts(record: R, new: Mapping[str, str], at: str = "") -> R:
    """The same record with some of its texts replaced, by text id; ids that it does not have are ignored."""
    changed: dict[str, Any] = {}
    for spec in fields(typing.cast(Any, record)):
        value = getattr(record, spec.name)
        here = _join(at, _SHORT.get(spec.name, spec.name))
        if spec.metadata.get("words"):
            if isinstance(value, str):
                changed[spec.name] = new.get(here, value)
            else:
                changed[spec.name] = tuple(new.get(f"{here}.{i}", one) for i, one in enumerate(value))
        elif is_dataclass(value) and not isinstance(value, type):
            changed[spec.name] = with_texts(value, new, here)
        elif isinstance(value, tuple) and value and is_dataclass(value[0]):
            changed[spec.name] = tuple(
                with_texts(one, new, _join(at, one.id) if hasattr(one, "id") else f"{here}.{i}")
                for i, one in enumerate(value)
            )
    return typing.cast(R, replace(typing.cast(Any, record), **changed))
