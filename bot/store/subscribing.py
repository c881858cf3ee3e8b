"""What the store knows of digests: who gets them when, and what has become of each."""

from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum


class Carrier(StrEnum):
    """How a digest gets to its subscriber."""

    EMAIL = "email"
    WEBHOOK = "webhook"


class Every(StrEnum):
    """How often a digest comes."""

    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Schedule:
    """When digests come: at a time of day in a zone (IANA's name); by the week, on `weekday` (0 is Monday)."""

    every: Every
    at: time
    zone: str
    weekday: int = 0


@dataclass(frozen=True, slots=True)
class Subscription:
    """Who gets the digests of a consultation, in which language (BCP 47). `due_at` is when the next is made.

    The address and the secret of a webhook are sealed as phone numbers are.
    """

    id: int
    consultation: str
    carrier: Carrier
    target_sealed: str = field(repr=False)
    secret_sealed: str | None = field(repr=False)
    schedule: Schedule
    created_at: datetime
    due_at: datetime
    language: str


class DigestStatus(StrEnum):
    """What has become of a digest."""

    QUEUED = "queued"
    """Made, and sent when it is due."""
    SENDING = "sending"
    """A worker has it in hand, and may be handing it over."""
    SENT = "sent"
    FAILED = "failed"
    """Refused, or not taken after all attempts. The next digest tells what it told."""
    UNCERTAIN = "uncertain"
    """The mail server may have taken it. It is not sent again, and the next digest tells what it told."""


@dataclass(frozen=True, slots=True)
class NewDigest:
    """A digest to be sent. `period` is what it is the only one of, for its subscription; `content` is JSON.

    It tells what is new after `since`, up to `until`. `message_id` is the same at each attempt.
    """

    subscription_id: int
    period: str
    since: datetime
    until: datetime
    message_id: str
    content: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DigestAttempt:
    """A digest in a worker's hands. `number` is how often it has been tried, from 1; `started_at` when, this time."""

    id: int
    number: int
    started_at: datetime
    subscription_id: int
    carrier: Carrier
    target_sealed: str = field(repr=False)
    secret_sealed: str | None = field(repr=False)
    until: datetime
    message_id: str
    content: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SettledDigest:
    """What has become of an attempt. `due_at` is when to try again; None for never. `gone`: nobody is there now."""

    id: int
    started_at: datetime
    status: DigestStatus
    at: datetime
    error: str | None = None
    due_at: datetime | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class LastDigest:
    """The newest digest of a subscription, for an operator."""

    status: DigestStatus
    until: datetime
    error: str | None
