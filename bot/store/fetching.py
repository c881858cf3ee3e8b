"""What the store knows of a picture or sound that somebody sent, until it is a file and afterwards."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class MediaStatus(StrEnum):
    """What has become of a picture or sound."""

    WAITING = "waiting"
    """To be fetched when it is due."""
    STORED = "stored"
    """It is a file."""
    REFUSED = "refused"
    """It will not be fetched, or was not after all attempts; `error` says why."""
    DELETED = "deleted"
    """It was deleted, or is just being."""


@dataclass(frozen=True, slots=True)
class Fetch:
    """A picture or sound in a worker's hands. `number` is how often it has been tried, from 1.

    `stem` is the name of its file without the ending, random.
    """

    id: int
    number: int
    channel: str
    reference: str = field(repr=False)
    kind: str
    stem: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What has become of a fetch. `due_at` is when to try again; None for never. `file` is its name with the ending."""

    fetch: Fetch
    status: MediaStatus
    at: datetime
    error: str | None = None
    due_at: datetime | None = None
    file: str | None = None
    content_type: str | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class StoredMedia:
    """What results say of a picture or sound that is an answer: its file, if there is one, or why there is none."""

    status: MediaStatus
    file: str | None = None
    error: str | None = None
