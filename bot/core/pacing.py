"""How fast somebody writes, and whether it is still a person: when a message is kept, but not acted on.

Nothing is lost by holding a message: it is stored like any other. What is saved is its reply, which the organiser
pays for, and an interview that a machine would fill with its own words.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from zlib import crc32

from bot.core.folding import fold

WINDOW = timedelta(minutes=1)
MOST_IN_WINDOW = 30
"""Messages of one contact in a minute; nobody types faster, and few read faster."""
SLOW_AGAIN = 20
"""Messages in a minute at which a hold for the rate ends; lower, so that nobody goes in and out of it at the edge."""
MOST_COUNTED = 2 * MOST_IN_WINDOW
"""Messages counted in a minute at most, so that even after a flood of thousands a quiet minute and a half is enough."""
SAME_IN_A_ROW = 5
"""The message with the same text that is held first."""
MENU_ANSWER_LENGTH = 4
"""Folded characters that an answer to a menu has at most; people give the same one to many questions in a row."""
IN_A_ROW_WITHIN = timedelta(hours=1)
"""After more than this between two messages the later one stands for itself: an answering machine is quicker, and
whoever says the same to each of our reminders is a person."""


MOST_IN_DAY = 1_000
"""Messages of one contact that are acted on in a day, of UTC: more than a community worker takes down for others, and
where two machines stop that answer each other slowly and never the same."""


class Rule(StrEnum):
    """Why somebody's messages are held."""

    RATE = "rate"
    """They come faster than anybody writes."""
    REPETITION = "repetition"
    """They are the same over and over, as an answering machine's are."""
    DAY = "day"
    """There were as many today as no person sends."""


class Pace(NamedTuple):
    """How somebody has been writing. It holds none of their words: texts are known by a checksum.

    Two windows of a minute stand for the last minute: `recent` messages since `since`, and `earlier` in the minute
    before that. `same` is how many times in a row the last text has come, `alike` in how many of these the same was
    answered. `in_day` were acted on during `day`, which is counted from the year 1.
    """

    # A tuple, and not a dataclass as other records are: one is made twice a message, and stored with each person.
    since: datetime
    last: datetime
    recent: int = 0
    earlier: int = 0
    text: int | None = None
    same: int = 0
    reply: int | None = None
    alike: int = 0
    held: Rule | None = None
    day: int = 0
    in_day: int = 0


def arrived(pace: Pace | None, at: datetime, text: str, understood: Callable[[], bool]) -> Pace:
    """Return the pace with a message counted in; where its `held` is a rule, the message is not to be acted on.

    `text` is what was typed, "" where a button was pressed or something shared. `understood` says whether it answers
    the question at hand as only somebody who has read that does; it is asked only where that decides.
    """
    if pace is None:
        pace = Pace(at, at)
    since, recent, earlier = _counted(pace, at)
    words, same, alike = _repeated(pace, at, text)
    held: Rule | None = None
    if _in_last_minute(since, recent, earlier, at) > (
        SLOW_AGAIN if pace.held is Rule.RATE else MOST_IN_WINDOW
    ):
        held = Rule.RATE
    elif same >= SAME_IN_A_ROW and (alike >= SAME_IN_A_ROW - 1 or (_is_long(text) and not understood())):
        held = Rule.REPETITION
    today = at.toordinal()
    # A day that went backwards, by another machine's clock, begins none anew.
    day, in_day = (pace.day, pace.in_day) if pace.day >= today else (today, 0)
    if held is None and in_day >= MOST_IN_DAY:
        held = Rule.DAY
    if held is None:
        in_day += 1
    return Pace(since, at, recent, earlier, words, same, pace.reply, alike, held, day, in_day)


def answered(pace: Pace, replies: Iterable[str]) -> Pace:
    """Return the pace after a message that was acted on, with the texts that were answered to it."""
    reply = _checksum("\n".join(replies))
    is_alike = pace.same > 1 and reply == pace.reply
    alike = min(pace.alike + 1, SAME_IN_A_ROW) if is_alike else 1
    return Pace(
        pace.since,
        pace.last,
        pace.recent,
        pace.earlier,
        pace.text,
        pace.same,
        reply,
        alike,
        day=pace.day,
        in_day=pace.in_day,
    )


def _counted(pace: Pace, at: datetime) -> tuple[datetime, int, int]:
    """Return `since`, `recent` and `earlier` with one message more."""
    elapsed = at - pace.since
    if elapsed < timedelta(0):
        # The clock went backwards. What was counted stays, as of now: it is forgotten two minutes on, whatever
        # time it was before.
        return at, _more(pace.recent), pace.earlier
    if elapsed < WINDOW:
        return pace.since, _more(pace.recent), pace.earlier
    if elapsed < 2 * WINDOW:
        return pace.since + WINDOW, 1, pace.recent
    return at, 1, 0


def _more(count: int) -> int:
    return min(count + 1, MOST_COUNTED)


def _in_last_minute(since: datetime, recent: int, earlier: int, at: datetime) -> float:
    """Return how many messages came in the last minute, about: as if spread evenly over the one before `since`."""
    return recent + earlier * (1.0 - (at - since) / WINDOW) if earlier else recent


def _repeated(pace: Pace, at: datetime, text: str) -> tuple[int | None, int, int]:
    """Return `text`, `same` and `alike` with one message more."""
    # Signs alone, like an emoji, fold to nothing; they are told apart as they were written.
    words = fold(text) or text.strip()
    if not words:
        return None, 0, 0
    checksum = _checksum(words)
    if checksum != pace.text or at - pace.last > IN_A_ROW_WITHIN:
        return checksum, 1, 0
    return checksum, min(pace.same + 1, SAME_IN_A_ROW), pace.alike


def _is_long(text: str) -> bool:
    return len(fold(text)) > MENU_ANSWER_LENGTH


def _checksum(words: str) -> int:
    return crc32(words.encode("utf-8", "replace"))
