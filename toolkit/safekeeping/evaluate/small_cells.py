"""What may be shown of a small group: bands, hidden cells with their partners, and proof that nothing comes back.

Three attacks are closed. *Subtraction inside a table*: a hidden cell hides with a partner, so that the total gives
nobody away. *Subtraction between groups*, in one report or in several: `Guard` refuses a group if any combination of
everything shown would leave fewer people than the limit. *Addition of items*: `Sums` finds cells in an end band that
the other cells and the mean would pin to exactly nobody or exactly everybody.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np

from ..faults import WrongCall

LIMIT, FLOOR = 10, 5
STEP = 5  # per cent: the width of a band
MOST_GROUPS = 60  # shown for one quantity; beyond it nothing new is shown
MOST_SMALL = 12  # small atoms that are tried one by one; more are taken together, which refuses rather more

Mask = np.ndarray[Any, np.dtype[np.bool_]]


def limit_of(number: int) -> int:
    """The limit as given; raises WrongCall below the floor."""
    if number < FLOOR:
        raise WrongCall(
            f"--limit {number} is too low: a group of fewer than {FLOOR} people is never shown. Give {FLOOR} or more."
        )
    return number


# --- bands -----------------------------------------------------------------------------------------------------------


def band(per_cent: float) -> str:
    """A percentage to the nearest 5. Both ends are bands: nobody and everybody are never told apart from nearly."""
    if in_end_band(per_cent):
        return f"0–{STEP}" if per_cent < 50 else f"{100 - STEP}–100"
    return str(_rounded(per_cent))


def in_end_band(per_cent: float) -> bool:
    """Whether a percentage lies in one of the two end bands, 0 to 5 and 95 to 100."""
    return not STEP < per_cent < 100 - STEP


def _rounded(per_cent: float) -> int:
    return STEP * math.floor(per_cent / STEP + 0.5)


def counts_in_band(per_cent: float, n: int) -> tuple[int, int]:
    """The lowest and the highest count out of n that are printed as the same band."""
    first, last = STEP * n // 100, -(-(100 - STEP) * n // 100)  # the ends reach to here and from here
    if in_end_band(per_cent):
        return (0, first) if per_cent < 50 else (last, n)
    middle, half = _rounded(per_cent), STEP / 2
    low = math.ceil((middle - half) * n / 100 - 1e-9)
    high = math.ceil((middle + half) * n / 100 - 1e-9) - 1
    return max(low, first + 1), min(high, last - 1)


# --- cells of one table ----------------------------------------------------------------------------------------------


def hidden(counts: Sequence[int], limit: int) -> list[bool]:
    """Which cells of a table with a known total must be hidden.

    Every count below the limit, zero included; then the next smallest cells, until at least two are hidden that hold
    `limit` people together. If hiding leaves a single cell to be shown, it is hidden as well when the rest would
    otherwise be too few.
    """
    mark = [one < limit for one in counts]
    order = sorted(range(len(counts)), key=lambda i: (counts[i], i))
    while any(mark):
        together = sum(one for one, gone in zip(counts, mark, strict=True) if gone)
        if sum(mark) >= 2 and together >= limit:
            break
        rest = [i for i in order if not mark[i]]
        if not rest:
            break
        mark[rest[0]] = True
    return mark


def shares(counts: Sequence[int], limit: int) -> list[str]:
    """The cells of one table as bands of per cent, ``hidden`` where one may not be shown."""
    total = sum(counts)
    gone = hidden(counts, limit)
    return ["hidden" if hide else band(100 * one / total) for one, hide in zip(counts, gone, strict=True)]


# --- groups of people ------------------------------------------------------------------------------------------------


@dataclass
class Guard:
    """Remembers about whom each quantity was shown, and refuses what would give a small group away.

    A mean, a standard deviation, an interval and an effect size of a group are all sums over its people. Whoever knows
    the sums for several groups knows every combination of them. So: let M hold a row for each group shown and a column
    for each *atom* (people who are in exactly the same groups). A combination that cancels everywhere except in a set
    U of atoms exists exactly if the rank of M falls when the columns of U are left out. `allow` says no if that is so
    for any U with fewer people than the limit.
    """

    limit: int
    groups: list[bytes] = field(default_factory=list)  # different groups of people, as packed bits
    shown: dict[str, set[int]] = field(default_factory=dict)  # quantity to the places of its groups in `groups`
    _judged: dict[frozenset[int], bool] = field(default_factory=dict)

    def place(self, people: Mask) -> int:
        """Where these people stand in `groups`; a new group is added."""
        packed = np.packbits(people).tobytes()
        if packed not in self.groups:
            self.groups.append(packed)
        return self.groups.index(packed)

    def people(self, place: int, count: int) -> Mask:
        """One group as truth values for so many people."""
        return np.unpackbits(np.frombuffer(self.groups[place], np.uint8), count=count).astype(np.bool_)

    def allow(self, wanted: Mapping[str, Mask], *, apart: bool = False) -> bool:
        """Whether these quantities may all be shown for these people; if so, remember it.

        Parameters
        ----------
        wanted : quantity to people: one truth value for each person, for one quantity always in the same order.
        apart : for what is sensitive: groups must be the same or have nobody in common, so that nothing can be
            subtracted at all (a small count could come out of large groups).
        """
        if not all(self.safe(quantity, people, apart=apart) for quantity, people in wanted.items()):
            return False
        for quantity, people in wanted.items():
            self.shown.setdefault(quantity, set()).add(self.place(people))
        return True

    def safe(self, quantity: str, people: Mask, *, apart: bool = False) -> bool:
        """Whether this quantity may be shown for these people, after all that was shown."""
        if int(people.sum()) < self.limit:
            return False
        place, earlier = self.place(people), self.shown.get(quantity, set())
        if place in earlier:
            return True
        if len(earlier) >= MOST_GROUPS:
            return False
        others = [self.people(one, len(people)) for one in sorted(earlier)]
        if apart and any((people & one).any() for one in others):
            return False
        together = frozenset({*earlier, place})
        if together not in self._judged:
            self._judged[together] = gives_away([*others, people], self.limit)
        return not self._judged[together]


def gives_away(groups: Sequence[Mask], limit: int) -> bool:
    """Whether sums over these groups can be combined into a sum over fewer people than the limit (but at least one)."""
    atoms = np.zeros(len(groups[0]), np.int64)  # each person's groups as the bits of a number
    for i, one in enumerate(groups):
        atoms |= one.astype(np.int64) << i
    kinds, sizes = np.unique(atoms, return_counts=True)
    kinds, sizes = kinds[kinds > 0], sizes[kinds > 0]
    matrix = ((kinds[np.newaxis, :] >> np.arange(len(groups))[:, np.newaxis]) & 1).astype(float)
    full = int(np.linalg.matrix_rank(matrix))
    small = [int(i) for i in np.flatnonzero(sizes < limit)]

    def falls(some: Sequence[int]) -> bool:
        return int(np.linalg.matrix_rank(np.delete(matrix, list(some), axis=1))) < full if some else False

    if not falls(small):
        return False
    if len(small) > MOST_SMALL:
        return True
    return any(
        falls(some)
        for count in range(1, len(small) + 1)
        for some in combinations(small, count)
        if sizes[list(some)].sum() < limit
    )


# --- sums of items ---------------------------------------------------------------------------------------------------


@dataclass
class Sums:
    """Unknown counts within what a reader can know of them, and the sums that a reader also knows.

    Attributes
    ----------
    ranges : name to the lowest and the highest count that the printed cell allows.
    ends : the cells in an end band, each with its end.
    sums : the names and weights added, and the lowest and the highest total that the printed figure allows.
    """

    ranges: dict[Any, tuple[int, int]] = field(default_factory=dict)
    sums: list[tuple[Mapping[Any, float], float, float]] = field(default_factory=list)
    ends: dict[Any, int] = field(default_factory=dict)

    def pinned(self) -> list[Any]:
        """The cells of which a reader can tell that they are exactly their end (0 or all), or that they are not."""
        ends = self.ends
        if not ends or not self.sums:
            return []
        if len(self.sums) == 1 and set(self.sums[0][0]) == set(self.ranges) and set(self.sums[0][0].values()) == {1.0}:
            return [name for name, end in ends.items() if self._pinned_by_one(name, end)]
        from scipy.optimize import Bounds, LinearConstraint, milp

        names = list(self.ranges)
        where = {one: i for i, one in enumerate(names)}
        matrix = np.zeros((len(self.sums), len(names)))
        for row, (weights, _, _) in enumerate(self.sums):
            for name, weight in weights.items():
                matrix[row, where[name]] = weight
        rules = LinearConstraint(matrix, [one[1] for one in self.sums], [one[2] for one in self.sums])

        def possible(name: Any, low: int, high: int) -> bool:
            lows, highs = (np.array([self.ranges[one][side] for one in names], float) for side in (0, 1))
            lows[where[name]], highs[where[name]] = max(low, lows[where[name]]), min(high, highs[where[name]])
            if lows[where[name]] > highs[where[name]]:
                return False
            found = milp(
                np.zeros(len(names)), constraints=rules, bounds=Bounds(lows, highs), integrality=np.ones(len(names))
            )
            return bool(found.success)

        pinned = []
        for name, end in ends.items():
            low, high = self.ranges[name]
            inner = (low + 1, high) if end == low else (low, high - 1)
            if not (possible(name, end, end) and possible(name, *inner)):
                pinned.append(name)
        return pinned

    def _pinned_by_one(self, name: Any, end: int) -> bool:
        """The same where all that is known is one total of all cells: then the rest's least and most decide."""
        (_, low, high), own = self.sums[0], self.ranges[name]
        least = sum(one[0] for other, one in self.ranges.items() if other != name)
        most = sum(one[1] for other, one in self.ranges.items() if other != name)
        first, last = max(own[0], math.ceil(low - most - 1e-9)), min(own[1], math.floor(high - least + 1e-9))
        return not (first <= end <= last and first < last)
