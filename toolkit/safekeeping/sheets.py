"""What a facilitator hands out or hangs up: one-page handouts, the room-safety sheet, and the disclosure charts.

These records stand under ``facilitator/``, beside the plans. A learner's notebook never loads this module.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .faults import ContentError, Fault, WrongCall, listed, near
from .library import Course, Shelf, read_toml, records_in
from .records import many, words

MOST_STEPS = 12  # steps of one chart: more do not fit one page in large letters
MOST_ANSWERS = 4  # answers to one question of a chart


@dataclass(frozen=True, kw_only=True)
class Block:
    """One part of a sheet; what it holds is printed in this order."""

    heading: str = words(default="")
    text: str = words(default="")
    steps: tuple[str, ...] = words(default=())
    points: tuple[str, ...] = words(default=())
    say: tuple[str, ...] = words(default=())
    avoid: tuple[str, ...] = words(default=())
    show: tuple[str, ...] = ()
    fields: tuple[str, ...] = words(default=())
    lines: int = 0
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One page to hand out, or the room-safety sheet."""

    id: str
    order: int = 0
    title: str = words()
    lead: str = words()
    blocks: tuple[Block, ...] = many("block")
    foot: str = words(default="")
    claims: tuple[str, ...] = ()
    retired: bool = False


@dataclass(frozen=True, kw_only=True)
class Branch:
    """One answer to a question of a chart, and the step to which it leads."""

    answer: str = words()
    go_to: str


@dataclass(frozen=True, kw_only=True)
class Stop:
    """One step of a chart: a thing to do (``go_to``), a question (``branch``), or an end (neither)."""

    id: str
    text: str = words()
    say: str = words(default="")
    go_to: str = ""
    branches: tuple[Branch, ...] = many("branch")

    @property
    def ways(self) -> tuple[Branch, ...]:
        """Every way on, as branches; one without an answer where there is nothing to ask; none at an end."""
        return self.branches or ((Branch(answer="", go_to=self.go_to),) if self.go_to else ())


@dataclass(frozen=True, kw_only=True)
class Chart:
    """One case of a disclosure as a chart: what to do first, what to ask oneself, where it ends."""

    id: str
    title: str = words()
    lead: str = words()
    say: tuple[str, ...] = words(default=())
    avoid: tuple[str, ...] = words(default=())
    after: tuple[str, ...] = words(default=())
    stops: tuple[Stop, ...] = many("step")
    claims: tuple[str, ...] = ()
    retired: bool = False


def files(course: Course) -> Iterator[tuple[str, Path, Shelf]]:
    """The files of a course that hold these records, each with their kind and the table in which they stand."""
    folder = course.facilitator
    yield from (("handout", path, Shelf(Sheet, "", "")) for path in sorted((folder / "handouts").glob("*.toml")))
    for kind, name, shelf in (
        ("room-safety", "room-safety.toml", Shelf(Sheet, "", "")),
        ("flowchart", "flowcharts.toml", Shelf(Chart, "", "flowchart")),
    ):
        if (folder / name).is_file():
            yield kind, folder / name, shelf


def handouts(course: Course) -> list[Sheet]:
    """The handouts of a course in their order.

    Raises
    ------
    ContentError : a file cannot be read, or holds something else than a handout.
    """
    faults: list[Fault] = []
    found = [
        sheet
        for path in sorted((course.facilitator / "handouts").glob("*.toml"))
        for sheet in _sheets(path, f"facilitator/handouts/{path.name}", faults)
    ]
    if faults:
        raise ContentError(faults)
    return sorted((one for one in found if not one.retired), key=lambda one: (one.order, one.id))


def handout(course: Course, id: str) -> Sheet:
    """One handout by its id.

    Raises
    ------
    WrongCall : there is none; the message names a near one. ContentError : as for `handouts`.
    """
    every = {one.id: one for one in handouts(course)}
    if id not in every:
        raise WrongCall(f'There is no handout "{id}". {near(id, every) or f"There are: {listed(every)}."}')
    return every[id]


def room_safety(course: Course) -> Sheet:
    """The room-safety sheet: before, during and after a session.

    Raises
    ------
    ContentError : it is missing or cannot be read.
    """
    faults: list[Fault] = []
    found = _sheets(course.facilitator / "room-safety.toml", "facilitator/room-safety.toml", faults)
    if faults:
        raise ContentError(faults)
    return found[0]


def _sheets(path: Path, name: str, faults: list[Fault]) -> list[Sheet]:
    return records_in(Shelf(Sheet, "", ""), read_toml(path, name), name, faults)


def charts(course: Course) -> list[Chart]:
    """The disclosure charts in the order of the file, each proved to lead from its first step to an end.

    Raises
    ------
    ContentError : the file cannot be read, or a chart names a step that does not exist, leads in a circle,
        holds a step that nothing leads to, or does not fit a page.
    """
    name = "facilitator/flowcharts.toml"
    faults: list[Fault] = []
    data = read_toml(course.facilitator / "flowcharts.toml", name)
    found: list[Chart] = records_in(Shelf(Chart, "", "flowchart"), data, name, faults)
    for one in found:
        faults += odd_in(one, name)
    if faults:
        raise ContentError(faults)
    return [one for one in found if not one.retired]


def odd_in(chart: Chart, name: str) -> Iterator[Fault]:
    """What keeps a chart from being drawn: nothing if all is well.

    The steps stand in reading order and every way leads forward, so that no one is sent in a circle.
    """
    at = f"flowchart[{chart.id}]"
    ids = [stop.id for stop in chart.stops]
    if not 2 <= len(ids) <= MOST_STEPS:
        remedy = "Join steps, or make two charts."
        yield Fault("chart-size", name, at, f"{len(ids)} steps", f"2 to {MOST_STEPS}", remedy)
    for id in sorted({one for one in ids if ids.count(one) > 1}):
        yield Fault("chart-step", name, at, f'two steps "{id}"', "each step id once", "Rename one of them.")
    led_to = set(ids[:1])
    for place, stop in enumerate(chart.stops):
        here = f"{at}.step[{stop.id}]"
        if stop.branches and stop.go_to:
            remedy = "Give a question its branches, and a step without one its go_to."
            yield Fault("chart-step", name, here, "branches and go_to", "one of the two", remedy)
        if stop.branches and not 2 <= len(stop.branches) <= MOST_ANSWERS:
            allowed = f"2 to {MOST_ANSWERS} answers"
            yield Fault("chart-step", name, here, f"{len(stop.branches)} answers", allowed, "Ask something simpler.")
        for way in stop.ways:
            if way.go_to not in ids:
                remedy = near(way.go_to, ids) or "Name a step of this chart."
                yield Fault("chart-way", name, here, f'go_to = "{way.go_to}"', listed(ids, MOST_STEPS), remedy)
            elif ids.index(way.go_to) <= place:
                remedy = "Put that step further down: a chart only leads forward."
                yield Fault("chart-way", name, here, f'back to "{way.go_to}"', "a later step", remedy)
            led_to.add(way.go_to)
    for id in ids:
        if id not in led_to:
            remedy = "Lead to it, or take it out."
            yield Fault("chart-way", name, f"{at}.step[{id}]", "no way leads here", "a way to it", remedy)
