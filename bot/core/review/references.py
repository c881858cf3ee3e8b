"""References: what a condition or a text speaks of is there, is known by then, and has such an answer."""

import re
from collections.abc import Iterator, Mapping

from bot.core.expressions import Expression
from bot.core.places import items_with_paths
from bot.core.problems import Path, Problem, nearest
from bot.core.prompts.filling import REFERENCE
from bot.core.questionnaire import MOVE_REFERENCE, Item, ItemType, Questionnaire, Text
from bot.core.review.rounds import is_inside, round_faults

CONDITIONS = (
    *("relevant", "constraint", "choice_filter", "calculation", "default"),
    *("eligible", "screen_out", "repeat_count"),
)
AFTER_THE_ANSWER = frozenset({"constraint", "eligible", "screen_out"})
"""Conditions that are worked out when the item has its answer: they may name the item itself."""

COMPARED = re.compile(
    r"\$\{\s*([^\s}]+)\s*\}\s*!?=\s*(?:'([^']*)'|\"([^\"]*)\")"
    r"|selected\(\s*\$\{\s*([^\s}]+)\s*\}\s*,\s*(?:'([^']*)'|\"([^\"]*)\")\s*\)"
)
"""An item's answer compared to a quoted word. Other comparisons are left: better a miss than a false alarm."""


def reference_faults(questionnaire: Questionnaire) -> Iterator[Problem]:
    """Yield what is wrong with the names in conditions and texts."""
    order = {item.name: position for position, (item, _) in enumerate(items_with_paths(questionnaire.items))}
    items = {item.name: item for item, _ in items_with_paths(questionnaire.items)}
    for item, path in items_with_paths(questionnaire.items):
        for key in CONDITIONS:
            expression: Expression | None = getattr(item, key)
            if expression is None or item.other_for is not None:
                continue
            place = (*path, key)
            for name in sorted(expression.references):
                yield from _name_faults(name, item, key, place, order, items)
            yield from round_faults(questionnaire, expression, item, key, place)
            yield from _column_faults(expression, item, key, place)
            yield from _comparison_faults(expression, place, items)
    yield from _text_faults(questionnaire, order)


def _name_faults(
    name: str, item: Item, key: str, path: Path, order: Mapping[str, int], items: Mapping[str, Item]
) -> Iterator[Problem]:
    if name not in items:
        yield _unknown(name, path, order)
    elif name == item.name and key not in AFTER_THE_ANSWER:
        yield Problem(
            "cycle",
            path,
            f"'{key}' of '{name}' depends on the answer to '{name}' itself.",
            "Refer to an item further up, or take the condition out.",
        )
    elif order[name] > order[item.name]:
        yield Problem(
            "refers-ahead",
            path,
            f"'{name}' is asked further down; its answer is not known yet.",
            f"Move '{name}' up, before '{item.name}'.",
        )
    elif items[name].type in (ItemType.GROUP, ItemType.NOTE):
        yield Problem(
            "no-answer",
            path,
            f"'{name}' is a {items[name].type}; it has no answer.",
            "Refer to an item that asks something.",
        )


def _unknown(name: str, path: Path, known: Mapping[str, int]) -> Problem:
    meant = nearest(name, known)
    remedy = f"Write ${{{meant}}}." if meant else "Refer to the name of an item further up."
    return Problem("unknown-reference", path, f"There is no item named '{name}'.", remedy)


def _column_faults(expression: Expression, item: Item, key: str, path: Path) -> Iterator[Problem]:
    """Yield the bare words of an expression that name nothing: quotes or ${ } forgotten."""
    columns = {"name", *(column for choice in item.choices for column in choice.columns)}
    known = columns if key == "choice_filter" else set[str]()
    for word in sorted(expression.columns - known):
        if key == "choice_filter":
            meant = nearest(word, columns)
            remedy = (
                f"Write {meant}."
                if meant
                else f"Give the choices a key '{word}', or write '{word}' in quotes."
            )
            yield Problem("unknown-column", path, f"No choice has a key '{word}'.", remedy)
        else:
            yield Problem(
                "bare-word",
                path,
                f"'{word}' stands alone.",
                f"Write ${{{word}}} for an answer, or '{word}' for a word.",
            )


def _comparison_faults(expression: Expression, path: Path, items: Mapping[str, Item]) -> Iterator[Problem]:
    for found in COMPARED.finditer(expression.source):
        name = found[1] or found[4]
        value = next((part for part in (found[2], found[3], found[5], found[6]) if part is not None), "")
        item = items.get(name)
        if item is None or not item.choices or not value:
            continue
        names = [choice.name for choice in item.choices]
        if value not in names:
            meant = nearest(value, names)
            yield Problem(
                "unknown-choice",
                path,
                f"'{name}' has no choice '{value}'.",
                f"Write '{meant}'." if meant else f"Write one of: {', '.join(names[:8])}.",
            )


def _text_faults(questionnaire: Questionnaire, order: Mapping[str, int]) -> Iterator[Problem]:
    """Yield references in texts that name no item, or one that has no answer yet."""
    places: dict[str, tuple[Path, Item | None]] = {}
    for item, path in items_with_paths(questionnaire.items):
        for key in ("label", "sms_label", "hint", "constraint_message"):
            text: Text | None = getattr(item, key)
            if text is not None:
                places[text.context] = ((*path, key), item)
    for text in questionnaire.texts():
        path, owner = places.get(text.context, (tuple(text.context.split(".")), None))
        beside = {MOVE_REFERENCE} if text is questionnaire.move else set()
        for name in sorted(set(REFERENCE.findall(text.source)) - beside):
            if name not in order:
                yield _unknown(name, path, order)
            elif owner is not None and order[name] > order[owner.name]:
                yield Problem(
                    "refers-ahead",
                    path,
                    f"'{name}' is asked further down; its answer is not known yet.",
                    f"Move '{name}' up, or take it out of this text.",
                )
            elif is_inside(questionnaire, name, owner):
                yield Problem(
                    "which-round",
                    path,
                    f"'{name}' is in a repeat and has an answer for each round; a text can show one.",
                    f"Show a calculate item, like: join(', ', ${{{name}}}).",
                )
