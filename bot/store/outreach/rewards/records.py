"""What is known of rewards."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.core.outreach.rewards import Rewards


class RewardState(StrEnum):
    """What is known of a reward."""

    RESERVED = "reserved"
    """Its money is set aside, and it was certainly not paid yet."""
    SENT = "sent"
    """It was handed over, and nobody knows whether it was paid: no answer came, or an unclear one."""
    CONFIRMED = "confirmed"
    """Whoever pays has said that it is paid."""
    FAILED = "failed"
    """Whoever pays will not pay it, and has not. Its money is free again."""
    REFUSED = "refused"
    """It was not handed over, and no money is set aside for it; `error` says why."""


OF_BUDGET = (RewardState.RESERVED, RewardState.SENT, RewardState.CONFIRMED)
"""What takes from the budget: all that is paid, or may be."""


NO_BUDGET = "budget"
"""The error of a reward that was more than what was left of the budget."""


PAID_BEFORE = "their number has one already"
"""The error of a second reward for a number in a consultation, by whatever channel or interview."""


@dataclass(frozen=True, slots=True)
class Running:
    """The rewards of a consultation as they were confirmed, and the sealed secret that signs them."""

    consultation: str
    terms: Rewards
    secret_sealed: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Owed:
    """A completed interview that is not in the ledger, and the sealed number of its person."""

    interview: int
    contact: int
    address_sealed: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RewardAttempt:
    """A reward in a worker's hands. `number` is how often it was tried, from 1; `started_at` is when, this time.

    `was_sent` says that an earlier attempt may have paid it. Without an `address_sealed` its person was erased.
    """

    id: int
    number: int
    started_at: datetime
    was_sent: bool
    consultation: str
    key: str
    amount: int
    currency: str
    reserved_at: datetime
    address_sealed: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class SettledReward:
    """What has become of an attempt. `due_at` is when to try again; None for never by itself."""

    id: int
    started_at: datetime
    state: RewardState
    at: datetime
    error: str | None = None
    due_at: datetime | None = None

    @property
    def is_clear(self) -> bool:
        """Whether it is over: what is left to try again says nothing good of whoever pays."""
        return self.state not in (RewardState.RESERVED, RewardState.SENT)


@dataclass(frozen=True, slots=True)
class Set:
    """What setting money aside has come to: rewards reserved, and those that the budget had no money for."""

    reserved: int
    refused: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rewards of a state, error and currency there are, and what they come to in millionths.

    `stuck` are those that nothing happens to any more by itself.
    """

    state: RewardState
    error: str | None
    currency: str
    count: int
    amount: int
    stuck: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The rewards of a consultation for an operator; `terms` is None where they are stopped or were never started."""

    terms: Rewards | None
    changed_by: str | None
    changed_at: datetime | None
    tallies: Sequence[Tally]
    waiting: int
    """Completed interviews by phone that are not in the ledger yet."""
    numberless: int
    """Completed interviews without a phone number to pay to."""

    @property
    def taken(self) -> int:
        """Return the millionths of the budget that are paid or set aside."""
        return sum(one.amount for one in self.tallies if one.state in OF_BUDGET)
