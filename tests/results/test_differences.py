"""Tests of differences are those of SciPy and statsmodels, on tables and on data drawn by hypothesis."""

import gc

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from scipy.stats.contingency import association
from statsmodels.stats.multitest import multipletests

from bot.results.differences import Seed, adjust, adjusted, compare_counts, compare_numbers
from bot.results.estimates.distribution import Distribution
from bot.results.records.breakdowns import Method

SEED = Seed(1)


def distribution(values: np.ndarray) -> Distribution:
    return Distribution(*np.unique(np.asarray(values, np.float64), return_counts=True))


@given(arrays(np.int64, st.tuples(st.integers(2, 5), st.integers(2, 6)), elements=st.integers(20, 400)))
def test_chi_square(table: np.ndarray) -> None:
    made = compare_counts(table.astype(float), SEED)
    assert made is not None
    if made.method is Method.PERMUTATION:
        return
    expected = stats.chi2_contingency(table, correction=False)
    assert made.statistic == pytest.approx(expected.statistic, abs=1e-9)
    assert made.p == pytest.approx(expected.pvalue, rel=1e-9, abs=1e-300)
    assert made.freedom == expected.dof
    assert made.effect == pytest.approx(association(table, method="cramer"), abs=1e-9)


@pytest.mark.parametrize(
    "table", [[[8, 2], [3, 7]], [[10, 0], [6, 4]], [[9, 4, 1], [3, 6, 8], [12, 1, 2]], [[30, 1], [25, 6]]]
)
def test_small_counts(table: list[list[int]]) -> None:
    made = compare_counts(np.array(table, float), SEED)
    assert made is not None
    assert made.method is Method.PERMUTATION
    statistic = stats.chi2_contingency(table, correction=False).statistic
    drawn = stats.random_table(np.sum(table, 1), np.sum(table, 0), seed=2).rvs(20_000)
    expected = np.outer(np.sum(table, 1), np.sum(table, 0)) / np.sum(table)
    larger = ((drawn - expected) ** 2 / expected).sum((1, 2)) >= statistic - 1e-9
    assert made.p == pytest.approx(larger.mean(), abs=0.015)


def test_fishers_exact_test_agrees_where_there_are_two_by_two() -> None:
    made = compare_counts(np.array([[12.0, 3.0], [4.0, 7.0]]), SEED)
    assert made is not None
    assert made.method is Method.PERMUTATION
    assert made.p == pytest.approx(stats.fisher_exact([[12, 3], [4, 7]]).pvalue, abs=0.015)


def test_the_same_seed_draws_the_same() -> None:
    table = np.array([[10.0, 2.0], [4.0, 7.0]])
    first, second, third = (compare_counts(table, seed) for seed in (SEED, SEED, SEED.at(1)))
    assert first == second
    assert third is not None
    assert first is not None
    assert third.p != first.p


@pytest.mark.parametrize("table", [[[9, 9]], [[4, 5], [9, 9]], [[50, 0], [50, 0]], [[50, 3], [2, 7]]])
def test_nothing_to_compare(table: list[list[int]]) -> None:
    assert compare_counts(np.array(table, float), SEED) is None


NUMBERS = st.lists(st.integers(0, 12) | st.floats(0, 12), min_size=10, max_size=40)


@settings(deadline=None)
@given(st.lists(NUMBERS, min_size=2, max_size=4))
def test_kruskal_wallis(groups: list[list[float]]) -> None:
    assume(len({value for group in groups for value in group}) > 1)
    made = compare_numbers([distribution(np.array(group)) for group in groups])
    assert made is not None
    expected = stats.kruskal(*groups)
    assert made.statistic == pytest.approx(expected.statistic, abs=1e-8)
    # Of groups that are all alike, SciPy's statistic may be rounded to below zero, of which it knows no p.
    p = 1.0 if expected.statistic < 0 else expected.pvalue
    assert made.p == pytest.approx(p, abs=1e-8)
    assert made.effect == pytest.approx(made.statistic / (made.n - 1))


def test_numbers_that_are_all_alike() -> None:
    alike = distribution(np.full(20, 3.0))
    assert compare_numbers([alike, alike]) is None
    assert compare_numbers([alike, distribution(np.arange(9.0))]) is None


@settings(max_examples=25)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_holm(ps: list[float]) -> None:
    # statsmodels collects garbage in each call: a second of it, where other tests have filled the process.
    gc.freeze()
    assert adjust(ps) == pytest.approx(multipletests(ps, method="holm")[1], abs=1e-12)


def test_what_is_large_and_beyond_noise_is_notable() -> None:
    clear = compare_counts(np.array([[80.0, 20.0], [20.0, 80.0]]), SEED)
    slight = compare_counts(np.array([[50_500.0, 49_500.0], [49_500.0, 50_500.0]]), SEED)
    unsure = compare_counts(np.array([[15.0, 10.0], [12.0, 13.0]]), SEED)
    assert clear is not None
    assert slight is not None
    assert unsure is not None
    judged = adjusted([clear, slight, unsure])
    assert [one.notable for one in judged] == [True, False, False]
    # The slight one is beyond noise, and too small to be told.
    assert judged[1].adjusted < 0.001
    assert all(one.adjusted >= one.p for one in judged)


def test_no_difference_is_seldom_called_one() -> None:
    """Of 400 surveys in which groups are alike, about one in twenty has any p adjusted below 0.05, and no more."""
    rng = np.random.default_rng(3)
    wrong = 0
    for number in range(400):
        tables = [rng.multinomial(60, [0.5, 0.3, 0.2], size=3).astype(float) for _ in range(8)]
        found = [compare_counts(table, SEED.at(number)) for table in tables]
        wrong += any(one.adjusted < 0.05 for one in adjusted([one for one in found if one is not None]))
    assert wrong <= 34
