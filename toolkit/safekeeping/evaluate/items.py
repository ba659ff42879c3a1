"""Single questions: how many know them, how they go with the rest, which wrong answer draws, who changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

Matrix = np.ndarray[Any, np.dtype[np.float64]]


def item_total(right: Matrix) -> list[float | None]:
    """For each question, the correlation with the sum of the others; None where one of the two has no spread.

    Parameters
    ----------
    right : people by questions, 0 or 1 (ratings work as well).
    """
    covariance = np.cov(right, rowvar=False)
    found: list[float | None] = []
    whole = covariance.sum()
    for i in range(right.shape[1]):
        own = covariance[i, i]
        rest = whole - 2 * covariance[i].sum() + own
        with_rest = covariance[i].sum() - own
        spread = own * rest
        found.append(float(with_rest / np.sqrt(spread)) if spread > 1e-12 else None)
    return found


def changed(before: np.ndarray[Any, Any], after: np.ndarray[Any, Any]) -> float | None:
    """McNemar's exact p for one question answered twice by the same people; None if nobody changed.

    Parameters
    ----------
    before, after : 1 where right, else 0.
    """
    from scipy import stats

    gained, lost = int(((after == 1) & (before == 0)).sum()), int(((after == 0) & (before == 1)).sum())
    if gained + lost == 0:
        return None
    return float(stats.binomtest(min(gained, lost), gained + lost, 0.5).pvalue)


def controlled(p: Sequence[float]) -> list[float]:
    """p values adjusted for the false-discovery rate (Benjamini and Hochberg 1995)."""
    from scipy import stats

    return [float(one) for one in stats.false_discovery_control(p)] if len(p) else []
