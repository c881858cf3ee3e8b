"""What a transcript holds."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

CHANNELS = ("sms", "telegram")
"""Whose view of a conversation can be written down."""

DEFAULT_START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the person's, what it was answered, and what got stored. `line` is where it stands, from 1."""

    said: str
    replies: tuple[str, ...] = ()
    stored: tuple[str, ...] = ()
    waited: timedelta = timedelta()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Transcript:
    """A conversation with one consultation. `pin` is the number of a worker who may help others to answer in it."""

    consultation: str
    channel: str = "sms"
    at: datetime = DEFAULT_START
    seed: int = 1
    remarks: tuple[str, ...] = ()
    turns: tuple[Turn, ...] = ()
    pin: str | None = None
