"""Who was heard, beside who lives there."""

from dataclasses import dataclass

from bot.core.questionnaire import Text
from bot.results.records.figures import Count, Interval, Share


@dataclass(frozen=True, slots=True)
class RepresentedGroup:
    """One group against the population.

    `heard` is its share of those who said what they are, `population` its share there, `ratio` the one by the other:
    0.5 is half as many as its share of the population. `needed` is how many more of this group alone would bring it to
    its share: 0 where there are enough, None where no number would do. `most` is what its share is at most, by what is
    published, where how many it is is withheld.
    """

    name: str
    label: Text
    heard: Share
    population: float
    ratio: float | None
    ratio_interval: Interval | None
    needed: int | None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Representation:
    """One variable of the population file against those who consented.

    `dissimilarity` (0 to 1) is the share of people who would have to be others for the shares to be the population's.
    """

    variable: str
    label: Text | None
    stated: Count
    not_stated: Count
    groups: tuple[RepresentedGroup, ...]
    dissimilarity: float | None
    source: str
    year: int
