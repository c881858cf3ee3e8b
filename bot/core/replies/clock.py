"""Replies to `time`."""

import re

from bot.core.folding import digits
from bot.core.phrases import UNCLEAR_TIME, Phrasebook
from bot.core.replies.matching import fillers
from bot.core.replies.records import Ambiguous, NotRead, Read, Reading

_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:\s?(?P<mark>[:.h])\s?(?P<minute>\d{2})?(?::\d{2})?)?\s?(?P<half>[ap]\.?\s?m)?\.?",
)
_COMPACT = re.compile(r"(?P<hour>\d{1,2})(?P<mark>)(?P<minute>\d{2})\s?(?P<half>[ap]\.?\s?m)?\.?")
_HALVES = frozenset(("a", "p", "m", "am", "pm"))
_EDGES = " \t\r\n!?,;()\"'"


def read_time(text: str, phrasebook: Phrasebook) -> Reading:
    """Return the time of day that a reply is, as `14:30`.

    An hour from 1 to 11 may be before noon or after: both are named, unless am or pm tells, or it is written as on
    the 24-hour clock: two digits and minutes ("07:30", the form in which both are named), or "7h30". 12 is noon.
    Words other than fillers are not read, because in some languages they count the hours from sunrise (Swahili's
    "saa mbili" is 8 o'clock).
    """
    words = [word.strip(_EDGES) for word in digits(text).casefold().split()]
    idle = fillers(phrasebook) - _HALVES  # "am" is a filler too, in "I am"
    plain = " ".join(word for word in words if word and word not in idle)
    match = _COMPACT.fullmatch(plain) or _CLOCK.fullmatch(plain)
    if match is None or (match["mark"] in (":", ".") and not match["minute"]):
        return NotRead(UNCLEAR_TIME)
    hours = _hours(match)
    minute = int(match["minute"] or 0)
    if not hours or minute > 59:
        return NotRead(UNCLEAR_TIME)
    readings = [f"{hour:02}:{minute:02}" for hour in hours]
    return Read(readings[0]) if len(readings) == 1 else Ambiguous(*map(phrasebook.in_digits, readings))


def _hours(match: re.Match[str]) -> list[int]:
    """Return the hours of the day that a written hour can be."""
    written, half = match["hour"], match["half"]
    hour = int(written)
    if half:
        return [hour % 12 + (12 if half.startswith("p") else 0)] if 1 <= hour <= 12 else []
    if hour > 23:
        return []
    full = len(written) == 2 and match["minute"] is not None
    tells = full or written.startswith("0") or match["mark"] == "h" or not 1 <= hour <= 11
    return [hour] if tells else [hour, hour + 12]
