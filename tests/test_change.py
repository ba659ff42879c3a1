"""Change, ranks, questions and reliability: published worked examples, and other people's software to 1e-10."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pingouin as pg
import pytest
from scipy import stats
from statsmodels.multivariate.factor import Factor
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

from safekeeping.evaluate import items
from safekeeping.evaluate.change import change, correction, correlation, interval, interval_by_bootstrap, ranks
from safekeeping.evaluate.reliability import feldt, omega, reliability, reliable, spread

CLOSE = 1e-10
# Student 1908, as R's data set `sleep`: extra hours of sleep of ten patients under two drugs.
DRUG_1 = np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
DRUG_2 = np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
# Darwin 1876: differences in height of crossed and self-fertilised maize, as SciPy's manual gives them.
MAIZE = np.array([6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75], float)
# Benjamini and Hochberg 1995, their example of 15 tests, as SciPy's manual gives it.
FIFTEEN = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
]  # fmt: skip


@pytest.fixture
def pairs() -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(5)
    before = draw.normal(50, 12, 64)
    return before, before + draw.normal(6, 9, 64)


@pytest.fixture
def answers() -> np.ndarray:
    draw = np.random.default_rng(6)
    ability = draw.normal(size=(140, 1))
    return (ability + draw.normal(size=(140, 12)) > draw.normal(0, 0.7, 12)).astype(float)


def test_students_sleep_data_give_the_printed_interval() -> None:
    """R's manual prints -2.4598858 to -0.7001142 for a difference of -1.58 (drug 1 minus drug 2)."""
    found = change(DRUG_2, DRUG_1)
    assert found.difference == pytest.approx(-1.58)
    assert (found.low, found.high) == pytest.approx((-2.4598858, -0.7001142), abs=5e-8)


def test_darwins_maize_gives_the_printed_ranks() -> None:
    """SciPy's manual prints 24 and 0.041259765625; the ranks lost are 24 of 120, so the correlation is 72 / 120."""
    found = ranks(np.zeros(15), MAIZE)
    assert found is not None
    assert (found.w, found.p, found.rank_biserial) == pytest.approx((24.0, 0.041259765625, 0.6), abs=CLOSE)


def test_alpha_and_its_interval_are_those_of_a_printed_example() -> None:
    """Fifteen people, ten questions: pingouin's manual prints 0.5917188485995826 with 0.195 to 0.84.

    The manual of R's statpsych prints 0.7971254 to 0.8931436 for alpha 0.85, 7 measurements, 89 people: it takes
    n (k - 1) degrees of freedom where Feldt 1965 and we take (n - 1)(k - 1), and agrees to the fourth decimal.
    """
    data = pg.read_dataset("cronbach_alpha").pivot(index="Subj", columns="Items", values="Scores")
    found = reliability(spread(data.to_numpy(float)), len(data), 1.0)
    assert found is not None
    assert found.alpha == pytest.approx(0.5917188485995826, abs=CLOSE)
    assert (round(found.low, 3), round(found.high, 2)) == (0.195, 0.84)
    assert feldt(0.85, 89, 7) == pytest.approx((0.7971254, 0.8931436), abs=1e-4)


def test_false_discovery_control_keeps_the_four_that_were_published() -> None:
    """Benjamini and Hochberg 1995 reject exactly the four smallest at 0.05."""
    adjusted = items.controlled(FIFTEEN)
    assert sum(one <= 0.05 for one in adjusted) == 4
    assert adjusted == pytest.approx(multipletests(FIFTEEN, method="fdr_bh")[1], abs=CLOSE)


def test_change_agrees_with_pingouin_and_scipy(pairs: tuple[np.ndarray, np.ndarray]) -> None:
    before, after = pairs
    found = change(before, after)
    told = stats.ttest_rel(after, before).confidence_interval()
    assert (found.low, found.high) == pytest.approx((told.low, told.high), abs=CLOSE)
    assert found.g_av is not None and found.g_z is not None
    assert found.g_av / found.j == pytest.approx(
        pg.compute_effsize(after, before, paired=True, eftype="cohen"), abs=CLOSE
    )
    assert found.g_z / found.j == pytest.approx(
        float(np.mean(after - before) / np.std(after - before, ddof=1)), abs=CLOSE
    )
    told = pg.wilcoxon(after, before, correction=False)
    by_rank = ranks(before, after)
    assert by_rank is not None
    assert by_rank.rank_biserial == pytest.approx(float(told["RBC"].iloc[0]), abs=CLOSE)
    assert by_rank.w == pytest.approx(float(told["W_val"].iloc[0]), abs=CLOSE)
    assert (found.sd_before, found.sd_after) == pytest.approx((before.std(ddof=1), after.std(ddof=1)), abs=CLOSE)


def test_correction_is_that_of_the_plans_table() -> None:
    """CURRICULUM's table of small samples: .889 at 8, .914 at 10, .945 at 15, .974 at 30, .992 at 100."""
    assert [round(correction(n), 3) for n in (8, 10, 15, 30, 100)] == [0.889, 0.914, 0.945, 0.974, 0.992]


def test_no_spread_and_no_change_give_none_and_never_a_nan() -> None:
    same = np.full(20, 50.0)
    found = change(same, same)
    assert (found.g_av, found.g_z, found.boot, ranks(same, same)) == (None, None, None, None)
    assert correlation(same, np.arange(20.0)) is None
    assert reliability(spread(np.ones((20, 4))), 20, 1.0) is None
    assert reliability(spread(np.arange(20.0)[:, None]), 20, 1.0) is None


def test_the_bootstrap_is_the_same_every_time_and_near_the_t_interval(pairs: tuple[np.ndarray, np.ndarray]) -> None:
    gap = (pairs[1] - pairs[0])[:28]
    assert interval_by_bootstrap(gap) == interval_by_bootstrap(gap)
    assert interval_by_bootstrap(gap) == interval_by_bootstrap(gap[::-1])
    assert interval_by_bootstrap(gap) == pytest.approx(interval(gap), abs=1.0)
    assert change(pairs[0][:28], pairs[1][:28]).boot is not None
    assert change(*pairs).boot is None


def test_correlation_agrees_with_pingouin(pairs: tuple[np.ndarray, np.ndarray]) -> None:
    found, told = correlation(*pairs), pg.corr(*pairs)
    assert found is not None
    assert found.r == pytest.approx(float(told["r"].iloc[0]), abs=CLOSE)


def test_alpha_agrees_with_pingouin_and_kr20_with_its_own_formula(answers: np.ndarray) -> None:
    found = reliability(spread(answers), len(answers), 100 / 12)
    assert found is not None
    told, ends = pg.cronbach_alpha(pd.DataFrame(answers))
    assert found.alpha == pytest.approx(told, abs=CLOSE)
    assert (found.low, found.high) == pytest.approx(tuple(ends), abs=5e-4)  # pingouin rounds its interval
    right, total = answers.mean(axis=0), answers.sum(axis=1)
    kr20 = 12 / 11 * (1 - (right * (1 - right)).sum() / total.var())
    assert found.alpha == pytest.approx(kr20, abs=CLOSE)
    fewer = pg.cronbach_alpha(pd.DataFrame(np.delete(answers, 3, axis=1)))[0]
    assert found.without[3] == pytest.approx(fewer, abs=CLOSE)
    assert found.sem == pytest.approx(100 / 12 * total.std(ddof=1) * np.sqrt(1 - told), abs=CLOSE)


@pytest.mark.filterwarnings("ignore:Fitting did not converge")  # statsmodels stops a little early; hence 1e-6 below
def test_omega_agrees_with_statsmodels(answers: np.ndarray) -> None:
    told = Factor(corr=np.corrcoef(answers, rowvar=False), n_factor=1, method="ml", nobs=140).fit(opt={"gtol": 1e-10})
    common = told.loadings[:, 0].sum() ** 2
    assert omega(spread(answers)) == pytest.approx(common / (common + told.uniqueness.sum()), abs=1e-6)


def test_omega_refuses_what_has_no_one_factor() -> None:
    draw = np.random.default_rng(1)
    twins = draw.normal(size=(200, 1)).repeat(3, axis=1)
    assert omega(spread(twins)) is None
    assert omega(spread(np.column_stack([draw.normal(size=(200, 3)), np.ones(200)]))) is None


def test_corrected_item_total_agrees_with_the_plain_way(answers: np.ndarray) -> None:
    plain = [np.corrcoef(answers[:, i], answers.sum(axis=1) - answers[:, i])[0, 1] for i in range(12)]
    whole = answers.sum(axis=1)
    assert [items.item_rest(one, whole) for one in answers.T] == pytest.approx(plain, abs=CLOSE)
    assert items.item_rest(np.ones(140), whole) is None


def test_mcnemar_agrees_with_statsmodels() -> None:
    draw = np.random.default_rng(2)
    before, after = (draw.random(80) < 0.5).astype(int), (draw.random(80) < 0.7).astype(int)
    table = pd.crosstab(before, after)
    assert items.changed(before, after) == pytest.approx(mcnemar(table, exact=True).pvalue, abs=CLOSE)
    assert items.changed(before, before) is None


def test_reliable_change_is_jacobson_and_truaxs() -> None:
    """With one standard error for both times: 1.96 sqrt(2) SEM."""
    assert reliable(4.0, 4.0) == pytest.approx(stats.norm.ppf(0.975) * np.sqrt(2) * 4, abs=CLOSE)
