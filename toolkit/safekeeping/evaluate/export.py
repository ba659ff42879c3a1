"""A quiz report of a learning platform as rows of text: any encoding and separator that such reports come in.

Nothing is kept here of who somebody is: `class_data` reads what it needs out of the rows and lets them go.
"""

from __future__ import annotations

import codecs
import csv
import html
import io
import re
import unicodedata
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from .sheet import Faults

LARGEST_FILE = 50_000_000  # bytes
MOST_COLUMNS, MOST_ROWS, LONGEST_CELL = 2_000, 100_000, 20_000
_SEPARATORS = ",;\t"
_TOLD = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)  # a first line with which Excel is told the separator
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
# Signs that nobody sees and that a platform or a spreadsheet may add or drop: marks of direction, joiners, soft hyphen.
_UNSEEN = dict.fromkeys([0x00AD, 0x061C, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0xFEFF, *range(0x202A, 0x202F),
                         *range(0x2060, 0x2070)])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Export:
    """The cells of one file. `rows`: without the head, each as long as it; the first one is line 2."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def column(self, place: int) -> list[str]:
        """The cells of one column."""
        return [row[place] for row in self.rows]


def folded(text: str) -> str:
    """A text as it can be compared after a platform has had it.

    Platforms strip tags but may leave entities (Canvas), or turn both into plain text (Moodle); spreadsheets write an
    apostrophe before what could be a formula. So both sides are taken without tags, entities, unseen signs, doubled
    spaces and such an apostrophe.
    """
    plain = html.unescape(_TAG.sub(" ", html.unescape(text)))
    plain = unicodedata.normalize("NFC", plain.translate(_UNSEEN))
    plain = " ".join(plain.split())
    return plain[1:] if plain[:1] == "'" and plain[1:2] in tuple("=+-@|%") else plain


def read_export(path: Path, faults: Faults) -> Export | None:
    """The cells of a file ending in ``.csv`` or ``.txt``; None with a fault where it cannot be read."""
    text = _text(path, faults)
    if text is None:
        return None
    told = _TOLD.match(text)
    text = text[told.end() :] if told else text
    tables = {}
    for separator in told[1] if told else _SEPARATORS:
        try:
            every = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
            full = (row for row in every if any(cell.strip() for cell in row))
            tables[separator] = list(islice(full, MOST_ROWS + 1))
        except csv.Error:
            continue
    rows = max(tables.values(), key=_regular, default=[])
    wide = max((len(row) for row in rows), default=0)
    if not rows or len(rows[0]) < 2:
        faults.file("unreadable", path.name, "no rows of cells", "a CSV file", "Download the report again.")
    elif wide > MOST_COLUMNS or len(rows) > MOST_ROWS:
        came, allowed = f"{len(rows)} rows or more, of {wide} cells", f"at most {MOST_ROWS} rows of {MOST_COLUMNS}"
        faults.file("too-large", path.name, came, allowed, "Download the report of one quiz alone.")
    elif any(len(cell) > LONGEST_CELL for row in rows for cell in row):
        faults.file("too-long", path.name, "a cell too long", f"at most {LONGEST_CELL} characters", "Look at the file.")
    elif uneven := next((n for n, row in enumerate(rows, 1) if len(row) != len(rows[0])), 0):
        came = f"{len(rows[uneven - 1])} cells"
        remedy = "Download the report again, and do not save it from a spreadsheet."
        faults.file("ragged", path.name, came, f"{len(rows[0])} cells, as in the first row", remedy, uneven)
    else:
        return Export(path.name, tuple(rows[0]), tuple(map(tuple, rows[1:])))
    return None


def _text(path: Path, faults: Faults) -> str | None:
    try:
        if path.stat().st_size > LARGEST_FILE:
            came, allowed = f"{path.stat().st_size} bytes", f"at most {LARGEST_FILE}"
            faults.file("too-large", path.name, came, allowed, "Download the report of one quiz alone.")
            return None
        raw = path.read_bytes()
        wide = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))  # Excel's "Unicode text"
        text = raw.decode("utf-16" if wide else "utf-8-sig")
        if "\0" not in text:
            return text
        faults.file("unreadable", path.name, "no text", "a CSV file", "Download the report as CSV, not as Excel.")
    except UnicodeDecodeError:
        remedy = "Download it again, or in Excel: Save as, CSV UTF-8 (comma delimited)."
        faults.file("not-utf8", path.name, "text that is not UTF-8", "UTF-8 or UTF-16", remedy)
    except OSError as error:
        faults.file("missing", path.name, error.strerror or "unreadable", "a CSV file", "Look at the name.")
    return None


def _regular(rows: list[list[str]]) -> tuple[float, int]:
    """How well a separator fits: the part of rows as long as the first (if longer than one cell), then their length."""
    wide = len(rows[0]) if rows else 0
    return (sum(len(row) == wide for row in rows) / len(rows) if wide > 1 else 0.0, wide)
