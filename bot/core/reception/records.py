"""What a message is, who is known to have sent it, and what comes of it: no address, no name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.interview.records import Interview, Slot
from bot.core.prompts.records import Prompt
from bot.core.reception.coupon import Coupon
from bot.core.reception.helping import Helped, Pin, Session, Worker, Wrong
from bot.core.safeguarding import Urgency


class Attention(StrEnum):
    """Where somebody stands whom a person attends to; what that does is in `bot.core.reception.attending`."""

    ASKED = "asked"
    """They asked for a person, and have not said yet what about."""
    TALKS = "talks"
    """What they write goes to a person, until they go on with the questions."""
    WAITS = "waits"
    """What they wrote is in the queue. The question at hand is the one they saw."""
    WAITS_UNSEEN = "waits_unseen"
    """The same, and what they wrote was an answer: the question after it was not shown."""


@dataclass(frozen=True, slots=True)
class Correspondent:
    """What is known of a person before their message: no address, no name.

    `current` is the consultation they last spoke about, by its id.
    """

    language: str | None = None
    opted_out: bool = False
    current: str | None = None
    moved: frozenset[str] = frozenset()
    """The consultations that they went on with on another channel."""
    attention: Attention | None = None
    worker: Worker | None = None
    """Who they are as a worker that helps others to answer."""
    session: Session | None = None
    """Where they are helping now: what they write there is about somebody else."""
    wrong: Wrong | None = None
    """The numbers of workers that they got wrong; known where their message has one."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message without who sent it. `shared` holds (kind, value) pairs; see `bot.core.interview.records.Shared`.

    `joins` is the id of a consultation that a link names, `source` what it says of where it stood; `corrects` says
    that the text stands in place of that of the message before; `leaves` that the person has blocked us. `brings`
    is the interview of another channel that a code in the text stands for, `coupon` one that somebody passed on.
    `hints` are the languages that the person's phone or app suggests, the likeliest first; they order a menu.

    `tries_pin` says that the text asks to help others with a worker's number, and `pin` is what that stands for, None
    where it stands for nothing. `answered_by_carrier` says that the carrier has answered already: to STOP, by blocking.
    """

    at: datetime
    text: str = field(default="", repr=False)
    button: str | None = field(default=None, repr=False)
    shared: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    joins: str | None = None
    source: str | None = None
    corrects: bool = False
    leaves: bool = False
    brings: Interview | None = field(default=None, repr=False)
    hints: tuple[str, ...] = ()
    coupon: Coupon | None = None
    tries_pin: bool = False
    pin: Pin | None = None
    answered_by_carrier: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A message that a person is to read.

    Without an `urgency` of its own it belongs to what somebody is to read already. `within` is how soon. `slot` is the
    answer that it became, where it became one; `has_words` is false for a picture or sound alone. `language` is what
    they were answered in.
    """

    consultation: str
    urgency: Urgency | None
    within: timedelta
    slot: Slot | None = None
    has_words: bool = True
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a message changes and what is answered. `interviews` holds only those new or changed, by consultation."""

    correspondent: Correspondent
    interviews: Mapping[str, Interview] = field(default_factory=dict)
    concerns: str | None = None
    """The consultation that the message was about, where it was about one."""
    prompts: tuple[Prompt, ...] = ()
    takes: bool = False
    """Whether the interview that the message `brings` is this person's from now on, in place of one they have."""
    gives: str | None = field(default=None, repr=False)
    """The code that was given, by which the interview that the message concerns can go on elsewhere."""
    recruits: bool = False
    """Whether the `coupon` of the message is used up: its person takes part in the interview that it concerns."""
    coupons: tuple[str, ...] = field(default=(), repr=False)
    """The codes to pass on that were given to the person of the interview that it concerns."""
    call: Call | None = None
    """What a person is to read of it."""
    helped: Helped | None = None
    """What became of the interview of somebody whom this person helps."""
    ends: Helped | None = None
    """Whose interview was left unfinished, for the next person or as the worker has left: nobody can go on with it."""
    enters: int | None = None
    """The worker whose number let this chat in; it is good in this one alone from now on."""
