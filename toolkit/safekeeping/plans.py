"""Workshop plans: a length and an audience, composed from parts that are written once, or a plan file of one's own.

``facilitator/plans/`` holds ``audiences.toml``, ``steps.toml`` (steps, slides, materials and roles that several plans
use) and one skeleton a length (``60.toml``, ``3x90.toml``, …). The plan ``educators-90`` is the skeleton ``90`` with
its steps filled in and its slots, such as ``{group-title}``, replaced by what ``audiences.toml`` says of educators.
A learner never loads this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from .faults import ContentError, Fault, WrongCall, listed, near
from .library import Course, Library, Shelf, read_toml, records_in
from .records import many, read, words

Load = Literal["light", "heavy"]
Lead = Literal["lead", "safety", "host", "tech", "all"]
Kept = Literal["", "exits", "pathway", "debrief", "closing"]
Per = Literal["head", "three", "table", "room", "leader"]

SLOT = re.compile(r"\{([a-z][a-z-]*)\}")
STORIES = ("worked", "group", "negative", "second")
# Tables of `steps.toml` of which a plan takes along the rows that it uses.
BORROWED = ("role", "slide", "material")
NO_SKELETON = ("audiences", "steps")  # files in the folder of plans that are no skeletons

Parts = Mapping[str, Mapping[str, dict[str, Any]]]


@dataclass(frozen=True, kw_only=True)
class Need:
    """So many pieces of one material; ``per`` says for whom: each head, group of three, table, leader, or the room."""

    id: str
    count: int = 1
    per: Per = "head"


@dataclass(frozen=True, kw_only=True)
class Material:
    """A thing to bring. ``printed`` names the piece of the pack that it is printed from; empty if it is bought."""

    id: str
    name: str = words()
    note: str = words(default="")
    printed: str = ""
    colour: bool = False


@dataclass(frozen=True, kw_only=True)
class Role:
    """What one of the adults who run the workshop does."""

    id: str
    name: str = words()
    does: str = words()


@dataclass(frozen=True, kw_only=True)
class OwnSlide:
    """A slide that stands in no notebook: a title, a sentence, points; ``claims`` if it states facts."""

    id: str
    title: str = words()
    text: str = words(default="")
    points: tuple[str, ...] = words(default=())
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a session, in whole minutes.

    Attributes
    ----------
    least, planned, most : minutes it can shrink to, has, and can grow to.
    activity : minutes of it that belong to the people in the room: to think, choose, write, speak.
    load : ``heavy`` if the step brings stories of harm or practice that may touch people.
    lead : who leads it; the safety co-facilitator never presents at the same time.
    keep : which never-cut part of a workshop this step is; empty for all others.
    say, do, ask : paragraphs of the facilitator's script. watch : what the co-facilitator looks out for.
    slides : ``m5/hook`` (a cell of a notebook), ``own/exits`` (a slide of the plan), ``story/sc15-new-shoes``;
        ``aloud/`` for a story with its thinking aloud.
    cards : scenarios whose printed cards are used. forms : forms handed out, such as ``pre``.
    practice : sets of questions that it works with on paper; they stand in the workbook and in its answers.
    twin : the private way to do the same, offered first. low_tech : the same without projector or power.
    cut : what to shorten or leave out if late; ``cut_rank`` is its place in the order of cutting, 0 for never.
    add : what to add if early.
    """

    id: str
    title: str = words()
    kind: Literal["step", "break"] = "step"
    least: int
    planned: int
    most: int
    activity: int = 1
    load: Load
    lead: Lead
    keep: Kept = ""
    say: tuple[str, ...] = words(default=())
    do: tuple[str, ...] = words(default=())
    ask: tuple[str, ...] = words(default=())
    watch: str = words(default="")
    slides: tuple[str, ...] = ()
    cards: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    practice: tuple[str, ...] = ()
    material: tuple[Need, ...] = ()
    twin: str = words(default="")
    low_tech: str = words(default="")
    cut: str = words(default="")
    cut_rank: int = 0
    add: str = words(default="")
    claims: tuple[str, ...] = ()

    def played(self) -> tuple[str, ...]:
        """The scenarios on its slides."""
        return tuple(slide[6:] for slide in self.slides if slide.startswith(("story/", "aloud/")))


@dataclass(frozen=True, kw_only=True)
class Session:
    """One meeting, or one block of a day. ``pause`` is the break after it in minutes, outside its own minutes."""

    id: str
    title: str = words()
    day: int
    minutes: int
    pause: int = 0
    steps: tuple[Step, ...] = many("step")

    def timed(self) -> Iterator[tuple[int, Step]]:
        """Each step with the minute at which it starts, counted from the start of the session."""
        start = 0
        for step in self.steps:
            yield start, step
            start += step.planned


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A workshop, complete: what a run sheet, a deck and a pack are made of.

    Attributes
    ----------
    form : the skeleton, such as ``90`` or ``3x90``. audience : an id of ``audiences.toml``.
    minutes : of all sessions together, breaks inside them included.
    pre, post, follow : ids of instruments by length, such as ``5``; empty if the plan has no such form.
    may_claim : what may be said afterwards about what people learned; a short form claims knowledge only.
    people, online : the most participants for two leaders, in a room and online.
    """

    id: str
    form: str
    title: str = words()
    audience: str
    minutes: int
    pre: str = ""
    post: str = ""
    follow: str = ""
    may_claim: tuple[Literal["knowledge", "intention", "skills practice"], ...]
    claim_note: str = words(default="")
    people: int = 25
    online: int = 16
    roles: tuple[Role, ...] = many("role")
    sessions: tuple[Session, ...] = many("session")
    slides: tuple[OwnSlide, ...] = many("slide")
    materials: tuple[Material, ...] = many("material")

    def steps(self) -> Iterator[Step]:
        """Every step of every session, in order."""
        for session in self.sessions:
            yield from session.steps

    def own_slide(self, id: str) -> OwnSlide:
        """One of the plan's own slides; the check has made sure that it is there."""
        return next(slide for slide in self.slides if slide.id == id)

    def stories(self) -> tuple[str, ...]:
        """The scenarios that the plan uses as cards or slides, in order of use, each once."""
        found: dict[str, None] = {}
        for step in self.steps():
            for id in (*step.cards, *step.played()):
                found.setdefault(id)
        return tuple(found)


@dataclass(frozen=True, kw_only=True)
class Audience:
    """For whom a workshop is: the scenarios that fit, and the few words in which the plans differ.

    Attributes
    ----------
    setting : an id of a setting, for the sheet of signs.
    worked, group, negative, second : the scenarios told aloud, played in threes, without exploitation, and in reserve.
    fits : all scenarios that may be used with these people.
    hook : the opening scene. example : what the practice looks like at their place. colleague : whom they consult.
    first_words : the one line that the listener has in the practice of first words. action : one small next step.
    caution : what to watch with these people above all.
    """

    id: str
    name: str = words()
    setting: str
    worked: str
    group: str
    negative: str
    second: str
    fits: tuple[str, ...]
    hook: str = words()
    example: str = words()
    colleague: str = words()
    first_words: str = words()
    action: str = words()
    caution: str = words()


def folder(where: Course) -> Path:
    """Where the plans of a course stand."""
    return where.facilitator / "plans"


def audiences(where: Course) -> dict[str, Audience]:
    """The audiences by id.

    Raises
    ------
    ContentError : the file is missing or has a fault.
    """
    path = folder(where) / "audiences.toml"
    return {one.id: one for one in _audiences(path, _changed(path))}


@lru_cache(maxsize=4)
def _audiences(path: Path, changed: float) -> tuple[Audience, ...]:
    faults: list[Fault] = []
    name, shelf = f"facilitator/plans/{path.name}", Shelf(Audience, "", "audience")
    found: list[Audience] = records_in(shelf, _read(path, name, changed), name, faults)
    if faults:
        raise ContentError(faults)
    return tuple(found)


def forms(where: Course) -> list[str]:
    """The lengths for which there is a skeleton, by name."""
    found = [path.stem for path in folder(where).glob("*.toml") if path.stem not in NO_SKELETON]
    return sorted(found, key=lambda stem: (len(stem), stem))


def names(where: Course) -> list[str]:
    """The ids of all plans that can be composed: every audience with every length; none if the course has no plans."""
    if not folder(where).is_dir():
        return []
    return [f"{audience}-{form}" for audience in audiences(where) for form in forms(where)]


def is_plan(library: Library, where: Course, name: str) -> bool:
    """Whether a name means a plan, and no part of the course.

    Raises
    ------
    WrongCall : it means neither; the message names a near one.
    """
    every = names(where)
    if name.endswith(".toml") or name in every:
        return True
    try:
        library.module(name)
    except WrongCall as error:
        hint = near(name, every)
        if hint:
            raise WrongCall(f'There is no plan and no part "{name}". {hint}') from None
        raise WrongCall(f"{error} Or name a plan, such as educators-90.") from None
    return False


def plan(library: Library, where: Course, name: str) -> Plan:
    """The plan with this id, or the plan in this file.

    Parameters
    ----------
    name : such as ``educators-90``; or the path of a plan file, ending in ``.toml``.

    Raises
    ------
    WrongCall : there is no such plan; the message names a near one.
    ContentError : the plan, or a file that it is composed from, has faults that keep it from being read.
    """
    raw, file = composed(library, where, name)
    faults: list[Fault] = []
    found = read(Plan, {key: value for key, value in raw.items() if key != "format"}, file, "", faults)
    if found is None:
        raise ContentError(faults)
    return found


def composed(library: Library, where: Course, name: str) -> tuple[dict[str, Any], str]:
    """The plain data of a complete plan, with no slot and no borrowed step left, and the file that faults name.

    Raises as `plan` does.
    """
    if name.endswith(".toml"):
        path = Path(name).expanduser()
        if not path.is_file():
            raise WrongCall(f'There is no plan file "{name}". Name a file, or a plan such as educators-90.')
        raw, file = read_toml(path, path.name), path.name
    else:
        raw, file = _skeleton(where, name)
    audience = audiences(where).get(str(raw.get("audience", "")))
    if audience is None:
        known = audiences(where)
        came = f'the audience "{raw.get("audience", "")}"'
        remedy = near(str(raw.get("audience", "")), known) or "Choose one of them."
        raise ContentError([Fault("unknown-audience", file, "audience", came, listed(known, 20), remedy)])
    faults: list[Fault] = []
    whole = _with_parts(raw, _parts(where), file, faults)
    filled = _filled(whole, _slots(library, audience, faults), file, "", faults)
    if faults:
        raise ContentError(faults)
    return filled, file


def _skeleton(where: Course, name: str) -> tuple[dict[str, Any], str]:
    audience, _, form = name.rpartition("-")
    if audience not in audiences(where) or form not in forms(where):
        hint = near(name, names(where))
        people, lengths = ", ".join(audiences(where)), ", ".join(forms(where))
        raise WrongCall(
            f'There is no plan "{name}". {hint} A plan is an audience and a length, such as educators-90: '
            f"audiences are {people}; lengths are {lengths}. Or name a file ending in .toml.".replace("  ", " ")
        )
    file = f"facilitator/plans/{form}.toml"
    return data(where, f"{form}.toml") | {"id": name, "form": form, "audience": audience}, file


@lru_cache(maxsize=32)
def _read(path: Path, name: str, changed: float) -> dict[str, Any]:
    """One file of the plans; the same files stand behind every plan, and are parsed anew only when they changed."""
    return read_toml(path, name)


def data(where: Course, file: str) -> dict[str, Any]:
    """The plain data of one file of the plans.

    Raises
    ------
    ContentError : it is missing or cannot be read.
    """
    path = folder(where) / file
    return _read(path, f"facilitator/plans/{file}", _changed(path))


def _changed(path: Path) -> float:
    return path.stat().st_mtime if path.is_file() else 0


def _parts(where: Course) -> Parts:
    """What plans borrow, as plain data: table name to id to row."""
    found = data(where, "steps.toml")
    return {table: {str(row.get("id")): row for row in _tables(found.get(table))} for table in ("step", *BORROWED)}


def _with_parts(raw: Mapping[str, Any], parts: Parts, file: str, faults: list[Fault]) -> dict[str, Any]:
    """The plan with its borrowed steps written out, and with the roles, slides and materials that its steps use."""
    whole = dict(raw)
    for session in (sessions := [dict(one) for one in _tables(raw.get("session"))]):
        steps = []
        for step in _tables(session.get("step")):
            use = step.get("use")
            if use is not None and use not in parts["step"]:
                at = f"session[{session.get('id')}].step[{step.get('id', use)}].use"
                hint = near(str(use), parts["step"]) or "Use one of the steps of steps.toml, or write it out."
                faults.append(Fault("unknown-step", file, at, f'the step "{use}"', listed(parts["step"], 40), hint))
            steps.append({k: v for k, v in (parts["step"].get(str(use), {}) | step).items() if k != "use"})
        session["step"] = steps
    whole["session"] = sessions
    every = [step for session in sessions for step in session["step"]]
    used = {
        "slide": [s.removeprefix("own/") for step in every for s in _texts(step.get("slides")) if s.startswith("own/")],
        "material": [str(need.get("id")) for step in every for need in _tables(step.get("material"))],
        "role": _texts(raw.get("roles")) or list(parts["role"]),
    }
    for table in BORROWED:
        own = {str(row.get("id")): row for row in _tables(raw.get(table))}
        every_row = {**parts[table], **own}
        whole[table] = [every_row[id] for id in dict.fromkeys([*used[table], *own]) if id in every_row]
    whole.pop("roles", None)
    return whole


def _tables(raw: object) -> list[dict[str, Any]]:
    return [one for one in raw if isinstance(one, dict)] if isinstance(raw, list) else []


def _texts(raw: object) -> list[str]:
    return [one for one in raw if isinstance(one, str)] if isinstance(raw, list) else []


def _slots(library: Library, audience: Audience, faults: list[Fault]) -> dict[str, str]:
    """What stands in the slots of a plan: the audience's own words, and ids and titles of its scenarios."""
    found = {"audience": audience.name}
    for key in ("setting", "hook", "example", "colleague", "first_words", "action", "caution", *STORIES):
        found[key.replace("_", "-")] = str(getattr(audience, key))
    for key in STORIES:
        try:
            found[f"{key}-title"] = library.get("scenario", found[key]).title
        except WrongCall as error:
            named, at = "facilitator/plans/audiences.toml", f"audience[{audience.id}].{key}"
            faults.append(Fault("unknown-scenario", named, at, found[key], "a scenario of the course", str(error)))
            found[f"{key}-title"] = found[key]
    return found


def _filled(value: Any, slots: Mapping[str, str], file: str, at: str, faults: list[Fault]) -> Any:
    """The same data with every slot replaced; an unknown slot is a fault."""
    if isinstance(value, dict):
        return {key: _filled(one, slots, file, f"{at}.{key}" if at else key, faults) for key, one in value.items()}
    if isinstance(value, list):
        names = [str(one.get("id", i)) if isinstance(one, dict) else str(i) for i, one in enumerate(value)]
        return [_filled(one, slots, file, f"{at}[{name}]", faults) for name, one in zip(names, value, strict=True)]
    if not isinstance(value, str) or "{" not in value:
        return value

    def put(match: re.Match[str]) -> str:
        if match[1] not in slots:
            hint = near(match[1], slots) or "Use one of them, or take the braces out."
            faults.append(Fault("unknown-slot", file, at, match[0], listed(slots, 40), hint))
        return slots.get(match[1], match[0])

    return SLOT.sub(put, value)
