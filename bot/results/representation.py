"""Who was heard, beside who lives there."""

from math import ceil

from bot.core.groups import Category
from bot.core.questionnaire import Text
from bot.flowfiles.population import Margin
from bot.results.estimates.coding import Variable
from bot.results.intervals import share_of
from bot.results.records.figures import Interval
from bot.results.records.representation import Representation, RepresentedGroup


def representation(variable: Variable, margin: Margin) -> Representation:
    """Return a variable's groups against its margin in the population.

    The dissimilarity index is half the sum of the differences of shares (Duncan and Duncan, American Sociological
    Review 20, 1955).
    """
    counts = dict(zip((one.name for one in variable.categories), variable.counts()[1:], strict=True))
    known = [one for one in variable.categories if one.name in margin.shares]
    stated = int(sum(counts[one.name] for one in known))
    groups = tuple(_group(one, int(counts[one.name]), stated, margin.shares[one.name]) for one in known)
    apart = sum(abs((one.heard.share or 0.0) - one.population) for one in groups) / 2
    return Representation(
        *(variable.name, variable.label, stated, variable.codes.size - stated, groups),
        *(apart if stated else None, margin.source, margin.year),
    )


def _group(category: Category, count: int, stated: int, population: float) -> RepresentedGroup:
    """Return a group against its share; a margin is counted of everybody, and taken as known without error."""
    heard = share_of(count, stated)
    ratio = interval = None
    if heard.share is not None and population > 0:
        ratio = heard.share / population
        if heard.interval is not None:
            interval = Interval(heard.interval.low / population, heard.interval.high / population)
    label = category.label or Text("", category.name)
    return RepresentedGroup(
        category.name, label, heard, population, ratio, interval, needed(count, stated, population)
    )


def needed(count: int, stated: int, population: float) -> int | None:
    """Return how many more of a group bring it to its share of the population, when nobody else comes.

    They add to the whole too: (count + x) / (stated + x) = population. None for a group that is everybody.
    """
    if population >= 1:
        return 0 if count == stated else None
    # Rounding must not ask for one person more where a group has just its share.
    return max(ceil((population * stated - count) / (1 - population) - 1e-9), 0)
