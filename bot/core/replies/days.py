"""Replies to `date`."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.core.calendars import MONTHS, Calendar, gregorian, in_calendar
from bot.core.folding import digits
from bot.core.phrases import NOT_SO, TODAY, TOMORROW, UNCLEAR_DATE, YESTERDAY, Phrasebook
from bot.core.replies.matching import fillers, folded_words, key, lexicon
from bot.core.replies.records import Ambiguous, NotRead, Read, Reading
from bot.core.saying import example_date, said_date

_EARLIEST_YEAR = 1900
_YEARS_AHEAD = 100
_WORDS_AROUND = 4
_PARTS = re.compile(r"(?<!\d)(\d{1,4})\s?[-/.،,\s]\s?(\d{1,2})(?:\s?[-/.،,\s]\s?(\d{1,4}))?(?!\d)\W*")
_COMPACT = re.compile(r"\W*(\d{4})(\d{2})(\d{2})\W*")
Match = re.Match[str] | None
_MARKED = re.compile(r"(\d{1,2}|\d{4})[^\W\d]{0,3}")
_ERAS = {
    Calendar.GREGORIAN: re.compile(r"\s*(?:г|р|م|AD|CE)\.?\s*$", re.IGNORECASE),
    Calendar.ETHIOPIAN: re.compile(r"\s*(?:ዓ\.?\s?ም|E\.?\s?C)\.?\s*$", re.IGNORECASE),
    Calendar.HIJRI: re.compile(r"\s*(?:هـ?|ھ|ہجری|هجري|AH|H)\.?\s*$", re.IGNORECASE),
    Calendar.SOLAR_HIJRI: re.compile(r"\s*(?:(?:هـ?\.?\s?)?ش|SH|AP)\.?\s*$", re.IGNORECASE),
}
"""What people put behind a year to say whose it is; a word of another calendar's is no end of a date."""

# A month in English is understood in every language; those of the person's own come first.
_ENGLISH_MONTHS = {
    **{"january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8},
    **{"september": 9, "october": 10, "november": 11, "december": 12, "jan": 1, "feb": 2, "mar": 3, "apr": 4},
    **{"jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11, "dec": 12},
}


def read_date(
    text: str, phrasebook: Phrasebook, today: date, calendar: Calendar = Calendar.GREGORIAN
) -> Reading:
    """Return the day that a reply means, as `2026-03-05`, whatever calendar it was written in.

    Digits are read in `calendar`, in the order that the language writes them; a month's name tells its own calendar.
    English alone writes both 3/4 and 4/3 for one day, so there the two are named, unless only one is a day. A day
    without a year is the one of this year, if that has been; if it is still to come, this year's and last year's are
    named. Of a two-digit year's centuries, the later that is at most a year ahead.
    """
    found = _days(text, _Reader(phrasebook, today, calendar))
    if not found or len(found) > 2:
        return NotRead(UNCLEAR_DATE, {"example": example_date(today, phrasebook, calendar)})
    if len(found) == 2:
        first, second = (said_date(day.isoformat(), phrasebook, calendar) for day in found)
        return Ambiguous(first, second)
    return Read(found[0].isoformat())


@dataclass(frozen=True, slots=True)
class _Reader:
    """Who wrote, when, and the calendar in which their digits count."""

    phrasebook: Phrasebook
    today: date
    calendar: Calendar

    @property
    def this_year(self) -> int:
        known = in_calendar(self.calendar, self.today)
        return known[0] if known else 0

    def days(self, written: Iterable[tuple[int, int, int]]) -> list[date]:
        """Return those of years, months and days that there are, each once, of a year that a person may speak of."""
        made = (gregorian(self.calendar, *one) for one in written)
        latest = self.today.year + _YEARS_AHEAD
        return list(dict.fromkeys(day for day in made if day and _EARLIEST_YEAR <= day.year <= latest))


def _days(text: str, reader: _Reader) -> list[date]:
    """Return the different days that a reply can mean."""
    phrasebook = reader.phrasebook
    folded = key(text)
    words = lexicon((), fillers(phrasebook)).core(folded.split())
    for away, meaning in ((0, TODAY), (-1, YESTERDAY), (1, TOMORROW)):
        if not {folded, " ".join(words)}.isdisjoint(folded_words(phrasebook, meaning)):
            return [reader.today + timedelta(days=away)]
    plain = _ERAS[reader.calendar].sub("", digits(text))
    compact = _COMPACT.fullmatch(plain)
    in_digits = _PARTS.fullmatch(plain.strip())
    if compact or in_digits:
        return _in_digits(compact, in_digits, reader)
    if any(f" {word} " in f" {folded} " for word in folded_words(phrasebook, NOT_SO)):
        return []
    return _with_month(folded, reader)


def _in_digits(compact: Match, parts: Match, reader: _Reader) -> list[date]:
    """Return the days that digits can be; in another calendar, of a day to come, also the Gregorian one that has been.

    The Ethiopian years run seven behind, so that somebody may have a Gregorian year in mind: "2026" is to come there.
    """
    found = _compact(compact, reader) if compact else _parted(parts, reader) if parts else []
    if reader.calendar is Calendar.GREGORIAN or all(day <= reader.today for day in found):
        return found
    usual = _Reader(reader.phrasebook, reader.today, Calendar.GREGORIAN)
    meant = _compact(compact, usual) if compact else _parted(parts, usual) if parts else []
    return [*found, *(day for day in meant if day <= reader.today)]


def _compact(match: re.Match[str], reader: _Reader) -> list[date]:
    return reader.days([(int(match[1]), int(match[2]), int(match[3]))])


def _parted(match: re.Match[str], reader: _Reader) -> list[date]:
    first, second, third = match.groups()
    if len(first) > 2:
        return reader.days([(int(first), int(second), int(third))]) if third and len(third) <= 2 else []
    if third is None:
        return _without_year(_month_and_day(first, second, reader), reader)
    if reader.phrasebook.date_order == "ymd" and len(third) <= 2:
        return reader.days([(_full_year(first, reader), int(second), int(third))])
    year = _full_year(third, reader)
    return reader.days((year, month, day) for month, day in _month_and_day(first, second, reader))


def _month_and_day(first: str, second: str, reader: _Reader) -> list[tuple[int, int]]:
    """Return the months and days that two numbers can be; in one order, unless that is no date or it is English.

    In another calendar always in one: those who write the month first write it in the Gregorian.
    """
    one, two = int(first), int(second)
    day_first, month_first = (two, one), (one, two)
    order = [day_first, month_first] if reader.phrasebook.date_order == "dmy" else [month_first, day_first]
    if reader.calendar is not Calendar.GREGORIAN:
        order = order[:1]
    months = MONTHS[reader.calendar]
    possible = [(month, day) for month, day in order if 1 <= month <= months and 1 <= day <= 31]
    return possible if reader.phrasebook.language == "en" else possible[:1]


def _with_month(folded: str, reader: _Reader) -> list[date]:
    """Return the days that a month's name with a day, and perhaps a year, can be: "5th of March", "March 5 2026"."""
    usual = _Reader(reader.phrasebook, reader.today, Calendar.GREGORIAN)
    asked = _month_in(folded, reader.phrasebook.months_of(reader.calendar).meanings)
    found = asked or _month_in(folded, reader.phrasebook.months) or _month_in(folded, _ENGLISH_MONTHS)
    if found is None:
        return []
    reader = reader if asked else usual
    month, rest = found
    numbers: list[str] = []
    others: list[str] = []
    for word in rest.split():
        marked = _MARKED.fullmatch(word)
        number = marked[1] if marked else word
        (numbers if number.isdecimal() else others).append(number)
    years = [number for number in numbers if len(number) == 4]
    shorter = [number for number in numbers if len(number) <= 2]
    if len(years) + len(shorter) != len(numbers) or len(others) > _WORDS_AROUND:
        return []
    if any(any(map(str.isdecimal, word)) for word in others):  # a year in a word must not get lost
        return []
    if len(shorter) == 1 and len(years) <= 1:
        pair = (month, int(shorter[0]))
        return reader.days([(int(years[0]), *pair)]) if years else _without_year([pair], reader)
    if len(shorter) == 2 and not years:
        return reader.days([(_full_year(shorter[1], reader), month, int(shorter[0]))])
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


def _without_year(pairs: Iterable[tuple[int, int]], reader: _Reader) -> list[date]:
    """Return this year's day where it has been; where it is to come, or is none, also the last one before."""
    found: list[date] = []
    year = reader.this_year
    for month, day in pairs:
        this_year = reader.days([(year, month, day)])
        if this_year and this_year[0] <= reader.today:
            found += this_year
            continue
        earlier = (reader.days([(before, month, day)]) for before in range(year - 1, year - 9, -1))
        found += [*next(filter(None, earlier), []), *this_year]
    return sorted(set(found))


def _full_year(digits_of_year: str, reader: _Reader) -> int:
    year = int(digits_of_year)
    if len(digits_of_year) != 2:
        return year
    year += reader.this_year // 100 * 100
    return year if year <= reader.this_year + 1 else year - 100
