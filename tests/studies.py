"""Shared by the tests of the evaluation: small studies with exactly known answers, and reports of them."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from safekeeping.evaluate.document import Document, Picture, Table, Text
from safekeeping.evaluate.report import Made, evaluate
from safekeeping.library import built_in

DAY = date(2026, 11, 22)
MODULES = ("m1", "m2", "m3", "m4", "m5")
VALUES = {"A": "yes", "B": "no", "C": "maybe"}
QUESTIONS = tuple(f"q{i}" for i in range(1, 6))
DID = ("fu-consulted", "fu-reported")


def codebook() -> dict[str, Any]:
    """One form of five questions, distress, two actions."""
    columns = [
        {"column": one, "type": "choice", "module": module, "values": VALUES, "unknown": "?"}
        for one, module in zip(QUESTIONS, MODULES, strict=True)
    ]
    ratings = [{"column": "rx-distress", "type": "rating", "least": 0, "most": 10}]
    return {
        "safekeeping_codebook": 1, "course": "toy", "codes": [{"column": f"code_{i}"} for i in range(1, 8)],
        "instruments": [
            {"id": "kn-a5", "kind": "knowledge", "form": "A", "length": 5, "columns": columns},
            {"id": "rx", "kind": "distress", "columns": ratings},
            {"id": "fu", "kind": "behaviour", "columns": [{"column": one, "type": "tick"} for one in DID]},
        ],
    }  # fmt: skip


@dataclass
class Person:
    """The answers to the five questions in each wave as text (A is right; None: no row), and what else is said."""

    pre: str | None = "AABBB"
    post: str | None = "AAAAB"
    role: str = "school"
    event: str = "Hall"
    distress: int = 1
    did: str | None = None


@dataclass
class Lab:
    """A folder with answers; `report` writes a report of the people given."""

    folder: Path
    reports: int = 0
    extra: dict[str, str] = field(default_factory=dict)

    def sheet(self, people: Sequence[Person], name: str = "responses.csv") -> Path:
        """The people as a sheet; each one's code is the place in the list."""
        path = self.folder / name
        (self.folder / "codebook.json").write_text(json.dumps(codebook()))
        (self.folder / "keys.json").write_text(json.dumps(dict.fromkeys(QUESTIONS, "A")))
        head = ["event", "wave", "form", "length", "date", "role", *(f"code_{i}" for i in range(1, 8)), *QUESTIONS]
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow([*head, "rx-distress", *DID, *self.extra])
            for i, one in enumerate(people):
                for wave, answers in (("pre", one.pre), ("post", one.post)):
                    if answers is not None:
                        plain = [one.event, wave, "A", "5", "2026-09-16", one.role, *f"{i:07d}", *answers]
                        writer.writerow([*plain, one.distress, "", "", *self.extra.values()])
                if one.did is not None:
                    plain = [
                        one.event,
                        "follow-30",
                        "",
                        "",
                        "2026-10-20",
                        one.role,
                        *f"{i:07d}",
                        *("" for _ in QUESTIONS),
                    ]
                    writer.writerow([*plain, "", *one.did, *self.extra.values()])
        return path

    def report(self, people: Sequence[Person], **options: Any) -> Made:
        """A report of these people, in a folder of its own; the ledger stays beside the answers."""
        self.reports += 1
        path = self.sheet(people)
        return evaluate(
            built_in(),
            [path],
            self.folder / f"report-{self.reports}",
            keys=self.folder / "keys.json",
            today=DAY,
            **options,
        )


def table(document: Document, name: str) -> Table | None:
    """A table of a report by its name."""
    return next((one for one in document.tables() if one.name == name), None)


def pictures(document: Document) -> list[Picture]:
    """The pictures of a report."""
    return [one for each in document.sections for one in each.blocks if isinstance(one, Picture)]


def prose(document: Document) -> str:
    """All paragraphs of a report."""
    return "\n".join(one.text for each in document.sections for one in each.blocks if isinstance(one, Text))


def spread(count: int, make: Callable[[int], Person] | None = None) -> list[Person]:
    """People whose scores differ a little, so that every statistic has something to work with."""
    before = ("AABBB", "ABABB", "AAABB", "BABBA", "BBABA")
    after = ("AAAAB", "ABAAA", "AAABB", "AABBA", "BAAAA", "AAAAA")
    people = [Person(before[i % 5], after[i % 6]) for i in range(count)]
    return [one if make is None else _with(one, make(i)) for i, one in enumerate(people)]


def _with(one: Person, other: Person) -> Person:
    return Person(one.pre, one.post, other.role, other.event, other.distress, other.did)


def cells(tables: Iterable[Table]) -> set[str]:
    """Every cell of some tables."""
    return {one for each in tables for row in each.rows for one in row}
