"""What a text costs as SMS, and how to make it cost less, or fit, without altering a letter of it."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

_DEFAULT_ALPHABET = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""3GPP TS 23.038, 6.2.1, without the escape to the extension table, which is no character of a text."""
_EXTENSION = "\f^{}\\[~]|€"
"""3GPP TS 23.038, 6.2.1.1: each takes two septets, the escape and its own."""

_GSM_7 = re.compile(f"[{re.escape(_DEFAULT_ALPHABET + _EXTENSION)}]*")
_TWO_SEPTETS = re.compile(f"[{re.escape(_EXTENSION)}]")
_TWO_CODE_UNITS = re.compile("[\U00010000-\U0010ffff]")

_PLAIN = {
    **dict.fromkeys(map(ord, "‘’‚‛′"), "'"),
    **dict.fromkeys(map(ord, "“”„‟″"), '"'),
    **dict.fromkeys(map(ord, "‐‑‒–—―−"), "-"),
    ord("…"): "...",
    # The no-break spaces, and the spaces of U+2000 to U+200A that typesetting makes of one.
    **dict.fromkeys([0x00A0, 0x202F, *range(0x2000, 0x200B)], " "),
}
"""Typographic punctuation and how a typewriter has it; U+200C and U+200D stay, for they belong to words."""


class Encoding(StrEnum):
    """How an SMS carries a text: every letter in 7 bits, or, with one letter outside of those, all in 16."""

    GSM_7 = "GSM-7"
    UCS_2 = "UCS-2"


@dataclass(frozen=True, slots=True)
class Segments:
    """What a text costs. `units` are septets in GSM-7 and UTF-16 code units in UCS-2.

    `per_segment` is how many of them one segment holds: fewer where there are several, as each then carries a
    header of 6 octets (3GPP TS 23.040, 9.2.3.24.1).
    """

    encoding: Encoding
    units: int
    segments: int
    per_segment: int


def count_segments(text: str) -> Segments:
    """Return what a text costs, as it stands; an empty one costs a segment, for it is sent as one.

    Segments are packed as a phone needs them: an escape and its character, or a pair of surrogates, are never
    parted, so the count can be more than the units divided by what a segment holds.
    """
    if _GSM_7.fullmatch(text):
        encoding, alone, joined, doubles = Encoding.GSM_7, 160, 153, _TWO_SEPTETS
    else:
        encoding, alone, joined, doubles = Encoding.UCS_2, 70, 67, _TWO_CODE_UNITS
    doubled = len(doubles.findall(text))
    units = len(text) + doubled
    if units <= alone:
        return Segments(encoding, units, 1, alone)
    if not doubled:
        return Segments(encoding, units, -(-units // joined), joined)
    halves = {pair.start() + before + 1 for before, pair in enumerate(doubles.finditer(text))}
    segments, filled = 1, joined
    while filled < units:
        filled += joined - 1 if filled in halves else joined
        segments += 1
    return Segments(encoding, units, segments, joined)


def plain_punctuation(text: str) -> str:
    """Return a text with typewriter quotes, dashes, dots and spaces where that makes all of it GSM-7.

    Where a letter needs UCS-2 anyway nothing would be saved, and the text stays as it was written.
    """
    if _GSM_7.fullmatch(text):
        return text
    plain = text.translate(_PLAIN)
    return plain if _GSM_7.fullmatch(plain) else text


def split_at_sentences(text: str, limit: int) -> tuple[str, ...]:
    """Return a text in parts of at most `limit` UTF-16 code units (2 or more) that make it again when joined.

    A part ends after a paragraph, else after a line, a sentence, a word; only a word longer than a part is cut,
    and then not within what people see as one character, where that can be. An empty text has no parts.
    """
    if 0 < len(text) <= limit // 2:
        return (text,)
    return tuple(_parts(text, limit))


_ENDS = (
    re.compile(r"\n[^\S\n]*\n\s*"),
    re.compile(r"\n\s*"),
    # Latin, Arabic, Devanagari, Ethiopic and CJK sentences; the latter have no space after them.
    re.compile(r"[.!?…؟۔।॥።]+[\"'»”’)\]]*\s+|[。！？]+[」』”’）]*\s*"),
    re.compile(r"\s+"),
)


def _parts(text: str, limit: int) -> Iterator[str]:
    start = 0
    while start < len(text):
        end = _reach(text, start, limit)
        if end < len(text):
            end = _end(text, start, end)
        yield text[start:end]
        start = end


def _reach(text: str, start: int, limit: int) -> int:
    """Return how far a part from `start` can reach; at least one character, or it would never end."""
    end, units = start, 0
    while end < len(text) and (units := units + (2 if text[end] > "\uffff" else 1)) <= limit:
        end += 1
    return max(end, start + 1)


def _end(text: str, start: int, furthest: int) -> int:
    """Return the best place for a part to end, no further than that."""
    # Not in the first half: a heading alone would be a message, and would cost one.
    middle = (start + furthest) // 2
    for ends, earliest in (*((ends, middle) for ends in _ENDS), (_ENDS[-1], start)):
        *_, last = (start, *(one.end() for one in ends.finditer(text, start, furthest)))
        if last > earliest:
            return last
    uncut = furthest
    while uncut > start and _continues(text, uncut):
        uncut -= 1
    return uncut if uncut > start else furthest


def _continues(text: str, position: int) -> bool:
    """Return whether the character there is a mark on the one before it, or joined to it."""
    joined = text[position - 1] == "\u200d" or text[position] in "\u200c\u200d"
    return joined or unicodedata.category(text[position]).startswith("M")
