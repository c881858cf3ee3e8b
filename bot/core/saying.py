"""What a person is shown of their own answers: a date, a list, a word of another script, as their language has it."""

import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta

from bot.core.calendars import Calendar, in_calendar
from bot.core.phrases import Phrasebook

ISOLATE, END = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"


def said_date(value: str, book: Phrasebook, calendar: Calendar = Calendar.GREGORIAN) -> str:
    """Return a date (`2026-03-02`) in words, in a calendar; what is none, as it is.

    A day for which the calendar's tables are too short is said in the Gregorian one: its month's name tells.
    """
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    parts = in_calendar(calendar, day)
    if parts is None:
        return said_date(value, book)
    year, month, day_of_month = parts
    return book.dated.format(
        day=book.in_digits(str(day_of_month)),
        month=book.months_of(calendar).shown[month - 1],
        year=book.in_digits(str(year)),
    )


def example_date(today: date, book: Phrasebook, calendar: Calendar = Calendar.GREGORIAN) -> str:
    """Return a date as somebody may type it: in digits, in the order of the language; in another calendar in words.

    Words tell which calendar is meant. In digits the day is above 12, so that it is no month.
    """
    if calendar is not Calendar.GREGORIAN:
        return said_date(today.isoformat(), book, calendar)
    day = today if today.day > 12 else today - timedelta(days=today.day)
    parts = {"d": day.day, "m": day.month, "y": day.year}
    return book.in_digits("/".join(str(parts[part]) for part in book.date_order))


def said_list(values: Sequence[str], book: Phrasebook) -> str:
    """Return several things as one list: `maji, umeme na barabara` (CLDR, listPatterns)."""
    two, start, middle, end = book.lists
    if len(values) < 3:
        return two.format(*values) if len(values) == 2 else "".join(values)
    said = start.format(values[0], values[1])
    for value in values[2:-1]:
        said = middle.format(said, value)
    return end.format(said, values[-1])


def isolated(value: str, *, in_right_to_left: bool) -> str:
    """Return a value that can stand in a text of the other direction without turning its words round.

    Unicode's own isolates (UAX 9, 2.4.2), for where they are not shown: each costs an SMS a letter, and some old phones
    show a box for it.
    """
    strong = next((kind for kind in map(unicodedata.bidirectional, value) if kind in ("L", "R", "AL")), None)
    if strong is None or (strong != "L") == in_right_to_left:
        return value
    return f"{ISOLATE}{value}{END}"
