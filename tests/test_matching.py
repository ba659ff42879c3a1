"""Matching: exactly, then one element off if nobody else comes as close, never two; rows go out under random ids."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from safekeeping.evaluate.codebook import FORMS, WAVES, from_data
from safekeeping.evaluate.matching import escaped, match, matched_rows
from safekeeping.evaluate.responses import Responses
from safekeeping.evaluate.sheet import SEPARATOR
from test_responses import BOOK, KEYS


def made(*rows: tuple[str, str], event: str = "Hall", elements: int = 7) -> Responses:
    """Rows as (wave, code)."""
    count = len(rows)
    return Responses(
        np.array([WAVES.index(wave) for wave, _ in rows], np.int8), np.zeros(count, np.int8),
        np.full(count, 2, np.int16), pl.Series("event", [event] * count, dtype=pl.Categorical),
        pl.Series("role", [""] * count, dtype=pl.Categorical),
        pl.Series("person", [SEPARATOR.join(code) for _, code in rows]), elements,
        {"q1": np.arange(count, dtype=np.int8) % 3}, (),
    )  # fmt: skip


def joined(*rows: tuple[str, str], one_off: bool = True) -> list[tuple[int, int, bool]]:
    found = match(made(*rows), one_off=one_off)
    return [
        (int(a), int(b), bool(c)) for a, b, c in zip(found.rows["pre"], found.rows["post"], found.near, strict=True)
    ]


def test_the_same_code_is_the_same_person() -> None:
    assert joined(("pre", "abcdefg"), ("post", "abcdefg"), ("pre", "xxxxxxx"), one_off=False) == [
        (0, 1, False),
        (2, -1, False),
    ]


def test_one_element_off_is_joined_only_when_asked_and_is_marked() -> None:
    rows = (("pre", "abcdefg"), ("post", "abcdefz"))
    assert joined(*rows, one_off=False) == [(0, -1, False), (-1, 1, False)]
    assert joined(*rows) == [(0, 1, True)]


def test_two_elements_off_are_never_joined() -> None:
    assert len(joined(("pre", "abcdefg"), ("post", "abcdexx"))) == 2


@pytest.mark.parametrize(
    "rows",
    [
        (("pre", "abcdefg"), ("post", "abcdefx"), ("post", "abcdefy")),
        (("pre", "abcdefg"), ("pre", "abcdefh"), ("post", "abcdefx")),
    ],
)
def test_two_that_come_as_close_are_not_joined(rows: tuple[tuple[str, str], ...]) -> None:
    assert not any(near for _, _, near in joined(*rows))


def test_an_exact_match_comes_first() -> None:
    """The second person's code is one off the first one's, who is already found."""
    assert sorted(joined(("pre", "abcdefg"), ("post", "abcdefg"), ("post", "abcdefz"))) == [
        (-1, 2, False),
        (0, 1, False),
    ]


def test_people_of_different_events_are_different_people() -> None:
    both = made(("pre", "abcdefg"), ("post", "abcdefg"))
    apart = Responses(
        both.wave, both.form, both.length, pl.Series("event", ["Hall", "Barn"], dtype=pl.Categorical), both.role,
        both.person, 7, both.answers, (),
    )  # fmt: skip
    assert len(match(apart, one_off=True)) == 2


def test_rows_without_a_code_stand_alone() -> None:
    found = match(made(("pre", ""), ("post", "")))
    assert (len(found), found.unmatchable) == (2, 2)


def test_matched_rows_carry_random_ids_and_nothing_of_the_code() -> None:
    rows = made(("pre", "abcdefg"), ("post", "abcdefg"), event="=cmd()")
    text = matched_rows(rows, match(rows), from_data(BOOK, KEYS))
    again = matched_rows(rows, match(rows), from_data(BOOK, KEYS))
    frame = pl.read_csv(text.encode())
    assert frame["person"].n_unique() == 1 and len(frame) == 2
    assert text != again  # drawn anew each time
    assert SEPARATOR not in text and "abcdefg" not in text.replace(SEPARATOR, "")
    assert set(frame["event"]) == {"'=cmd()"}
    assert FORMS[0] in text


def test_formulas_are_escaped_and_words_are_not() -> None:
    assert [escaped(one) for one in ("=1", "+1", "-1", "@x", "\tx", "word", "")] == [
        "'=1",
        "'+1",
        "'-1",
        "'@x",
        "'\tx",
        "word",
        "",
    ]
