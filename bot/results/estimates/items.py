"""What each item comes to, in all and by each group variable."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from bot.core.questionnaire import ItemType
from bot.results.differences import LEAST_IN_GROUP, Seed, adjusted, compare_numbers
from bot.results.estimates import choices as chosen
from bot.results.estimates import moments
from bot.results.estimates.coding import Variable
from bot.results.estimates.distribution import Distribution, distributions
from bot.results.estimates.files import files
from bot.results.estimates.rows import Asked, Rows
from bot.results.layout import MEDIA
from bot.results.records.breakdowns import Breakdown, Comparison, GroupResult, Untested
from bot.results.records.items import Base, ItemResult

NUMBERS = frozenset({ItemType.INTEGER, ItemType.DECIMAL, ItemType.RANGE})


@dataclass(frozen=True, slots=True)
class Estimator:
    """Estimates items of the same rows. Without `tests`, groups stand side by side and are not compared."""

    rows: Rows
    seed: Seed
    tests: bool

    def estimate(self, asked: Asked, base: Base) -> tuple[ItemResult, tuple[Breakdown, ...]]:
        """Return what an item comes to, and its breakdowns with p not adjusted yet."""
        item = asked.item
        result = ItemResult(item.name, item.type, item.label, base, asked.repeated)
        if item.type.has_choices:
            return self._choices(asked, result)
        if item.type in NUMBERS:
            return self._numbers(asked, result)
        if item.type is ItemType.DATE:
            return replace(result, dates=moments.dates(asked.series(self.rows.frame))), ()
        if item.type is ItemType.TIME:
            return replace(result, times=moments.times(asked.series(self.rows.frame))), ()
        if item.type in MEDIA:
            return replace(result, files=files(asked.series(self.rows.frame))), ()
        return result, ()

    def _variables(self, asked: Asked) -> tuple[Variable, ...]:
        return tuple(one for one in self.rows.variables if one.name != asked.item.name)

    def _choices(self, asked: Asked, result: ItemResult) -> tuple[ItemResult, tuple[Breakdown, ...]]:
        item, intervals = asked.item, not asked.repeated
        options = chosen.options(asked, self.rows.frame)
        rounds = list(chosen.picks(asked, options, self.rows.frame))
        variables = self._variables(asked)
        counted = [
            chosen.count(rounds, variable, len(options), self.rows)
            for variable in variables or (self.rows.everybody,)
        ]
        shares = counted[0].total().shares(0, intervals=intervals)
        if item.type is ItemType.RANK:
            ranking = chosen.ranking(asked, shares, self.rows, intervals=intervals)
            result = replace(result, ranking=ranking)
        else:
            result = replace(result, choices=chosen.results(item, options, shares))
        breakdowns = []
        for place, (variable, one) in enumerate(zip(variables, counted, strict=False)):
            groups = tuple(
                GroupResult(
                    *(category.name, category.label, int(one.answered[group])),
                    chosen.results(item, options, one.shares(group, intervals=intervals)),
                )
                for group, category in enumerate(variable.categories, 1)
                if one.answered[group]
            )
            untested = self._untested(asked, chosen.testable(one))
            tests = () if untested else tuple(chosen.compare(item, one, options, self.seed.at(place)))
            breakdowns.append(_breakdown(asked, variable, groups, int(one.answered[0]), tests, untested))
        return result, tuple(breakdowns)

    def _numbers(self, asked: Asked, result: ItemResult) -> tuple[ItemResult, tuple[Breakdown, ...]]:
        rounds = [one.cast(pl.Float64) for one in asked.series(self.rows.frame)]
        held = [one.is_not_null().to_numpy() for one in rounds]
        values = np.concatenate([one.drop_nulls().to_numpy() for one in rounds])
        weights = self.rows.weights
        weighed = None if weights is None or asked.repeated else weights[held[0]]
        intervals = not asked.repeated

        def by(variable: Variable) -> tuple[Distribution, ...]:
            groups = np.concatenate([variable.codes[mask] for mask in held])
            return distributions(values, groups, variable.size, weighed)

        numbers = by(self.rows.everybody)[0].numbers(intervals=intervals)
        breakdowns = []
        for variable in self._variables(asked):
            lies = by(variable)
            groups = tuple(
                GroupResult(
                    *(category.name, category.label, one.n),
                    mean=one.estimated_mean(intervals=intervals),
                    median=one.estimated_median(intervals=intervals),
                )
                for category, one in zip(variable.categories, lies[1:], strict=True)
                if one.n
            )
            is_testable = sum(one.n >= LEAST_IN_GROUP for one in lies[1:]) >= 2
            untested = self._untested(asked, is_testable)
            found = None if untested else compare_numbers(lies[1:])
            tests = (found,) if found else ()
            breakdowns.append(_breakdown(asked, variable, groups, lies[0].n, tests, untested))
        return replace(result, numbers=numbers), tuple(breakdowns)

    def _untested(self, asked: Asked, is_testable: bool) -> Untested | None:
        if asked.repeated:
            return Untested.REPEATED
        return None if self.tests and is_testable else Untested.TOO_FEW


def _breakdown(
    asked: Asked,
    variable: Variable,
    groups: tuple[GroupResult, ...],
    not_stated: int,
    tests: tuple[Comparison, ...],
    untested: Untested | None,
) -> Breakdown:
    reason = None if tests else untested or Untested.ALL_ALIKE
    return Breakdown(asked.item.name, variable.name, variable.label, groups, not_stated, tests, reason)


def with_adjusted(breakdowns: Sequence[Breakdown]) -> tuple[Breakdown, ...]:
    """Return the breakdowns with each p adjusted for all tests of all of them."""
    known = iter(adjusted([test for one in breakdowns for test in one.tests]))
    return tuple(replace(one, tests=tuple(next(known) for _ in one.tests)) for one in breakdowns)
