"""`safekeeping check --coverage`: where each point of the source articles and each objective is taught and tested."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..faults import Fault, listed
from ..library import Course
from .check import read
from .links import objectives
from .stock import Held, Stock


@dataclass(frozen=True)
class SeedRow:
    """One point of a source article.

    Attributes
    ----------
    taught : cells and indicators that name it. touched : cells and records that rest on one of its claims.
    claims : claims that support or correct it. correction : what has to be put right.
    items : practice items that rest on one of its claims. tests : test items that do.
    open_claims : whether all its claims are unverified; then no item may rest on them.
    """

    id: str
    text: str
    correction: str
    claims: tuple[str, ...]
    taught: tuple[str, ...]
    touched: tuple[str, ...]
    items: tuple[str, ...]
    tests: tuple[str, ...] = ()
    open_claims: bool = False


@dataclass(frozen=True)
class ObjectiveRow:
    """One objective: what a learner does for it, how many items there are, and its CSWE competencies."""

    id: str
    text: str
    module: str
    activities: tuple[str, ...]
    practice: int
    test: int
    cswe: tuple[str, ...]
    scorable: bool

    @property
    def missing(self) -> list[str]:
        """What it lacks."""
        has = {"activities": self.activities, "practice items": self.practice or not self.scorable, "CSWE": self.cswe}
        return [name for name, there in has.items() if not there]


@dataclass(frozen=True)
class Coverage:
    """All points and all objectives, and what is missing: faults with ``--release``, else told in the tables."""

    seeds: tuple[SeedRow, ...]
    objectives: tuple[ObjectiveRow, ...]
    faults: tuple[Fault, ...] = field(default=())

    def as_text(self) -> str:
        """Two lists for a person, each with a last line that counts."""
        lines = ["Points of the source articles"]
        for row in self.seeds:
            where = listed(row.taught, 4) or "not yet taught"
            more = f"; also {listed(row.touched, 2)}" if row.touched and not row.taught else ""
            lines.append(f"  {row.id} {row.text}\n       taught: {where}{more}")
            right = f"; put right: {row.correction}" if row.correction else ""
            lines.append(f"       claims: {listed(row.claims, 4)}{right}")
            why = "none, since its claims are unverified" if row.open_claims else "none"
            asked = [*row.items, *(f"{id} (test)" for id in row.tests)]
            lines.append(f"       tested by: {listed(asked, 6) or why}")
        taught = sum(bool(row.taught) for row in self.seeds)
        lines.append(f"{taught} of {len(self.seeds)} points are taught, {len(self.seeds) - taught} not yet.")
        asked_of = [row for row in self.seeds if row.items or row.tests]
        tests = sum(bool(row.tests) for row in asked_of)
        lines.append(f"{len(asked_of)} of {len(self.seeds)} points are tested by an item, {tests} by one for tests.")
        lines.append("Objectives")
        for one in self.objectives:
            lack = f"; missing: {listed(one.missing)}" if one.missing else ""
            lines.append(f"  {one.id} ({one.module}) {one.text}")
            lines.append(f"       activities: {listed(one.activities, 5) or 'none'}")
            count = f"{one.practice} practice and {one.test} test items"
            lines.append(f"       {count}; CSWE: {listed(one.cswe) or 'none'}{lack}")
        lines += [str(fault) for fault in self.faults]
        return "\n".join(lines)

    def as_dict(self) -> dict[str, object]:
        """The same for programs."""
        seeds = [
            {
                "id": row.id,
                "text": row.text,
                "correction": row.correction,
                "claims": list(row.claims),
                "taught": list(row.taught),
                "touched": list(row.touched),
                "items": list(row.items),
                "tests": list(row.tests),
            }
            for row in self.seeds
        ]
        rows = [
            {
                "id": one.id,
                "module": one.module,
                "text": one.text,
                "activities": list(one.activities),
                "practice": one.practice,
                "test": one.test,
                "cswe": list(one.cswe),
                "missing": one.missing,
            }
            for one in self.objectives
        ]
        return {"seeds": seeds, "objectives": rows, "faults": [fault.as_dict() for fault in self.faults]}


def coverage(folder: Path, course: Course | None, *, release: bool = False) -> Coverage:
    """Where each seed and each objective is taught and tested.

    Parameters
    ----------
    folder, course : as for `check`. Without a course no cell counts.
    release : a seed that nothing teaches, and an objective that lacks something, is a fault.

    Raises
    ------
    WrongCall : there is no such folder.
    """
    stock = read(folder, course, release=release)
    seeds, rows = tuple(_seeds(stock)), tuple(_objectives(stock))
    return Coverage(seeds, rows, tuple(_faults(stock, seeds, rows)) if release else ())


def _seeds(stock: Stock) -> Iterator[SeedRow]:
    taught: dict[str, list[str]] = {}
    resting: dict[str, list[str]] = {}
    for book in stock.books:
        for cell in book.cells:
            name = f"{book.stem}/{cell.id}"
            for id in cell.ids("sources_points"):
                taught.setdefault(id, []).append(name)
            for id in cell.ids("claims"):
                resting.setdefault(id, []).append(name)
    for held in stock.live("indicator"):
        for id in held.record.seeds:
            taught.setdefault(id, []).append(f"indicator {held.id}")
    for held in stock.live("scenario"):
        for id in held.record.basis:
            resting.setdefault(id, []).append(held.id)
    items: dict[str, dict[str, list[str]]] = {"practice": {}, "test": {}}
    for held in stock.live("item"):
        for id in held.record.basis:
            items[held.record.use].setdefault(id, []).append(held.id)
    for held in stock.live("instrument"):
        for part in (*held.record.statements, *held.record.vignettes):
            for id in part.basis:
                items["test"].setdefault(id, []).append(part.id)
    unverified = {id for id, held in stock.claims.items() if held.record.grade == "unverified"}
    for held in stock.live("seed"):
        one = held.record
        yield SeedRow(
            one.id,
            one.text,
            one.correction,
            tuple(one.claims),
            tuple(dict.fromkeys(taught.get(one.id, ()))),
            _over(resting, one.claims),
            _over(items["practice"], one.claims),
            _over(items["test"], one.claims),
            bool(one.claims) and set(one.claims) <= unverified,
        )


def _over(found: dict[str, list[str]], claims: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for claim in claims for name in found.get(claim, ())))


def _objectives(stock: Stock) -> Iterator[ObjectiveRow]:
    items = {held.id: held.record for held in stock.live("item")}
    for id, (held, one) in objectives(stock).items():
        bank = [item for item in items.values() if item.objective == id]
        done = [story.id for story in stock.live("scenario") if id in story.record.objectives]
        done += [s.id for s in stock.live("set") if any(items[i].objective == id for i in s.record.items if i in items)]
        done += [
            f"{book.stem}/{cell.id}"
            for book in stock.books
            for cell in book.cells
            if cell.kind == "code" and id in cell.ids("objective")
        ]
        practice = sum(item.use == "practice" for item in bank)
        activities, test = tuple(done), len(bank) - practice
        yield ObjectiveRow(id, one.text, held.id, activities, practice, test, tuple(one.cswe), one.scorable)


def _faults(stock: Stock, seeds: tuple[SeedRow, ...], rows: tuple[ObjectiveRow, ...]) -> Iterator[Fault]:
    places: dict[str, Held] = stock.by_id("seed")
    for row in seeds:
        if not row.taught:
            remedy = f"Name {row.id} in sources_points of the cell that teaches it, or in seeds of an indicator."
            yield _fault(stock, "seed-taught", places[row.id], "", "not yet taught", "a cell or an indicator", remedy)
    for one in rows:
        if one.missing:
            held = objectives(stock)[one.id][0]
            came = f"no {listed(one.missing)}"
            allowed = "activities, practice items, CSWE"
            yield _fault(stock, "objective-covered", held, f"objective[{one.id}]", came, allowed, "Add them.")


def _fault(stock: Stock, rule: str, held: Held, at: str, came: str, allowed: str, remedy: str) -> Fault:
    spot = held.spot(at)
    return Fault(rule, spot.file, spot.at, came, allowed, remedy, stock.line(spot.file, spot.at))
