"""What an outreach file says, ready to be used."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from bot.core.outreach.hours import Hours
from bot.core.outreach.quotas.records import Quotas
from bot.core.outreach.rewards import Rewards
from bot.core.outreach.sources import Source
from bot.core.questionnaire import Text

EXPIRES_AFTER = timedelta(days=14)


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
class Poster:
    """What stands on posters and in links. Numbers are as people dial them; `telegram` is the bot's name without @."""

    asked_by: Text | None = None
    headline: Text | None = None
    cost: Text | None = None
    is_free: bool = False
    number: str | None = None
    telegram: str | None = None
    whatsapp: str | None = None


@dataclass(frozen=True, slots=True)
class Referral:
    """Codes to pass on: how many a person gets at most, the words that offer them, and how long one is good.

    With 0 of them nobody gets any more, and those that were given are good until they expire. `degree_item` asks how
    many people somebody knows of those whom the consultation is meant for.
    """

    coupons: int
    text: Text
    expires_after: timedelta
    degree_item: str | None = None


@dataclass(frozen=True, slots=True)
class Help:
    """What is said to who needs a person, how soon somebody looks, and the organiser's own words, by language.

    `words` tell of harm and `urgent` of danger; `leave_out` are not looked for.
    """

    line: Text
    hours: Text
    urgent_within: timedelta
    within: timedelta
    text: Text | None = None
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    urgent: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    leave_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def texts(self) -> Iterator[Text]:
        """Yield every text that people are sent."""
        yield from filter(None, (self.text, self.hours, self.line))


@dataclass(frozen=True, slots=True)
class Outreach:
    """How a consultation reaches people. Without an invitation nobody can be invited; without reminders nobody is.

    `signed` says who writes; it is there wherever there is anything to send. `language` is that of the file's texts.
    Without help nobody stands by for who asks for a person.
    """

    consultation: str
    hours: Hours = field(default_factory=Hours)
    country: str | None = None
    invitation: Invitation | None = None
    reminders: Reminders | None = None
    rewards: Rewards | None = None
    quotas: Quotas | None = None
    sources: tuple[Source, ...] = ()
    poster: Poster | None = None
    referral: Referral | None = None
    help: Help | None = None
    signed: Text | None = None
    language: str = "en"

    @property
    def expires_after(self) -> timedelta:
        """How long an invitation stands, and an interview is waited for that somebody has left."""
        return self.invitation.expires_after if self.invitation else EXPIRES_AFTER

    def texts(self) -> Iterator[Text]:
        """Yield every text that people are sent."""
        if self.signed:
            yield self.signed
        for wording in self.invitation.wordings if self.invitation else ():
            yield wording.text
            if wording.sms_text:
                yield wording.sms_text
        if self.reminders:
            yield from filter(None, (self.reminders.invited, self.reminders.paused, self.reminders.last))
        if self.referral:
            yield self.referral.text
        if self.help:
            yield from self.help.texts()

    def printed(self) -> Iterator[Text]:
        """Yield every text that stands on posters."""
        if self.poster:
            yield from filter(None, (self.poster.asked_by, self.poster.headline, self.poster.cost))
