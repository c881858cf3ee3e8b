"""What the intake reads before a batch of messages and writes after it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from bot.channels import Shared
from bot.core.interview.records import Answer, Interview, Slot
from bot.core.pacing import Pace
from bot.core.prompts.records import Prompt
from bot.core.reception import Attention, Call, Correspondent, Helped, Pin, Session, Worker, Wrong


@dataclass(frozen=True, slots=True)
class GivenCoupons:
    """Codes that somebody was given to pass on, as they are kept, and the wave of who comes by one."""

    hashes: tuple[str, ...]
    wave: int
    expires_at: datetime


class Sender(NamedTuple):
    """Who wrote, as the contact vault finds them again."""

    channel: str
    address_hash: str


class MessageKey(NamedTuple):
    """A message from a person: every delivery of it has the same key, and no other message has."""

    channel: str
    provider_id: str


@dataclass(frozen=True, slots=True)
class Contact:
    """A person in the contact vault, without their address."""

    id: int
    language: str | None
    opted_out_at: datetime | None
    current: str | None
    pace: Pace | None
    sender: str | None = None
    last_message: str | None = None
    moved: frozenset[str] = frozenset()
    attention: Attention | None = None
    worker_id: int | None = None

    @property
    def correspondent(self) -> Correspondent:
        is_out = self.opted_out_at is not None
        return Correspondent(self.language, is_out, self.current, self.moved, self.attention)


@dataclass(frozen=True, slots=True)
class HeldInterview:
    """An interview as stored. `ended_at` is the moment of its ending, which later messages do not move."""

    id: int
    interview: Interview
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Told:
    """What was answered to a message when it came the first time."""

    contact_id: int
    prompts: tuple[Prompt, ...]


@dataclass(frozen=True, slots=True)
class Bringing:
    """What a code stands for: somebody's interview, until a moment."""

    sender: Sender
    consultation: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class GivenCode:
    """A code that was given, by which the interview that its message concerns goes on elsewhere."""

    code: str = field(repr=False)
    expires_at: datetime


class Person(NamedTuple):
    """Somebody who is helped: which of a session's people."""

    session: int
    number: int


@dataclass(frozen=True, slots=True)
class Helping:
    """Who a contact is as a worker, where they are helping now, and the interview of the person at hand there."""

    worker: Worker
    session: Session | None = None
    held: HeldInterview | None = None

    @property
    def version(self) -> str | None:
        return self.held.interview.version if self.held else None


@dataclass(frozen=True, slots=True)
class KnownPin:
    """A worker's number, and the contact whose chat it let in, where there is one."""

    pin: Pin
    contact_id: int | None


@dataclass(frozen=True, slots=True)
class Known:
    """What the store holds of the people who wrote in a batch.

    `interviews` are by contact id and consultation; `documents` are those of versions the caller does not know;
    `codes` are those in the messages that stand for somebody's interview, who is among the contacts then. `helping` is
    by contact id and has nobody but workers; `pins` are by hash; `wrong` are the numbers that contacts got wrong, of
    those alone whose messages have one.
    """

    contacts: Mapping[Sender, Contact]
    interviews: Mapping[int, Mapping[str, HeldInterview]]
    told: Mapping[MessageKey, Told]
    documents: Mapping[str, str]
    codes: Mapping[str, Bringing] = field(default_factory=dict, repr=False)
    helping: Mapping[int, Helping] = field(default_factory=dict)
    pins: Mapping[str, KnownPin] = field(default_factory=dict, repr=False)
    wrong: Mapping[int, Wrong] = field(default_factory=dict)

    def held(self, sender: Sender) -> Mapping[str, HeldInterview]:
        """Return the interviews of a person by consultation; none for somebody new."""
        contact = self.contacts.get(sender)
        return self.interviews.get(contact.id, {}) if contact else {}

    def helping_of(self, sender: Sender) -> Helping | None:
        """Return what is known of a person as a worker; None of nearly everybody."""
        contact = self.contacts.get(sender) if self.helping else None
        return self.helping.get(contact.id) if contact else None


@dataclass(frozen=True, slots=True)
class Reply:
    """A message to a person, and its length in SMS segments where the channel counts them.

    `waits` says that the outbox has to send it: it does not travel in the answer to the person's message.
    """

    prompt: Prompt
    segments: int | None
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """One message from a person and all that follows from it.

    `interviews` are those new or changed, by consultation; `answers` those new, changed or taken back. `pace` is how
    they have been writing, with this message. `to` is which of ours they wrote to, `last_message` the provider's name
    for what they wrote, where it can be corrected. `media` are the pictures and sounds that became answers. `brought`
    is whose interview of the consultation it concerns became this person's, `given` the code given for theirs, `call`
    what a person is to read of it. `uses`
    is the coupon, by its id, that brought them there, and `coupons` are those that they were given to pass on.

    `helped` is what became of the interview of somebody whom this person helps, with the `helped_answers` that are new,
    changed or taken back; `ends` is the interview that was left unfinished for theirs, or as the worker has left;
    `enters` is the worker whose number let this chat in.
    """

    key: MessageKey
    sender: Sender
    at: datetime
    body: str = field(repr=False)
    correspondent: Correspondent
    interviews: Mapping[str, Interview]
    answers: Mapping[tuple[str, Slot], Answer]
    concerns: str | None
    pace: Pace
    replies: tuple[Reply, ...]
    to: str | None = None
    last_message: str | None = None
    media: tuple[Shared, ...] = ()
    brought: Sender | None = None
    given: GivenCode | None = None
    uses: int | None = None
    coupons: GivenCoupons | None = None
    call: Call | None = None
    helped: Helped | None = None
    helped_answers: Mapping[Slot, Answer] = field(default_factory=dict, repr=False)
    ends: Helped | None = None
    enters: int | None = None
