"""Where an expression names items: beside which operators, and in which functions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.core.expressions.translation import words_and_brackets
from bot.core.expressions.words import Bracket, ExpressionFault, Kind, Word


@dataclass(frozen=True, slots=True)
class Level:
    """What is done to an item's value at one depth of brackets.

    `operators` stand beside it, or beside the brackets around it. `function` takes the outcome as its argument
    number `argument`, from 0; it is "" where the brackets only group, and where there are none.
    """

    operators: frozenset[str]
    function: str
    argument: int


@dataclass(frozen=True, slots=True)
class Usage:
    """One place where an expression names an item; the innermost level comes first."""

    name: str
    levels: tuple[Level, ...]


def usages(source: str) -> tuple[Usage, ...]:
    """Return every place where an expression names an item, in order; none where it cannot be read."""
    parts = words_and_brackets(source)
    if isinstance(parts, ExpressionFault):
        return ()
    words, brackets = parts
    return tuple(
        Usage(word.text, tuple(_levels(place, words, brackets)))
        for place, word in enumerate(words)
        if word.kind is Kind.REFERENCE
    )


def _levels(place: int, words: Sequence[Word], brackets: Sequence[Bracket]) -> Iterator[Level]:
    first = last = place
    for bracket in brackets:  # inner ones come first
        if bracket.opening < place < bracket.closing:
            argument = sum(comma < place for comma in bracket.commas)
            yield Level(_beside(first, last, words), bracket.function, argument)
            first, last = bracket.opening, bracket.closing
    yield Level(_beside(first, last, words), "", 0)


def _beside(first: int, last: int, words: Sequence[Word]) -> frozenset[str]:
    neighbours = (*words[max(first - 1, 0) : first], *words[last + 1 : last + 2])
    return frozenset(word.text for word in neighbours if word.kind is Kind.OPERATOR)
