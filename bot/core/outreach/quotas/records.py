"""What is wanted: variables, the cells that they make, and how many interviews each cell is to have."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from itertools import product
from typing import NamedTuple

from bot.core.folding import fold

Categories = tuple[str, ...]
"""A category of each of a quota's variables, in their order; none for the quota of everybody."""
Shares = Mapping[str, Mapping[str, float]]
"""By variable: the share of each category in the population, together 1."""


class Source(StrEnum):
    """Where it is known from what somebody is."""

    ITEM = "item"
    """Their answer; and before they have given it, the recipients' attribute of the same name."""
    LANGUAGE = "language"
    CHANNEL = "channel"
    ATTRIBUTE = "attribute"
    """What the organiser's list says of them."""


@dataclass(frozen=True, slots=True)
class Variable:
    """What people are counted by. `bands` are the lowest number of each band, for an item that is a number."""

    name: str
    source: Source
    categories: Categories
    bands: tuple[int, ...] = ()

    def category(self, value: str | None) -> str | None:
        """Return the category that an answer falls into; None for no answer, and for one of no category."""
        if not value:
            return None
        if self.bands:
            try:
                return self.categories[bisect_right(self.bands, int(value))]
            except ValueError:
                return None
        return value if value in self.categories else None

    def category_of_attribute(self, value: str | None) -> str | None:
        """Return the category that an organiser's list tells, which writes it in any case, or a number for a band."""
        if not value:
            return None
        written = fold(value)
        named = next((one for one in self.categories if fold(one) == written), None)
        return named if named is not None or not self.bands else self.category(value.strip())


class Cell(NamedTuple):
    """One cell of a quota, by that one's name."""

    quota: str
    categories: Categories

    @property
    def name(self) -> str:
        return ", ".join(self.categories) or EVERYBODY


EVERYBODY = "everybody"
"""The name of the quota of all completed interviews, and of its one cell."""


@dataclass(frozen=True, slots=True)
class Quota:
    """The cells that one variable makes, or several crossed.

    `targets` are completed interviews; a cell without one takes as many as come. None: they follow from the
    population, see `bot.core.outreach.quotas.targets`.
    """

    variables: tuple[Variable, ...]
    targets: Mapping[Categories, int] | None
    turns_away: bool = False

    @property
    def name(self) -> str:
        return ", ".join(one.name for one in self.variables) or EVERYBODY

    def cells(self) -> Iterator[Cell]:
        """Yield every cell, also those without a target."""
        for categories in product(*(one.categories for one in self.variables)):
            yield Cell(self.name, categories)

    def target(self, cell: Cell) -> int | None:
        """Return how many completed interviews a cell is to have; None where as many as come."""
        return (self.targets or {}).get(cell.categories)


@dataclass(frozen=True, slots=True)
class Adaptive:
    """The limits of a batch of invitations that goes where most people are missing.

    At least `least_share` of it is drawn evenly among all who may be invited, so that nobody's chance is zero; no cell
    gets more than `most_share` of it. `expected_rate` is the share of those invited who are expected to complete, until
    people have shown it.
    """

    batch: int = 10_000
    least_share: float = 0.1
    most_share: float = 1.0
    expected_rate: float = 0.2


@dataclass(frozen=True, slots=True)
class Quotas:
    """All quotas of a consultation. Interviews in progress hold a place for `reserved_for` after their last message."""

    quotas: tuple[Quota, ...] = ()
    total: int | None = None
    reserved_for: timedelta = timedelta(hours=24)
    adaptive: Adaptive = field(default_factory=Adaptive)

    def all(self) -> tuple[Quota, ...]:
        """Return every quota, first that of everybody where there is a total."""
        return self.quotas if self.total is None else (Quota((), {(): self.total}), *self.quotas)

    def variables(self) -> tuple[Variable, ...]:
        """Return every variable that a quota counts by, each once."""
        return tuple({one.name: one for quota in self.quotas for one in quota.variables}.values())

    def turning_away(self) -> "Quotas":
        """Return the quotas that turn people away, alone."""
        return replace(self, quotas=tuple(one for one in self.quotas if one.turns_away), total=None)
