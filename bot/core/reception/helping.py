"""What is known of somebody who helps others to answer, and of the person they are with.

A worker is let in by a number, once, from one chat. From then on that chat is theirs to help in: in a session, each
interview is of another person, who has no contact with us but through the worker.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.interview.records import Interview

SILENCE = timedelta(hours=1)
"""After more than this between two messages the worker is taken to have left: the phone may be in other hands."""

MOST_WRONG = 5
"""Wrong numbers of one chat, after which it is shut out: five guesses of a million."""
SHUT_OUT_FOR = timedelta(days=1)


class Asks(StrEnum):
    """A question to the worker that takes the next reply."""

    NEXT = "next"
    """Whether to end the interview at hand, for the next person."""
    LEAVE = "leave"
    """Whether to end it, because the worker is finished."""
    UNDO = "undo"
    """Whether to remove the last interview."""


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who may help others to answer one consultation, before a moment."""

    id: int
    consultation: str
    until: datetime

    def may_help(self, at: datetime) -> bool:
        return at < self.until


@dataclass(frozen=True, slots=True)
class Session:
    """One sitting of a worker's, in which they help one person after the other.

    `person` counts those whom they have begun with. `interview` is that of the last of them, where there is one and it
    was not removed: it is their own still, until it has ended. `language` is the one that the last of them chose.
    """

    id: int
    worker: int
    consultation: str
    last_at: datetime
    person: int = 0
    interview: Interview | None = field(default=None, repr=False)
    language: str | None = None
    asks: Asks | None = None

    def is_over(self, at: datetime) -> bool:
        """Return whether nothing came for so long that the worker is taken to have left."""
        return at - self.last_at > SILENCE


@dataclass(frozen=True, slots=True)
class Pin:
    """A worker's number as it is known: who it lets in, until when, and whether another chat has used it."""

    worker: Worker
    until: datetime
    is_taken: bool = False

    def lets_in(self, at: datetime) -> bool:
        return not self.is_taken and at < self.until and self.worker.may_help(at)


@dataclass(frozen=True, slots=True)
class Wrong:
    """How many wrong numbers came from a chat, and when the last of those that counted came."""

    count: int
    at: datetime

    def shuts_out(self, at: datetime) -> bool:
        return self.count >= MOST_WRONG and at - self.at < SHUT_OUT_FOR


def one_more_wrong(wrong: Wrong | None, at: datetime) -> Wrong:
    """Return the count with one more. What came while the chat was shut out keeps it out no longer."""
    if wrong is None or at - wrong.at >= SHUT_OUT_FOR:
        return Wrong(1, at)
    return wrong if wrong.shuts_out(at) else Wrong(wrong.count + 1, at)


@dataclass(frozen=True, slots=True)
class Helped:
    """What a message made of the interview of somebody who is helped; without one, it is removed."""

    session: int
    person: int
    interview: Interview | None = field(default=None, repr=False)
