"""Replies to `integer`, `decimal` and `range`."""

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal

from bot.core.folding import digits
from bot.core.phrases import (
    AND_A_HALF,
    NONE,
    NOT_SO,
    OUT_OF_RANGE,
    SCALES,
    UNCLEAR_NUMBER,
    UNCLEAR_WHOLE_NUMBER,
    Phrasebook,
)
from bot.core.questionnaire import Range
from bot.core.replies.matching import fillers, folded_words, key, lexicon
from bot.core.replies.offers import number_words
from bot.core.replies.records import Ambiguous, NotRead, Read, Reading

_LONGEST = 15
"""Digits of a number: beyond that it is a phone number or a slip, and no longer exact in a spreadsheet."""
_WORDS_AROUND = 6
_SPACED = re.compile(r"(?<![0-9.,])[0-9]{1,3}(?: [0-9]{3})+(?![0-9])")
_NUMBER = re.compile(r"((?<!\S)[-+])?((?<![^\s+-])[.,])?([0-9]+(?:[.,'’٫٬][0-9]+)*)([^\W\d_]*)")
_MORE_OR_LESS = re.compile(r"[<>≤≥]|[0-9] ?\+")
_FRACTION = re.compile("[¼-¾⅐-⅞]")
_MINUS = str.maketrans("−‒–—", "----")

Accepts = Callable[[Decimal], bool]
Readings = tuple[Decimal, ...]
"""The values that one written number can have: "1.250" may be 1250 or 1.25."""


def read_integer(text: str, phrasebook: Phrasebook) -> Reading:
    """Return the whole number that a reply is, as `7`."""
    return _read(text, phrasebook, _is_whole, NotRead(UNCLEAR_WHOLE_NUMBER))


def read_decimal(text: str, phrasebook: Phrasebook) -> Reading:
    """Return the number that a reply is, with a point and without idle zeros, as `1.5`."""
    return _read(text, phrasebook, lambda value: True, NotRead(UNCLEAR_NUMBER))


def read_range(text: str, steps: Range, phrasebook: Phrasebook) -> Reading:
    """Return the number that a reply is, if it is a step of the range; "4/5" is 4 where the range ends at 5."""

    def on_a_step(value: Decimal) -> bool:
        return steps.start <= value <= steps.end and (value - steps.start) % steps.step == 0

    start, end = lexical(steps.start), lexical(steps.end)
    before, slash, after = digits(text).partition("/")
    number = before if slash and after.strip() == end else text
    told = {"start": phrasebook.in_digits(start), "end": phrasebook.in_digits(end)}
    return _read(number, phrasebook, on_a_step, NotRead(OUT_OF_RANGE, told))


def lexical(value: Decimal) -> str:
    """Return a number in XForms' lexical form: no exponent, no idle zeros, no negative zero."""
    written = f"{value:f}"
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return "0" if written == "-0" else written


def _is_whole(value: Decimal) -> bool:
    return value == value.to_integral_value()


def _read(text: str, phrasebook: Phrasebook, accepts: Accepts, otherwise: NotRead) -> Reading:
    if text.isascii() and text.isdigit() and len(text) <= _LONGEST:
        numbers: list[Readings] = [(Decimal(text),)]
    else:
        numbers = _numbers(text, phrasebook)
    if len(numbers) == 2:
        return _either(numbers[0][0], numbers[1][0], phrasebook)
    fitting = [value for value in numbers[0] if accepts(value)] if len(numbers) == 1 else []
    if len(fitting) == 2:
        return _either(fitting[0], fitting[1], phrasebook)
    return Read(lexical(fitting[0])) if fitting else otherwise


def _either(first: Decimal, second: Decimal, phrasebook: Phrasebook) -> Ambiguous:
    return Ambiguous(*(phrasebook.in_digits(lexical(value)) for value in (first, second)))


def _numbers(text: str, phrasebook: Phrasebook) -> list[Readings]:
    """Return the different numbers of a reply, each with its readings; none where the words around change them."""
    text, added = _without_fraction(text, phrasebook)
    plain = _SPACED.sub(lambda match: match[0].replace(" ", ""), digits(text).translate(_MINUS).casefold())
    written = list(_NUMBER.finditer(plain))
    if _MORE_OR_LESS.search(plain):
        return []
    folded = key(plain)
    if not written or folded in number_words(phrasebook).meanings:
        return _number_word(folded, phrasebook, added)
    if any(_is_letter_of_a_word(match, plain) for match in written):
        return []
    found = [_readings(match) for match in written]
    different = list(dict.fromkeys(found))
    if () in different or (added and (len(different) > 1 or not _is_whole(different[0][0]))):
        return []
    if len(different) == 1 and not _leaves_it(plain, written[0][4], phrasebook):
        return []
    return [tuple(value + added for value in readings) for readings in different]


def _is_letter_of_a_word(match: re.Match[str], plain: str) -> bool:
    """Return whether a digit stands for a letter, as people write Arabic in Latin ones: "wa7ed" is 1, "3ashra" 10.

    A unit right behind a number is short: "3kg".
    """
    unit = match[4]
    return unit.isascii() and (len(unit) > 3 or (unit != "" and plain[max(match.start() - 1, 0)].isalpha()))


def _without_fraction(text: str, phrasebook: Phrasebook) -> tuple[str, Decimal]:
    """Return the text without a fraction that adds to its number ("2½", "2 and a half"), and what that adds."""
    signs = _FRACTION.findall(text)
    if len(signs) == 1:
        share = Decimal(str(unicodedata.numeric(signs[0]))).quantize(Decimal("0.0001"))
        return text.replace(signs[0], " "), share
    padded = f" {key(text)} "
    for half in folded_words(phrasebook, AND_A_HALF):
        before, found, after = padded.partition(f" {half} ")
        number = before.split()[-1:]
        if found and number and (number[0].isdecimal() or number[0] in number_words(phrasebook).meanings):
            return f"{before} {after}", Decimal("0.5")
    return text, Decimal(0)


def _number_word(folded: str, phrasebook: Phrasebook, added: Decimal) -> list[Readings]:
    """Return the number that a word is, alone or among fillers: "twenty two" must not be 2, nor "none" nine."""
    known = fillers(phrasebook)
    words = lexicon((), known).core(folded.split())
    if added and not words:
        return [(added,)]
    if folded in folded_words(phrasebook, NONE):
        return [(Decimal(0),)]
    found = number_words(phrasebook).meanings.get(folded) or number_words(phrasebook).meanings.get(
        " ".join(words)
    )
    return [(Decimal(found[0]) + added,)] if found and len(found) == 1 else []


def _leaves_it(plain: str, unit: str, phrasebook: Phrasebook) -> bool:
    """Return whether the words around a number leave it as it is: few, and none like "not" or "thousand"."""
    folded = key(plain)
    others = [word for word in folded.split() if not word.isdecimal() and word not in fillers(phrasebook)]
    scales = folded_words(phrasebook, SCALES)
    changing = scales | folded_words(phrasebook, NOT_SO)
    return (
        len(others) <= _WORDS_AROUND
        and unit not in scales
        and not any(f" {word} " in f" {folded} " for word in changing)
    )


def _readings(match: re.Match[str]) -> Readings:
    """Return the values that a written number can have; none if it is too long or grouped in no known way."""
    sign, point, number, _ = match.groups()
    if sum(map(str.isdigit, number)) > _LONGEST:
        return ()
    fraction = [f"0.{number}"] if number.isdigit() else []
    values = fraction if point else _written(number.replace("’", "'"))
    return tuple(Decimal(f"{sign or ''}{value}") for value in values)


def _written(number: str) -> list[str]:
    """Return a number as it may be meant, with a decimal point and no groups."""
    separators = [character for character in number if not character.isdigit()]
    if not separators:
        return [number]
    grouped = number[: number.rindex(separators[-1])]
    last = number[len(grouped) + 1 :]
    as_decimal = f"{_ungrouped(grouped)}.{last}" if separators[-1] in ".,٫" and _ungrouped(grouped) else None
    if len(set(separators)) > 1:
        once = separators.count(separators[-1]) == 1 and len(set(separators)) == 2
        return [as_decimal] if once and as_decimal else []
    whole = _ungrouped(number)
    if len(separators) > 1:
        return [whole] if whole and separators[0] != "٫" else []
    if separators[0] in "'٬":
        return [whole] if whole else []
    grouping = [whole] if whole and separators[0] != "٫" else []
    return [*grouping, *([as_decimal] if as_decimal else [])]


def _ungrouped(number: str) -> str | None:
    """Return a number without the separators of its thousands; None where its groups are not of three."""
    first, *others = re.split(r"\D", number)
    fits = not others or (
        0 < len(first) <= 3 and first[0] != "0" and all(len(group) == 3 for group in others)
    )
    return first + "".join(others) if fits else None
