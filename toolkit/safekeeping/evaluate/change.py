"""The change of one group between two measurements: size, interval, effect size, and a check by ranks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

Values = np.ndarray[Any, np.dtype[np.float64]]

LEVEL = 0.95
FEW = 30  # below this many pairs a bootstrap interval is given as well
RESAMPLES, SEED = 9999, 20260101


@dataclass(frozen=True, slots=True)
class Change:
    """Paired measurements, `after` minus `before`, in the units of the score.

    Attributes
    ----------
    low, high : 95 % interval of the mean difference from the t distribution.
    boot : the same by bootstrap (bias-corrected and accelerated), only under 30 pairs; else None.
    j : small-sample correction. g_av, g_z : standardised differences; None where the spread is nil.
    """

    n: int
    before: float
    after: float
    sd_before: float
    sd_after: float
    difference: float
    sd_difference: float
    low: float
    high: float
    boot: tuple[float, float] | None
    j: float
    g_av: float | None
    g_z: float | None


def correction(n: int) -> float:
    """Hedges' small-sample correction for n pairs: J = 1 - 3 / (4 (n - 1) - 1)."""
    return 1 - 3 / (4 * (n - 1) - 1)


def change(before: Values, after: Values) -> Change:
    """Compare two measurements of the same people.

    Parameters
    ----------
    before, after : one value a person, the same order, no NaN; at least 3 people.

    Notes
    -----
    g_av = J d / sqrt((s1² + s2²) / 2), g_z = J d / s_d (Cumming 2012; Lakens 2013 discusses both denominators).
    """
    from scipy import stats

    n = len(before)
    gap = after - before
    d, s = float(gap.mean()), float(gap.std(ddof=1))
    half = float(stats.t.ppf((1 + LEVEL) / 2, n - 1)) * s / math.sqrt(n)
    first, second = float(before.std(ddof=1)), float(after.std(ddof=1))
    average = math.sqrt((first**2 + second**2) / 2)
    j = correction(n)
    return Change(
        n, float(before.mean()), float(after.mean()), first, second,
        d, s, d - half, d + half, interval_by_bootstrap(gap) if n < FEW and s > 0 else None, j,
        j * d / average if average > 0 else None, j * d / s if s > 0 else None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ranks:
    """Wilcoxon's signed-rank test: the smaller sum of ranks, its p, and the rank-biserial correlation (-1 to 1)."""

    w: float
    p: float
    rank_biserial: float


def ranks(before: Values, after: Values) -> Ranks | None:
    """Compare two measurements of the same people by ranks; None if nobody changed.

    Notes
    -----
    Zero differences are left out, as Wilcoxon did. With R+ and R- the sums of the ranks of gains and of losses, the
    rank-biserial correlation is (R+ - R-) / (R+ + R-) (Kerby 2014).
    """
    from scipy import stats

    moved = after - before
    moved = moved[moved != 0]
    if not len(moved):
        return None
    tested = stats.wilcoxon(moved)
    place = stats.rankdata(np.abs(moved))
    signed = float(place[moved > 0].sum() - place[moved < 0].sum())
    return Ranks(float(tested.statistic), float(tested.pvalue), signed / float(place.sum()))


def interval_by_bootstrap(values: Values) -> tuple[float, float]:
    """95 % interval of a mean by bootstrap, bias-corrected and accelerated; the same in whatever order people stand.

    Hence always the same seed, and the values by size: rows that were matched stand in an order without meaning.
    """
    from scipy import stats

    made = stats.bootstrap(
        (np.sort(values),), np.mean, n_resamples=RESAMPLES, confidence_level=LEVEL, method="BCa",
        rng=np.random.default_rng(SEED),
    ).confidence_interval  # fmt: skip
    return float(made.low), float(made.high)


def interval(values: Values) -> tuple[float, float]:
    """95 % interval of a mean from the t distribution; at least 2 values."""
    from scipy import stats

    mean, n = float(values.mean()), len(values)
    half = float(stats.t.ppf((1 + LEVEL) / 2, n - 1)) * float(values.std(ddof=1)) / math.sqrt(n)
    return mean - half, mean + half


@dataclass(frozen=True, slots=True)
class Correlation:
    """Pearson's r over n people with its 95 % interval (Fisher's transformation); None where one side has no spread."""

    n: int
    r: float
    low: float
    high: float


def correlation(one: Values, other: Values) -> Correlation | None:
    """How two measurements of the same people go together; at least 4 people."""
    from scipy import stats

    if one.std() == 0 or other.std() == 0:
        return None
    found = stats.pearsonr(one, other)
    ends = found.confidence_interval(LEVEL)
    return Correlation(len(one), float(found.statistic), float(ends.low), float(ends.high))
