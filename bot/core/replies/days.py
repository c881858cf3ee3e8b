"""Replies to `date`."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from bot.core.folding import digits
from bot.core.phrases import NOT_SO, TODAY, TOMORROW, UNCLEAR_DATE, YESTERDAY, Phrasebook
from bot.core.replies.matching import fillers, folded_words, key, lexicon
from bot.core.replies.records import Ambiguous, NotRead, Read, Reading

_EARLIEST_YEAR = 1900
_YEARS_AHEAD = 100
_WORDS_AROUND = 4
_PARTS = re.compile(r"(?<!\d)(\d{1,4})\s?[-/.،,\s]\s?(\d{1,2})(?:\s?[-/.،,\s]\s?(\d{1,4}))?(?!\d)\W*")
_COMPACT = re.compile(r"\W*(\d{4})(\d{2})(\d{2})\W*")
_ORDINAL = re.compile(r"(\d{1,2})[^\W\d]{0,3}")

# A month in English is understood in every language; those of the person's own come first.
_ENGLISH_MONTHS = {
    **{"january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8},
    **{"september": 9, "october": 10, "november": 11, "december": 12, "jan": 1, "feb": 2, "mar": 3, "apr": 4},
    **{"jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11, "dec": 12},
}


def read_date(text: str, phrasebook: Phrasebook, today: date) -> Reading:
    """Return the day that a reply means, as `2026-03-05`.

    Digits are read in the order that the language writes them. English alone writes both 3/4 and 4/3 for one day,
    so there the two are named, unless only one is a day. A day without a year is the one of this year, if that has
    been; if it is still to come, this year's and last year's are named. Of a two-digit year's centuries, the later
    that is at most a year ahead.
    """
    found = _days(text, phrasebook, today)
    if not found or len(found) > 2:
        return NotRead(UNCLEAR_DATE, {"example": today.isoformat()})
    if len(found) == 2:
        return Ambiguous(found[0].isoformat(), found[1].isoformat())
    return Read(found[0].isoformat())


def _days(text: str, phrasebook: Phrasebook, today: date) -> list[date]:
    """Return the different days that a reply can mean."""
    folded = key(text)
    words = lexicon((), fillers(phrasebook)).core(folded.split())
    for away, meaning in ((0, TODAY), (-1, YESTERDAY), (1, TOMORROW)):
        if not {folded, " ".join(words)}.isdisjoint(folded_words(phrasebook, meaning)):
            return [today + timedelta(days=away)]
    plain = digits(text)
    compact = _COMPACT.fullmatch(plain)
    if compact:
        return _valid([(int(compact[1]), int(compact[2]), int(compact[3]))], today)
    in_digits = _PARTS.fullmatch(plain.strip())
    if in_digits:
        return _in_digits(in_digits, phrasebook, today)
    if any(f" {word} " in f" {folded} " for word in folded_words(phrasebook, NOT_SO)):
        return []
    return _with_month(folded, phrasebook, today)


def _in_digits(match: re.Match[str], phrasebook: Phrasebook, today: date) -> list[date]:
    first, second, third = match.groups()
    if len(first) > 2:
        return _valid([(int(first), int(second), int(third))], today) if third and len(third) <= 2 else []
    if third is None:
        pairs = _month_and_day(first, second, phrasebook)
        return _without_year(pairs, today)
    if phrasebook.date_order == "ymd" and len(third) <= 2:
        return _valid([(_full_year(first, today), int(second), int(third))], today)
    year = _full_year(third, today)
    return _valid([(year, month, day) for month, day in _month_and_day(first, second, phrasebook)], today)


def _month_and_day(first: str, second: str, phrasebook: Phrasebook) -> list[tuple[int, int]]:
    """Return the months and days that two numbers can be; in one order, unless that is no date or it is English."""
    one, two = int(first), int(second)
    day_first, month_first = (two, one), (one, two)
    order = [day_first, month_first] if phrasebook.date_order == "dmy" else [month_first, day_first]
    possible = [(month, day) for month, day in order if 1 <= month <= 12 and 1 <= day <= 31]
    return possible if phrasebook.language == "en" else possible[:1]


def _with_month(folded: str, phrasebook: Phrasebook, today: date) -> list[date]:
    """Return the days that a month's name with a day, and perhaps a year, can be: "5th of March", "March 5 2026"."""
    found = _month_in(folded, phrasebook.months) or _month_in(folded, _ENGLISH_MONTHS)
    if found is None:
        return []
    month, rest = found
    numbers: list[str] = []
    others: list[str] = []
    for word in rest.split():
        ordinal = _ORDINAL.fullmatch(word)
        number = ordinal[1] if ordinal else word
        (numbers if number.isdecimal() else others).append(number)
    years = [number for number in numbers if len(number) == 4]
    shorter = [number for number in numbers if len(number) <= 2]
    if len(years) + len(shorter) != len(numbers) or len(others) > _WORDS_AROUND:
        return []
    if len(shorter) == 1 and len(years) <= 1:
        pair = (month, int(shorter[0]))
        return _valid([(int(years[0]), *pair)], today) if years else _without_year([pair], today)
    if len(shorter) == 2 and not years:
        return _valid([(_full_year(shorter[1], today), month, int(shorter[0]))], today)
    return []


def _month_in(folded: str, months: Mapping[str, int]) -> tuple[int, str] | None:
    """Return the only month whose name stands in a text, with the text around its longest name, else None."""
    padded = f" {folded} "
    named = [name for name in months if name and f" {name} " in padded]
    if not named:
        return None
    longest = max(named, key=len)
    rest = padded.replace(f" {longest} ", "  ", 1)
    others = {months[name] for name in named if f" {name} " in rest} - {months[longest]}
    return None if others else (months[longest], rest)


def _without_year(pairs: Iterable[tuple[int, int]], today: date) -> list[date]:
    """Return this year's day where it has been; where it is to come, or is none, also the last one before."""
    found: list[date] = []
    for month, day in pairs:
        this_year = _valid([(today.year, month, day)], today)
        if this_year and this_year[0] <= today:
            found += this_year
            continue
        earlier = (_valid([(year, month, day)], today) for year in range(today.year - 1, today.year - 9, -1))
        found += [*next(filter(None, earlier), []), *this_year]
    return sorted(set(found))


def _full_year(digits_of_year: str, today: date) -> int:
    year = int(digits_of_year)
    if len(digits_of_year) != 2:
        return year
    year += today.year // 100 * 100
    return year if year <= today.year + 1 else year - 100


def _valid(days: Iterable[tuple[int, int, int]], today: date) -> list[date]:
    """Return those that are days of the calendar, each once, in a year that a person now may speak of."""
    found: list[date] = []
    for year, month, day in days:
        if not _EARLIEST_YEAR <= year <= today.year + _YEARS_AHEAD:
            continue
        try:
            found.append(date(year, month, day))
        except ValueError:  # no such day in that month
            continue
    return list(dict.fromkeys(found))
