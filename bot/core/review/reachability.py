"""What can never happen: an item that is never asked, an answer that is never accepted, a choice never offered.

Only what can be decided by trying is reported. Conditions on texts, dates, calculations, repeats or chance, and those
with too many combinations, are taken on trust: an organiser who meets one false alarm stops reading the true ones.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from bot.core.expressions import Expression, Scope
from bot.core.problems import Path, Problem
from bot.core.questionnaire import Item, ItemType, Questionnaire
from bot.core.review.candidates import MOMENT, candidates, ever_true, is_decidable


def reachability_faults(questionnaire: Questionnaire) -> Iterator[Problem]:
    """Yield items that are never asked, constraints that nothing meets, and filters that leave no choice."""
    yield from _within(questionnaire, questionnaire.items, ("items",), ())


def _within(
    questionnaire: Questionnaire, items: tuple[Item, ...], path: Path, around: tuple[Expression, ...]
) -> Iterator[Problem]:
    position = -1
    for item in items:
        if item.other_for is not None:
            continue
        position += 1
        place = (*path, position)
        conditions = (*around, item.relevant) if item.relevant else around
        if item.relevant and _holds(questionnaire, conditions) is False:
            yield Problem(
                "unreachable",
                (*place, "relevant"),
                f"'{item.name}' can never be asked: no answers make this hold.",
                "Check the names of choices, the numbers, and 'and' where 'or' is meant.",
            )
            continue
        yield from _constraint_faults(questionnaire, item, place)
        yield from _default_faults(item, place)
        yield from _filter_faults(questionnaire, item, place)
        yield from _within(questionnaire, item.children, (*place, "items"), conditions)


def _holds(questionnaire: Questionnaire, conditions: Sequence[Expression]) -> bool | None:
    """Return whether the conditions can hold together; None where that cannot be decided."""
    values = _values(questionnaire, conditions)
    return None if values is None else ever_true(conditions, values)


def _values(
    questionnaire: Questionnaire, conditions: Sequence[Expression]
) -> dict[str, tuple[str, ...]] | None:
    if not is_decidable(conditions):
        return None
    values: dict[str, tuple[str, ...]] = {}
    for name in sorted({name for condition in conditions for name in condition.references}):
        if name not in questionnaire.positions:
            return None
        node = questionnaire.nodes[questionnaire.positions[name]]
        tried = None if node.repeats else candidates(node.item, conditions)
        if tried is None:
            return None
        values[name] = tried
    return values


def _constraint_faults(questionnaire: Questionnaire, item: Item, path: Path) -> Iterator[Problem]:
    for key, wanted in (("constraint", "accepted"), ("eligible", "eligible")):
        condition: Expression | None = getattr(item, key)
        if condition is None:
            continue
        values = _values(questionnaire, (condition,))
        own = candidates(item, (condition,))
        if values is None or own is None:
            continue
        values.pop(item.name, None)
        answers = tuple(value for value in own if value)
        if ever_true((condition,), values, answers) is False:
            yield Problem(
                "never-accepted" if key == "constraint" else "never-eligible",
                (*path, key),
                f"No answer to '{item.name}' can ever be {wanted}.",
                "Check the numbers and the directions of < and >.",
            )


def _default_faults(item: Item, path: Path) -> Iterator[Problem]:
    """Yield a default that is no answer to its own item. One that is worked out from others is taken on trust."""
    if item.default is None or item.default.references or item.default.functions:
        return
    value = item.default.text(_alone(""))
    if item.type.has_choices and not set(value.split()) <= {choice.name for choice in item.choices}:
        yield Problem(
            "bad-default",
            (*path, "default"),
            f"'{value}' is not a choice of '{item.name}'.",
            f"Write one of: {', '.join(choice.name for choice in item.choices[:8])}.",
        )
    elif (
        item.constraint is not None
        and not item.constraint.references
        and not item.constraint.truth(_alone(value))
    ):
        yield Problem(
            "bad-default",
            (*path, "default"),
            f"The default '{value}' does not meet the item's own constraint.",
            "Change the one or the other.",
        )


def _filter_faults(questionnaire: Questionnaire, item: Item, path: Path) -> Iterator[Problem]:
    """Yield choices that are never offered, and answers that offer none, where at most one select decides."""
    condition = item.choice_filter
    if condition is None or not is_decidable((condition,)):
        return
    deciding = _deciding(questionnaire, condition)
    if deciding is None:
        return
    name, answers = deciding
    offered: set[str] = set()
    for answer in answers:
        scope = replace(_alone(""), lookup=partial(_always, answer))
        left = {
            one.name
            for one in item.choices
            if condition.truth(replace(scope, columns={"name": one.name, **one.columns}))
        }
        offered |= left
        if name and not left:
            yield Problem(
                "no-choices-left",
                (*path, "choice_filter"),
                f"Who answers '{answer}' to '{name}' is offered no choice.",
                f"Add choices for it, or ask '{item.name}' only where ${{{name}}} != '{answer}'.",
            )
    never = [choice.name for choice in item.choices if choice.name not in offered]
    if never:
        by_whom = f"No answer to '{name}' offers" if name else "Nobody is ever offered"
        yield Problem(
            "never-offered",
            (*path, "choice_filter"),
            f"{by_whom}: {', '.join(never[:8])}.",
            "Check the keys of these choices.",
        )


def _deciding(questionnaire: Questionnaire, condition: Expression) -> tuple[str, Sequence[str]] | None:
    """Return the select that a filter depends on and its answers, ("", one) for none, None for what is not tried."""
    if not condition.references:
        return "", ("",)
    name, *others = condition.references
    asked = questionnaire.positions.get(name)
    if others or asked is None or questionnaire.nodes[asked].item.type is not ItemType.SELECT_ONE:
        return None
    return name, [choice.name for choice in questionnaire.nodes[asked].item.choices]


def _alone(value: str) -> Scope:
    return Scope(lookup=lambda _: "", now=MOMENT, seed=0, value=value)


def _always(value: str, _: str) -> str:
    return value
