"""How far a score repeats itself: alpha with an interval, omega, the error of measurement, reliable change."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from .change import LEVEL

EDGE = 0.005  # the smallest uniqueness that a fit may reach
Matrix = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Reliability:
    """Of one set of questions in one group.

    Attributes
    ----------
    alpha : Cronbach's alpha; of questions that are right or wrong it is KR-20. low, high : 95 % interval.
    without : alpha if that question is left out; None where nothing is left to compute.
    sem : standard error of measurement, in units of the score. scale : score units for one unit of the sum.
    """

    n: int
    k: int
    alpha: float
    low: float
    high: float
    without: tuple[float | None, ...]
    sem: float


def spread(values: Matrix) -> Matrix:
    """The covariances of people by questions; `reliability` and `omega` ask for nothing else."""
    found: Matrix = np.atleast_2d(np.cov(values, rowvar=False))  # of one question it would be a number
    return found


def reliability(covariance: Matrix, n: int, scale: float) -> Reliability | None:
    """Alpha of the questions with these covariances over n people; None if their sum has no spread.

    Parameters
    ----------
    scale : how many units of the score one unit of the sum is (100 / k for per cent, 1 / k for a mean).

    Notes
    -----
    The interval is Feldt's (1965): 1 - (1 - alpha) F, F with n - 1 and (n - 1)(k - 1) degrees of freedom.
    The standard error of measurement is s sqrt(1 - alpha), with a negative alpha taken as 0.
    """
    k = len(covariance)
    whole, own = float(covariance.sum()), np.diag(covariance)
    if k < 2 or whole <= 1e-12:
        return None
    alpha = _alpha(whole, float(own.sum()), k)
    without = []
    for i in range(k):
        rest = whole - 2 * float(covariance[i].sum()) + float(own[i])
        without.append(_alpha(rest, float(own.sum() - own[i]), k - 1) if rest > 1e-12 and k > 2 else None)
    sem = scale * math.sqrt(whole) * math.sqrt(1 - max(0.0, alpha))
    return Reliability(n, k, alpha, *feldt(alpha, n, k), tuple(without), sem)


def feldt(alpha: float, n: int, k: int) -> tuple[float, float]:
    """Feldt's 95 % interval of an alpha of k questions answered by n people."""
    from scipy import stats

    less, more = stats.f.ppf([(1 + LEVEL) / 2, (1 - LEVEL) / 2], n - 1, (n - 1) * (k - 1))
    return float(1 - (1 - alpha) * less), float(1 - (1 - alpha) * more)


def _alpha(whole: float, parts: float, k: int) -> float:
    return k / (k - 1) * (1 - parts / whole)


def omega(covariance: Matrix) -> float | None:
    """McDonald's omega from one common factor, fitted by maximum likelihood to the Pearson correlations behind these.

    None if there are fewer than three questions, one has no spread, or the fit does not settle (a uniqueness at the
    edge of what is possible).

    Notes
    -----
    omega = (sum of loadings)² / ((sum of loadings)² + sum of uniquenesses). For given uniquenesses the best loadings
    follow from the largest eigenvalue of the correlations scaled by them, so that only the uniquenesses are searched
    (Jöreskog 1967). A library would do it too, but importing statsmodels takes longer than the rest of a report.
    """
    from scipy.linalg import eigh
    from scipy.optimize import minimize

    if len(covariance) < 3 or (np.diag(covariance) <= 0).any():
        return None
    each = np.sqrt(np.diag(covariance))
    together: Matrix = covariance / np.outer(each, each)
    if np.linalg.matrix_rank(together) < len(together):
        return None

    def scaled(logs: Matrix) -> Matrix:
        weights = np.exp(-logs / 2)
        found: Matrix = together * np.outer(weights, weights)
        return found

    def misfit(logs: Matrix) -> tuple[float, Matrix]:
        roots, vectors = eigh(scaled(logs))
        rest = roots[:-1]
        slope = -(vectors[:, :-1] ** 2) @ (rest - 1)
        return float((rest - np.log(rest) - 1).sum()), slope

    start = np.log(np.clip((1 - 0.5 / len(together)) / np.diag(np.linalg.inv(together)), EDGE * 2, 0.99))
    fitted = minimize(
        misfit,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[(np.log(EDGE), 0)] * len(start),
        options={"ftol": 1e-14, "gtol": 1e-9, "maxiter": 1000},
    )
    unique = np.exp(fitted.x)
    if not fitted.success or (unique <= EDGE * 1.001).any():
        return None
    roots, vectors = eigh(scaled(fitted.x))
    loadings = np.sqrt(unique) * vectors[:, -1] * math.sqrt(max(roots[-1] - 1, 0))
    common = float(loadings.sum()) ** 2
    return common / (common + float(unique.sum()))


def reliable(sem_before: float, sem_after: float) -> float:
    """The smallest change of one person that is beyond measurement error at 95 %: 1.96 sqrt(SEM1² + SEM2²)."""
    from scipy import stats

    return float(stats.norm.ppf((1 + LEVEL) / 2)) * math.sqrt(sem_before**2 + sem_after**2)
