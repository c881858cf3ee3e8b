"""A campaign of invitations: what was confirmed, which state it is in, and what may be done to it then."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from bot.core.outreach.hours import Hours


class CampaignState(StrEnum):
    """Whether a campaign invites. Only a running one does."""

    QUEUEING = "queueing"
    """Its invitations are being written down. Left in it, by a crash, it never sends anything."""
    RUNNING = "running"
    LOOKING = "looking"
    """Its sample is invited: somebody has to look at how that went before the rest are."""
    PAUSED = "paused"
    DONE = "done"
    """Everybody is invited, or left out."""
    CANCELLED = "cancelled"


REMINDS = frozenset({CampaignState.RUNNING, CampaignState.LOOKING, CampaignState.DONE})
"""States in which those who were invited may be reminded: what is paused or cancelled says nothing more to anybody."""


class Step(StrEnum):
    """What an organiser does to a campaign."""

    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"


_MOVES: Mapping[tuple[CampaignState, Step], CampaignState] = {
    (CampaignState.RUNNING, Step.PAUSE): CampaignState.PAUSED,
    # Nobody is left to invite, but some may be due a reminder.
    (CampaignState.DONE, Step.PAUSE): CampaignState.PAUSED,
    (CampaignState.LOOKING, Step.RESUME): CampaignState.RUNNING,
    (CampaignState.PAUSED, Step.RESUME): CampaignState.RUNNING,
    (CampaignState.QUEUEING, Step.CANCEL): CampaignState.CANCELLED,
    (CampaignState.RUNNING, Step.CANCEL): CampaignState.CANCELLED,
    (CampaignState.LOOKING, Step.CANCEL): CampaignState.CANCELLED,
    (CampaignState.PAUSED, Step.CANCEL): CampaignState.CANCELLED,
    (CampaignState.DONE, Step.CANCEL): CampaignState.CANCELLED,
}


def after(state: CampaignState, step: Step) -> CampaignState | None:
    """Return the state that a step leads to; None where it cannot be taken."""
    return _MOVES.get((state, step))


class InvitationState(StrEnum):
    """What is written down of an invitation. What became of its letter, and of the person, is looked up there."""

    WAITING = "waiting"
    HELD = "held"
    """A quota is full: it waits until that changes, out of the way of others."""
    QUEUED = "queued"
    """A letter of it is in the outbox, or was until a moment ago."""
    SENT = "sent"
    """The provider has taken its letter."""
    FAILED = "failed"
    """No provider took its letter, for good."""
    LEFT_OUT = "left_out"
    """When its turn came, it was not to be sent any more; `reason` says why."""
    EXPIRED = "expired"
    """It stood as long as it was to stand, and nothing came. A reply opens it again all the same."""


class Fate(StrEnum):
    """What has become of an invitation, as an organiser counts: each is in one of these."""

    WAITING = "waiting"
    HELD = "held"
    OUTBOX = "in the outbox"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    ANSWERED = "answered"
    REFUSED = "refused"
    OPTED_OUT = "opted out"
    LEFT_OUT = "left out"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


WENT_OUT = frozenset(
    {Fate.SENT, Fate.DELIVERED, Fate.FAILED, Fate.ANSWERED, Fate.REFUSED, Fate.OPTED_OUT, Fate.EXPIRED}
)
"""Fates of invitations that were handed over, or tried to be."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text as it is sent by SMS in one language, and its parts."""

    text: str = field(repr=False)
    segments: int


@dataclass(frozen=True, slots=True)
class Lane:
    """Invitations that leave from one sender to people with the same clocks: they can go, or cannot, together."""

    sender: str
    time_zones: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What was confirmed of a campaign, by which it is held from then on, whatever becomes of the files.

    `said` are the wordings by name and language; `lanes` are named by their place in the list; `last_turn` is that of
    the last who is invited, where only so many are; `where` are the attributes that people had to have.
    """

    hours: Hours
    said: Mapping[str, Mapping[str, Words]]
    lanes: tuple[Lane, ...]
    people: int
    last_turn: int | None = None
    where: Mapping[str, str] = field(default_factory=dict)
    expires_after: timedelta = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign as it stands. `until_turn` is that of the last of the sample, while only that is invited."""

    id: int
    consultation: str
    number: int
    state: CampaignState
    seed: int
    sample: int | None
    until_turn: int | None
    terms: Terms
    reason: str | None = None
