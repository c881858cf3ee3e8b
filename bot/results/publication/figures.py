"""Figures as they are published: counts as a release shows them, and all that is computed from them as coarse.

An exact figure gives away the count that rounding hides: 43.24 % of "35" is 16 of 37 and nothing else. So shares are
computed anew from rounded counts, and what cannot be (a weighted share, a mean, a test) is rounded to about as much.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

from bot.results.disclosure.records import Cell, Release
from bot.results.intervals import wilson
from bot.results.publication.standing import standing
from bot.results.records.figures import Count, Estimate, Interval, Share, Weighted

FINEST = 20
"""An estimate is told in steps of a power of ten that is no finer than its interval's half width over this."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a release shows of figures; `languages` are all that the consultation can be answered in."""

    release: Release
    languages: tuple[str, ...] = ()

    def groups(self, variable: str, names: Sequence[str]) -> tuple[str, ...]:
        """Return the groups of a variable that stand in a table, withheld or not, of all that there are."""
        return standing(variable, names, self.release, self.languages)

    def count(self, cell: Cell) -> Count:
        """Return a count as it is shown; None where it is withheld, or no cell of the release."""
        return self.release.counts.get(cell)

    def share(self, cell: Cell, of: Cell, true: Share) -> Share:
        """Return a share from the counts that are shown; `true` says which of its figures there are."""
        count, base, share = self.count(cell), self.count(of), self.release.share(cell, of)
        if base is None or share is None:
            return Share(count, base, None, None)
        interval = None if true.interval is None else wilson(share, base)
        step = self.release.rule.rounding / base
        return Share(count, base, share, interval, _weighted_share(true.weighted, step))

    def estimate(self, true: Estimate | None, count: Count, part: float) -> Estimate | None:
        """Return a mean or median of as many, in steps that do not tell how many exactly.

        `part` is the smallest part of them that it lies between: half of them for a median, all for a mean. Fewer
        than the threshold are too few for it to be nobody's own answer.
        """
        if true is None or not self.are_enough(count, part) or count is None:
            return None
        return coarse(true, step_of(true, count))

    def are_enough(self, count: Count, part: float) -> bool:
        return count is not None and count * part >= self.release.rule.threshold


def step_of(true: Estimate, count: int) -> float:
    """Return the step in which an estimate of so many numbers is told: a power of ten."""
    width = (true.interval.high - true.interval.low) / 2 if true.interval is not None else 0.0
    # Whole numbers have a mean in steps of 1 / n: told more finely, it tells n.
    return float(10.0 ** ceil(log10(max(width / FINEST, 1.0 / count)) - 1e-9))


def coarse(true: Estimate, step: float) -> Estimate:
    weighted = true.weighted
    return Estimate(
        stepped(true.value, step),
        _stepped_interval(true.interval, step),
        None
        if weighted is None
        else Weighted(
            stepped(weighted.value, step),
            _stepped_interval(weighted.interval, step),
            significant(weighted.effective),
        ),
    )


def stepped(value: float, step: float) -> float:
    """Return a value in steps, as its decimals are written: 0.3, not 0.30000000000000004."""
    places = max(0, -floor(log10(step) + 1e-9)) + 1
    return round(round(value / step) * step, places)


def significant(value: float, digits: int = 2) -> float:
    """Return a value in so many significant digits.

    >>> significant(0.012345), significant(1234.5), significant(0.0)
    (0.012, 1200.0, 0.0)
    """
    if value == 0 or not isfinite(value):
        return value
    return round(value, digits - 1 - floor(log10(abs(value))))


def _stepped_interval(interval: Interval | None, step: float) -> Interval | None:
    return None if interval is None else Interval(stepped(interval.low, step), stepped(interval.high, step))


def _weighted_share(true: Weighted | None, step: float) -> Weighted | None:
    if true is None:
        return None
    value = min(1.0, stepped(true.value, step))
    effective = significant(true.effective)
    return Weighted(value, wilson(value, effective) if true.interval is not None else None, effective)
