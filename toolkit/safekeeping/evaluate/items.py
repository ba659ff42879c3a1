"""Single questions: how many know them, how they go with the rest, which wrong answer draws, who changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

Values = np.ndarray[Any, np.dtype[np.float64]]


def item_rest(own: np.ndarray[Any, Any], whole: Values) -> float | None:
    """The correlation of a question with the sum of the others; None where one of the two has no spread.

    Parameters
    ----------
    own : a person's points for this question. whole : for all questions, this one included, in the same points.
    """
    rest = whole - own
    if own.min() == own.max() or rest.min() == rest.max():
        return None
    return float(np.corrcoef(own, rest)[0, 1])


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
