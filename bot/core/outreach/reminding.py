"""When somebody who is silent is reminded, and when they are left alone: pure, so that every case stands in a table.

Two kinds of people are: those who were invited and have not answered, and those who answer and have not gone on. Of
the latter, only who has agreed to take part: who leaves that question open has not said that we may.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.outreach.hours import Hours
from bot.core.outreach.places import zones_of

GRACE = timedelta(days=7)
"""For how long after an invitation has expired, or an interview was given up, its last word may still be said. Whoever
was silent for longer when reminding began hears nothing."""


class Kind(StrEnum):
    """What a reminder says."""

    INVITED = "invited"
    PAUSED = "paused"
    LAST = "last"
    """That we write no more, in place of one more reminder."""


class RemindingState(StrEnum):
    """Whether a consultation's people are reminded."""

    RUNNING = "running"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class ReminderTerms:
    """What was confirmed of reminding, by which it is done from then on. `said` are the texts by kind and language.

    `most` counts all that somebody gets in a consultation, ever; the last word too. `clock` is the consultation's own,
    for those of whom no number tells where they are; None where it has none.
    """

    hours: Hours
    most: int
    after: timedelta
    expires_after: timedelta
    said: Mapping[Kind, Mapping[str, str]] = field(default_factory=dict, repr=False)
    clock: str | None = None


@dataclass(frozen=True, slots=True)
class Silence:
    """Somebody who is silent: since when, what they are reminded of, and what they had so far.

    `since` is when they were invited, or last wrote. `number` is how many reminders they had, `last_at` when the last
    of them was sent, `ended_at` when they were told that we write no more.
    """

    kind: Kind
    since: datetime
    number: int = 0
    last_at: datetime | None = None
    ended_at: datetime | None = None
    language: str | None = None
    time_zones: str | None = None


@dataclass(frozen=True, slots=True)
class Remind:
    """A reminder goes to the outbox now; it is worth nothing after `expires_at`."""

    kind: Kind
    text: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing is said before then."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Over:
    """Nothing more is said of this silence; `has_expired` tells that their time is up."""

    has_expired: bool = False


NOBODY = ReminderTerms(Hours(), 0, timedelta(days=1), timedelta(days=14))
"""The terms of a consultation whose people are not reminded: invitations expire, and nobody hears of it."""


def next_step(terms: ReminderTerms, one: Silence, now: datetime) -> Remind | Wait | Over:
    """Return what becomes of a silence at a moment."""
    expires = one.since + terms.expires_after
    if one.ended_at is not None:
        # That we write no more was said once: it holds too for who wrote after that and left off again.
        return Over(has_expired=True)
    last = _text(terms, Kind.LAST, one.language)
    # One of them is kept for the last word, where there is one.
    regular = terms.most - (1 if last is not None else 0)
    due = max(one.since, one.last_at or one.since) + terms.after
    if now < expires:
        text = _text(terms, one.kind, one.language)
        if text is None or one.number >= regular or due >= expires:
            return Wait(expires)
        return _say(terms, one, one.kind, text, now) if now >= due else Wait(due)
    if last is None or one.number >= terms.most or now >= expires + GRACE:
        return Over(has_expired=True)
    return _say(terms, one, Kind.LAST, last, now) if now >= due else Wait(due)


def _say(terms: ReminderTerms, one: Silence, kind: Kind, text: str, now: datetime) -> Remind | Wait | Over:
    if one.time_zones is None:
        # Nobody knows which hour it is there: nothing is said.
        return Over()
    zones = zones_of(one.time_zones)
    closes = terms.hours.closing_in_all(now, zones)
    if closes is not None:
        return Remind(kind, text, closes)
    opens = terms.hours.opening_in_all(now, zones)
    return Over() if opens is None else Wait(opens)


def _text(terms: ReminderTerms, kind: Kind, language: str | None) -> str | None:
    return terms.said.get(kind, {}).get(language or "")


def next_kind(terms: ReminderTerms, one: Silence, now: datetime) -> Kind | None:
    """Return what somebody hears next, now or later, if they stay silent; None where they hear nothing more."""
    step = next_step(terms, one, now)
    while isinstance(step, Wait):
        step = next_step(terms, one, step.until)
    return step.kind if isinstance(step, Remind) else None
