"""Which means a release tells: of whom they tell nobody's own number, by themselves and beside those told before."""

from collections.abc import Mapping, Sequence

from bot.results.disclosure.means import Numbers, is_safe, withheld_means
from bot.results.disclosure.records import NOT_STATED, Cell, MeanOf, Release
from bot.results.disclosure.since import ALL, ToldMean, told_again
from bot.results.publication.cells import answered, placed
from bot.results.publication.sums import PLACED, Sums
from bot.results.records.breakdowns import Breakdown
from bot.results.records.results import Results


def means_told(
    results: Results, sums: Sums, release: Release, earlier: Sequence[Release]
) -> Mapping[MeanOf, str]:
    """Return the means that a release may tell, with the fingerprints of their numbers; medians go with them."""
    told: dict[MeanOf, str] = {}

    def tell(item: str, variable: str, groups: Mapping[str, Numbers]) -> None:
        then = [_told_by(one, item, variable, groups) for one in earlier]
        for group in told_again(groups, then, release.rule.threshold):
            told[_key(item, variable, group)] = groups[group].fingerprint

    for item in results.items:
        ranks = {one.name: sums.get((item.name, PLACED, one.name)) for one in item.ranking}
        tell(item.name, PLACED, {name: one for name, one in ranks.items() if one is not None})
        whole = sums.get((item.name, "", ""))
        if whole is None:
            continue
        overall = (
            {ALL: whole} if is_safe(whole, release.rule) and release.is_shown(answered(item.name)) else {}
        )
        tell(item.name, "", overall)
        for one in results.breakdowns_of(item.name):
            tell(item.name, one.variable, {**overall, **_groups(one, sums, release)})
    return told


def _groups(breakdown: Breakdown, sums: Sums, release: Release) -> Mapping[str, Numbers]:
    """Return the groups whose means may be shown beside each other and beside that of all."""
    item, variable = breakdown.item, breakdown.variable
    names = [*(one.name for one in breakdown.groups), NOT_STATED]
    numbers = {name: sums.get((item, variable, name)) for name in names}
    known = {name: one for name, one in numbers.items() if one is not None}
    if len(known) < len(numbers):
        return {}
    hidden = {name for name in names if not release.is_shown(answered(item, (variable, name)))}
    withheld = withheld_means(known, release.rule, also=hidden | {NOT_STATED})
    return {name: one for name, one in known.items() if name not in withheld and name != NOT_STATED}


def _told_by(
    release: Release, item: str, variable: str, groups: Mapping[str, Numbers]
) -> Mapping[str, ToldMean]:
    found = {}
    for group in groups:
        told = release.means
        fingerprint = "" if told is None else told.get(_key(item, variable, group))
        count = release.counts.get(_cell(item, variable, group))
        if fingerprint is not None and count is not None:
            least, most = release.rule.possible(count)
            found[group] = ToldMean(least, count if most is None else most, fingerprint)
    return found


def _key(item: str, variable: str, group: str) -> MeanOf:
    return (item, variable, group) if group != ALL else (item, "", "")


def _cell(item: str, variable: str, group: str) -> Cell:
    if group == ALL:
        return answered(item)
    return placed(item, group) if variable == PLACED else answered(item, (variable, group))
