"""A report as blocks: only what everybody who gets it may read. HTML, PDF and CSV are made from these alone."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .matching import escaped

_NUMBER = re.compile(r"[+−-]?\d+(\.\d+)?")


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. `kind` is empty, ``lead`` (the answer in one sentence), ``note``, ``warning`` or ``formula``."""

    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Cells as they are printed: rounded, banded or hidden. `name` is the name of its CSV file."""

    name: str
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    def as_csv(self, mark: str = "") -> str:
        """The same cells for a spreadsheet: none runs as a formula; with `mark` in a column of its own."""
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\n")
        for row in (self.head, *self.rows):
            writer.writerow([*(_plain(one) for one in row), *([mark] if mark else [])])
        return file.getvalue()


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart. It is drawn from the printed cells of its table and from nothing else.

    Attributes
    ----------
    alt : what it shows, in words. spec : Vega-Lite, with the data inside.
    """

    name: str
    title: str
    alt: str
    spec: Mapping[str, Any]


Block = Text | Table | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report. `synthetic` is the watermark, empty for answers of people."""

    title: str
    label: str
    lead: str
    synthetic: str
    sections: tuple[Section, ...]

    def tables(self) -> list[Table]:
        """Every table in order."""
        return [one for each in self.sections for one in each.blocks if isinstance(one, Table)]


def _plain(cell: str) -> str:
    return cell.replace("−", "-").removeprefix("+") if _NUMBER.fullmatch(cell) else escaped(cell)
