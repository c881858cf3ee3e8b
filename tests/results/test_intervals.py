"""Intervals are those that SciPy and statsmodels compute."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from bot.results.intervals import mean_interval, median_places, share_of, weighted_share, wilson


@given(st.integers(1, 100_000), st.data())
def test_wilson(n: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, n))
    made = wilson(count / n, n)
    assert made is not None
    assert (made.low, made.high) == pytest.approx(proportion_confint(count, n, method="wilson"), abs=1e-12)
    assert 0 <= made.low <= count / n <= made.high <= 1


def test_of_nobody() -> None:
    assert wilson(0.5, 0) is None
    assert share_of(0, 0).share is None
    assert weighted_share(0, 0, 0) is None


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=50))
def test_means(values: list[float]) -> None:
    array = np.array(values)
    deviation = float(array.std(ddof=1))
    made = mean_interval(float(array.mean()), deviation, len(values))
    assert made is not None
    if deviation > 1e-6:
        expected = stats.t.interval(0.95, len(values) - 1, array.mean(), stats.sem(array))
        assert (made.low, made.high) == pytest.approx(expected, rel=1e-9, abs=1e-6)


def test_the_mean_of_one_has_no_interval() -> None:
    assert mean_interval(3.0, None, 1) is None


@pytest.mark.parametrize("n", [*range(6, 80), 499, 500, 10_001, 1_000_000])
def test_medians(n: int) -> None:
    places = median_places(n)
    assert places is not None
    low, high = places
    assert low + high == n + 1
    # It covers the median at 95% at least, and one place further in it would not.
    covered = stats.binom.cdf(high - 1, n, 0.5) - stats.binom.cdf(low - 1, n, 0.5)
    assert covered >= 0.95
    assert stats.binom.cdf(high - 2, n, 0.5) - stats.binom.cdf(low, n, 0.5) < 0.95
    if n < 1_000:
        expected = stats.quantile_test(np.arange(1.0, n + 1), q=0, p=0.5).confidence_interval(0.95)
        assert (low, high) == (expected.low, expected.high)


@pytest.mark.parametrize("n", range(6))
def test_medians_of_few_have_no_interval(n: int) -> None:
    assert median_places(n) is None


def test_weighted_shares() -> None:
    weights = np.array([0.5, 0.5, 2.0, 1.0])
    made = weighted_share(2.5, float(weights.sum()), float((weights**2).sum()))
    assert made is not None
    assert made.value == pytest.approx(2.5 / 4)
    assert made.effective == pytest.approx(16 / 5.5)
    assert made.interval == wilson(2.5 / 4, 16 / 5.5)
