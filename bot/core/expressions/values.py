"""XPath's four kinds of value, each read as another, the way XPath 1.0 does."""

import math
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TypeAlias

from lxml import etree

from bot.core.expressions.days import days_of

Value: TypeAlias = "str | float | bool | list[etree._Element]"
"""An XPath value. A list holds one element a round of a repeat, whose text is the answer."""

NOT_A_NUMBER = math.nan

_NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
DIGITS = 15
"""Significant digits that a float is good for: 0.1 + 0.2 is 0.3 to the person who reads it."""
EXACT = 10.0**DIGITS
"""The least number with more digits than that before its point."""
_ALL_DIGITS = ".17g"
"""The format that loses nothing of a float."""


def string_of(value: Value) -> str:
    """Return a value as XPath's string(), but "" for what is not a finite number, and never an exponent."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return (value[0].text or "") if value else ""
    if not math.isfinite(value):
        return ""
    if value == int(value) and abs(value) < EXACT:
        return str(int(value))
    return format(Decimal(format(value, f".{DIGITS}g")), "f")


def number_of(value: Value) -> float:
    """Return a value as XPath's number(), and a date as its days."""
    if isinstance(value, float | bool):
        return float(value)
    text = string_of(value).strip()
    if _NUMBER.fullmatch(text):
        return _read_by_libxml2(text)
    days = days_of(text)
    return NOT_A_NUMBER if days is None else days


_read = etree.XPath("number($text)")
_NOWHERE = etree.Element("nowhere")


def _read_by_libxml2(text: str) -> float:
    """Return a number as libxml2 reads it in an expression.

    It reads 1.14 as the float next to Python's, and then `round(${price}, 2) = 1.14` would not hold.
    """
    return float(text) if "." not in text else float(str(_read(_NOWHERE, text=text)))


def truth_of(value: Value) -> bool:
    """Return a value as XPath's boolean(): text that is not empty, a number other than 0, at least one round."""
    if isinstance(value, float):
        return not math.isnan(value) and value != 0
    return bool(value)


def node_of(text: str) -> etree._Element:
    """Return the node that stands for one round's answer."""
    node = etree.Element("answer")
    node.text = text
    return node


def comparable(value: Value) -> Value:
    """Return a value as `<`, `+` and their like are to see it: dates and times as days, all else as it is."""
    if isinstance(value, str):
        days = days_of(value)
        return value if days is None else _read_by_libxml2(format(days, _ALL_DIGITS))
    if isinstance(value, list):
        texts = (node.text or "" for node in value)
        return [
            node_of(text if (days := days_of(text)) is None else format(days, _ALL_DIGITS)) for text in texts
        ]
    return value


def answers_in(values: Iterable[Value]) -> Iterator[str | float | bool]:
    """Yield the members of all values, rounds of a repeat one by one, without those that hold no answer."""
    for value in values:
        for member in (node.text or "" for node in value) if isinstance(value, list) else (value,):
            if member != "":
                yield member
