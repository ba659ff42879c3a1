"""Small groups: bands, hidden cells with partners, and a guard that no subtraction gets past."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safekeeping.evaluate.small_cells import (
    Guard,
    Sums,
    band,
    counts_in_band,
    gives_away,
    hidden,
    in_end_band,
    limit_of,
    shares,
)
from safekeeping.faults import WrongCall


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0–5"),
        (5, "0–5"),
        (5.1, "5"),
        (7.5, "10"),
        (52.4, "50"),
        (52.5, "55"),
        (94.9, "95"),
        (95, "95–100"),
        (100, "95–100"),
    ],
)
def test_bands_are_five_wide_and_the_ends_hide_nobody_and_everybody(value: float, shown: str) -> None:
    assert band(value) == shown


@given(st.integers(1, 400), st.data())
def test_counts_in_a_band_are_exactly_those_that_print_the_same(n: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, n))
    low, high = counts_in_band(100 * count / n, n)
    same = [one for one in range(n + 1) if band(100 * one / n) == band(100 * count / n)]
    assert (low, high) == (same[0], same[-1])


@given(st.lists(st.integers(0, 40), min_size=2, max_size=6), st.integers(5, 12))
def test_hidden_cells_cannot_be_told_from_the_total(counts: list[int], limit: int) -> None:
    """Every cell shown reaches the limit; what is hidden is nothing, or two that hold the limit together, or all."""
    gone = hidden(counts, limit)
    assert all(count >= limit for count, hide in zip(counts, gone, strict=True) if not hide)
    if any(gone) and not all(gone):
        assert sum(gone) >= 2
        assert sum(count for count, hide in zip(counts, gone, strict=True) if hide) >= limit


def test_a_small_cell_hides_with_the_next_smallest() -> None:
    assert shares([3, 12, 40], 10) == ["hidden", "hidden", "75"]
    assert shares([0, 40], 10) == ["hidden", "hidden"]
    assert shares([10, 10], 10) == ["50", "50"]


def test_below_the_floor_nothing_is_allowed() -> None:
    assert limit_of(5) == 5
    with pytest.raises(WrongCall, match="never shown"):
        limit_of(4)


def mask(count: int, *spans: tuple[int, int]) -> np.ndarray:
    found = np.zeros(count, np.bool_)
    for start, end in spans:
        found[start:end] = True
    return found


def test_one_more_person_is_refused() -> None:
    guard = Guard(10)
    assert guard.allow({"mean": mask(60, (0, 30))})
    assert not guard.allow({"mean": mask(60, (0, 31))})
    assert guard.allow({"mean": mask(60, (0, 40))})
    assert guard.allow({"other": mask(60, (0, 31))})
    assert not guard.allow({"mean": mask(60, (0, 9))})


def test_one_person_exchanged_is_refused() -> None:
    """The difference of the two sums is one person's answer less another's."""
    guard = Guard(10)
    assert guard.allow({"mean": mask(60, (0, 30))})
    assert not guard.allow({"mean": mask(60, (1, 31))})


def test_three_groups_that_give_a_person_away_only_together_are_refused() -> None:
    """All minus the first half minus the second half: one person is left, though each pair is far apart."""
    guard = Guard(10)
    assert guard.allow({"mean": mask(61, (0, 61))})
    assert guard.allow({"mean": mask(61, (0, 30))})
    assert not guard.allow({"mean": mask(61, (30, 60))})
    assert guard.allow({"mean": mask(61, (30, 61))})


def test_sensitive_groups_are_the_same_or_apart() -> None:
    guard = Guard(10)
    assert guard.allow({"did": mask(60, (0, 30))}, apart=True)
    assert not guard.allow({"did": mask(60, (0, 45))}, apart=True)
    assert guard.allow({"did": mask(60, (30, 60))}, apart=True)
    assert guard.allow({"did": mask(60, (0, 30))}, apart=True)


@given(st.lists(st.integers(1, 2**4 - 1), min_size=1, max_size=3), st.lists(st.integers(1, 14), min_size=4, max_size=4))
def test_the_guard_agrees_with_trying_every_combination(groups: list[int], sizes: list[int]) -> None:
    """Four blocks of people, up to three groups made of them: integer combinations up to 2 are tried one by one."""
    blocks = np.repeat(range(4), sizes)
    masks = [np.isin(blocks, [i for i in range(4) if one >> i & 1]) for one in dict.fromkeys(groups)]
    found = False
    for weights in product(range(-2, 3), repeat=len(masks)):
        left = sum(weight * one.astype(int) for weight, one in zip(weights, masks, strict=True))
        found |= bool(np.any(left)) and int((np.asarray(left) != 0).sum()) < 10
    if found:
        assert gives_away(masks, 10)
    if not gives_away(masks, 10):
        assert not found


@given(st.lists(st.integers(0, 20), min_size=2, max_size=5), st.sampled_from([0.0, 0.5]))
def test_pinned_end_bands_are_those_that_trying_everything_finds(counts: list[int], coarse: float) -> None:
    """Twenty people: a reader who knows each band and the mean tries all counts, and must be left in doubt."""
    n, k = 20, len(counts)
    total = sum(counts)
    slack = coarse * n * k / 100
    known = Sums({i: counts_in_band(100 * one / n, n) for i, one in enumerate(counts)})
    known.sums.append((dict.fromkeys(range(k), 1.0), total - slack, total + slack))
    known.sums.append(({0: 1.0, 1: 1.0}, 0, 2 * n))  # says nothing, but makes it two sums: the general way
    known.ends = ends = {i: 0 if one < n / 2 else n for i, one in enumerate(counts) if in_end_band(100 * one / n)}
    ranges = [range(low, high + 1) for low, high in known.ranges.values()]
    possible = [one for one in product(*ranges) if abs(sum(one) - total) <= slack]
    told = [i for i, end in ends.items() if len({one[i] == end for one in possible}) < 2]
    assert known.pinned() == told
    known.sums.pop()
    assert known.pinned() == told
