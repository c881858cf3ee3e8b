"""The figures that results are made of: counts, shares, means, and from where to where they may lie."""

from dataclasses import dataclass

from bot.errors import DisclosureError

Count = int | None
"""How many; None where that is withheld, never 0 in its place. Results that are not for the public hold all."""


def exact(count: Count) -> int:
    """Return a count of results that are whole.

    Raises:
        DisclosureError: it is withheld.
    """
    if count is None:
        raise DisclosureError("these results are withheld already; take whole ones")
    return count


@dataclass(frozen=True, slots=True)
class Interval:
    """From where to where a figure lies, at 95%: for these people, were they drawn by chance from a larger number."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Weighted:
    """A figure after weighting to census margins; it stands beside the unweighted one, never in its place.

    `effective` is Kish's effective number of respondents behind it: what the interval is computed with.
    """

    value: float
    interval: Interval | None
    effective: float


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `base`, both unweighted: people, or answers where the item is in a repeat."""

    count: Count
    base: Count
    share: float | None
    interval: Interval | None
    weighted: Weighted | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean or a median. A median has no weighted interval."""

    value: float
    interval: Interval | None
    weighted: Weighted | None = None
