"""The main findings: chosen by a rule that the report states, never by judgement.

First the group that is heard least of those that are clearly heard less than their share; then the largest differences
between groups that are more than chance, one a question; then the answers given most, one a question that is not told
of yet. Questions that only say who somebody is are no findings. Where few took part there are none.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.results.intervals import wilson
from bot.results.records.breakdowns import Breakdown, GroupResult
from bot.results.records.items import ChoiceResult, ItemResult, RankedChoice
from bot.results.records.notices import NoticeCode
from bot.results.records.representation import Representation, RepresentedGroup
from bot.results.records.results import Results

MOST_FINDINGS = 5
MOST_DIFFERENCES = 3
LEAST_IN_GROUP = 10
"""A group of fewer is not told of; as in the tests of differences."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A group that is clearly heard less than its share: `ratio` is what it is heard at most, of its share."""

    representation: Representation
    group: RepresentedGroup
    ratio: float


@dataclass(frozen=True, slots=True)
class Difference:
    """An option that is chosen most by one group and least by another."""

    item: ItemResult
    breakdown: Breakdown
    choice: ChoiceResult
    high: tuple[GroupResult, float]
    low: tuple[GroupResult, float]


@dataclass(frozen=True, slots=True)
class Levels:
    """Numbers that lie higher in some groups than in others."""

    item: ItemResult
    breakdown: Breakdown
    groups: tuple[GroupResult, ...]


@dataclass(frozen=True, slots=True)
class Lead:
    """The option that is chosen most, or put first most."""

    item: ItemResult
    choice: ChoiceResult | RankedChoice


MainFinding = Gap | Difference | Levels | Lead


def main_findings(results: Results) -> tuple[MainFinding, ...]:
    """Return at most five findings, in the order of the rule."""
    if is_few(results):
        return ()
    found: list[MainFinding] = [*gaps(results)[:1]]
    differing = list(_differences(results))[:MOST_DIFFERENCES]
    found += differing
    told = {one.item.name for one in differing}
    leads = sorted(_leads(results, told), key=lambda lead: -_share(lead.choice))
    return tuple([*found, *leads][:MOST_FINDINGS])


def is_few(results: Results) -> bool:
    """Return whether so few took part that nothing is told of groups."""
    return any(one.code in (NoticeCode.FEW_RESPONDENTS, NoticeCode.NOBODY) for one in results.notices)


def gaps(results: Results) -> tuple[Gap, ...]:
    """Return the groups that are clearly heard less than their share, the least heard first.

    One that is withheld is among them where it is so even if it is as many as what is published leaves open.
    """
    found = [
        Gap(one, group, ratio)
        for one in results.representation
        for group in one.groups
        if (ratio := _ratio(one, group)) is not None
    ]
    return tuple(sorted(found, key=lambda gap: gap.ratio))


def _ratio(one: Representation, group: RepresentedGroup) -> float | None:
    """Return how much a group is heard of its share; None where it is not clearly less."""
    if group.most is not None and one.stated and group.population > 0:
        interval = wilson(group.most, one.stated)
        is_less = interval is not None and interval.high < group.population
        return group.most / group.population if is_less else None
    interval = group.ratio_interval
    return group.ratio if interval is not None and interval.high < 1 else None


def withheld(results: Results) -> tuple[tuple[Representation, RepresentedGroup], ...]:
    """Return the groups of which nobody is told whether they are heard less than their share."""
    known = {(gap.representation.variable, gap.group.name) for gap in gaps(results)}
    return tuple(
        (one, group)
        for one in results.representation
        for group in one.groups
        if group.heard.count is None and (one.variable, group.name) not in known
    )


def _differences(results: Results) -> Iterator[Difference | Levels]:
    notable = [
        (test.effect, test.choice, breakdown)
        for breakdown in results.breakdowns
        for test in breakdown.tests
        if test.notable
    ]
    seen = set(_about_people(results))
    for _, choice, breakdown in sorted(notable, key=lambda one: -one[0]):
        if breakdown.item in seen:
            continue
        found = _difference(results.item(breakdown.item), breakdown, choice)
        if found is not None:
            seen.add(breakdown.item)
            yield found


def _difference(item: ItemResult, breakdown: Breakdown, choice: str | None) -> Difference | Levels | None:
    groups = [group for group in breakdown.groups if group.n is not None and group.n >= LEAST_IN_GROUP]
    if len(groups) < 2:
        return None
    if all(group.median is not None for group in groups):
        return Levels(item, breakdown, tuple(groups))
    widest: Difference | None = None
    for place, option in enumerate(groups[0].choices):
        shares = [
            (group, share)
            for group in groups
            if place < len(group.choices) and (share := group.choices[place].taken.share) is not None
        ]
        if len(shares) < 2 or choice not in (None, option.name):
            continue
        low, high = min(shares, key=lambda one: one[1]), max(shares, key=lambda one: one[1])
        if widest is None or high[1] - low[1] > widest.high[1] - widest.low[1]:
            widest = Difference(item, breakdown, option, high, low)
    return widest


def _leads(results: Results, told: set[str]) -> Iterator[Lead]:
    for item in results.items:
        options = [one for one in (item.choices or item.ranking) if _share(one)]
        if options and not item.repeated and item.name not in told | set(_about_people(results)):
            yield Lead(item, max(options, key=_share))


def _about_people(results: Results) -> Iterator[str]:
    yield from (one.variable for one in results.breakdowns)
    yield from (one.variable for one in results.representation)


def _share(choice: ChoiceResult | RankedChoice) -> float:
    share = choice.taken.share if isinstance(choice, ChoiceResult) else choice.first.share
    return share or 0.0
