"""The run of `safekeeping check`: read everything, apply every rule, and say all that was found in one report."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from ..faults import Fault, WrongCall
from ..library import Course

# Each of these modules puts its rules on the list when it loads.
from . import (
    banks,
    cells,
    documents,
    evidence,
    instruments,
    items,
    language,
    ledger,
    links,
    modules,
    notebooks,
    places,
    plans,
    reading,
    scenarios,
    sheets,
    strategies,
    translations,
    university,
)
from .graph import stories
from .rules import JUDGED, RULES, Finding
from .stock import Spot, Stock

LOADED = (
    banks, cells, documents, evidence, instruments, items, language, ledger, links, modules, notebooks, places, plans,
    reading, scenarios, sheets, strategies, translations, university,
)  # fmt: skip


@dataclass(frozen=True)
class Exemption:
    """A rule that an author set aside, and why."""

    rule: str
    file: str
    at: str
    reason: str


@dataclass(frozen=True)
class Report:
    """What a check found.

    Attributes
    ----------
    faults : what must be put right, by file and line. notices : what should be known, likewise.
    counts : how many records there are of each kind, and how many notebooks.
    exemptions : rules set aside by ``because``, with the reasons.
    reading : Flesch-Kincaid grade by notebook, document, scenario and file of items.
    scores : for each scenario what each fixed way of choosing scores, 0 to 100.
    """

    faults: tuple[Fault, ...]
    notices: tuple[Fault, ...]
    counts: dict[str, int]
    exemptions: tuple[Exemption, ...]
    reading: dict[str, float]
    scores: dict[str, dict[str, float]]

    @property
    def exit_code(self) -> int:
        """1 if there are faults, else 0."""
        return 1 if self.faults else 0

    def as_text(self) -> str:
        """The report for a person: faults, notices, exemptions, reading grades, counts, and one last sentence."""
        blocks = [str(fault) for fault in self.faults]
        if self.notices:
            blocks.append("Notices (nothing fails because of these)")
            blocks += [_short(fault) for fault in self.notices]
        if self.exemptions:
            blocks.append("Rules set aside, with reasons")
            blocks += [f"  {one.file} at {one.at}: {one.rule}, because {one.reason}" for one in self.exemptions]
        if self.reading:
            blocks.append("Reading level (Flesch-Kincaid grade; short words in short sentences, not clarity)")
            blocks += [f"  {grade:4.1f}  {name}" for name, grade in self.reading.items()]
        blocks.append("Read: " + ", ".join(f"{count} {kind}" for kind, count in self.counts.items() if count))
        blocks.append(self._verdict())
        return "\n".join(blocks)

    def _verdict(self) -> str:
        files = len({fault.file for fault in self.faults})
        found = f"{len(self.faults)} faults in {files} files" if len(self.faults) != 1 else "1 fault"
        return f"{found if self.faults else 'No faults'}; {len(self.notices)} notices."

    def as_dict(self) -> dict[str, object]:
        """The same for programs, as ``--json`` prints it."""
        return {
            "faults": [fault.as_dict() for fault in self.faults],
            "notices": [fault.as_dict() for fault in self.notices],
            "counts": dict(self.counts),
            "exemptions": [{"rule": e.rule, "file": e.file, "at": e.at, "reason": e.reason} for e in self.exemptions],
            "reading": {name: round(grade, 2) for name, grade in self.reading.items()},
            "scores": {id: {k: round(v, 1) for k, v in scores.items()} for id, scores in self.scores.items()},
        }


def _short(fault: Fault) -> str:
    where = fault.file + (f":{fault.line}" if fault.line else "") + (f" at {fault.at}" if fault.at else "")
    return f"  {where}: {fault.came}. {fault.remedy} [{fault.rule}]"


def check(
    folder: Path,
    course: Course | None,
    *,
    place_file: Path | None = None,
    release: bool = False,
    today: date | None = None,
    register: bool = False,
) -> Report:
    """Check a content folder and, if a course is given, its notebooks, speaker notes and facilitator's documents.

    Parameters
    ----------
    folder : a content folder (see FORMAT.md).
    course : the folders of a course, or None to look at content alone.
    place_file : a place pack that shall replace the folder's own; shows whether it is complete.
    release : unconfirmed and expired contacts, law past its review and shares of scenarios count as faults.
    today : the day to compare dates with; the computer's own by default.
    register : write new ids into the ledger first.

    Raises
    ------
    WrongCall : there is no such folder or place pack.
    """
    with _everything_kept():
        stock = read(folder, course, place_file=place_file, release=release, today=today)
        if register and not any(fault.rule != "unknown-key" for fault in stock.faults):
            ledger.register(stock)
            stock = read(folder, course, place_file=place_file, release=release, today=today)
        return report(stock)


@contextmanager
def _everything_kept() -> Iterator[None]:
    """Without Python's search for garbage: what a check reads is needed to its end, so each search finds nothing."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def read(
    folder: Path,
    course: Course | None,
    *,
    place_file: Path | None = None,
    release: bool = False,
    today: date | None = None,
) -> Stock:
    """Everything that a check looks at; parameters and errors as for `check`."""
    if not folder.is_dir():
        raise WrongCall(f'There is no folder "{folder}". Name a content folder, such as one made with FORMAT.md.')
    if place_file is not None and not place_file.is_file():
        raise WrongCall(f'There is no place pack "{place_file}". Name a file like places/us.toml.')
    return Stock(folder, course, place_file, release, today or datetime.now(UTC).astimezone().date())


def report(stock: Stock) -> Report:
    """Apply every rule to what was read."""
    found = list(stock.faults)
    exemptions: list[Exemption] = []
    for name, rule in RULES.items():
        for one in rule(stock):
            reason = one.where.because.get(name) if name in JUDGED else None
            if reason:
                exemptions.append(Exemption(name, one.where.file, one.where.at, reason))
            else:
                found.append(_fault(stock, name, one))
    found += [_fault(stock, "because-unused", one) for one in _unused(stock, exemptions)]
    found = sorted(dict.fromkeys(found), key=lambda fault: (fault.file, fault.line, fault.at, fault.rule, fault.came))
    return Report(
        faults=tuple(fault for fault in found if not fault.notice),
        notices=tuple(fault for fault in found if fault.notice),
        counts={kind: sum(1 for _ in stock.live(kind)) for kind in stock.held}
        | {"notebook": len(stock.books), "document": len(stock.documents)},
        exemptions=tuple(sorted(set(exemptions), key=lambda one: (one.file, one.at, one.rule))),
        reading={name: grade for _, name, grade in reading.grades(stock)},
        scores={story.held.id: story.scores for story in stories(stock)},
    )


def _fault(stock: Stock, rule: str, one: Finding) -> Fault:
    line = stock.line(one.where.file, one.where.at)
    return Fault(rule, one.where.file, one.where.at, one.came, one.allowed, one.remedy, line, one.notice)


def _unused(stock: Stock, exemptions: list[Exemption]) -> Iterator[Finding]:
    """Exemptions that nothing needs any more; a notice, so that they do not pile up."""
    used = {(one.file, one.at, one.rule) for one in exemptions}
    for spot in stock.exempting():
        for name in set(spot.because) & JUDGED:
            if not any(file == spot.file and at.startswith(spot.at) and rule == name for file, at, rule in used):
                where = Spot(spot.file, f"{spot.at}.because".strip("."))
                yield Finding(
                    where, f'"{name}" is set aside and not needed', "exemptions in use", "Take it out.", notice=True
                )
