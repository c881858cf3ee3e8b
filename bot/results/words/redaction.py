"""What people wrote, without what says who they are: a type of its own, so that nothing else can leave.

Phone numbers, e-mail and web addresses, @names, places by coordinates, long numbers and names that people say of
themselves are blacked out; a mark in brackets says what stood there. No rule finds everything (a name that is only
mentioned, a house that is described): so each quote is read by a person before it is published.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import final

from bot.results.words.identifiers import Span, identifiers
from bot.results.words.introductions import names
from bot.results.words.rules import Rules


class Mark(StrEnum):
    """What stands in place of something that was blacked out."""

    PHONE = "[phone]"
    EMAIL = "[e-mail]"
    WEB = "[web address]"
    HANDLE = "[account]"
    PLACE = "[coordinates]"
    NUMBER = "[number]"
    NAME = "[name]"
    CUT = "[…]"
    """Blacked out by the person who reviewed it."""


_MARKS = re.compile(f"({'|'.join(map(re.escape, Mark))})")
_MADE_HERE = object()


@final
class Redacted:
    """People's words with what identifies them blacked out. Only this module makes one.

    It takes the place of a text wherever words leave Heard. It never shows in a log line or an error; `text` gives it.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str, made: object) -> None:
        if made is not _MADE_HERE:
            raise TypeError("words are redacted by redact(), not declared to be")
        self._text = text

    @property
    def text(self) -> str:
        return self._text

    @property
    def words_alone(self) -> str:
        """Return the text without its marks, for what counts words."""
        return _MARKS.sub(" ", self._text)

    @property
    def says_something(self) -> bool:
        """Return whether a letter is left."""
        return any(letter.isalpha() for letter in self.words_alone)

    def __repr__(self) -> str:
        return "Redacted(...)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Redacted) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)


def redact(text: str, rules: Rules) -> Redacted:
    """Return the text with what identifies people blacked out; otherwise letter by letter as it was written.

    Redacting what is redacted changes nothing, and no run of six digits or more is left, in the digits of any script.
    """
    while (blacker := _blacked(text, rules)) != text:
        # What was found may part what stood around it: 0712345678@home.example leaves nothing half seen.
        text = blacker
    return Redacted(text, _MADE_HERE)


def without(words: Redacted, stretch: str) -> Redacted | None:
    """Return the words with each place where a stretch stands blacked out; None where it stands nowhere."""
    if not stretch or stretch not in words.text:
        return None
    return Redacted(words.text.replace(stretch, Mark.CUT), _MADE_HERE)


def narrowed(words: Redacted, text: str) -> Redacted | None:
    """Return a text as redacted where it is these words with nothing but further stretches cut out; else None.

    So a text that comes from outside (a spreadsheet, the store) is still the person's own words, verbatim.
    """
    first, *others = text.split(Mark.CUT)
    if not others:
        return words if text == words.text else None
    *between, last = others
    place = len(first)
    if not words.text.startswith(first):
        return None
    for piece in between:
        found = words.text.find(piece, place)
        if found < 0:
            return None
        place = found + len(piece)
    if len(words.text) - len(last) < place or not words.text.endswith(last):
        return None
    return Redacted(text, _MADE_HERE)


def _blacked(text: str, rules: Rules) -> str:
    pieces = _MARKS.split(text)
    # Every second piece is a mark, which is never looked into.
    return "".join(piece if place % 2 else _blacked_piece(piece, rules) for place, piece in enumerate(pieces))


def _blacked_piece(text: str, rules: Rules) -> str:
    spans = sorted(_apart([*identifiers(text, rules.regions), *names(text, rules.introductions)]))
    written, place = [], 0
    for span in spans:
        written += [text[place : span.start], Mark[span.kind]]
        place = span.end
    return "".join([*written, text[place:]])


def _apart(spans: list[Span]) -> Iterator[Span]:
    """Yield the spans that do not overlap one named before: the surest kinds come first."""
    taken: list[Span] = []
    for span in spans:
        if all(span.end <= other.start or other.end <= span.start for other in taken):
            taken.append(span)
            yield span
