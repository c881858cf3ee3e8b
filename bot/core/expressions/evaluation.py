"""Expressions compiled once, and evaluated for one person's answers at a time."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from typing import TypeAlias, cast

from lxml import etree

from bot.core.expressions.days import date_text, moment_text
from bot.core.expressions.functions import FUNCTIONS
from bot.core.expressions.translation import DAYS, Known, Translation, Variable, function_name, translate
from bot.core.expressions.values import Value, comparable, node_of, string_of, truth_of
from bot.core.expressions.words import ExpressionFault
from bot.core.limits import LIMITS

Reader: TypeAlias = "Callable[[Scope], Value]"
Evaluate: TypeAlias = "Callable[..., Value]"
"""Takes an element, which no expression can see, and the variables by name."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression can see while it is evaluated.

    `lookup` gives an item's value, "" where there is no answer; for an item (or repeat) of which several rounds are
    in sight, a tuple with one value a round. `rounds` gives that tuple wherever the expression stands, for
    `indexed-repeat`. `now` is aware, and in the consultation's clock. `value` is `.`, the answer at hand.
    `position` is the round of the innermost repeat, from 1, and 0 outside. `columns` are a choice's own keys and its
    `name`, for `choice_filter`. `random()` depends on `seed`, `slot`, `position` and its place in the expression;
    without a `slot`, two items with the same expression draw the same number.
    """

    lookup: Callable[[str], str | tuple[str, ...]]
    now: datetime
    seed: int
    value: str = field(default="", repr=False)
    position: int = 0
    columns: Mapping[str, str] = field(default_factory=dict)
    slot: str = ""
    rounds: Callable[[str], tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that can be evaluated; equal to another of the same source.

    `references` are the items it names, `columns` the bare names in it (a choice's keys in a `choice_filter`; anywhere
    else a text without its quotes), `uses_value` whether it reads `.`, the answer at hand.

    Evaluation never raises, whatever the answers: what cannot be computed is XPath's "not a number", or "" where
    text is wanted; both are false. Should libxml2 itself give up, at its ceiling on operations, the whole is "".
    """

    source: str
    references: frozenset[str] = field(compare=False)
    functions: frozenset[str] = field(compare=False)
    columns: frozenset[str] = field(compare=False)
    uses_value: bool = field(compare=False)
    _evaluate: Evaluate = field(compare=False, repr=False)
    _readers: tuple[tuple[str, Reader], ...] = field(compare=False, repr=False)
    _node: etree._Element = field(compare=False, repr=False)

    def truth(self, scope: Scope) -> bool:
        """Return whether the expression holds: not empty, not 0, not "not a number"."""
        return truth_of(self._value(scope))

    def text(self, scope: Scope) -> str:
        """Return the result in XForms' lexical form: `3`, `1.5`, `true`, `2026-03-02`; "" for no finite number.

        It ends where a reply would, at the ceiling on text: calculations that repeat one another's text would
        otherwise grow without end.
        """
        return string_of(self._value(scope))[: LIMITS.text_length]

    def _value(self, scope: Scope) -> Value:
        values = {name: read(scope) for name, read in self._readers}
        try:
            return self._evaluated(values)
        except etree.XPathError:
            return ""

    def _evaluated(self, values: Mapping[str, Value]) -> Value:
        try:
            return self._evaluate(self._node, **values)
        except ValueError:
            # XML has no place for control characters and lone surrogates; people's phones send them all the same.
            return self._evaluate(self._node, **{name: _printable(value) for name, value in values.items()})


def compile_expression(source: str) -> Expression | ExpressionFault:
    """Return an expression ready for use, or what is wrong with it.

    Names of items are not checked here: `references` has them.
    """
    translation = translate(source)
    if isinstance(translation, ExpressionFault):
        return translation
    unreadable = ExpressionFault(
        "The expression cannot be read.",
        "Compare it with the examples of the manual; split it if it is long.",
    )
    try:
        xpath = etree.XPath(translation.xpath, extensions=_extensions(translation), smart_strings=False)
        expression = _expression(source, translation, cast("Evaluate", xpath))
        # libxml2 finds some faults only when it evaluates: brackets and operators beyond its own depth.
        expression._evaluate(expression._node, **{name: read(_NOBODY) for name, read in expression._readers})
    except (etree.XPathError, ValueError):
        return unreadable
    return expression


def _expression(source: str, translation: Translation, evaluate: Evaluate) -> Expression:
    variables = translation.variables
    return Expression(
        source=source,
        references=translation.references,
        functions=translation.functions,
        columns=frozenset(variable.name for variable in variables if variable.known is Known.COLUMN),
        uses_value=any(variable.known is Known.VALUE for variable in variables),
        _evaluate=evaluate,
        _readers=tuple((name, _reader(variable, source)) for variable, name in variables.items()),
        _node=etree.Element("nothing"),
    )


def _extensions(translation: Translation) -> dict[tuple[None, str], Callable[..., Value]]:
    """Return only the functions that the expression calls: lxml registers each anew at every evaluation."""
    extensions: dict[tuple[None, str], Callable[..., Value]] = {}
    if f"{DAYS}(" in translation.xpath:
        extensions[None, DAYS] = _days
    for name in translation.functions:
        compute = FUNCTIONS[name].compute
        if compute is not None:
            extensions[None, function_name(name)] = compute
    return extensions


def _days(_: object, value: Value) -> Value:
    return comparable(value)


# --- variables


def _reader(variable: Variable, source: str) -> Reader:
    """Return what reads a variable's value in a scope."""
    read = _plain_reader(variable, source)
    if variable.as_days and variable.known is not Known.LITERAL:
        return lambda scope: comparable(read(scope))
    return read


def _plain_reader(variable: Variable, source: str) -> Reader:
    name = variable.name
    match variable.known:
        case Known.REFERENCE:
            return lambda scope: _xpath_value(scope.lookup(name))
        case Known.ROUNDS:
            return lambda scope: _xpath_value(_all_rounds(scope, name))
        case Known.COLUMN:
            return lambda scope: scope.columns.get(name, "")
        case Known.LITERAL:
            days = comparable(name)
            return lambda scope: days
        case Known.VALUE:
            return lambda scope: scope.value
        case Known.TODAY:
            return lambda scope: date_text(scope.now.date())
        case Known.NOW:
            return lambda scope: moment_text(scope.now)
        case Known.POSITION:
            return lambda scope: float(scope.position)
        case Known.RANDOM:
            return lambda scope: _random(scope, f"{source}\n{name}")


def _xpath_value(value: str | tuple[str, ...]) -> Value:
    return value if isinstance(value, str) else [node_of(_without_control(text)) for text in value]


def _all_rounds(scope: Scope, name: str) -> tuple[str, ...]:
    values = scope.rounds(name) if scope.rounds is not None else scope.lookup(name)
    return (values,) if isinstance(values, str) else values


def _random(scope: Scope, place: str) -> float:
    """Return a number from 0 up to 1 that is the same whenever the same person comes by the same place."""
    drawn = f"{scope.seed}\n{scope.slot}\n{scope.position}\n{place}".encode("utf-8", "surrogatepass")
    return (int.from_bytes(blake2b(drawn, digest_size=8).digest()) >> 11) / 2**53


_CONTROL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _without_control(text: str) -> str:
    return _CONTROL.sub("", text)


def _printable(value: Value) -> Value:
    return _without_control(value) if isinstance(value, str) else value


_NOBODY = Scope(lookup=lambda _: "", now=datetime(2026, 1, 1, tzinfo=UTC), seed=0)
"""No answer to anything: what a new expression is tried out on."""
