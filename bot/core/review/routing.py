"""Who is never asked what, by what the consultation file says of who is asked: whoever reads it knows that.

Only what can be decided by trying is told, as in `bot.core.review.reachability`.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.core.expressions import Expression
from bot.core.groups import band_names, grouping_of
from bot.core.questionnaire import Item, ItemType, Node, Questionnaire
from bot.core.review.candidates import candidates, ever_true, is_decidable


class PassedOver(NamedTuple):
    """Whoever is in a category of one item is never asked another. The category is "" for those who gave no answer."""

    item: str
    name: str
    category: str


def passed_over(questionnaire: Questionnaire) -> Iterator[PassedOver]:
    """Yield who is never asked what: by each answer to a select_one, and each band of numbers that are groups."""
    for node in questionnaire.nodes:
        if node.repeats or node.closes:
            continue
        for category, values in _categories(questionnaire, node.item):
            never = _never_asked(questionnaire, node, values)
            yield from (PassedOver(item, node.item.name, category) for item in never)


def _categories(questionnaire: Questionnaire, item: Item) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield each category with the values to try for it."""
    grouping = grouping_of(questionnaire, item.name)
    if item.type is ItemType.SELECT_ONE:
        yield from ((choice.name, (choice.name,)) for choice in item.choices)
        yield "", ("",)
    elif item.type is ItemType.INTEGER and grouping is not None and grouping.bands:
        tried = candidates(item, _conditions(questionnaire))
        if tried is None:
            return
        lows = [-(10**9), *grouping.bands, 10**9]
        for name, low, following in zip(band_names(grouping.bands), lows, lows[1:], strict=False):
            ends = {low, following - 1}
            within = {int(one) for one in tried if one and low <= int(one) < following}
            yield name, tuple(map(str, sorted(within | ends)))
        yield "", ("",)


def _conditions(questionnaire: Questionnaire) -> list[Expression]:
    every = ((one.item.relevant, one.item.eligible) for one in questionnaire.nodes)
    return [one for conditions in every for one in conditions if one is not None]


def _never_asked(questionnaire: Questionnaire, given: Node, values: Sequence[str]) -> Iterator[str]:
    """Yield the items after one that nobody is asked who gave one of these answers to it, or none."""
    never: set[str] = set()
    is_over = _ends(questionnaire, given.item, values)
    around: list[Expression | None] = []
    for node in questionnaire.nodes:
        item = node.item
        if node.closes:
            around.pop()
            continue
        opens = node.partner != node.position
        if opens:
            around.append(item.relevant)
        if node.position <= given.position or node.repeats:
            continue
        conditions = [one for one in (*around, None if opens else item.relevant) if one is not None]
        tried = {given.item.name: values, **dict.fromkeys(never, ("",))}
        if is_over or _holds(questionnaire, conditions, tried) is False:
            never.add(item.name)
            yield item.name


def _ends(questionnaire: Questionnaire, item: Item, values: Sequence[str]) -> bool:
    """Return whether an interview certainly ends with these answers: whoever gives them is not among those asked."""
    if item.eligible is None or "" in values:
        return False
    return _holds(questionnaire, [item.eligible], {item.name: values}, values) is False


def _holds(
    questionnaire: Questionnaire,
    conditions: Sequence[Expression],
    known: dict[str, Sequence[str]],
    own: Sequence[str] = ("",),
) -> bool | None:
    """Return whether conditions can hold together; None where that cannot be decided."""
    if not is_decidable(conditions):
        return None
    values: dict[str, Sequence[str]] = {}
    for name in sorted({name for condition in conditions for name in condition.references}):
        tried = known.get(name)
        if tried is None and name in questionnaire.positions:
            node = questionnaire.nodes[questionnaire.positions[name]]
            tried = None if node.repeats else candidates(node.item, conditions)
        if tried is None:
            return None
        values[name] = tried
    return ever_true(conditions, values, own)
