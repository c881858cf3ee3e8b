"""Where a text holds a phone number, an address, an account, coordinates or a long number.

It is looked for in the text with the digits of every script as ASCII and without invisible characters, and told as
places of the text as it was written.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import phonenumbers

if TYPE_CHECKING:
    from bot.results.words.rules import Regions


class Span(NamedTuple):
    """A stretch of a text, from `start` to before `end`, and the name of the mark for what it is."""

    start: int
    end: int
    kind: str


LONGEST_NUMBER = 5
"""Digits in a row that may stay: years and prices have as many, identity cards more."""


def identifiers(text: str, regions: "Regions") -> Iterator[Span]:
    """Yield what identifies somebody, the surest kinds first; stretches may overlap."""
    plain, places = _plain(text)
    for start, end, kind in _found(plain, regions):
        yield Span(places[start], places[end], kind)


def _found(plain: str, regions: "Regions") -> Iterator[Span]:
    for kind, pattern in _PATTERNS:
        yield from (Span(*match.span(), kind) for match in pattern.finditer(plain))
    if sum(letter.isdigit() for letter in plain) > LONGEST_NUMBER:
        yield from _phones(plain, regions)
        yield from (Span(*match.span(), "NUMBER") for match in _LONG_NUMBER.finditer(plain))
        spoken = list(_phones_of_languages(plain, regions))
        # A whole stretch of digits is a phone number before it is a code, a part of one after.
        yield from (span for span, is_whole in spoken if is_whole)
        yield from (Span(*match.span(), "NUMBER") for match in _GROUPED.finditer(plain) if _is_code(match[0]))
        yield from (span for span, is_whole in spoken if not is_whole)


_PATTERNS: Sequence[tuple[str, re.Pattern[str]]] = (
    ("EMAIL", re.compile(r"[\w.+%-]+ ?@ ?[\w-]+(?:\.[\w-]+)+")),
    ("WEB", re.compile(r"(?:https?://|www\.)[^\s<>\"]+", re.IGNORECASE)),
    # Without its beginning, only under the names that people share; "rain.no water" is two sentences.
    (
        "WEB",
        re.compile(
            r"(?<![\w@.-])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:(?:com|org|net|info|edu|gov)\b(?:/[^\s<>\"]*)?|[a-z]{2,6}/[^\s<>\"]+)",
            re.IGNORECASE,
        ),
    ),
    ("HANDLE", re.compile(r"(?<![\w@])@(?=[\d_.]*[^\W\d_])[\w.]*\w")),
    # Two decimal degrees, with or without the quarter of the sky; 0.001 of a degree is a hundred metres.
    (
        "PLACE",
        re.compile(
            r"(?<![\d.])[+-]?\d{1,3}[.,]\d{3,}\s?°?\s?[NSns]?\s*[,;/\s]\s*[+-]?\d{1,3}[.,]\d{3,}(?:\s?°?\s?[EWew]\b)?"
        ),
    ),
    # Degrees, minutes and perhaps seconds.
    (
        "PLACE",
        re.compile(
            r"\d{1,3}\s?°\s?\d{1,2}(?:[.,]\d+)?\s?['′’](?:\s?\d{1,2}(?:[.,]\d+)?\s?[\"″”])?(?:\s?[NSEWnsew]\b)?"
        ),
    ),
    # A plus code: https://github.com/google/open-location-code, "Format".
    ("PLACE", re.compile(r"(?<!\w)(?=[\dA-Z]*[A-Z])[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3}(?!\w)")),
)  # fmt: skip
_LONG_NUMBER = re.compile(rf"\+?\d{{{LONGEST_NUMBER + 1},}}")
_GROUPED = re.compile(r"(?<![\d.,/])\d+(?:[ -]\d+)+(?![\d/])")
_TRUNK = re.compile(r"(?<![\d.,/:])(?:\+ ?|\(?0)(?:[ ./()-]{0,2}\d){8,14}(?!\d)")
_BROKEN = re.compile(r"\(?\d(?:[ ./()-]{0,3}\d){6,14}")
_YEAR = re.compile("(?:1[5-9]|2[0-9])[0-9]{2}")
_AMOUNT = re.compile(r"\d{1,3}(?:[ .,'’]\d{3})*[ .,'’]000")
_DATE = re.compile(r"(?<!\d)(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}[./-]\d{1,2}[./-]\d{1,2})(?!\d)")


def _phones(plain: str, regions: "Regions") -> Iterator[Span]:
    for region in (None, *regions.of_senders):
        for match in phonenumbers.PhoneNumberMatcher(plain, region, phonenumbers.Leniency.VALID):
            yield from _unless_innocent(match.start, match.end, plain)
    for trunk in _TRUNK.finditer(plain):
        yield from _unless_innocent(*trunk.span(), plain)


def _phones_of_languages(plain: str, regions: "Regions") -> Iterator[tuple[Span, bool]]:
    """Yield phone numbers as they are written where the languages are spoken, and whether all digits around are its.

    A number without a break goes anyway, and asking a hundred countries takes long.
    """
    for stretch in _BROKEN.finditer(plain):
        found = [one for region in regions.of_languages for one in _of_country(stretch[0], region)]
        for start, end in sorted(found, key=lambda one: one[0] - one[1])[:1]:
            is_whole = end - start == len(stretch[0])
            for span in _unless_innocent(stretch.start() + start, stretch.start() + end, plain):
                yield span, is_whole


def _of_country(stretch: str, region: str) -> Iterator[tuple[int, int]]:
    for match in phonenumbers.PhoneNumberMatcher(stretch, region, phonenumbers.Leniency.STRICT_GROUPING):
        yield match.start, match.end


def _unless_innocent(start: int, end: int, plain: str) -> Iterable[Span]:
    """Yield a stretch as a phone number, unless it is years, an amount of thousands or begins with a date."""
    said = plain[start:end]
    numbers = re.findall(r"\d+", said)
    if all(map(_YEAR.fullmatch, numbers)) or _AMOUNT.fullmatch(said) or _DATE.match(said):
        return ()
    return (Span(start, end, "PHONE"),)


def _is_code(said: str) -> bool:
    """Return whether numbers with blanks or hyphens between are one code, as on a card: 1234 5678 9012."""
    groups = re.findall(r"\d+", said)
    if sum(map(len, groups)) < 9 or all(map(_YEAR.fullmatch, groups)) or _DATE.search(said):
        return False
    if "-" in said:
        return " " not in said
    return min(map(len, groups)) > 2 and not all(len(group) == 3 for group in groups[1:])


def _plain(text: str) -> tuple[str, Sequence[int]]:
    """Return the text with plain digits and signs, and the place in the text of each of its characters and its end."""
    if text.isascii():
        return text, range(len(text) + 1)
    plain: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        kept = _plain_character(character)
        plain.append(kept)
        places += [place] * len(kept)
    return "".join(plain), [*places, len(text)]


def _plain_character(character: str) -> str:
    if character.isascii():
        return character
    category = unicodedata.category(character)
    if category in ("Cf", "Me") or "\ufe00" <= character <= "\ufe0f":
        # Phones put direction marks around pasted numbers; a keycap is a digit with two invisible marks.
        return ""
    if category == "Zs":
        return " "
    if category == "Pd" or character == "−":
        return "-"
    if character in "٫·،":
        return "," if character == "،" else "."
    return "".join(map(_digit, unicodedata.normalize("NFKC", character)))


def _digit(character: str) -> str:
    value = unicodedata.digit(character, None)
    if value is None and "፲" <= character <= "፺":
        # Ethiopic tens: one sign each, as the ones are.
        return str(ord(character) - ord("፲") + 1)
    return character if value is None else str(value)
