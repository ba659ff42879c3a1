"""Reads sheets of answers: one row for each learner and wave, from CSV or Parquet. Reports every fault in one run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..faults import Fault, SafekeepingError
from .codebook import FORMS, MISSING, WAVES, Codebook
from .sheet import SEPARATOR, Answers, Faults, Part, day_of, read_file

if TYPE_CHECKING:
    import polars as pl


class ResponsesError(SafekeepingError):
    """Sheets that cannot be read as they are. Carries every fault."""

    def __init__(self, faults: Sequence[Fault], total: int, skippable: bool) -> None:
        self.faults = tuple(faults)
        shown = "\n".join(str(one) for one in self.faults)
        more = f"\n… and {total - len(self.faults)} more." if total > len(self.faults) else ""
        way = (
            " Mend the sheet, or leave those rows out with --skip-bad; the report then says how many."
            if skippable
            else ""
        )
        super().__init__(
            f"{shown}{more}\n{total} {'fault' if total == 1 else 'faults'} in the answers; nothing was written.{way}"
        )


@dataclass(frozen=True, slots=True)
class Responses:
    """Every row that could be read.

    Attributes
    ----------
    wave, form : index into ``WAVES`` and ``FORMS`` (form -1 where a row has none), one for each row.
    length : number of knowledge questions that the row's form has; 0 where it has none.
    event, role : text of each row, empty where not given.
    person : the pseudonym of each row, elements joined; empty where it cannot be matched.
    elements : how many elements a pseudonym has; 0 if rows carry a random id.
    answers : column to one whole number a row: index of the letter, rating, tick; ``MISSING`` or ``UNKNOWN``.
    weeks : the first and the last week, as the Monday's date; empty without dates.
    skipped : rows left out because of a fault. without_answers : rows without any answer, left out.
    ignored : names of columns that the codebook does not know; they were not read.
    faults : what was wrong in the rows left out, and notices.
    unfinished, repeated : attempts in a learning platform that do not count: not finished, or not the one chosen.
    others : questions of the course in its report that cannot be read, since they have no options.
    """

    wave: Answers
    form: Answers
    length: np.ndarray[Any, np.dtype[np.int16]]
    event: pl.Series
    role: pl.Series
    person: pl.Series
    elements: int
    answers: dict[str, Answers]
    weeks: tuple[str, str] | tuple[()]
    skipped: int = 0
    without_answers: int = 0
    ignored: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    unfinished: int = 0
    repeated: int = 0
    others: int = 0

    def __len__(self) -> int:
        return len(self.wave)


def read(paths: Sequence[Path], codebook: Codebook, *, skip_bad: bool = False) -> Responses:
    """Read one or many sheets as one.

    Parameters
    ----------
    paths : files ending in ``.csv`` or ``.parquet``; the same person may stand in several of them.
    skip_bad : leave out rows with a fault, and count them, instead of stopping.

    Raises
    ------
    ResponsesError : a file or a row cannot be read; every fault is in it. Faults of whole files cannot be skipped.
    """
    faults = Faults()
    parts = [part for path in paths if (part := read_file(path, codebook, faults)) is not None]
    if faults.fatal or not parts:
        raise ResponsesError(faults.listed, faults.total, skippable=False)
    whole, good, rows, names = _joined(parts, codebook)
    _twice(whole, good, rows, names, faults)
    if faults.total and not skip_bad:
        raise ResponsesError(faults.listed, faults.total, skippable=True)
    answered = _answered(whole)
    kept = good & answered
    if not kept.any():
        raise ResponsesError(
            [
                Fault(
                    "empty",
                    names[0],
                    "",
                    "no row that can be read",
                    "at least one row with answers",
                    "Look at the faults, and at the file.",
                )
            ],
            1,
            False,
        )
    return _only(whole, kept, int((~good).sum()), int((good & ~answered).sum()), faults.listed)


def by_word(cells: pl.Series, meaning: Callable[[str], int], kind: Any) -> Any:
    """A column of categories as numbers: each different word is looked up once, however many rows there are."""
    import polars as pl

    words = cells.unique()
    places: list[int] = words.to_physical().to_list()
    table = np.zeros(max(places, default=0) + 1, kind)
    for place, word in zip(places, words.cast(pl.String).to_list(), strict=True):
        table[place] = meaning(word)
    return table[cells.to_physical().to_numpy()]


def _joined(
    parts: Iterable[Part], codebook: Codebook
) -> tuple[Responses, np.ndarray[Any, np.dtype[np.bool_]], np.ndarray[Any, Any], list[str]]:
    """All files as one; with it which rows are good, each row's place (file, row), and the files' names."""
    import polars as pl

    every = list(parts)
    frame = pl.concat([one.plain for one in every], how="diagonal")
    height = frame.height

    def text(name: str) -> pl.Series:
        if name in frame.columns:
            return frame[name].fill_null("") if frame[name].null_count() else frame[name]
        return pl.Series(name, [""]).new_from_index(0, height)

    def coded(name: str, meaning: Callable[[str], int], kind: Any) -> Any:
        """One number for each different word: a few look-ups, however many rows there are."""
        return by_word(text(name).cast(pl.Categorical), meaning, kind)

    answers = {}
    for name in codebook.columns:
        if any(name in one.answers for one in every):
            pieces = [
                one.answers[name] if name in one.answers else np.full(len(one.good), MISSING, np.int8) for one in every
            ]
            answers[name] = np.concatenate(pieces) if len(pieces) > 1 else pieces[0]
    ids = text("person")
    random = bool((ids != "").any())
    person = ids if random else text("code")
    days = [day_of(one) for one in text("date").unique().cast(pl.String).to_list()]
    mondays = [day - timedelta(day.weekday()) for day in days if day]
    weeks = (str(min(mondays)), str(max(mondays))) if mondays else ()
    good = np.concatenate([one.good for one in every])
    place = np.stack(
        [
            np.repeat(range(len(every)), [len(one.good) for one in every]),
            np.concatenate([np.arange(2, len(one.good) + 2) for one in every]),
        ]
    )
    ignored = tuple(dict.fromkeys(name for one in every for name in one.ignored))
    whole = Responses(
        coded("wave", lambda one: WAVES.index(one) if one in WAVES else -1, np.int8),
        coded("form", lambda one: FORMS.index(one.upper()) if one.upper() in FORMS else -1, np.int8),
        coded("length", lambda one: int(one) if one.isdecimal() and len(one) < 4 else 0, np.int16),
        text("event").cast(pl.Categorical), text("role").cast(pl.Categorical), person,
        0 if random else len(codebook.codes), answers, weeks, ignored=ignored,
    )  # fmt: skip
    return whole, good, place, [one.name for one in every]


def _twice(
    whole: Responses,
    good: np.ndarray[Any, np.dtype[np.bool_]],
    place: np.ndarray[Any, Any],
    names: list[str],
    faults: Faults,
) -> None:
    """The same pseudonym twice in one wave of one event: nobody can say which row counts, so neither does."""
    import polars as pl

    usable = pl.Series(good) & (whole.person != "")
    frame = pl.DataFrame({"event": whole.event.to_physical(), "person": whole.person, "wave": pl.Series(whole.wave)})
    same = frame.with_row_index().filter(usable)
    same = same.filter(pl.struct("event", "person", "wave").is_duplicated())
    for row in same["index"].to_list():
        good[row] = False
        file, line = (int(one) for one in place[:, row])
        came = f"{whole.person[row].replace(SEPARATOR, ' ')} ({WAVES[whole.wave[row]]})"
        faults.cell(
            "code-twice",
            names[file],
            line,
            "code",
            came,
            "each code once in a wave",
            "Look at both forms: one is often entered twice, or an element was misread.",
        )


def _answered(whole: Responses) -> np.ndarray[Any, np.dtype[np.bool_]]:
    found = np.zeros(len(whole), np.bool_)
    for one in whole.answers.values():
        found |= one != MISSING
    return found


def _only(
    whole: Responses, kept: np.ndarray[Any, np.dtype[np.bool_]], skipped: int, empty: int, faults: list[Fault]
) -> Responses:
    """The rows that are kept."""
    import polars as pl

    if kept.all():
        mask: Any = slice(None)
        event, role, person = whole.event, whole.role, whole.person
    else:
        mask = kept
        event, role, person = (one.filter(pl.Series(kept)) for one in (whole.event, whole.role, whole.person))
    return Responses(
        whole.wave[mask], whole.form[mask], whole.length[mask], event, role, person, whole.elements,
        {name: values[mask] for name, values in whole.answers.items()}, whole.weeks, skipped, empty, whole.ignored,
        tuple(faults),
    )  # fmt: skip
