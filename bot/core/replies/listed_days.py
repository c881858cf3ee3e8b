"""Replies to a date that was asked with the few days there are to choose from.

Each is listed by its number in its month, and not by its place in the list: "24" means the same to who reads the
question late in the evening and answers after midnight, when the list would begin with another day.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from bot.core.calendars import Calendar, in_calendar
from bot.core.phrases import TODAY, TOMORROW, YESTERDAY, Phrasebook
from bot.core.replies.matching import fillers, key, lexicon

MOST_LISTED = 7
"""With a week at most, each day has a number and a weekday of its own."""

_NUMBER = re.compile(r"(\d{1,2})[^\W\d]{0,3}")
_NEAR = {0: TODAY, -1: YESTERDAY, 1: TOMORROW}


def number_of(day: date, calendar: Calendar) -> int:
    """Return the number of a day in its month, by a calendar; the Gregorian one's where the calendar's tables end."""
    parts = in_calendar(calendar, day)
    return parts[2] if parts else day.day


def name_of(day: date, today: date, phrasebook: Phrasebook) -> str:
    """Return what people call a day of this week: today, yesterday, tomorrow, or its weekday."""
    near = _NEAR.get((day - today) // timedelta(days=1))
    return phrasebook.words(near)[0] if near else phrasebook.weekdays[day.weekday()]


def read_listed(text: str, days: Sequence[date], phrasebook: Phrasebook, calendar: Calendar) -> date | None:
    """Return the one of the listed days that a reply names by its number or weekday, or None."""
    whole = key(text)
    said = " ".join(lexicon((), fillers(phrasebook)).core(whole.split()))
    numbered = _NUMBER.fullmatch(said)
    if numbered:
        found = [day for day in days if number_of(day, calendar) == int(numbered[1])]
    else:
        # A part of a name may be a filler: the last letter of Hausa's "Jumma'a".
        weekday = phrasebook.weekday_names.get(whole, phrasebook.weekday_names.get(said))
        found = [day for day in days if day.weekday() == weekday]
    return found[0] if len(found) == 1 else None
