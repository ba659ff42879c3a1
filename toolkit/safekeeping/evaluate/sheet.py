"""One sheet of answers, CSV or Parquet: its header, its cells, and everything that is wrong with them."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..faults import Fault, listed, near
from .codebook import BAD, MISSING, MOST_COLUMNS, UNKNOWN, WAVES, Codebook, Column

if TYPE_CHECKING:
    import polars as pl

LARGEST_FILE = 4_000_000_000  # bytes
MOST_ROWS = 20_000_000
LONGEST_TEXT = 80  # characters of an event or a role
MOST_GROUPS = 200  # different events, different roles
MOST_FAULTS = 1000  # listed one by one; the rest is counted
FEWEST_ELEMENTS = 5  # filled-in elements that a pseudonym needs
PLAIN = ("event", "wave", "form", "length", "date", "role", "person")
_DATE_LIKE = re.compile(r"\d{1,4}[./-]\d{1,2}([./-]\d{1,4})?|\d{5}|\d{1,2}[-. ]?[A-Za-z]{3,9}([-. ]?\d{2,4})?")
SEPARATOR = "\x1f"  # between the elements of a pseudonym; a cell cannot hold it

Answers = np.ndarray[Any, np.dtype[np.int8]]


@dataclass
class Faults:
    """Faults of one run: the first thousand in full, all of them counted, rows that must be left out marked."""

    listed: list[Fault] = field(default_factory=list)
    total: int = 0
    fatal: bool = False

    def file(self, rule: str, name: str, came: str, allowed: str, remedy: str, line: int = 0) -> None:
        self.fatal = True
        self._add(Fault(rule, name, "", came, allowed, remedy, line))

    def cell(self, rule: str, name: str, row: int, column: str, came: object, allowed: str, remedy: str) -> None:
        at = f"row {row}, column {column}" if column else f"row {row}"
        self._add(Fault(rule, name, at, shown(came), allowed, remedy, row))

    def _add(self, fault: Fault) -> None:
        self.total += 1
        if len(self.listed) < MOST_FAULTS:
            self.listed.append(fault)


def shown(value: object) -> str:
    """A cell as a message may show it: short, on one line, without control characters."""
    text = "".join(one if one.isprintable() else "·" for one in str(value))
    return f'"{text[:40]}…"' if len(text) > 40 else f'"{text}"'


@dataclass(slots=True)
class Part:
    """One file, read: plain columns as a frame, answers as arrays, and which rows are good."""

    name: str
    plain: pl.DataFrame
    answers: dict[str, Answers]
    good: np.ndarray[Any, np.dtype[np.bool_]]
    ignored: tuple[str, ...]


def read_file(path: Path, codebook: Codebook, faults: Faults) -> Part | None:
    import polars as pl

    name = path.name
    before = faults.total
    header = _header(path, faults)
    if header is None or not _columns_fit(header[0], codebook, name, faults):
        return None
    columns, separator = header
    try:
        if separator:
            lazy = pl.scan_csv(path, separator=separator, infer_schema=False, encoding="utf8", raise_if_empty=True)
        else:
            lazy = pl.scan_parquet(path)
            lazy = (
                lazy.with_columns(pl.selectors.exclude(pl.String).cast(pl.String))
                if any(kind != pl.String for kind in lazy.collect_schema().dtypes())
                else lazy
            )
        asked = [codebook.columns[one] for one in columns if one in codebook.columns]
        part = _read_rows(lazy, name, columns, asked, codebook, faults)
    except (pl.exceptions.PolarsError, OSError) as error:
        line = _ragged(path, separator, len(columns)) if separator else 0
        came = f"{str(error).splitlines()[0][:120]}"
        faults.file(
            "unreadable",
            name,
            came,
            f"rows of {len(columns)} cells",
            "Look at that row: a quotation mark or a comma is often missing or too many.",
            line,
        )
        return None
    if not len(part.good):
        faults.file(
            "empty", name, "a header and no rows", "at least one row of answers", "Look whether it is the right file."
        )
    return part if faults.total == before or not faults.fatal else None


def _header(path: Path, faults: Faults) -> tuple[list[str], str] | None:
    """The names of the columns, and the separator (empty for Parquet)."""
    import polars as pl

    name = path.name
    kind = path.suffix.lower()
    try:
        size = path.stat().st_size if path.is_file() else -1
        if size < 0:
            faults.file("missing", name, "no such file", "a CSV or Parquet file", "Look at the spelling of the name.")
        elif kind not in (".csv", ".parquet"):
            faults.file(
                "kind", name, kind or "no ending", ".csv or .parquet", "In Excel or LibreOffice: Save as, CSV UTF-8."
            )
        elif size == 0:
            faults.file("empty", name, "an empty file", "a header row and rows of answers", "Export it again.")
        elif size > LARGEST_FILE:
            faults.file(
                "too-large", name, f"{size} bytes", f"at most {LARGEST_FILE}", "Split it, or save it as Parquet."
            )
        elif kind == ".parquet":
            return list(pl.read_parquet_schema(path)), ""
        else:
            with path.open("rb") as file:
                raw = file.readline(1_000_000)
            text = raw.decode("utf-8-sig")
            separator = max(",;\t", key=text.count)
            return [one.strip() for one in next(csv.reader(io.StringIO(text), delimiter=separator), [])], separator
    except UnicodeDecodeError:
        faults.file(
            "not-utf8", name, "text that is not UTF-8", "UTF-8", "In Excel: Save as, CSV UTF-8 (comma delimited)."
        )
    except (OSError, csv.Error, pl.exceptions.PolarsError) as error:
        faults.file("unreadable", name, str(error)[:120], "a CSV or Parquet file", "Export it again.")
    return None


def _columns_fit(columns: list[str], codebook: Codebook, name: str, faults: Faults) -> bool:
    before = faults.total
    if len(columns) > MOST_COLUMNS:
        faults.file(
            "too-many",
            name,
            f"{len(columns)} columns",
            f"at most {MOST_COLUMNS}",
            "Keep the columns that the codebook names.",
        )
        return False
    for one, times in Counter(columns).items():
        if times > 1 and (one in codebook.columns or one in PLAIN or one in codebook.codes):
            faults.file(
                "column-twice",
                name,
                f"{shown(one)} {times} times",
                "each column once",
                "Delete or rename one of them.",
            )
    known = set(columns)
    wanted = ["wave"]
    for instrument in codebook.instruments:
        inside = [each.name for each in instrument.columns]
        if instrument.kind != "knowledge" and known & set(inside):
            wanted += inside
    knowledge = [{each.name for each in one.columns} for one in codebook.of("knowledge")]
    if known & set().union(*knowledge):
        wanted += ["form", "length"]
        best = max(knowledge, key=lambda one: (bool(known >= one), len(known & one)))
        wanted += sorted(best)
    if known & set(codebook.codes):
        wanted += codebook.codes
    odd = [one for one in columns if one not in codebook.columns and one not in PLAIN and one not in codebook.codes]
    for one in dict.fromkeys(wanted):
        if one not in known:
            hint = near(one, odd)
            faults.file(
                "missing-column",
                name,
                f"no column {one}",
                "every column of the forms that were used",
                hint or "Take the header row that came with the forms.",
                1,
            )
    if not known & set(codebook.columns) and faults.total == before:
        faults.file(
            "missing-column",
            name,
            "no question of the codebook",
            listed(codebook.columns),
            "Take the codebook of these forms, with --codebook.",
            1,
        )
    return faults.total == before


def _ragged(path: Path, separator: str, width: int) -> int:
    """The first row of a CSV file that has more cells than the header; 0 if none is found."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        try:
            for number, row in enumerate(csv.reader(file, delimiter=separator), 1):
                if len(row) > width:
                    return number
        except csv.Error:
            return 0
    return 0


def _words(cells: pl.Series) -> pl.Series:
    """A plain column with few different words, each trimmed; a length is also read where a spreadsheet wrote 20.0."""
    import polars as pl

    words = cells.unique().cast(pl.String)
    tidy = words.str.strip_chars()
    tidy = tidy.str.strip_suffix(".0") if cells.name == "length" else tidy
    if (words == tidy).all():
        return cells  # the usual case, and much quicker
    return cells.cast(pl.String).replace(words, tidy).cast(pl.Categorical)


def _code(column: Column, cell: pl.Expr) -> pl.Expr:
    """A cell as a whole number: a letter as its byte (mapped later), a rating or tick as itself."""
    import polars as pl

    empty = cell.is_null() | (cell == "")
    if column.type == "choice":
        # One letter is one byte: reading the byte is several times cheaper than looking a text up. A longer text has no
        # such byte.
        value = cell.cast(pl.Binary).bin.reinterpret(dtype=pl.Int8).fill_null(BAD)
    else:
        number = cell.cast(pl.Int16, strict=False)
        inside = number.is_between(*_range(column))
        value = pl.when(inside).then(number).otherwise(pl.lit(BAD, pl.Int16)).cast(pl.Int8)
    return pl.when(empty).then(pl.lit(MISSING, pl.Int8)).otherwise(value).alias(column.name)


def _range(column: Column) -> tuple[int, int]:
    return (0, 1) if column.type == "tick" else (column.least, column.most)


def _mapped(column: Column, codes: Answers) -> Answers:
    """Bytes of letters as their places in the printed order; everything else that is no answer as ``BAD``."""
    if column.type != "choice":
        return codes
    table = np.full(256, BAD, np.int8)
    table[MISSING] = MISSING
    for i, letter in enumerate(column.letters):
        table[ord(letter)] = i
    if column.unknown:
        table[ord(column.unknown)] = UNKNOWN
    return table[codes.view(np.uint8)]


def _read_rows(
    lazy: pl.LazyFrame, name: str, columns: list[str], asked: list[Column], codebook: Codebook, faults: Faults
) -> Part:
    import polars as pl

    plain = [one for one in PLAIN if one in columns]
    codes = [one for one in codebook.codes if one in columns]
    # Few different words in many rows: a category takes a quarter of the memory. A random id is different in each row.
    fixed = [
        cell.str.strip_chars() if one == "person" else cell.cast(pl.Categorical)
        for one in plain
        for cell in [pl.col(one).fill_null("")]
    ]
    if codes:
        fixed.append(pl.concat_str([pl.col(one).fill_null("") for one in codes], separator=SEPARATOR).alias("code"))
    frame = lazy.select(*fixed, *(_code(one, pl.col(one.name)) for one in asked)).collect(engine="streaming")
    if frame.height > MOST_ROWS:
        faults.file("too-large", name, f"{frame.height} rows", f"at most {MOST_ROWS}", "Split the file.")
    answers = {one.name: _mapped(one, frame[one.name].to_numpy()) for one in asked}
    again = [one for one in asked if (answers[one.name] == BAD).any()]
    if again:  # spaces, small letters and 3.0 are read as well, but only where something needs it
        lazily = lazy.select(_code(one, _tidied(one)) for one in again).collect(engine="streaming")
        answers |= {one.name: _mapped(one, lazily[one.name].to_numpy()) for one in again}
    good = np.ones(frame.height, np.bool_)
    for one in again:
        bad = np.flatnonzero(answers[one.name] == BAD)
        if len(bad):
            good[bad] = False
            came = lazy.select(pl.col(one.name)).collect()[one.name]
            for row in bad.tolist():
                faults.cell("out-of-range", name, row + 2, one.name, came[row], _allowed(one), _remedy(str(came[row])))
    words = [_words(frame[one]) for one in plain if one != "person"]
    frame = frame.select([*plain, *(["code"] if codes else [])]).with_columns(words)
    if codes:
        frame = frame.with_columns(_pseudonyms(frame["code"], len(codes)))
    ignored = tuple(
        one for one in columns if one not in codebook.columns and one not in PLAIN and one not in codebook.codes
    )
    part = Part(name, frame, answers, good, ignored)
    _plain_fits(part, codebook, faults)
    _forms_fit(part, codebook, faults)
    return part


def _pseudonyms(joined: pl.Series, elements: int) -> pl.Series:
    """Elements joined, in small letters, trimmed, without leading noughts; empty where too few are filled in.

    Spreadsheets drop the nought of a day such as 07, so it never counts.

    With fewer than five, two people who both left most of them empty would be taken for one.
    """
    import polars as pl

    if not joined.str.contains(
        rf"[^a-z0-9{SEPARATOR}]|{SEPARATOR}{SEPARATOR}|^{SEPARATOR}|{SEPARATOR}$|(^|{SEPARATOR})0[0-9]"
    ).any():
        return joined  # nothing to tidy, nothing missing: the usual case, and much quicker
    parts = (
        joined.str.to_lowercase()
        .str.split(SEPARATOR)
        .list.eval(pl.element().str.strip_chars().str.replace(r"^0+([0-9])", "$1"))
    )
    filled = parts.list.eval(pl.element() != "").list.sum()
    whole = parts.list.join(SEPARATOR).alias("code")
    enough = pl.Series(filled >= min(FEWEST_ELEMENTS, elements))
    return whole.zip_with(enough, pl.Series([""]).new_from_index(0, len(whole)))


def _tidied(column: Column) -> pl.Expr:
    import polars as pl

    cell = pl.col(column.name).str.strip_chars()
    return cell.str.to_uppercase() if column.type == "choice" else cell.str.strip_suffix(".0")


def _allowed(column: Column) -> str:
    if column.type == "choice":
        unknown = f', "{column.unknown}" for don’t know' if column.unknown else ""
        return f"one of {', '.join(column.letters)}{unknown}, or empty"
    return (
        "1 or 0, or empty"
        if column.type == "tick"
        else f"a whole number from {column.least} to {column.most}, or empty"
    )


def _remedy(came: str) -> str:
    if came[:1] in "=+-@":
        return "This cell looks like a formula. It was not run; type the answer itself."
    if _DATE_LIKE.fullmatch(came.strip()) and not came.strip().isdigit():
        return "Excel seems to have made a date of it. Set the column to Text and type the answer again."
    return "Look at the paper form, and correct the cell or empty it."


def _plain_fits(part: Part, codebook: Codebook, faults: Faults) -> None:
    """Waves, dates, events and roles of one file."""
    import polars as pl

    frame = part.plain

    def check(column: str, fits: Callable[[str], bool], rule: str, allowed: str, remedy: str = "") -> None:
        if column not in frame.columns:
            return
        wrong = [one for one in frame[column].unique().cast(pl.String).to_list() if not fits(one)]
        rows = (
            frame.select(pl.col(column).cast(pl.String).is_in(wrong).arg_true()).to_series().to_list() if wrong else []
        )
        for row in rows:
            part.good[row] = False
            came = str(frame[column][row])
            hint = remedy or near(came, [*WAVES, *codebook.roles]) or _remedy(came)
            faults.cell(rule, part.name, row + 2, column, came, allowed, hint)

    check("wave", lambda one: one in WAVES, "unknown-wave", ", ".join(WAVES))
    remedy = "Write the date as year-month-day. Excel changes dates: set the column to Text first."
    check("date", lambda one: not one or day_of(one) is not None, "date", "a date such as 2026-11-22, or empty", remedy)
    if codebook.roles:
        check(
            "role",
            lambda one: not one or one in codebook.roles,
            "unknown-role",
            f"{listed(codebook.roles, 20)}, or empty",
        )
    for column in ("event", "role"):
        check(
            column,
            lambda one: len(one) <= LONGEST_TEXT,
            "too-long",
            f"at most {LONGEST_TEXT} characters",
            "Shorten it.",
        )
        if column in frame.columns and frame[column].n_unique() > MOST_GROUPS:
            came = f"{frame[column].n_unique()} different entries in column {column}"
            faults.file("too-many", part.name, came, f"at most {MOST_GROUPS}", "It must name groups, never persons.")


def day_of(text: str) -> date | None:
    """A date as year-month-day, and nothing else."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _forms_fit(part: Part, codebook: Codebook, faults: Faults) -> None:
    """Each row's form and length exist, and the row answers no question of another form."""
    import polars as pl

    if "form" not in part.plain.columns or "length" not in part.plain.columns:
        return
    pairs = part.plain.select("form", "length").with_row_index().group_by("form", "length").agg("index")
    pairs = pairs.with_columns(pl.col("form", "length").cast(pl.String))
    questions = {each.name for one in codebook.of("knowledge") for each in one.columns}
    pairs = pairs.sort("form", "length")
    for form, length, index in zip(pairs["form"], pairs["length"], pairs["index"], strict=True):
        rows = index.to_numpy()
        known = codebook.knowledge(form.upper(), int(length)) if length.isdecimal() and len(length) < 4 else None
        inside = {one.name for one in known.columns} if known else set()
        other = [one for one in sorted(questions - inside) if one in part.answers]
        if not known and (form or length):
            allowed = listed(f"{one.form} with {one.length}" for one in codebook.of("knowledge"))
            for row in sorted(rows.tolist()):
                faults.cell(
                    "unknown-form",
                    part.name,
                    row + 2,
                    "form, length",
                    f"{form} with {length}",
                    allowed,
                    "Look at the top of the paper form.",
                )
            part.good[rows] = False
            continue
        lacking = sorted(inside - set(part.answers))
        if lacking:
            faults.file(
                "missing-column",
                part.name,
                f"no column {listed(lacking)}",
                f"every question of form {form} with {length}",
                "Take the header row that came with the forms.",
                1,
            )
        for one in other:
            mixed = rows[part.answers[one][rows] != MISSING]
            part.good[mixed] = False
            for row in sorted(mixed.tolist()):
                faults.cell(
                    "mixed-forms",
                    part.name,
                    row + 2,
                    one,
                    "an answer",
                    f"no answer: it is not in form {form or '(none)'} with {length or '(none)'}",
                    "Look which form the row belongs to.",
                )
