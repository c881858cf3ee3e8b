"""Whether groups differ by more than noise.

Tests are chosen for answers by message: choices are counts, and numbers are skewed and heaped (amounts of money, round
hours), so that they are compared by ranks. They are run on tables of counts, never on rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from bot.results.estimates.distribution import Distribution
from bot.results.records.breakdowns import Comparison, EffectSize, Method

Table = NDArray[np.float64]

LEAST_IN_GROUP = 10
"""A group of fewer answers is shown and not tested."""
SIGNIFICANT = 0.05
LEAST_W = 0.1
"""Cohen's smallest effect w of a table (Statistical Power Analysis, 1988, 7.2); below it a difference is negligible."""
LEAST_EPSILON = 0.01
"""His smallest share of variance between groups (8.2), to which epsilon squared is compared."""
DRAWS = 9_999
"""Tables drawn where counts are small: the least p is 1 in 10,000."""


@dataclass(frozen=True, slots=True)
class Seed:
    """What draws of a test begin with: the same for the same seed and test, whatever else is tested."""

    seed: int
    place: int = 0

    def at(self, *place: int) -> "Seed":
        number = self.place
        for step in place:
            number = number * 1_000 + step + 1
        return replace(self, place=number)

    def generator(self) -> np.random.Generator:
        return np.random.default_rng([self.seed, self.place])


def pearson(table: Table) -> float:
    """Return Pearson's chi-square statistic of a table without empty rows or columns."""
    expected = np.outer(table.sum(1), table.sum(0)) / table.sum()
    return float(((table - expected) ** 2 / expected).sum())


def compare_counts(table: Table, seed: Seed, choice: str | None = None) -> Comparison | None:
    """Return whether groups (rows) choose differently (columns); None where there is nothing to compare.

    Pearson's chi-square test. Where expected counts are small (more than a fifth below 5, or one below 1: Cochran,
    Biometrics 10, 1954), p is the share of tables drawn with the same totals whose statistic is as large. The effect
    is Cramér's V. `adjusted` is p, until `adjust` has seen all tests.
    """
    table = table[table.sum(1) >= LEAST_IN_GROUP]
    table = table[:, table.sum(0) > 0]
    if min(table.shape) < 2:
        return None
    n, shape = table.sum(), min(table.shape) - 1
    freedom = (table.shape[0] - 1) * (table.shape[1] - 1)
    statistic = pearson(table)
    expected = np.outer(table.sum(1), table.sum(0)) / n
    is_small = (expected < 5).mean() > 0.2 or bool((expected < 1).any())
    p = _permuted(table, statistic, seed) if is_small else float(chdtrc(freedom, statistic))
    method = Method.PERMUTATION if is_small else Method.CHI_SQUARE
    effect = sqrt(statistic / (n * shape))
    large = effect * sqrt(shape) >= LEAST_W
    return Comparison(
        *(method, choice, int(n), len(table), statistic, freedom, p, p),
        *(EffectSize.CRAMERS_V, effect, large),
    )


def _permuted(table: Table, statistic: float, seed: Seed) -> float:
    """Return p over tables of the same totals, drawn cell by cell: each is hypergeometric given those before it."""
    generator = seed.generator()
    columns = np.broadcast_to(table.sum(0).astype(np.int64), (DRAWS, table.shape[1])).copy()
    expected = np.outer(table.sum(1), table.sum(0)) / table.sum()
    drawn = np.zeros(DRAWS)
    for row, total in enumerate(table.sum(1).astype(np.int64)):
        left = np.full(DRAWS, total)
        after = columns.sum(1)
        for column in range(table.shape[1]):
            here = columns[:, column].copy()
            after -= here
            cell = generator.hypergeometric(here, after, left)
            left -= cell
            columns[:, column] -= cell
            drawn += (cell - expected[row, column]) ** 2 / expected[row, column]
    # As large as it up to rounding, and the table itself among them: p is never 0 (Phipson and Smyth, 2010).
    return float((np.count_nonzero(drawn >= statistic * (1 - 1e-9)) + 1) / (DRAWS + 1))


def compare_numbers(groups: Sequence[Distribution]) -> Comparison | None:
    """Return whether numbers lie higher in some groups than in others; None where there is nothing to compare.

    Kruskal and Wallis's test with its correction for ties (JASA 47, 1952). The effect is epsilon squared,
    H / (n - 1) (Kelley, PNAS 21, 1935; Tomczak and Tomczak, Trends in Sport Sciences 21, 2014).
    """
    groups = [group for group in groups if group.n >= LEAST_IN_GROUP]
    if len(groups) < 2:
        return None
    values = np.unique(np.concatenate([group.values for group in groups]))
    if len(values) < 2:
        return None
    places = [np.searchsorted(values, group.values) for group in groups]
    counts = np.zeros(len(values))
    for group, place in zip(groups, places, strict=True):
        counts[place] += group.counts
    n = counts.sum()
    ranks = np.cumsum(counts) - (counts - 1) / 2
    sums = [float((ranks[place] * group.counts).sum()) for group, place in zip(groups, places, strict=True)]
    within = sum(total**2 / group.n for total, group in zip(sums, groups, strict=True))
    ties = 1 - float((counts**3 - counts).sum() / (n**3 - n))
    statistic = max(float((12 / (n * (n + 1)) * within - 3 * (n + 1)) / ties), 0.0)
    freedom = len(groups) - 1
    p, effect = float(chdtrc(freedom, statistic)), float(statistic / (n - 1))
    return Comparison(
        *(Method.KRUSKAL_WALLIS, None, int(n), len(groups), statistic, freedom, p, p),
        *(EffectSize.EPSILON_SQUARED, effect, effect >= LEAST_EPSILON),
    )


def adjust(ps: Sequence[float]) -> tuple[float, ...]:
    """Return p values adjusted for their number, by Holm's step-down method (Scand. J. Statistics 6, 1979).

    A policy team acts on single differences, so that none of those named should be noise: Holm bounds the chance of
    even one, however tests hang together. Benjamini and Hochberg's bounds the share of false ones, and not for tests
    that hang together as options of one question do.
    """
    order = sorted(range(len(ps)), key=ps.__getitem__)
    adjusted, largest = [1.0] * len(ps), 0.0
    for rank, place in enumerate(order):
        largest = max(largest, min(ps[place] * (len(ps) - rank), 1.0))
        adjusted[place] = largest
    return tuple(adjusted)


def adjusted(comparisons: Sequence[Comparison]) -> tuple[Comparison, ...]:
    """Return the tests with p adjusted for all of them; `notable` so far says that the effect is large enough."""
    return tuple(
        replace(one, adjusted=p, notable=one.notable and p < SIGNIFICANT)
        for one, p in zip(comparisons, adjust([one.p for one in comparisons]), strict=True)
    )
