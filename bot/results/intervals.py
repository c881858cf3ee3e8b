"""Intervals at 95%: how far a figure may lie from what it would be among all people of whom these are a chance few.

No consultation draws its people by chance, so an interval tells the least that a figure is uncertain by.
"""

from math import sqrt

from scipy.special import bdtr, bdtrik, stdtrit

from bot.results.records.figures import Interval, Share, Weighted

LEVEL = 0.95
TAIL = (1 - LEVEL) / 2
Z = 1.959963984540054
"""The normal distribution's quantile at 1 - TAIL."""


def wilson(share: float, n: float) -> Interval | None:
    """Return Wilson's score interval of a share of n (JASA 22, 1927); n may be an effective number.

    It keeps within 0 and 1, and near its level for few people and for shares near the ends, where the usual
    share plus or minus twice its error does not (Brown, Cai and DasGupta, Statistical Science 16, 2001).
    """
    if n <= 0:
        return None
    centre = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
    reach = Z / (1 + Z**2 / n) * sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    # Rounding must not put the ends beside what they are known to be.
    low = 0.0 if share <= 0 else max(centre - reach, 0.0)
    high = 1.0 if share >= 1 else min(centre + reach, 1.0)
    return Interval(low, high)


def mean_interval(mean: float, deviation: float | None, n: float) -> Interval | None:
    """Return Student's t interval of a mean; n may be an effective number. None of fewer than two."""
    if deviation is None or n < 2:
        return None
    reach = float(stdtrit(n - 1, 1 - TAIL)) * deviation / sqrt(n)
    return Interval(mean - reach, mean + reach)


def median_places(n: int) -> tuple[int, int] | None:
    """Return the places, from 1, of the two ordered values that a median's interval goes between.

    The number of values under the median is binomial (n, 1/2), whatever the distribution (Conover, Practical
    Nonparametric Statistics, 3.2). None of fewer than six: even from the least to the most is below 95%.
    """
    if n < 6:
        return None
    # The largest count at which so few below the median are as improbable as the tail allows.
    count = max(int(bdtrik(TAIL, n, 0.5)), 0)
    while bdtr(count, n, 0.5) > TAIL:
        count -= 1
    while bdtr(count + 1, n, 0.5) <= TAIL:
        count += 1
    return count + 1, n - count


def share_of(count: int, base: int, weighted: Weighted | None = None) -> Share:
    """Return a share with its interval; both None of nobody."""
    if base == 0:
        return Share(count, base, None, None)
    return Share(count, base, count / base, wilson(count / base, base), weighted)


def weighted_share(part: float, total: float, squares: float) -> Weighted | None:
    """Return a weighted share: sums of weights of the part and the whole, and of the whole's squared weights.

    Its interval is Wilson's with Kish's effective number, (sum w)^2 / sum w^2 (Kish, Survey Sampling, 11.7).
    """
    if total <= 0:
        return None
    effective = total**2 / squares
    share = min(max(part / total, 0.0), 1.0)
    return Weighted(share, wilson(share, effective), effective)
