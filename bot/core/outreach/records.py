"""What an outreach file says, ready to be used."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from bot.core.outreach.hours import Hours
from bot.core.outreach.quotas.records import Quotas
from bot.core.outreach.rewards import Rewards
from bot.core.questionnaire import Text


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording of the invitation, by its name."""

    name: str
    text: Text
    sms_text: Text | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """What people are invited with, and how long an invitation stands."""

    wordings: tuple[Wording, ...]
    expires_after: timedelta


@dataclass(frozen=True, slots=True)
class Reminders:
    """How often people are reminded, at which distance at least, and in which words.

    `last` is said when an invitation expires or an interview is given up, in place of one more reminder.
    """

    most: int
    after: timedelta
    invited: Text | None = None
    paused: Text | None = None
    last: Text | None = None


@dataclass(frozen=True, slots=True)
class Outreach:
    """How a consultation reaches people. Without an invitation nobody can be invited; without reminders nobody is."""

    consultation: str
    hours: Hours = field(default_factory=Hours)
    country: str | None = None
    invitation: Invitation | None = None
    reminders: Reminders | None = None
    rewards: Rewards | None = None
    quotas: Quotas | None = None

    def texts(self) -> Iterator[Text]:
        """Yield every text that people are sent."""
        for wording in self.invitation.wordings if self.invitation else ():
            yield wording.text
            if wording.sms_text:
                yield wording.sms_text
        if self.reminders:
            yield from filter(None, (self.reminders.invited, self.reminders.paused, self.reminders.last))
