"""Finds the rows of one person over the waves: exactly, then with one element of the pseudonym off. Never with two."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .codebook import FORMS, MISSING, UNKNOWN, WAVES, Codebook
from .responses import Responses
from .sheet import SEPARATOR

if TYPE_CHECKING:
    import polars as pl

Rows = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True, slots=True)
class People:
    """One entry for each person, and the row that belongs to this person in each wave.

    Attributes
    ----------
    rows : wave to row numbers, -1 where the person has no row; all of the same length.
    near : whether a row was joined although one element of its pseudonym was off.
    unmatchable : rows whose pseudonym has too few elements; each stands as a person of its own.
    """

    rows: Mapping[str, Rows]
    near: np.ndarray[Any, np.dtype[np.bool_]]
    unmatchable: int

    def __len__(self) -> int:
        return len(self.near)

    def have(self, *waves: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Who has a row in all of these waves."""
        found = np.ones(len(self), np.bool_)
        for wave in waves:
            found &= self.rows[wave] >= 0
        return found


def match(responses: Responses, *, one_off: bool = False) -> People:
    """Join the rows of each person within an event.

    Parameters
    ----------
    one_off : after exact matching, also join what is left if exactly one element differs and nobody else, on either
        side, comes as close.
    """
    import polars as pl

    every = pl.DataFrame(
        {"event": responses.event.to_physical(), "person": responses.person, "wave": responses.wave}
    ).with_row_index("row")
    usable = every.filter(pl.col("person") != "")
    joined = None
    for number, wave in enumerate(WAVES):
        one = usable.filter(pl.col("wave") == number).select(
            "event", "person", pl.col("row").cast(pl.Int64).alias(wave)
        )
        joined = (
            one
            if joined is None
            else joined.join(one, on=["event", "person"], how="full", coalesce=True)
            if one.height
            else joined.with_columns(pl.lit(None, pl.Int64).alias(wave))
        )
    assert joined is not None
    joined = joined.with_columns(pl.lit(False).alias("near"))
    if one_off and responses.elements > 1:
        for wave in WAVES[1:]:
            joined = _joined_nearly(joined, wave, responses.elements)
    alone = every.filter(pl.col("person") == "")
    rows = {}
    for number, wave in enumerate(WAVES):
        lonely = np.where(alone["wave"].to_numpy() == number, alone["row"].to_numpy().astype(np.int64), -1)
        rows[wave] = np.concatenate([joined[wave].fill_null(-1).to_numpy(), lonely])
    near = np.concatenate([joined["near"].to_numpy(), np.zeros(alone.height, np.bool_)])
    order = np.argsort(
        np.max(np.stack(list(rows.values())), axis=0), kind="stable"
    )  # by place in the file, not by code
    return People({wave: each[order] for wave, each in rows.items()}, near[order], alone.height)


def _joined_nearly(joined: pl.DataFrame, wave: str, elements: int) -> pl.DataFrame:
    """A person without this wave gets the row of one who has nothing else, if each is the other's only near one."""
    import polars as pl

    joined = joined.with_row_index("who")
    others = [one for one in WAVES if one != wave]
    left = joined.filter(pl.col(wave).is_null() & pl.col("pre").is_not_null())
    right = joined.filter(pl.col(wave).is_not_null() & pl.all_horizontal(pl.col(one).is_null() for one in others))
    pairs = []
    parts = pl.col("person").str.split(SEPARATOR)
    for i in range(elements):

        def masked(frame: pl.DataFrame, i: int = i) -> pl.DataFrame:
            rest = pl.concat_str(
                [parts.list.get(j, null_on_oob=True).fill_null("") for j in range(elements) if j != i],
                separator=SEPARATOR,
            )
            return frame.select("who", "event", rest.alias("rest"))

        pairs.append(masked(left).join(masked(right), on=["event", "rest"], suffix="_other").select("who", "who_other"))
    found = pl.concat(pairs).unique()
    single = found.filter(~pl.col("who").is_duplicated() & ~pl.col("who_other").is_duplicated())
    taken = joined.select(pl.col("who").alias("who_other"), pl.col(wave).alias("row"))
    given = single.join(taken, on="who_other")
    return (
        joined.join(given, on="who", how="left")
        .with_columns(
            pl.coalesce(wave, "row").alias(wave), (pl.col("near") | pl.col("row").is_not_null()).alias("near")
        )
        .filter(~pl.col("who").is_in(single["who_other"].implode()))
        .drop("who", "who_other", "row")
    )


def matched_rows(responses: Responses, people: People, codebook: Codebook) -> str:
    """Every row that was read as CSV text, with a random id in place of the pseudonym, in an order without meaning.

    It is data about single persons: for the data holder alone. Free text and dates are not in it.
    """
    import polars as pl

    ids: dict[int, str] = {}
    used: set[str] = set()
    for who in range(len(people)):
        one = secrets.token_hex(5)
        while one in used:
            one = secrets.token_hex(5)
        used.add(one)
        ids[who] = one
    person = np.empty(len(responses), dtype=object)
    for each in people.rows.values():
        has = np.flatnonzero(each >= 0)
        for who in has.tolist():
            person[each[who]] = ids[who]
    forms = np.array([*FORMS, ""])
    frame = pl.DataFrame(
        {
            "event": [escaped(one) for one in responses.event.to_list()],
            "wave": [WAVES[one] for one in responses.wave.tolist()],
            "form": forms[responses.form],
            "length": [str(one) if one else "" for one in responses.length.tolist()],
            "role": [escaped(one) for one in responses.role.to_list()],
            "person": person.tolist(),
        }
    )
    answers = []
    for name, values in responses.answers.items():
        column = codebook.columns[name]
        words: dict[int, str] = {MISSING: "", UNKNOWN: column.unknown}
        words |= dict(enumerate(column.letters)) if column.type == "choice" else {i: str(i) for i in range(101)}
        answers.append(pl.Series(name, values).replace_strict(words, return_dtype=pl.String))
    whole = frame.with_columns(answers)
    return str(whole.sort("person", "wave").write_csv())


def escaped(text: str) -> str:
    """A cell that a spreadsheet shows as text and never runs as a formula."""
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r", "|", "%") else text
