"""Dates and times as XForms writes them, and as the numbers of days that expressions compare and add."""

import math
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

_EPOCH = datetime(1970, 1, 1)
_DAY = timedelta(days=1)

_WALL_TIME = r"\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?"
_OFFSET = r"(?:Z|[+-]\d{2}:\d{2})?"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(rf"\d{{4}}-\d{{2}}-\d{{2}}T{_WALL_TIME}{_OFFSET}", re.ASCII)
_TIME = re.compile(_WALL_TIME + _OFFSET, re.ASCII)


def days_of(text: str) -> float | None:
    """Return a date as days since 1970-01-01, and a time of day as a fraction of a day; None for other text.

    That is the number ODK gives a date in arithmetic and in comparisons. A consultation
    has one clock, so an offset from UTC is read over: `2026-03-02T14:00+01:00` is 14:00 on that clock.
    """
    # Nearly every answer is no date; two characters tell, and expressions run in microseconds.
    if text[4:5] != "-" and text[2:3] != ":":
        return None
    if (moment := moment_of(text)) is not None:
        return (moment - _EPOCH) / _DAY
    if _TIME.fullmatch(text):
        try:
            clock = time.fromisoformat(text)
        except ValueError:
            return None
        return (clock.hour * 3600 + clock.minute * 60 + clock.second + clock.microsecond / 1e6) / 86_400
    return None


def moment_of(value: str | float) -> datetime | None:
    """Return the wall time of a date, of a date and time, or of a number of days since 1970-01-01.

    None for anything else, and for what no calendar holds (month 13, the year 12000).
    """
    if isinstance(value, float):
        return _moment_after(value)
    try:
        if _DATE.fullmatch(value):
            return datetime.fromisoformat(value)
        if _MOMENT.fullmatch(value):
            return datetime.fromisoformat(value).replace(tzinfo=None)
    except ValueError:
        return None
    return None


def _moment_after(days: float) -> datetime | None:
    if not math.isfinite(days):
        return None
    try:
        # To the millisecond, which is what XForms writes: 0.1 of a day has no exact binary fraction.
        return _EPOCH + timedelta(milliseconds=round(days * 86_400_000))
    except OverflowError:
        return None


def date_text(day: date) -> str:
    """Return `2026-03-02`."""
    return f"{day.year:04}-{day.month:02}-{day.day:02}"


def moment_text(moment: datetime) -> str:
    """Return `2026-03-02T14:30:00.000`, with the offset from UTC where the moment knows it."""
    return moment.isoformat(timespec="milliseconds")


_DATE_MARKS: dict[str, Callable[[datetime], str]] = {
    "Y": lambda at: f"{at.year:04}",
    "y": lambda at: f"{at.year % 100:02}",
    "m": lambda at: f"{at.month:02}",
    "n": lambda at: str(at.month),
    "d": lambda at: f"{at.day:02}",
    "e": lambda at: str(at.day),
    "%": lambda at: "%",
}
_TIME_MARKS: dict[str, Callable[[datetime], str]] = {
    "H": lambda at: f"{at.hour:02}",
    "h": lambda at: str(at.hour),
    "M": lambda at: f"{at.minute:02}",
    "S": lambda at: f"{at.second:02}",
    "3": lambda at: f"{at.microsecond // 1000:03}",
}
_MARK = re.compile(r"%(.?)", re.DOTALL)


def unknown_mark(pattern: str, *, with_time: bool) -> str | None:
    """Return the first mark (`%b`) of a date format that is not supported, or None.

    ODK's `%b` and `%a`, the names of months and days, are not: they would come in one language for everyone.
    """
    known = _DATE_MARKS | _TIME_MARKS if with_time else _DATE_MARKS
    return next((found.group() for found in _MARK.finditer(pattern) if found.group(1) not in known), None)


def written_as(moment: datetime, pattern: str) -> str:
    """Return a moment in a date format that holds no unknown mark."""
    marks = _DATE_MARKS | _TIME_MARKS
    return _MARK.sub(lambda found: marks[found.group(1)](moment), pattern)
