"""Means, medians and sums of numbers that people gave: withheld where they would tell of one person or of a few.

Three things are looked at beside how many a mean is of. One person whose number makes up nearly all of a sum is told by
it (the p% rule of statistical disclosure control: whoever gave the second largest number, and knows it, must not come
nearer than p % to the largest). A mean of people who all gave the same may tell of each of them. And the mean of all
with the means of some groups gives the mean of the rest, so the rest must be as safe as a group that is shown.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from bot.results.disclosure.records import Rule

NEAREST = 0.1
"""How near to the largest number a sum may lead, as a part of it: p of the p% rule."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers that a group gave: how many, and the sizes of all, of the largest and of the second largest.

    Sizes are without signs: a debt of 900 tells as much of somebody as 900 in cash. `fingerprint` is the same for the
    same numbers of the same people, and no other; "" where nobody knows.
    """

    count: int
    total: float = field(repr=False)
    largest: float = field(repr=False)
    second: float = field(repr=False)
    fingerprint: str = field(default="", repr=False)

    @classmethod
    def of(cls, values: Sequence[float]) -> "Numbers":
        """Return what these numbers come to."""
        ordered = sorted((abs(value) for value in values), reverse=True)
        largest, second, *_ = (*ordered, 0.0, 0.0)
        return cls(len(ordered), sum(ordered), largest, second)

    def __add__(self, other: "Numbers") -> "Numbers":
        largest, second, *_ = sorted((self.largest, self.second, other.largest, other.second), reverse=True)
        return Numbers(self.count + other.count, self.total + other.total, largest, second)


NOBODY = Numbers(0, 0.0, 0.0, 0.0)


def is_safe(numbers: Numbers, rule: Rule) -> bool:
    """Return whether the mean, the median and the sum of these numbers may be shown.

    >>> is_safe(Numbers.of([3, 4, 2, 5, 3, 4, 6, 2, 3, 4]), Rule())
    True
    >>> is_safe(Numbers.of([0, 0, 0, 0, 0, 0, 0, 0, 1, 500]), Rule())
    False
    """
    rest = numbers.total - numbers.largest - numbers.second
    are_alike = math.isclose(numbers.total, numbers.count * numbers.largest)
    return numbers.count >= rule.threshold and rest >= NEAREST * numbers.largest and not are_alike


def withheld_means(
    groups: Mapping[str, Numbers], rule: Rule, *, also: Collection[str] = (), overall: bool = True
) -> frozenset[str]:
    """Return the groups whose means are withheld, where groups are all there are and do not overlap.

    `also` are groups whose counts the release withholds. `overall` is whether the mean of all is shown too: with it,
    the groups withheld have to be safe as one, and more than one; the smallest that are shown go with them until they
    are.

    >>> few, some, many = (Numbers.of([3.0, 4.0] * pairs) for pairs in (2, 6, 20))
    >>> sorted(withheld_means({"north": few, "south": some, "west": many}, Rule()))
    ['north', 'south']
    >>> sorted(withheld_means({"north": few, "south": some, "west": many}, Rule(), overall=False))
    ['north']
    """
    given = {name: numbers for name, numbers in groups.items() if numbers.count}
    withheld = {name for name, numbers in given.items() if name in also or not is_safe(numbers, rule)}
    shown = sorted(given.keys() - withheld, key=lambda name: (given[name].count, name))
    while overall and withheld and shown and not _hide_each_other(withheld, given, rule):
        withheld.add(shown.pop(0))
    return frozenset(withheld)


def _hide_each_other(withheld: Collection[str], given: Mapping[str, Numbers], rule: Rule) -> bool:
    return len(withheld) > 1 and is_safe(sum((given[name] for name in withheld), NOBODY), rule)
