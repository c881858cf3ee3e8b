"""An expression as XPath 1.0, in which every name has become a variable: it sees no document at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.core.expressions.checks import call_fault
from bot.core.expressions.days import days_of
from bot.core.expressions.functions import FUNCTIONS
from bot.core.expressions.words import Bracket, ExpressionFault, Kind, Word, brackets_of, words_of
from bot.core.limits import LIMITS


class Known(StrEnum):
    """What a variable of the XPath stands for."""

    REFERENCE = "reference"
    ROUNDS = "rounds"
    """Every round's answer to an item, wherever the expression stands (`indexed-repeat`)."""
    COLUMN = "column"
    LITERAL = "literal"
    """A date or time that the expression itself holds."""
    VALUE = "value"
    TODAY = "today"
    NOW = "now"
    POSITION = "position"
    RANDOM = "random"


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of the XPath.

    `name` is an item's or a column's, a literal's text, or the place of a call of `random()`. `as_days`: it stands
    next to an operator, so a date is to come as its days.
    """

    known: Known
    name: str = ""
    as_days: bool = False


@dataclass(frozen=True, slots=True)
class Translation:
    """`variables` maps what each variable stands for to its name in the XPath."""

    xpath: str
    variables: dict[Variable, str]
    references: frozenset[str]
    functions: frozenset[str]


DAYS = "_days"
"""The function of the XPath that gives operators a computed date as its days."""


def function_name(name: str) -> str:
    """Return the name in the XPath of a function of ours: libxml2 lets nobody replace its own `round`."""
    return f"_{name}"


_STRAIGHT_QUOTES = str.maketrans("‘’‚‛′“”„‟″", "'''''\"\"\"\"\"")


def translate(source: str) -> Translation | ExpressionFault:
    """Return the XPath for an expression, or the first thing that is wrong with it."""
    if len(source) > LIMITS.expression_length:
        return ExpressionFault(
            f"The expression has {len(source)} characters; {LIMITS.expression_length} is the most.",
            "Split it into several items of type calculate, and refer to those.",
        )
    parts = words_and_brackets(source)
    if isinstance(parts, ExpressionFault):
        return parts
    words, brackets = parts
    faults = (call_fault(bracket, words) for bracket in brackets if bracket.function)
    return next((fault for fault in faults if fault is not None), None) or _translated(words, brackets)


def words_and_brackets(source: str) -> tuple[list[Word], list[Bracket]] | ExpressionFault:
    """Return the words of an expression and its pairs of brackets, inner ones first, or what is wrong with them."""
    words = words_of(source)
    straight = source.translate(_STRAIGHT_QUOTES)
    if isinstance(words, ExpressionFault) and straight != source:
        # Only now: in 'l’eau' the curly one is an apostrophe, and straightening it would end the text there.
        words = words_of(straight)
    if isinstance(words, ExpressionFault):
        return words
    brackets = brackets_of(words)
    return brackets if isinstance(brackets, ExpressionFault) else (words, brackets)


def _translated(words: Sequence[Word], brackets: Sequence[Bracket]) -> Translation | ExpressionFault:
    places = _Places.of(words, brackets)
    variables: dict[Variable, str] = {}
    pieces = [word.text for word in words]
    for place, word in enumerate(words):
        variable = _variable(place, word, places)
        if variable is not None:
            pieces[place] = f"${variables.setdefault(variable, f'v{len(variables)}')}"
        elif place in places.silent:
            pieces[place] = ""
        elif word.kind is Kind.OPENING:
            pieces[place] = f"{word.text}("
        elif word.kind is Kind.PARENT:
            return ExpressionFault(
                ".. has no meaning by itself.", "Write position(..), or ${name} for an answer."
            )
    for bracket in brackets:
        _write_call(bracket, pieces, variables, as_days=bracket.opening in places.beside_operator)
    return Translation(
        xpath=" ".join(piece for piece in pieces if piece),
        variables=variables,
        references=frozenset(word.text for word in words if word.kind is Kind.REFERENCE),
        functions=frozenset(bracket.function for bracket in brackets if bracket.function),
    )


_CALLS_FOR_VARIABLES = {
    "today": Known.TODAY,
    "now": Known.NOW,
    "position": Known.POSITION,
    "random": Known.RANDOM,
}
_READS_VALUE_IF_EMPTY = frozenset(("string-length", "normalize-space"))


@dataclass(frozen=True, slots=True)
class _Places:
    """The places of words that are not written as they stand."""

    beside_operator: frozenset[int]
    all_rounds: frozenset[int]
    silent: frozenset[int]
    """Words that say nothing more: the brackets of `today()`; the repeat in `indexed-repeat(${item}, ${repeat}, 1)`,
    since the item is in one repeat only."""

    @classmethod
    def of(cls, words: Sequence[Word], brackets: Sequence[Bracket]) -> "_Places":
        ends = {bracket.opening: bracket.closing for bracket in brackets}
        operators = {
            place
            for place, word in enumerate(words)
            if word.kind is Kind.OPERATOR and word.text not in ("and", "or")
        }
        silent: set[int] = set()
        for bracket in brackets:
            if bracket.function in _CALLS_FOR_VARIABLES:
                silent.update(range(bracket.opening + 1, bracket.closing + 1))
            elif bracket.function == "indexed-repeat":
                silent.update(range(bracket.commas[0], bracket.commas[1]))
        return cls(
            beside_operator=frozenset(
                place
                for place in range(len(words))
                if place - 1 in operators or ends.get(place, place) + 1 in operators
            ),
            all_rounds=frozenset(
                bracket.opening + 1 for bracket in brackets if bracket.function == "indexed-repeat"
            ),
            silent=frozenset(silent),
        )


def _variable(place: int, word: Word, places: _Places) -> Variable | None:
    """Return what a word stands for, or None where it stands for itself."""
    as_days = place in places.beside_operator
    if place in places.silent:
        return None
    match word.kind:
        case Kind.REFERENCE if place in places.all_rounds:
            return Variable(Known.ROUNDS, word.text)
        case Kind.REFERENCE:
            return Variable(Known.REFERENCE, word.text, as_days)
        case Kind.NAME:
            return Variable(Known.COLUMN, word.text, as_days)
        case Kind.VALUE:
            return Variable(Known.VALUE, as_days=as_days)
        case Kind.LITERAL if as_days and days_of(word.text[1:-1]) is not None:
            return Variable(Known.LITERAL, word.text[1:-1], as_days)
        case Kind.OPENING if word.text in _CALLS_FOR_VARIABLES:
            known = _CALLS_FOR_VARIABLES[word.text]
            # Each call draws its own number, so `random() - random()` is not always 0.
            return Variable(known, str(place) if known is Known.RANDOM else "", as_days)
        case _:
            return None


def _write_call(
    bracket: Bracket, pieces: list[str], variables: dict[Variable, str], *, as_days: bool
) -> None:
    if bracket.function in _CALLS_FOR_VARIABLES:
        return
    function = FUNCTIONS.get(bracket.function)
    opening = pieces[bracket.opening]
    if function is not None and function.compute is not None:
        opening = f"{function_name(bracket.function)}("
    if bracket.function == "once" or (bracket.function in _READS_VALUE_IF_EMPTY and not bracket.arguments):
        value = variables.setdefault(Variable(Known.VALUE), f"v{len(variables)}")
        opening += f"${value}" + (" ," if bracket.arguments else "")
    if as_days and (function is None or function.may_be_date):
        opening = f"{DAYS}({opening}"
        pieces[bracket.closing] += ")"
    pieces[bracket.opening] = opening
