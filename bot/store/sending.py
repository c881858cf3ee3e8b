"""What the store knows of a message to a person, on its way and afterwards."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum

from bot.channels.sending import Template
from bot.core.prompts.records import Button


class OutboundStatus(StrEnum):
    """What has become of a message to a person."""

    REPLIED = "replied"
    """Handed to the provider in the response to the message that it answers."""
    QUEUED = "queued"
    """Waits in the outbox until it is due."""
    SENDING = "sending"
    """A worker has it in hand, and may be handing it over."""
    UNCERTAIN = "uncertain"
    """It may have been sent: no answer came, or the worker died. The provider is asked before it is sent again."""
    SENT = "sent"
    """The provider has taken it."""
    DELIVERED = "delivered"
    """It is on the person's phone, by a receipt."""
    UNDELIVERED = "undelivered"
    """The provider took it and could not bring it there, by a receipt; `error` says why."""
    FAILED = "failed"
    """Refused, not taken after all attempts, or forbidden by its channel by now: a dead letter, for an operator."""
    CANCELED = "canceled"
    """Never sent: the person asked for silence first."""
    EXPIRED = "expired"
    """Never sent: it would have come too late to make sense."""


class Priority(IntEnum):
    """Which of two due messages goes first: the lower."""

    REPLY = 0
    REMINDER = 1
    INVITATION = 2
    NOTICE = 3
    """What came of a consultation that somebody answered: no minute of it is urgent."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to put in the outbox: one text as the provider takes it, to one person, from one sender of ours.

    Its `template` is sent instead where the channel allows nothing else by then; what `text` is to say, it says too.
    """

    contact_id: int
    sender: str
    priority: Priority
    text: str = field(repr=False)
    due_at: datetime
    expires_at: datetime | None = None
    language: str | None = None
    buttons: tuple[Button, ...] = field(default=(), repr=False)
    segments: int | None = None
    template: Template | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A message in a worker's hands. `number` is how often it has been tried, from 1; `started_at` when, this time.

    Whoever settles it says when: had somebody else taken it over meanwhile, it would be another moment. `counted_on` is
    the day to which the caps counted it, where it was tried before.
    """

    id: int
    number: int
    started_at: datetime
    contact_id: int
    channel: str
    address_sealed: str = field(repr=False)
    text: str = field(repr=False)
    buttons: tuple[Button, ...] = field(repr=False)
    segments: int | None
    template: Template | None = None
    priority: Priority = Priority.REPLY
    expires_at: datetime | None = None
    counted_on: date | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """What has become of an attempt. `due_at` is when to try, or to ask, again; None for never.

    `counts` is false where the message was not really tried: it went back for a reason that is not its own.
    """

    id: int
    started_at: datetime
    status: OutboundStatus
    at: datetime
    provider_id: str | None = None
    error: str | None = None
    due_at: datetime | None = None
    opted_out: bool = False
    counts: bool = True


@dataclass(frozen=True, slots=True)
class OpenLetter:
    """A message on its way or stuck, for an operator: never its words, nor to whom.

    Without a `sender` it travelled in the answer to the person's own message.
    """

    id: int
    status: str
    sender: str | None
    priority: int | None
    attempts: int
    error: str | None
    created_at: datetime
    due_at: datetime | None
