"""Means of a release beside those of earlier ones: what differs is the doing of whoever came or went between.

A mean of 50 people and one of 51 give the number of the 51st. So a mean that an earlier release told is told again of
the very same numbers, or when as many people as the threshold have come since, or gone. The same holds of those who are
in no group that is told: the mean of all and those of the groups give theirs, then and now.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.results.disclosure.means import Numbers

ALL = ""
"""The name of all groups together."""


@dataclass(frozen=True, slots=True)
class ToldMean:
    """A mean that was told: what the count beside it can stand for, and which numbers it was of."""

    least: int
    most: int
    fingerprint: str

    def is_apart(self, now: Numbers, threshold: int) -> bool:
        """Return whether the mean of these numbers may stand beside it."""
        return self.is_same(now) or _apart(now.count, self.least, self.most, threshold)

    def is_same(self, now: Numbers) -> bool:
        return bool(now.fingerprint) and now.fingerprint == self.fingerprint


def told_again(
    groups: Mapping[str, Numbers], earlier: Sequence[Mapping[str, ToldMean]], threshold: int
) -> frozenset[str]:
    """Return of which groups the means may be told beside what earlier releases told, `ALL` among them if it is.

    `groups` are those that may be told by themselves; all of one variable, which do not overlap.

    >>> before = {ALL: ToldMean(98, 102, "a"), "north": ToldMean(48, 52, "b"), "south": ToldMean(48, 52, "c")}
    >>> def now(north, south):
    ...     return {name: Numbers(n, 0, 0, 0) for name, n in ((ALL, north + south), ("north", north), ("south", south))}
    >>> sorted(told_again(now(70, 80), [before], 10))
    ['', 'north', 'south']

    Of the south one has come, who would be told of by all and the north:

    >>> sorted(told_again(now(70, 51), [before], 10))
    ['']
    """
    told = {
        name
        for name, numbers in groups.items()
        if all(one[name].is_apart(numbers, threshold) for one in earlier if name in one)
    }
    beside = [one for one in earlier if ALL in told and ALL in one]
    # What is left out for one release joins the rest for another.
    while telling := set().union(*(_telling_the_rest(groups, told, one, threshold) for one in beside)):
        told -= telling
    return frozenset(told)


def _telling_the_rest(
    groups: Mapping[str, Numbers], told: Iterable[str], before: Mapping[str, ToldMean], threshold: int
) -> set[str]:
    """Return the groups to leave out, the smallest first, lest those in none of both releases' groups are told of."""
    both = sorted(
        (one for one in told if one != ALL and one in before), key=lambda one: (groups[one].count, one)
    )
    for number in range(len(both)):
        left = both[number:]
        now = groups[ALL].count - sum(groups[one].count for one in left)
        least = before[ALL].least - sum(before[one].most for one in left)
        most = before[ALL].most - sum(before[one].least for one in left)
        is_same = all(before[one].is_same(groups[one]) for one in (ALL, *left))
        # Where nobody is in the rest, then as now, there is nobody to tell of.
        if is_same or (now == 0 and least <= 0) or _apart(now, least, most, threshold):
            return set(both[:number])
    return set(both)


def _apart(now: int, least: int, most: int, threshold: int) -> bool:
    return now - most >= threshold or least - now >= threshold
