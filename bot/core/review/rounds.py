"""Items of a repeat named from outside it, where they have an answer for each round."""

from collections.abc import Iterator
from enum import StrEnum

from bot.core.expressions import OVER_ROUNDS, Expression, Usage, usages
from bot.core.problems import Path, Problem, Severity
from bot.core.questionnaire import Item, ItemType, Questionnaire

VALUES = frozenset({"calculation", "default", "repeat_count"})
"""Keys whose outcome is a value; that of the others holds or does not."""

ARITHMETIC = frozenset({"+", "-", "*", "div", "mod"})
PASSES_ON = frozenset({"", "coalesce", "if", "once"})
"""Functions whose outcome is one of their arguments as it stands; "" for brackets that only group."""


class Taken(StrEnum):
    """What XPath makes of several answers."""

    ALL = "all"
    ANY = "any"
    FIRST = "first"


def round_faults(
    questionnaire: Questionnaire, expression: Expression, item: Item, key: str, path: Path
) -> Iterator[Problem]:
    """Yield what an expression takes of several rounds without saying so, each fault of an item once."""
    yield from dict.fromkeys(
        problem
        for usage in usages(expression.source)
        if usage.name in questionnaire.positions
        for problem in _usage_faults(questionnaire, usage, item, key, path)
    )


def _usage_faults(
    questionnaire: Questionnaire, usage: Usage, item: Item, key: str, path: Path
) -> Iterator[Problem]:
    taken = _taken(usage, key)
    if taken is Taken.ALL:
        return
    asked = questionnaire.nodes[questionnaire.positions[usage.name]].item
    if asked.type is ItemType.REPEAT:
        yield _a_repeat(usage.name, path)
    elif is_inside(questionnaire, usage.name, item):
        yield _first_round(usage.name, path) if taken is Taken.FIRST else _any_round(usage.name, path)


def is_inside(questionnaire: Questionnaire, name: str, item: Item | None) -> bool:
    """Return whether an item is in a repeat that another one is not in: it has an answer for each round there."""
    if name not in questionnaire.positions:
        return False
    around = questionnaire.nodes[questionnaire.positions[item.name]].repeats if item else ()
    asked = questionnaire.nodes[questionnaire.positions[name]].repeats
    return asked != around[: len(asked)]


def _taken(usage: Usage, key: str) -> Taken:
    """Return what is taken of an item's answers: a comparison looks at each, arithmetic at the first (XPath 1.0, 3)."""
    for level in usage.levels:
        if level.operators:
            return Taken.FIRST if level.operators & ARITHMETIC else Taken.ANY
        if level.function in OVER_ROUNDS:
            return Taken.ALL
        if level.function == "if" and level.argument == 0:
            return Taken.ANY
        if level.function not in PASSES_ON:
            return Taken.FIRST
    return Taken.FIRST if key in VALUES else Taken.ANY


def _first_round(name: str, path: Path) -> Problem:
    return Problem(
        "inside-repeat",
        path,
        f"'{name}' is in a repeat and has an answer for each round; only the first would count here.",
        _remedy(name),
    )


def _any_round(name: str, path: Path) -> Problem:
    return Problem(
        "any-round",
        path,
        f"'{name}' is in a repeat; this holds as soon as it holds for any one of the rounds.",
        _remedy(name),
        Severity.WARNING,
    )


def _remedy(name: str) -> str:
    return f"Say what is meant: sum(${{{name}}}), max(${{{name}}}), count(${{{name}}}) ..."


def _a_repeat(name: str, path: Path) -> Problem:
    return Problem(
        "no-answer",
        path,
        f"'{name}' is a repeat; it has no answer of its own.",
        f"Write count(${{{name}}}) for the number of its rounds.",
    )
