"""Days in the calendars that people count by, beside the Gregorian one in which every answer is kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from hijridate import Gregorian, Hijri

from bot.core.folding import fold


class Calendar(StrEnum):
    """A calendar in which a `date` may be asked."""

    GREGORIAN = "gregorian"
    ETHIOPIAN = "ethiopian"
    HIJRI = "hijri"
    """The Islamic calendar by Umm al-Qura, the tables of Saudi Arabia; elsewhere the moon may be seen a day apart."""
    SOLAR_HIJRI = "solar_hijri"
    """That of Iran and Afghanistan."""


@dataclass(frozen=True, slots=True)
class MonthNames:
    """A calendar's months in one language: the names that are shown, and the month (from 1) of each folded spelling."""

    shown: tuple[str, ...]
    meanings: Mapping[str, int] = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Years:
    """How the days of a solar calendar run.

    `new_year` is the ordinal (as `date.toordinal`) of the first day of a year; `lengths` are the days of its months
    but for the last, which takes what is left; a year begins `behind` Gregorian years or one more before its namesake.
    """

    new_year: Callable[[int], int]
    lengths: tuple[int, ...]
    behind: int


_YEARS: Mapping[Calendar, _Years] = {
    # Reingold and Dershowitz, Calendrical Calculations, chapter 4: a leap day each fourth year, from 29 August 8 on.
    Calendar.ETHIOPIAN: _Years(lambda year: 2796 + 365 * (year - 1) + year // 4, (30,) * 12, 7),
    # The rule of 33 years, as in ICU's calendar `persian`. It is that of the equinox in Tehran, by which Iran's law has
    # it, from 1178 to 1501 (Gregorian 1799 to 2123).
    Calendar.SOLAR_HIJRI: _Years(
        lambda year: 226895 + 365 * (year - 1) + (8 * year + 21) // 33, (31,) * 6 + (30,) * 5, 621
    ),
}

MONTHS: Mapping[Calendar, int] = {
    Calendar.GREGORIAN: 12,
    Calendar.ETHIOPIAN: 13,
    Calendar.HIJRI: 12,
    Calendar.SOLAR_HIJRI: 12,
}
"""How many months a year has."""


def gregorian(calendar: Calendar, year: int, month: int, day: int) -> date | None:
    """Return the day of that date in a calendar; None where the calendar has no such day, or it is not known.

    Umm al-Qura is known from 1343 to 1500 (Gregorian 1924 to 2077).
    """
    try:
        if calendar is Calendar.GREGORIAN:
            return date(year, month, day)
        if calendar is Calendar.HIJRI:
            return date.fromordinal(Hijri(year, month, day).to_gregorian().toordinal())
        return date.fromordinal(_ordinal(_YEARS[calendar], year, month, day))
    except (ValueError, OverflowError):
        return None


def in_calendar(calendar: Calendar, day: date) -> tuple[int, int, int] | None:
    """Return the year, month and day of a day in a calendar; None where that is not known, or before its first year."""
    if calendar is Calendar.GREGORIAN:
        return day.year, day.month, day.day
    if calendar is Calendar.HIJRI:
        try:
            year, month, day_of_month = Gregorian.fromdate(day).to_hijri().datetuple()
        except OverflowError:
            return None
        return year, month, day_of_month
    years = _YEARS[calendar]
    year = day.year - years.behind
    while years.new_year(year) > day.toordinal():
        year -= 1
    left = day.toordinal() - years.new_year(year)
    month = 1
    for length in years.lengths:
        if left < length:
            break
        left -= length
        month += 1
    return (year, month, left + 1) if year > 0 else None


def _ordinal(years: _Years, year: int, month: int, day: int) -> int:
    start = years.new_year(year) + sum(years.lengths[: month - 1])
    ends_before = (
        start + years.lengths[month - 1] if month <= len(years.lengths) else years.new_year(year + 1)
    )
    if not (year > 0 and 1 <= month <= len(years.lengths) + 1 and 1 <= day <= ends_before - start):
        raise ValueError
    return start + day - 1


def month_names(*shown: str) -> MonthNames:
    """Return months that are known by the names alone that are shown."""
    return MonthNames(shown, {fold(name): number for number, name in enumerate(shown, 1)})


LATIN_MONTHS: Mapping[Calendar, MonthNames] = {
    Calendar.ETHIOPIAN: month_names(
        *("Meskerem", "Tikimt", "Hidar", "Tahsas", "Tir", "Yekatit", "Megabit"),
        *("Miyazya", "Ginbot", "Sene", "Hamle", "Nehase", "Pagume"),
    ),
    Calendar.HIJRI: month_names(
        *("Muharram", "Safar", "Rabi al-Awwal", "Rabi al-Thani", "Jumada al-Ula", "Jumada al-Thania"),
        *("Rajab", "Shaban", "Ramadan", "Shawwal", "Dhu al-Qadah", "Dhu al-Hijjah"),
    ),
    Calendar.SOLAR_HIJRI: month_names(
        *("Farvardin", "Ordibehesht", "Khordad", "Tir", "Mordad", "Shahrivar"),
        *("Mehr", "Aban", "Azar", "Dey", "Bahman", "Esfand"),
    ),
}
"""The months in Latin letters, all of them letters of the SMS alphabet."""
