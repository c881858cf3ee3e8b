"""An expression's words: told apart, checked against their neighbours, and paired up by brackets.

There is no grammar here. One regular expression tells words apart, and two rules find nearly all that people get
wrong, so that they are told what and where; libxml2 reads what is left.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from bot.core.limits import LIMITS


@dataclass(frozen=True, slots=True)
class ExpressionFault:
    """Why an expression cannot be used, and what to write instead."""

    message: str
    remedy: str


class Kind(StrEnum):
    """What a word is."""

    LITERAL = "literal"
    REFERENCE = "reference"
    """`${name}`; the word's text is the name."""
    NUMBER = "number"
    PARENT = "parent"
    """`..`"""
    VALUE = "value"
    """`.`"""
    OPENING = "opening"
    """A bracket; the word's text is the name of the function before it, or ""."""
    NAME = "name"
    OPERATOR = "operator"
    COMMA = "comma"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class Word:
    kind: Kind
    text: str

    @property
    def ends_operand(self) -> bool:
        return self.kind not in (Kind.OPENING, Kind.OPERATOR, Kind.COMMA)

    @property
    def needs_operand(self) -> bool:
        """Whether something has to stand before it. A minus may also be a sign."""
        return self.kind in (Kind.OPERATOR, Kind.COMMA, Kind.CLOSING) and self.text != "-"

    @property
    def written(self) -> str:
        """Return the word as the organiser wrote it."""
        match self.kind:
            case Kind.REFERENCE:
                return f"${{{self.text}}}"
            case Kind.OPENING:
                return f"{self.text}("
            case _:
                return self.text


WORD_OPERATORS = ("and", "or", "div", "mod")
_NAME = r"[^\W\d][\w.\-]*"
_WORDS = re.compile(
    rf"""(?P<space>[\s\u200b\ufeff]+)
    | (?P<literal>'[^']*'|"[^"]*")
    | \$\{{\s*(?P<reference>{_NAME})\s*\}}
    | (?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)
    | (?P<parent>\.\.)
    | (?P<value>\.)
    | (?P<opening>(?!(?:and|or|div|mod)[\s(])(?:{_NAME}(?::{_NAME})?\s*)?\()
    | (?P<name>{_NAME})
    | (?P<operator><=|>=|!=|[<>=+*\-])
    | (?P<comma>,)
    | (?P<closing>\))""",
    re.VERBOSE,
)
_ODD_CHARACTERS = {
    "&": "Write and.",
    "|": "Write or.",
    "!": "Write not(...), or != for 'is not'.",
    "≤": "Write <=.",
    "≥": "Write >=.",
    "≠": "Write !=.",
    "×": "Write *.",
    "÷": "Write div.",
    "/": "Write div to divide, and ${name} for the answer to an item: paths are not used here.",
    "%": "Write mod for the remainder of a division.",
    "$": "Write ${name}, with both braces around the name of one item.",
    "{": "Write ${name}, with a dollar sign before the brace.",
    "[": "Square brackets are not used here; write ${name} for the answer to an item.",
}
_ODD_PAIRS = {
    ("=", "="): "Write one = to compare.",
    ("<", ">"): "Write !=.",
    ("=", ">"): "Write >=.",
    ("=", "<"): "Write <=.",
}


def words_of(source: str) -> list[Word] | ExpressionFault:
    """Return the words of an expression, or the first thing in it that is none or stands in the wrong place."""
    words: list[Word] = []
    at = 0
    while at < len(source):
        found = _WORDS.match(source, at)
        if found is None:
            return _odd_character(source, at)
        at = found.end()
        kind = str(found.lastgroup)
        if kind != "space":
            words.append(_word(Kind(kind), found.group(kind), words))
    return _misplaced(words) or words


def _word(kind: Kind, text: str, before: Sequence[Word]) -> Word:
    if kind is Kind.OPENING:
        return Word(kind, text[:-1].rstrip())
    if kind is Kind.NAME and text in WORD_OPERATORS and before and before[-1].ends_operand:
        return Word(Kind.OPERATOR, text)
    return Word(kind, text)


def _odd_character(source: str, at: int) -> ExpressionFault:
    odd = source[at]
    if odd in "'\"":
        place = f"before {shortened(source[at + 1 :])}" if source[at + 1 :].strip() else "at the end"
        return ExpressionFault(
            f"The quote {place} is not closed.",
            "Put a quote at both ends of the text: double ones where it holds an apostrophe.",
        )
    shown = odd if odd.isprintable() else f"The character U+{ord(odd):04X}"
    remedy = _ODD_CHARACTERS.get(odd, "Leave it out, or put quotes around it if it is text.")
    return ExpressionFault(f"{shown} has no meaning in an expression.", remedy)


def shortened(text: str) -> str:
    """Return a text as a message can quote it."""
    return text if len(text) <= 20 else f"{text[:20]}..."


# --- neighbours


def _misplaced(words: Sequence[Word]) -> ExpressionFault | None:
    """Find a word that cannot stand after the one before it, or cannot be the last."""
    before: Word | None = None
    for word in words:
        if word.kind is Kind.LITERAL and "${" in word.text:
            return ExpressionFault(
                f"{shortened(word.text)} stands between quotes, so it is plain text and not an answer.",
                "Write ${name} without quotes; join text and answers with concat().",
            )
        after_operand = before is not None and before.ends_operand
        closes_call = before is not None and before.kind is Kind.OPENING and before.text != ""
        if word.needs_operand and not after_operand and not (word.kind is Kind.CLOSING and closes_call):
            return _nothing_before(word, before)
        joins = word.kind in (Kind.OPERATOR, Kind.COMMA, Kind.CLOSING)
        if before is not None and after_operand and not joins:
            return _nothing_between(before, word)
        before = word
    if before is None:
        return ExpressionFault("The expression is empty.", "Write a condition such as ${age} >= 18.")
    if not before.ends_operand:
        return ExpressionFault(
            f"The expression breaks off after {before.written}.", "Write what is to follow, or leave it out."
        )
    return None


def _nothing_before(word: Word, before: Word | None) -> ExpressionFault:
    remedy = "Write what is to be compared or computed."
    if before is None:
        return ExpressionFault(f"Something is missing before {word.written}.", remedy)
    remedy = _ODD_PAIRS.get((before.text, word.text), remedy)
    return ExpressionFault(f"Something is missing between {before.written} and {word.written}.", remedy)


def _nothing_between(before: Word, word: Word) -> ExpressionFault:
    message = f"{shortened(before.written)} and {shortened(word.written)} stand side by side with nothing to join them."
    for wrong in (word.text, before.text):
        if wrong.lower() in WORD_OPERATORS:
            return ExpressionFault(message, f"Write {wrong.lower()} in small letters, between two values.")
    return ExpressionFault(message, "Write an operator between them (and, or, =, +), or quotes around text.")


# --- brackets


@dataclass(frozen=True, slots=True)
class Bracket:
    """A pair of brackets, by the places of its words. `function` is "" where none is called."""

    function: str
    opening: int
    commas: tuple[int, ...]
    closing: int

    @property
    def arguments(self) -> list[range]:
        """Return the places of the words of each argument."""
        if self.closing == self.opening + 1:
            return []
        edges = (self.opening, *self.commas, self.closing)
        return [range(start + 1, end) for start, end in pairwise(edges)]


def brackets_of(words: Sequence[Word]) -> list[Bracket] | ExpressionFault:
    """Return all pairs of brackets, inner ones first, or what is wrong with them."""
    pairs: list[Bracket] = []
    around: list[tuple[int, list[int]]] = []
    for place, word in enumerate(words):
        if word.kind is Kind.OPENING:
            around.append((place, []))
            if len(around) > LIMITS.expression_depth:
                return ExpressionFault(
                    f"Brackets are nested more than {LIMITS.expression_depth} deep.",
                    "Split the expression into several items of type calculate.",
                )
        elif word.kind is Kind.CLOSING:
            if not around:
                return ExpressionFault(
                    "There is one ) too many.", "Leave it out, or write the ( that it closes."
                )
            opening, commas = around.pop()
            pairs.append(Bracket(words[opening].text, opening, tuple(commas), place))
        elif word.kind is Kind.COMMA:
            if not around or not words[around[-1][0]].text:
                return ExpressionFault(
                    "A comma stands outside the brackets of a function.", "In numbers, write a point: 1.5."
                )
            around[-1][1].append(place)
    if around:
        return ExpressionFault(f"{words[around[-1][0]].written} is not closed.", "Write the ) that it needs.")
    return pairs
