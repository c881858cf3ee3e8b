"""Each item, in all and by groups, as a release shows it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.core.questionnaire import Text
from bot.results.differences import LEAST_IN_GROUP
from bot.results.disclosure.records import EVERYBODY, NOT_STATED, Cell, MeanOf
from bot.results.publication.cells import Passing, answered, chose, placed
from bot.results.publication.figures import Figures, significant, step_of, stepped
from bot.results.publication.sums import PLACED
from bot.results.publication.tables import bin_name, groups_of, is_banded
from bot.results.publication.turnout_tables import nowhere
from bot.results.records.breakdowns import Breakdown, Comparison, GroupResult, Untested
from bot.results.records.figures import Count
from bot.results.records.items import (
    Base,
    Bin,
    ChoiceResult,
    DateBin,
    Dates,
    ItemResult,
    Numbers,
    RankedChoice,
    Reason,
    Times,
)
from bot.results.records.results import Results

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Items:
    """Items of results, whole, and what a release shows of them."""

    results: Results
    figures: Figures
    passing: Passing
    means: Collection[MeanOf]

    def item(self, true: ItemResult) -> ItemResult:
        """Return an item as it is shown; what became of its files is the organiser's to know."""
        return ItemResult(
            name=true.name,
            type=true.type,
            label=true.label,
            base=self._base(true),
            repeated=true.repeated,
            choices=tuple(self._choice(true.name, one) for one in true.choices),
            ranking=tuple(self._ranked(true.name, one) for one in true.ranking),
            numbers=self._numbers(true.name, true.numbers) if true.numbers else None,
            dates=self._dates(true.name, true.dates) if true.dates else None,
            times=self._times(true.name, true.times) if true.times else None,
            files={},
        )

    def _base(self, item: ItemResult) -> Base:
        count = self.figures.count
        # All reasons: to leave out those that do not occur would tell that they do not.
        return Base(
            consented=count(self.passing.rounds(item.name) if item.repeated else EVERYBODY),
            asked=count(self.passing.asked(item.name)),
            answered=count(answered(item.name)),
            missing={reason: count(self.passing.missing(item.name, reason)) for reason in Reason},
        )

    def _choice(self, item: str, true: ChoiceResult, where: tuple[str, str] | None = None) -> ChoiceResult:
        taken = self.figures.share(chose(item, true.name, where), answered(item, where), true.taken)
        return ChoiceResult(name=true.name, label=true.label, taken=taken)

    def _ranked(self, item: str, true: RankedChoice) -> RankedChoice:
        first = self.figures.share(chose(item, true.name), answered(item), true.first)
        given = self.figures.count(placed(item, true.name))
        is_told = given is not None and first.count is not None and (item, PLACED, true.name) in self.means
        mean, points = true.mean_place, true.points
        # Where all gave it one place, its mean tells each of them.
        is_spread = mean is not None and (mean.interval is None or mean.interval.low < mean.interval.high)
        return RankedChoice(
            name=true.name,
            label=true.label,
            placed=given,
            first=first,
            mean_place=self.figures.estimate(mean, given, 1.0) if is_told and is_spread else None,
            points=round(points, 1 if given < 100 else 2)
            if is_told and is_spread and given is not None and points is not None
            else None,
        )

    # --- numbers, dates and times

    def _numbers(self, item: str, true: Numbers) -> Numbers:
        n = self.figures.count(answered(item))
        is_safe = (item, "", "") in self.means
        mean = self.figures.estimate(true.mean, n, 1.0) if is_safe else None
        are_quarters_told = is_safe and mean is not None and self.figures.are_enough(n, 0.25)
        deviation = true.deviation

        def quartile(value: float | None) -> float | None:
            if not are_quarters_told or value is None or true.mean is None or n is None:
                return None
            return stepped(value, step_of(true.mean, n))

        return Numbers(
            n=n,
            whole=true.whole,
            mean=mean,
            median=self.figures.estimate(true.median, n, 0.5) if is_safe else None,
            lower=quartile(true.lower),
            upper=quartile(true.upper),
            least=None,
            most=None,
            deviation=significant(deviation) if mean is not None and deviation is not None else None,
            bins=() if is_banded(self.results, item) else self._bins(item, true),
        )

    def _bins(self, item: str, true: Numbers) -> tuple[Bin, ...]:
        """Return bars from the first that is shown to the last: that there is one beyond tells of somebody there."""
        counts = {one: self.figures.count(Cell.of((item, bin_name(one)))) for one in true.bins}
        shown = trimmed(list(true.bins), list(counts.values()))
        if any(one.low != one.high for one, _ in shown):
            return tuple(Bin(one.low, one.high, count) for one, count in shown)
        # A bar a number: there are none for numbers that nobody gave, so a gap and a small count must look alike.
        told = {one.low: count for one, count in shown if count is not None}
        if not true.whole:
            return tuple(Bin(value, value, count) for value, count in told.items())
        values = range(int(min(told, default=0)), int(max(told, default=-1)) + 1)
        return tuple(Bin(float(value), float(value), told.get(float(value))) for value in values)

    def _dates(self, item: str, true: Dates) -> Dates:
        counts = [self.figures.count(Cell.of((item, bin_name(one)))) for one in true.bins]
        return Dates(
            n=self.figures.count(answered(item)),
            first=None,
            last=None,
            period=true.period,
            bins=tuple(DateBin(one.start, count) for one, count in trimmed(list(true.bins), counts)),
        )

    def _times(self, item: str, true: Times) -> Times:
        hours = range(len(true.hours))
        return Times(
            n=self.figures.count(answered(item)),
            first=None,
            last=None,
            hours=tuple(self.figures.count(Cell.of((item, f"{hour}:00"))) for hour in hours),
        )

    # --- groups

    def breakdowns(self) -> Iterator[Breakdown]:
        groups = groups_of(self.results)
        labels = dict(_labels(self.results))
        for one in self.results.breakdowns:
            names = self.figures.groups(one.variable, groups[one.variable])
            yield self._breakdown(one, {name: labels.get((one.variable, name)) for name in names})

    def _breakdown(self, true: Breakdown, groups: Mapping[str, Text | None]) -> Breakdown:
        item = self.results.item(true.item)
        there = {one.name: one for one in true.groups}
        shown = []
        for name, label in groups.items():
            where = (true.variable, name)
            n = self.figures.count(answered(item.name, where))
            one = there.get(name, GroupResult(name, label, 0))
            choices = one.choices or self._choices_of(item)
            is_told = (item.name, true.variable, name) in self.means
            mean, median = (one.mean, one.median) if is_told else (None, None)
            shown.append(
                GroupResult(
                    name=name,
                    label=label,
                    n=n,
                    choices=tuple(self._choice(item.name, choice, where) for choice in choices),
                    mean=self.figures.estimate(mean, n, 1.0),
                    median=self.figures.estimate(median, n, 0.5),
                )
            )
        tests = tuple(self._tests(true))
        return Breakdown(
            item=true.item,
            variable=true.variable,
            label=true.label,
            groups=tuple(shown),
            not_stated=self._not_stated(true),
            tests=tests,
            untested=_untested(true, shown, tests),
        )

    def _not_stated(self, true: Breakdown) -> Count:
        cell = answered(true.item, (true.variable, NOT_STATED))
        if cell in self.figures.release.nobody or not nowhere(self.results, true.variable):
            return 0
        return self.figures.count(cell)

    def _choices_of(self, item: ItemResult) -> tuple[ChoiceResult, ...]:
        """Return the options of an item, for a group of which nobody answered it."""
        if item.ranking:
            return tuple(ChoiceResult(one.name, one.label, one.first) for one in item.ranking)
        return item.choices

    def _tests(self, true: Breakdown) -> Iterator[Comparison]:
        """Yield the tests of which every count is shown."""
        compared = [one for one in true.groups if one.n is not None and one.n >= LEAST_IN_GROUP]
        wheres = [(true.variable, one.name) for one in compared]
        sizes = [self.figures.count(answered(true.item, where)) for where in wheres]
        told = [one for one in sizes if one is not None]
        names = [one.name for one in self._choices_of(self.results.item(true.item))]
        for test in true.tests:
            tested = [name for name in names if test.choice in (None, name)]
            cells = [chose(true.item, name, where) for name in tested for where in wheres]
            if len(told) == len(sizes) and self.figures.release.is_shown(*cells):
                yield Comparison(
                    method=test.method,
                    choice=test.choice,
                    n=sum(told),
                    groups=test.groups,
                    statistic=significant(test.statistic),
                    freedom=test.freedom,
                    p=significant(test.p),
                    adjusted=significant(test.adjusted),
                    effect_size=test.effect_size,
                    effect=round(test.effect, 2),
                    notable=test.notable,
                )


def _untested(true: Breakdown, shown: Sequence[GroupResult], tests: Sequence[Comparison]) -> Untested | None:
    """Return why there is no test; where counts are withheld, that alone: other reasons would tell of them."""
    if tests:
        return None
    if true.untested is Untested.REPEATED:
        return Untested.REPEATED
    counts = [count for one in shown for count in (one.n, *(choice.taken.count for choice in one.choices))]
    return Untested.WITHHELD if None in counts or true.untested is None else true.untested


def _labels(results: Results) -> Iterator[tuple[tuple[str, str], Text | None]]:
    for item in results.items:
        yield from (((item.name, one.name), one.label) for one in item.choices)
    for one in results.breakdowns:
        yield from (((one.variable, group.name), group.label) for group in one.groups)


def trimmed(bins: Sequence[T], counts: Sequence[Count]) -> list[tuple[T, Count]]:
    """Return bins with their counts, from the first that is shown to the last."""
    shown = [place for place, count in enumerate(counts) if count is not None]
    if not shown:
        return []
    kept = slice(shown[0], shown[-1] + 1)
    return list(zip(bins[kept], counts[kept], strict=True))
