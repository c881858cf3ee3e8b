"""The functions of XLSForm expressions, over XPath's four kinds of value, and the table that names them.

Semantics: ODK's "Form operators and functions" (docs.getodk.org/form-operators-functions) and XPath 1.0. They differ
from ODK in this, on purpose:

* `sum`, `min`, `max` and `join` leave out values without an answer, so that one person who skipped an item does not
  make the total of a household unknown. Where nothing is left, `sum` is 0 and `min` and `max` are not a number.
* `selected`, `count-selected` and `selected-at`, given an item of a repeat from outside it, look into all rounds.
* `format-date` has no names of months and days (`%b`, `%a`).

Each implementation takes lxml's context first, which it does not use, and returns a value for whatever it is given.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Protocol

import re2

from bot.core.expressions.days import date_text, days_of, moment_of, moment_text, unknown_mark, written_as
from bot.core.expressions.values import (
    DIGITS,
    EXACT,
    NOT_A_NUMBER,
    Value,
    answers_in,
    number_of,
    string_of,
    truth_of,
)

_ROOM = Context(prec=2 * DIGITS + 5)


def _names(value: Value) -> list[str]:
    """Return the names of the chosen options, in all rounds where there are several."""
    return " ".join(string_of(answer) for answer in answers_in((value,))).split()


def _whole(value: Value) -> int | None:
    number = number_of(value)
    return int(number) if math.isfinite(number) else None


# --- choices


def _selected(_: object, answer: Value, name: Value) -> bool:
    return string_of(name).strip() in _names(answer)


def _selected_at(_: object, answer: Value, place: Value) -> str:
    names, at = _names(answer), _whole(place)
    return names[at] if at is not None and 0 <= at < len(names) else ""


def _count_selected(_: object, answer: Value) -> float:
    return float(len(_names(answer)))


# --- which of several values


def _if(_: object, condition: Value, then: Value, otherwise: Value) -> Value:
    return then if truth_of(condition) else otherwise


def _coalesce(_: object, *values: Value) -> Value:
    return next((value for value in values if string_of(value) != ""), "")


def _once(_: object, value_at_hand: Value, otherwise: Value) -> Value:
    return value_at_hand if string_of(value_at_hand) != "" else otherwise


def _indexed_repeat(_: object, rounds: Value, place: Value) -> str:
    at = _whole(place)
    if not isinstance(rounds, list) or at is None or not 1 <= at <= len(rounds):
        return ""
    return rounds[at - 1].text or ""


# --- text


def _string(_: object, value: Value) -> str:
    return string_of(value)


def _string_length(_: object, value: Value) -> float:
    return float(len(string_of(value)))


def _ends_with(_: object, text: Value, end: Value) -> bool:
    return string_of(text).endswith(string_of(end))


def _substr(_: object, text: Value, start: Value, end: Value = math.inf) -> str:
    """Python's slices are ODK's substr: from 0, the end left out, negative places from the right."""
    first, last = _whole(start), _whole(end)
    return string_of(text)[first:last] if first is not None else ""


def _concat(_: object, *values: Value) -> str:
    return "".join(string_of(answer) for answer in answers_in(values))


def _join(_: object, separator: Value, *values: Value) -> str:
    return string_of(separator).join(string_of(answer) for answer in answers_in(values))


class Pattern(Protocol):
    """A compiled regular expression."""

    def fullmatch(self, text: str) -> object | None: ...


@lru_cache(maxsize=512)
def pattern_of(source: str) -> Pattern | None:
    """Return a compiled regular expression, or None for what RE2 does not know.

    RE2 takes time in proportion to the text, whatever the expression: nobody can stop the bot with a long reply.
    For that reason it has no lookaround and no back references.
    """
    options = re2.Options()
    options.log_errors = False
    try:
        compiled: Pattern = re2.compile(source, options)
    except (re2.error, UnicodeEncodeError):
        return None
    return compiled


def _regex(_: object, text: Value, pattern: Value) -> bool:
    compiled = pattern_of(string_of(pattern))
    return compiled is not None and compiled.fullmatch(string_of(text)) is not None


# --- numbers


def _number(_: object, value: Value) -> float:
    return number_of(value)


def _int(_: object, value: Value) -> float:
    whole = _whole(value)
    return NOT_A_NUMBER if whole is None else float(whole)


def _abs(_: object, value: Value) -> float:
    return abs(number_of(value))


def _round(_: object, value: Value, places: Value = 0.0) -> float:
    """XPath rounds a half towards positive infinity: 2.5 to 3, -2.5 to -2."""
    number, kept = number_of(value), _whole(places)
    if not math.isfinite(number) or kept is None:
        return NOT_A_NUMBER
    if abs(number) >= EXACT or abs(kept) > DIGITS:
        return number
    exact = Decimal(format(number, f".{DIGITS}g"))
    half = ROUND_HALF_DOWN if exact < 0 else ROUND_HALF_UP
    rounded = exact.quantize(Decimal(1).scaleb(-kept), rounding=half, context=_ROOM)
    return number_of(format(rounded, "f"))


def _pow(_: object, base: Value, power: Value) -> float:
    try:
        return math.pow(number_of(base), number_of(power))
    except (ValueError, OverflowError):
        return NOT_A_NUMBER


def _sum(_: object, *values: Value) -> float:
    # Not fsum: that raises where one member is infinite and another minus infinite.
    return sum(number_of(answer) for answer in answers_in(values))


def _min(_: object, *values: Value) -> float:
    return _extreme(min, values)


def _max(_: object, *values: Value) -> float:
    return _extreme(max, values)


def _extreme(pick: Callable[[list[float]], float], values: tuple[Value, ...]) -> float:
    numbers = [number_of(answer) for answer in answers_in(values)]
    # min() and max() answer by the order of the list when one member is not a number.
    return NOT_A_NUMBER if not numbers or any(map(math.isnan, numbers)) else pick(numbers)


def _count(_: object, value: Value) -> float:
    """A repeat seen from outside has its rounds; any other item is there once, when it has an answer."""
    return float(len(value) if isinstance(value, list) else string_of(value) != "")


def _count_non_empty(_: object, value: Value) -> float:
    return float(len(list(answers_in((value,)))))


# --- dates


def _moment_value(value: Value) -> str | float:
    return value if isinstance(value, float) else string_of(value)


def _date(_: object, value: Value) -> str:
    moment = moment_of(_moment_value(value))
    return "" if moment is None else date_text(moment)


def _date_time(_: object, value: Value) -> str:
    moment = moment_of(_moment_value(value))
    return "" if moment is None else moment_text(moment)


def _decimal_date_time(_: object, value: Value) -> float:
    days = days_of(string_of(value)) if not isinstance(value, float) else value
    return NOT_A_NUMBER if days is None else days


def _format_date(_: object, value: Value, pattern: Value) -> str:
    return _formatted(value, string_of(pattern), with_time=False)


def _format_date_time(_: object, value: Value, pattern: Value) -> str:
    return _formatted(value, string_of(pattern), with_time=True)


def _formatted(value: Value, pattern: str, *, with_time: bool) -> str:
    moment = moment_of(_moment_value(value))
    if moment is None or unknown_mark(pattern, with_time=with_time):
        return ""
    return written_as(moment, pattern)


# --- the table


@dataclass(frozen=True, slots=True)
class Function:
    """A function of expressions: how many values it takes, and what computes it.

    `compute` is None where XPath 1.0 has the function itself, and where a variable takes the place of the call
    (`today`, `now`, `position`, `random`). `may_be_date` says that the result can be a date,
    which operators are then to see as days.
    """

    least: int
    most: int | None
    compute: Callable[..., Value] | None = None
    may_be_date: bool = False


FUNCTIONS: dict[str, Function] = {
    "abs": Function(1, 1, _abs),
    "boolean": Function(1, 1),
    "coalesce": Function(2, None, _coalesce, may_be_date=True),
    "concat": Function(1, None, _concat, may_be_date=True),
    "contains": Function(2, 2),
    "count": Function(1, 1, _count),
    "count-non-empty": Function(1, 1, _count_non_empty),
    "count-selected": Function(1, 1, _count_selected),
    "date": Function(1, 1, _date, may_be_date=True),
    "date-time": Function(1, 1, _date_time, may_be_date=True),
    "decimal-date-time": Function(1, 1, _decimal_date_time),
    "ends-with": Function(2, 2, _ends_with),
    "false": Function(0, 0),
    "format-date": Function(2, 2, _format_date, may_be_date=True),
    "format-date-time": Function(2, 2, _format_date_time, may_be_date=True),
    "if": Function(3, 3, _if, may_be_date=True),
    "indexed-repeat": Function(3, 3, _indexed_repeat, may_be_date=True),
    "int": Function(1, 1, _int),
    "join": Function(2, None, _join, may_be_date=True),
    "max": Function(1, None, _max),
    "min": Function(1, None, _min),
    "normalize-space": Function(0, 1, may_be_date=True),
    "not": Function(1, 1),
    "now": Function(0, 0),
    "number": Function(1, 1, _number),
    "once": Function(1, 1, _once, may_be_date=True),
    "position": Function(0, 1),
    "pow": Function(2, 2, _pow),
    "random": Function(0, 0),
    "regex": Function(2, 2, _regex),
    "round": Function(1, 2, _round),
    "selected": Function(2, 2, _selected),
    "selected-at": Function(2, 2, _selected_at, may_be_date=True),
    "starts-with": Function(2, 2),
    "string": Function(1, 1, _string, may_be_date=True),
    "string-length": Function(0, 1, _string_length),
    "substr": Function(2, 3, _substr, may_be_date=True),
    "substring": Function(2, 3, may_be_date=True),
    "substring-after": Function(2, 2, may_be_date=True),
    "substring-before": Function(2, 2, may_be_date=True),
    "sum": Function(1, None, _sum),
    "today": Function(0, 0),
    "translate": Function(3, 3, may_be_date=True),
    "true": Function(0, 0),
}
"""Every function that an expression may call, by its name in XLSForm."""

OVER_ROUNDS = frozenset(
    {
        *("sum", "min", "max", "count", "count-non-empty", "join", "concat", "indexed-repeat"),
        *("selected", "selected-at", "count-selected", "boolean", "not"),
    }
)
"""Functions that look into all rounds, where an item has an answer for each round of a repeat."""
