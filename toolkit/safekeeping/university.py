"""The university pack: its data (rubric, readings, weights, competencies, marks), and where its documents stand.

Its documents are Markdown like those of a facilitator. A line such as ``{{objectives: 5.1, m6}}`` stands for something
that the course already knows, so that nobody types it twice. No learner ever loads this module.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .documents import every
from .faults import ContentError, Fault, WrongCall, listed, near
from .library import Course, Shelf, read_toml, records_in
from .records import Module, Scenario, many, words

FOLDER = "university"
HUNDRED = 100  # what weights add up to
MOST_READINGS = 3  # core readings a week: more are not read
ALL = "all"  # stands for every id
QUESTIONS = 2  # to discuss, for each reading


@dataclass(frozen=True, kw_only=True)
class Level:
    """One level of the rubric. ``share``: what a criterion at this level earns, per cent of its weight, 0 to 100."""

    id: str
    title: str = words()
    share: int


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """What work at one level of a criterion looks like."""

    level: str
    text: str = words()


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One criterion of the rubric. ``weight``: its part of 100."""

    id: str
    title: str = words()
    weight: int
    anchors: tuple[Anchor, ...] = many("anchor")


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A core reading: the id of a source of the course, which part, how to get it, and two questions to discuss."""

    id: str
    part: str = words(default="")
    free: bool
    questions: tuple[str, ...] = words()


@dataclass(frozen=True, kw_only=True)
class Share:
    """One part of a grade. ``weight``: of 100."""

    title: str = words()
    weight: int


@dataclass(frozen=True, kw_only=True)
class Grading:
    """How the grade of one syllabus is made up."""

    id: str
    shares: tuple[Share, ...] = many("share")


@dataclass(frozen=True, kw_only=True)
class Competency:
    """A competency of the social-work standards. ``label`` is empty while its wording is not confirmed."""

    id: str
    label: str = words(default="")
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Area:
    """A competency of the health list, and the objectives that the authors put beside it."""

    id: str
    label: str = words()
    objectives: tuple[str, ...]
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Score:
    """The level that the authors give an exemplar on one criterion, and why."""

    criterion: str
    level: str
    reason: str = words()


@dataclass(frozen=True, kw_only=True)
class Mark:
    """The marks of one exemplar. ``id``: the name of its file without ending; ``comment``: for the student."""

    id: str
    comment: str = words()
    scores: tuple[Score, ...] = many("score")


TABLES: dict[str, dict[str, type]] = {
    "rubric.toml": {"level": Level, "criterion": Criterion},
    "readings.toml": {"reading": Reading},
    "grading.toml": {"grading": Grading},
    "competencies.toml": {"competency": Competency, "area": Area},
    "marks.toml": {"mark": Mark},
}


@dataclass(frozen=True)
class Data:
    """All data of the pack, each kind by id and in the order of its file."""

    level: Mapping[str, Level]
    criterion: Mapping[str, Criterion]
    reading: Mapping[str, Reading]
    grading: Mapping[str, Grading]
    competency: Mapping[str, Competency]
    area: Mapping[str, Area]
    mark: Mapping[str, Mark]

    def points(self, mark: Mark) -> float:
        """What a piece of work earns, 0 to 100: each criterion's weight times the share of its level."""
        return sum(self.criterion[s.criterion].weight * self.level[s.level].share / HUNDRED for s in mark.scores)


def folder(course: Course) -> Path:
    """Where the pack stands."""
    return course.facilitator / FOLDER


def paths(course: Course) -> list[Path]:
    """The pack's documents: its own folder first, then the folders in it."""
    root = folder(course)
    return [*every(root), *(path for sub in sorted(root.glob("*/")) for path in every(sub))]


def files(course: Course) -> Iterator[tuple[Path, str, Shelf]]:
    """The data files that are there, each with the tables that it may hold."""
    for name, tables in TABLES.items():
        path = folder(course) / name
        if path.is_file():
            yield from ((path, table, Shelf(record, "", table)) for table, record in tables.items())


def read(course: Course) -> Data:
    """The data of the pack, proved to fit together.

    Raises
    ------
    ContentError : a file cannot be read, or weights, levels and marks do not fit; with every fault.
    """
    faults: list[Fault] = []
    found: dict[str, dict[str, object]] = {table: {} for tables in TABLES.values() for table in tables}
    for path, table, shelf in files(course):
        name = path.relative_to(course.root).as_posix()
        found[table] = {one.id: one for one in records_in(shelf, read_toml(path, name), name, faults)}
    data = Data(**found)  # type: ignore[arg-type]
    faults += odd_in(data, f"{course.facilitator.name}/{FOLDER}")
    if faults:
        raise ContentError(faults)
    return data


def odd_in(data: Data, where: str) -> Iterator[Fault]:
    """What keeps the data from being used: weights that miss 100, a criterion without its levels, marks beside it.

    Parameters
    ----------
    where : the pack's folder as a message names it.
    """
    rubric, marks = f"{where}/rubric.toml", f"{where}/marks.toml"
    if data.criterion:
        yield from _sum("rubric-weights", rubric, "", {one.title: one.weight for one in data.criterion.values()})
    for grading in data.grading.values():
        weights = {one.title: one.weight for one in grading.shares}
        yield from _sum("grading-weights", f"{where}/grading.toml", f"grading[{grading.id}]", weights)
    shares = [one.share for one in data.level.values()]
    if shares != sorted(set(shares), reverse=True) or not all(0 <= one <= HUNDRED for one in shares):
        remedy = "Put the best level first."
        yield Fault("rubric-levels", rubric, "", f"shares {shares}", "falling, from 100 to 0", remedy)
    for criterion in data.criterion.values():
        at = f"criterion[{criterion.id}]"
        yield from _each("rubric-levels", rubric, at, [one.level for one in criterion.anchors], data.level)
    for mark in data.mark.values():
        at = f"mark[{mark.id}]"
        yield from _each("mark-scores", marks, at, [one.criterion for one in mark.scores], data.criterion)
        for one in mark.scores:
            if one.level not in data.level:
                hint = near(one.level, data.level) or "Name a level of the rubric."
                yield Fault("mark-scores", marks, at, f'the level "{one.level}"', listed(data.level), hint)
    for reading in data.reading.values():
        asked = [one for one in reading.questions if one.endswith("?")]
        if len(asked) != QUESTIONS or len(reading.questions) != QUESTIONS:
            at, came = f"reading[{reading.id}]", f"{len(asked)} questions"
            yield Fault("reading-questions", f"{where}/readings.toml", at, came, f"{QUESTIONS}", "Ask two questions.")


def _sum(rule: str, file: str, at: str, weights: Mapping[str, int]) -> Iterator[Fault]:
    total = sum(weights.values())
    if total != HUNDRED or min(weights.values(), default=0) < 0:
        yield Fault(rule, file, at, f"weights that add up to {total}", f"{HUNDRED}", "Change the weights.")


def _each(rule: str, file: str, at: str, named: list[str], wanted: Mapping[str, object]) -> Iterator[Fault]:
    """Each wanted id once, and no other."""
    counts = Counter(named)
    odd = [f'no "{id}"' for id in wanted if not counts[id]]
    odd += [f'"{id}"' for id, n in counts.items() if id not in wanted or n > 1]
    if odd:
        yield Fault(rule, file, at, listed(odd), f"each of {listed(wanted)} once", "Add, rename or remove it.")


def known(data: Data, modules: Iterable[Module], stories: Iterable[Scenario]) -> dict[str, set[str]]:
    """What may stand before the colon of a line in double braces, each with the ids that may stand after it."""
    every = list(modules)
    parts = {one.id for one in every}
    return {
        "areas": {ALL, *data.area}, "competencies": {ALL, *data.competency}, "grading": {*data.grading},
        "marks": {*data.mark}, "modules": parts, "objectives": parts | {one.id for m in every for one in m.objectives},
        "readings": {*data.reading}, "rubric": {ALL, *data.criterion},
        "stories": {one.id for one in stories if one.status == "ready"},
    }  # fmt: skip


def named(word: str, ids: list[str], every: Mapping[str, set[str]]) -> None:
    """Nothing, if a line in double braces names what there is.

    Raises
    ------
    WrongCall : it does not; the message names a near one.
    """
    if word not in every:
        hint = near(word, every) or f"There are: {listed(every, 12)}."
        raise WrongCall(f'"{word}" before a colon means nothing here. {hint}')
    for id in ids:
        if id not in every[word]:
            hint = near(id, every[word]) or f"There are: {listed(sorted(every[word]))}."
            raise WrongCall(f'There is no "{id}" among {word}. {hint}')
