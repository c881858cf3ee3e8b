"""How numbers lie, from how often each occurs."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bot.results.estimates.coding import Codes, Floats
from bot.results.intervals import mean_interval, median_places
from bot.results.records.figures import Estimate, Interval, Weighted
from bot.results.records.items import Bin, Numbers

MOST_BINS = 12
LEAST_FOR_MEAN = 6
"""Of fewer numbers, as of a median, there is no interval: two answers would put hours below zero within it."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """Numbers in rising order, each once, with how often it occurs."""

    values: Floats
    counts: NDArray[np.intp]
    weighted_mean: Weighted | None = None

    @property
    def n(self) -> int:
        return int(self.counts.sum())

    @property
    def mean(self) -> float:
        return float((self.values * self.counts).sum() / self.n)

    @property
    def deviation(self) -> float | None:
        """Return the sample's standard deviation; None of one number."""
        if self.n < 2:
            return None
        squares = float((self.counts * (self.values - self.mean) ** 2).sum())
        return sqrt(squares / (self.n - 1))

    def at(self, place: int) -> float:
        """Return the number at a place, from 1, of all in rising order."""
        return float(self.values[np.searchsorted(np.cumsum(self.counts), place)])

    def quantile(self, share: float) -> float:
        """Return a quantile, between two numbers in proportion (Hyndman and Fan's type 7, as NumPy and R have it)."""
        place = (self.n - 1) * share
        low = int(place)
        first = self.at(low + 1)
        return first if place == low else first + (self.at(low + 2) - first) * (place - low)

    def estimated_mean(self, *, intervals: bool = True) -> Estimate:
        wanted = intervals and self.n >= LEAST_FOR_MEAN
        interval = mean_interval(self.mean, self.deviation, self.n) if wanted else None
        return Estimate(self.mean, interval, self.weighted_mean)

    def estimated_median(self, *, intervals: bool = True) -> Estimate:
        places = median_places(self.n) if intervals else None
        interval = Interval(self.at(places[0]), self.at(places[1])) if places else None
        return Estimate(self.quantile(0.5), interval)

    def numbers(self, *, intervals: bool = True) -> Numbers | None:
        """Return how the numbers lie; None where there are none."""
        if not self.n:
            return None
        return Numbers(
            n=self.n,
            whole=self.is_whole,
            mean=self.estimated_mean(intervals=intervals),
            median=self.estimated_median(intervals=intervals),
            lower=self.quantile(0.25),
            upper=self.quantile(0.75),
            least=float(self.values[0]),
            most=float(self.values[-1]),
            deviation=self.deviation,
            bins=self.bins(),
        )

    @property
    def is_whole(self) -> bool:
        return bool((self.values == np.round(self.values)).all())

    def bins(self) -> tuple[Bin, ...]:
        """Return bars: one for each number where there are few, else of equal steps that begin at round numbers."""
        if len(self.values) <= MOST_BINS and not (self.is_whole and self._is_sparse):
            return tuple(
                Bin(float(value), float(value), int(count))
                for value, count in zip(self.values, self.counts, strict=True)
            )
        step = round_step(float(self.values[-1] - self.values[0]) / MOST_BINS, whole=self.is_whole)
        first = np.floor(self.values[0] / step)
        # By whole steps: edges that are sums of steps would put numbers at an edge on either side of it.
        places = (np.floor(self.values / step + 1e-9) - first).astype(np.intp)
        counted = np.bincount(places, self.counts).astype(np.intp)
        inward = 1 if self.is_whole else 0
        return tuple(
            Bin(float((first + place) * step), float((first + place + 1) * step - inward), int(count))
            for place, count in enumerate(counted)
        )

    @property
    def _is_sparse(self) -> bool:
        """Whether few whole numbers lie far apart: a bar each would hide the distances."""
        return bool(self.values[-1] - self.values[0] >= 3 * MOST_BINS)


def round_step(least: float, *, whole: bool) -> float:
    """Return the smallest of 1, 2, 2.5, 5 times a power of ten that is not below `least`; a whole one if asked."""
    if least <= 0 or (whole and least <= 1):
        return 1.0
    power = 10.0 ** np.floor(np.log10(least))
    steps = (factor * power for factor in (1, 2, 2.5, 5, 10))
    return next(float(step) for step in steps if step >= least * (1 - 1e-12) and (not whole or step % 1 == 0))


def distributions(
    values: Floats, groups: Codes, size: int, weights: Floats | None = None
) -> tuple[Distribution, ...]:
    """Return how numbers lie in each group of a variable; `groups` are codes below `size`."""
    means = _weighted_means(values, groups, size, weights)
    # By hashing: there are far fewer numbers than people.
    table = pl.DataFrame({"value": values, "group": groups}).group_by("value", "group").len().sort("value")
    known, places, counts = (table[name].to_numpy() for name in ("value", "group", "len"))
    return tuple(
        Distribution(known[places == group], counts[places == group].astype(np.intp), mean)
        for group, mean in enumerate(means)
    )


def _weighted_means(
    values: Floats, groups: Codes, size: int, weights: Floats | None
) -> tuple[Weighted | None, ...]:
    if weights is None:
        return (None,) * size
    totals, sums, squares, second = (
        np.bincount(groups, one, minlength=size)
        for one in (weights, weights * values, weights**2, weights * values**2)
    )
    means: list[Weighted | None] = []
    for total, summed, square, squared in zip(totals, sums, squares, second, strict=True):
        if total <= 0:
            means.append(None)
            continue
        mean, effective = float(summed / total), float(total**2 / square)
        variance = max(float(squared / total) - mean**2, 0.0)
        deviation = sqrt(variance * effective / (effective - 1)) if effective >= 2 else None
        means.append(Weighted(mean, mean_interval(mean, deviation, effective), effective))
    return tuple(means)
