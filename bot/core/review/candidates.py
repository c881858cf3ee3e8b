"""Values worth trying: enough answers to an item that a condition that none of them meets is met by none at all."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from itertools import combinations, product

from bot.core.expressions import Expression, Scope
from bot.core.questionnaire import Item, ItemType

MOST_COMBINATIONS = 20_000
MOST_CHOICES_FOR_SUBSETS = 8
MOST_STEPS = 1_000

DECIDABLE = frozenset(
    {"selected", "count-selected", "not", "true", "false", "boolean", "number", "int", "if", "coalesce"}
)
"""Functions whose outcome changes only where a value crosses a number of the expression or becomes another choice."""

NUMBER = re.compile(r"(?<![\w.'\"])\d+(?:\.\d+)?(?![\w'\"])")
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


def is_decidable(expressions: Sequence[Expression]) -> bool:
    """Return whether trying the candidates decides: regex, lengths, dates and chance could always surprise."""
    return all(expression.functions <= DECIDABLE for expression in expressions)


def candidates(item: Item, expressions: Sequence[Expression]) -> tuple[str, ...] | None:
    """Return the values of an item to try, "" (no answer) among them; None where there are too many or unknown."""
    match item.type:
        case ItemType.SELECT_ONE:
            return ("", *(choice.name for choice in item.choices))
        case ItemType.SELECT_MULTIPLE if len(item.choices) <= MOST_CHOICES_FOR_SUBSETS:
            names = [choice.name for choice in item.choices]
            return tuple(
                " ".join(chosen) for size in range(len(names) + 1) for chosen in combinations(names, size)
            )
        case ItemType.ACKNOWLEDGE:
            return ("", "OK")
        case ItemType.RANGE if item.range is not None:
            steps = int((item.range.end - item.range.start) / item.range.step)
            if steps > MOST_STEPS:
                return None
            return ("", *(f"{item.range.start + item.range.step * step}" for step in range(steps + 1)))
        case ItemType.INTEGER | ItemType.DECIMAL if not _are_plain(expressions):
            return None
        case ItemType.INTEGER:
            return (
                "",
                *sorted({str(int(value)) for value in _around_numbers(expressions) if value % 1 == 0}),
            )
        case ItemType.DECIMAL:
            return ("", *sorted({f"{value}" for value in _around_numbers(expressions)}))
        case _:
            return None


PLAIN = re.compile(r"[0-9]{1,9}(\.[0-9]{1,3})?")


def _are_plain(expressions: Sequence[Expression]) -> bool:
    """Return whether the numbers named have few enough digits that values just beside them are exact."""
    return all(PLAIN.fullmatch(found) for one in expressions for found in NUMBER.findall(one.source))


def _around_numbers(expressions: Sequence[Expression]) -> Iterator[Decimal]:
    """Yield each number that the expressions name, what lies just beside and between, and what lies beyond them all.

    Sums and products of numbers move the crossing points; so the numbers' sums, differences, products and quotients
    are tried as well.
    """
    named = {Decimal(found) for one in expressions for found in NUMBER.findall(one.source)} | {Decimal(0)}
    derived = {
        value
        for first, second in product(sorted(named)[:12], repeat=2)
        for value in (first + second, first - second, first * second, *([first / second] if second else []))
    }
    for value in named | derived:
        rounded = value.quantize(Decimal("0.001"))
        for near in (rounded, -rounded):
            whole = near.to_integral_value()
            yield from (near, near + 1, near - 1, near + Decimal("0.5"), near - Decimal("0.5"))
            yield from (whole, whole + 1, whole - 1)
    largest = max(abs(value) for value in named)
    yield from (largest * 10 + 7, -(largest * 10 + 7))


def ever_true(
    expressions: Sequence[Expression], values: Mapping[str, Sequence[str]], own: Sequence[str] = ("",)
) -> bool | None:
    """Return whether all expressions hold together for some combination of values; None where there are too many.

    `values` are those to try by item name; `own` those of the answer at hand (`.`).
    """
    count = len(own)
    for listed in values.values():
        count *= len(listed)
        if count > MOST_COMBINATIONS:
            return None
    names = list(values)
    for combination in product(*values.values()):
        known = dict(zip(names, combination, strict=True))
        for value in own:
            scope = Scope(lookup=partial(_value_of, known), now=MOMENT, seed=0, value=value)
            if all(expression.truth(scope) for expression in expressions):
                return True
    return False


def _value_of(known: Mapping[str, str], name: str) -> str:
    return known.get(name, "")
