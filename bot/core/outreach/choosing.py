"""Who of those whose turn it is gets their invitation now: decided at the last moment, from what is known then.

The seam for quotas is `Steering`: it sees the candidates before they are chosen, and orders or holds them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.outreach.campaigns import Lane, Terms, Words
from bot.core.outreach.places import zones_of

QUIET_FOR = timedelta(days=7)
"""Somebody who has answered another consultation's question within this time is not interrupted: their next words
would be taken for an answer to us. It is also the time after which an unfinished interview counts as ended."""

ATTENDED_FOR = timedelta(hours=1)
"""For how long an invitation is put off to somebody whom a person answers: it would come amid what they are told."""

NEVER = timedelta(days=365)
"""For how long an invitation is put off that no hour is allowed for: until the hours change, in effect."""


class Reason(StrEnum):
    """Why somebody is not invited."""

    OPTED_OUT = "opted out"
    INTERVIEWED = "already interviewed"
    INVITED = "invited already"
    NO_LANGUAGE = "language not known"
    NO_WORDS = "no words in their language"
    NO_SENDER = "no sender"
    GONE = "number gone"
    CHANNEL = "channel"
    """Nobody can be written to first there: Telegram lets no bot do so, WhatsApp wants a template that it approved."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whose turn it is, as they stand now.

    `attributes` are what the organiser knows of them. `answers_at` is when they last wrote in an interview of another
    consultation that has not ended; `is_interviewed` whether they have begun this one, here or elsewhere; `is_attended`
    whether a person of ours answers them at present.
    """

    recipient_id: int
    contact_id: int
    turn: int
    wording: str
    lane: int
    language: str | None
    time_zones: str
    attributes: Mapping[str, str] = field(default_factory=dict, repr=False)
    opted_out: bool = False
    is_interviewed: bool = False
    is_gone: bool = False
    answers_at: datetime | None = None
    is_attended: bool = False


@dataclass(frozen=True, slots=True)
class Invite:
    """The invitation goes to the outbox now; it is worth nothing after `expires_at`."""

    candidate: Candidate
    sender: str
    language: str
    words: Words
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class PutOff:
    """Not before a moment."""

    candidate: Candidate
    until: datetime


@dataclass(frozen=True, slots=True)
class LeaveOut:
    """Never, in this campaign."""

    candidate: Candidate
    reason: Reason


@dataclass(frozen=True, slots=True)
class Hold:
    """Not until it is released; `reason` says by what, for who looks after it."""

    candidate: Candidate
    reason: str


Decision = Invite | PutOff | LeaveOut | Hold


@dataclass(frozen=True, slots=True)
class Steered:
    """Candidates in the order they are to be invited in, and those who are held instead."""

    order: Sequence[Candidate]
    held: Sequence[Hold] = ()


def by_turn(candidates: Sequence[Candidate]) -> Steered:
    """Return everybody in the order that was drawn."""
    return Steered(sorted(candidates, key=lambda one: (one.turn, one.recipient_id)))


@dataclass(frozen=True, slots=True)
class Steering:
    """How quotas have their say. `steer` is given candidates whose turn is next; it is pure, and may be run again.

    `reads` is how many candidates it wants to see for each that can be invited now. Whoever is in neither part of
    what it returns keeps waiting, and is seen again. `takes_back` says of somebody whose letter is kept in the outbox
    by something whether there is no place for them any more.
    """

    steer: Callable[[Sequence[Candidate]], Steered] = by_turn
    reads: int = 1
    takes_back: Callable[[Candidate], bool] = lambda one: False


BY_TURN = Steering()


def choose(
    terms: Terms, candidates: Sequence[Candidate], now: datetime, room: float, steering: Steering = BY_TURN
) -> Sequence[Decision]:
    """Return what becomes of candidates. `room` is for how many SMS parts their sender has time now.

    Whoever must not be invited is no candidate of a quota: they are taken out before it sees them. Decisions stop
    where the room is used up; whoever comes after that is left as they are.
    """
    decisions: list[Decision] = []
    able: list[Candidate] = []
    for one in candidates:
        against = _against(terms, one, now)
        if against is None:
            able.append(one)
        else:
            decisions.append(against)
    steered = steering.steer(able)
    decisions += steered.held
    for one in steered.order:
        if room <= 0:
            break
        invite = _invite(terms, one, now)
        if invite is None:
            decisions.append(PutOff(one, _opening(terms, one, now)))
        else:
            decisions.append(invite)
            room -= invite.words.segments
    return decisions


def is_open(terms: Terms, lane: Lane, now: datetime) -> bool:
    """Return whether invitations of a lane may be sent now."""
    return terms.hours.closing_in_all(now, zones_of(lane.time_zones)) is not None


@dataclass(frozen=True, slots=True)
class Wait:
    """Invitations of a lane that are still to leave; `not_before` is when the first of them may, None for at once."""

    lane: Lane
    not_before: datetime | None


def next_opening(terms: Terms, waits: Sequence[Wait], now: datetime) -> tuple[datetime, Lane] | None:
    """Return when the next of those who wait can be written to, `now` or later, and in which lane; or None."""
    opens = (
        (terms.hours.opening_in_all(max(now, one.not_before or now), zones_of(one.lane.time_zones)), one.lane)
        for one in waits
    )
    known = [(at, lane) for at, lane in opens if at is not None]
    return min(known, key=lambda one: one[0]) if known else None


def _against(terms: Terms, one: Candidate, now: datetime) -> PutOff | LeaveOut | None:
    """Return what speaks against inviting somebody now, but for the hour."""
    if one.opted_out:
        return LeaveOut(one, Reason.OPTED_OUT)
    if one.is_interviewed:
        return LeaveOut(one, Reason.INTERVIEWED)
    if one.is_gone:
        return LeaveOut(one, Reason.GONE)
    if one.language is None:
        return LeaveOut(one, Reason.NO_LANGUAGE)
    if one.language not in terms.said.get(one.wording, {}):
        return LeaveOut(one, Reason.NO_WORDS)
    if one.answers_at is not None and now < one.answers_at + QUIET_FOR:
        return PutOff(one, one.answers_at + QUIET_FOR)
    if one.is_attended:
        return PutOff(one, now + ATTENDED_FOR)
    return None


def _invite(terms: Terms, one: Candidate, now: datetime) -> Invite | None:
    """Return the invitation, where the hours are open by what is known now of where they are."""
    closes = terms.hours.closing_in_all(now, zones_of(one.time_zones))
    if closes is None or one.language is None:
        return None
    words = terms.said[one.wording][one.language]
    return Invite(one, terms.lanes[one.lane].sender, one.language, words, closes)


def _opening(terms: Terms, one: Candidate, now: datetime) -> datetime:
    return terms.hours.opening_in_all(now, zones_of(one.time_zones)) or now + NEVER
