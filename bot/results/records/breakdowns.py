"""One question by groups of people, and whether these differ by more than noise."""

from dataclasses import dataclass
from enum import StrEnum

from bot.core.questionnaire import Text
from bot.results.records.figures import Count, Estimate
from bot.results.records.items import ChoiceResult


class Method(StrEnum):
    """How a difference between groups is tested."""

    CHI_SQUARE = "chi_square"
    PERMUTATION = "permutation"
    """The same statistic, its p counted over tables drawn by chance with the same totals: for small counts."""
    KRUSKAL_WALLIS = "kruskal_wallis"


class EffectSize(StrEnum):
    CRAMERS_V = "cramers_v"
    EPSILON_SQUARED = "epsilon_squared"


class Untested(StrEnum):
    """Why a breakdown has no test."""

    TOO_FEW = "too_few"
    """Fewer than two groups have enough answers."""
    ALL_ALIKE = "all_alike"
    """Everybody gave the same answer."""
    REPEATED = "repeated"
    """Its answers are rounds, which are not independent of each other."""
    WITHHELD = "withheld"
    """Counts that a test would tell of are withheld; nor is it told whether there was one."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Whether groups differ by more than noise. Tests are of unweighted answers.

    `choice` names the option that is tested on its own (select_multiple), else None. `n` and `groups` are those who
    went in: groups of too few stay out. `adjusted` is p adjusted for all tests of the results (Holm). `notable`:
    adjusted below 0.05, and the effect is not negligible.
    """

    method: Method
    choice: str | None
    n: int
    groups: int
    statistic: float
    freedom: int
    p: float
    adjusted: float
    effect_size: EffectSize
    effect: float
    notable: bool


@dataclass(frozen=True, slots=True)
class GroupResult:
    """What one group answered; `n` are its answers to the item.

    `choices` are in the order of the item's own; of a ranking, they are first places.
    """

    name: str
    label: Text | None
    n: Count
    choices: tuple[ChoiceResult, ...] = ()
    mean: Estimate | None = None
    median: Estimate | None = None


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One item by one group variable: `language`, `channel`, `came_by` or an item's name.

    Who is in no group is `not_stated`.
    """

    item: str
    variable: str
    label: Text | None
    groups: tuple[GroupResult, ...]
    not_stated: Count
    tests: tuple[Comparison, ...] = ()
    untested: Untested | None = None

    @property
    def notable(self) -> bool:
        return any(test.notable for test in self.tests)
