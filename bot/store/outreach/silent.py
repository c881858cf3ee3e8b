"""Who is silent: people who were invited and have not answered, and people who have left off in the middle.

The first are found by when something is due for them, the second by going through a consultation's interviews a stretch
at a time: an index of when each was last changed would cost every message that comes in.
"""

from collections.abc import AsyncGenerator, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels import CARRIAGES, Channel
from bot.core.interview.records import Interview, Stage
from bot.core.outreach.campaigns import Campaign
from bot.core.outreach.quotas.counting import Profile
from bot.core.outreach.reminding import Kind, Silence
from bot.core.outreach.spoken import language_for
from bot.store import tables
from bot.store.database import snapshot
from bot.store.inbox_tables import is_attended
from bot.store.moves import read_moved
from bot.store.outreach.tables import invitations, is_sent, recipients, reminders
from bot.store.rows import read_interview
from bot.store.sending import OutboundStatus

_invitation, _recipient, _reminder = invitations.c, recipients.c, reminders.c
_contact, _interview, _out = tables.contacts.c, tables.interviews.c, tables.outbound.c
_read_attributes = msgspec.json.Decoder(dict[str, str]).decode

STRETCH = 5_000
"""Interviews that are gone through in one statement."""
_PAGE = 5_000
"""Invited people held in memory at a time."""

_ARRIVED = (OutboundStatus.SENT, OutboundStatus.DELIVERED)
_ON_ITS_WAY = (OutboundStatus.QUEUED, OutboundStatus.SENDING, OutboundStatus.UNCERTAIN)


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody whose invitation is sent. `next_number` is that of their next reminder.

    `is_over` says that they answered, or that nothing more is to be sent there; `is_on_its_way` that the invitation is
    sent once more, for it did not arrive; `is_attended` that a person answers them, or did until a moment ago.
    """

    recipient_id: int
    contact_id: int
    sender: str | None
    silence: Silence
    next_number: int
    is_over: bool
    is_on_its_way: bool
    is_attended: bool = False
    profile: Profile = field(default_factory=Profile, repr=False)

    @property
    def paused_since(self) -> None:
        """They have not begun."""
        return


@dataclass(frozen=True, slots=True)
class Paused:
    """Somebody who has left off in the middle. Without time zones in the silence, their number has to tell where they
    are: `address_sealed`. `is_attended` says that a person answers them, or did until a moment ago."""

    contact_id: int
    interview_id: int
    channel: Channel
    sender: str | None
    address_sealed: str = field(repr=False)
    interview: Interview = field(repr=False)
    silence: Silence
    next_number: int
    is_attended: bool = False
    profile: Profile = field(default_factory=Profile, repr=False)

    @property
    def paused_since(self) -> datetime:
        """When they last wrote in their interview."""
        return self.silence.since


async def silent_invited(
    engine: AsyncEngine, campaign: Campaign, now: datetime, most: int, attended_since: datetime
) -> Sequence[Invited]:
    """Return people of a campaign for whom something is due, those who wait longest first.

    Whose case in the inbox was open at `attended_since` or later, a person attends to.
    """
    asked = {"campaign": campaign.id, "consultation": campaign.consultation, "now": now, "most": most}
    asked["attended_since"] = attended_since
    spoken = _spoken(campaign)
    async with engine.connect() as connection:
        rows = (await connection.execute(_DUE, asked)).all()
    return [_invited(row, campaign.consultation, spoken) for row in rows]


async def every_invited(
    engine: AsyncEngine, campaign: Campaign, attended_since: datetime
) -> AsyncGenerator[Sequence[Invited]]:
    """Yield the people of a campaign whose invitation is sent, all of one moment, a page at a time."""
    asked = {
        "campaign": campaign.id,
        "consultation": campaign.consultation,
        "attended_since": attended_since,
    }
    spoken = _spoken(campaign)
    async with snapshot(engine).connect() as connection:
        streamed = await connection.stream(_of_invited().execution_options(yield_per=_PAGE), asked)
        async for page in streamed.partitions():
            yield [_invited(row, campaign.consultation, spoken) for row in page]


def _spoken(campaign: Campaign) -> Collection[str]:
    return {language for said in campaign.terms.said.values() for language in said}


def _invited(row: Any, consultation: str, spoken: Collection[str]) -> Invited:
    silence = Silence(
        Kind.INVITED,
        row.invited_at,
        row.number,
        row.last_at,
        row.ended_at,
        row.said_in or language_for(row.own, row.listed, spoken),
        row.time_zone,
    )
    is_lost = row.status is not None and row.status not in (*_ARRIVED, *_ON_ITS_WAY)
    has_answered = row.interview is not None or consultation in read_moved(row.moved)
    is_over = has_answered or row.opted_out_at is not None or is_lost
    return Invited(
        row.recipient_id,
        row.contact_id,
        row.sender,
        silence,
        row.next_number,
        is_over,
        row.status in _ON_ITS_WAY,
        row.is_attended,
        Profile({}, _read_attributes(row.attributes), silence.language, row.channel),
    )


async def silent_paused(
    engine: AsyncEngine,
    consultation: str,
    since: datetime,
    until: datetime,
    after: int,
    attended_since: datetime,
) -> tuple[Sequence[Paused], int | None]:
    """Return who left off between two moments, among the interviews that follow an id; and the id to go on from.

    That is None at the end of the consultation's interviews. `attended_since` is as in `silent_invited`.
    """
    asked = {"consultation": consultation, "after": after, "stretch": STRETCH}
    async with engine.connect() as connection:
        last = await connection.scalar(_STRETCH, asked)
        if last is None:
            return (), None
        limits = {"until_id": last, "since": since, "until": until, "attended_since": attended_since}
        rows = (await connection.execute(_PAUSED, {**asked, **limits})).all()
    return [_paused(row) for row in rows], last


def _paused(row: Any) -> Paused:
    interview = read_interview(row.state)
    given = {slot: answer.value for slot, answer in interview.answers.items() if answer.relevant}
    listed = _read_attributes(row.attributes) if row.attributes else {}
    return Paused(
        row.contact_id,
        row.id,
        Channel(row.channel),
        row.sender,
        row.address_sealed,
        interview,
        Silence(
            Kind.PAUSED, row.updated_at, row.number, row.last_at, row.ended_at, row.language, row.time_zone
        ),
        row.next_number,
        row.is_attended,
        Profile(given, listed, row.language, row.channel),
    )


def may_be_written_to(one: Paused, now: datetime) -> bool:
    """Return whether somebody's channel allows words that answer nothing."""
    return CARRIAGES[one.channel].may_write(one.silence.since, now)


# --- the statements

_ATTENDED = is_attended(_contact.id, bindparam("attended_since", type_=_contact.created_at.type)).label(
    "is_attended"
)


def _had() -> tuple[ColumnElement[Any], ...]:
    """Return what somebody had of a consultation: how many reminders, when the last, when the last word; and the number
    of the next, which those count for too that were taken back or came too late to be sent."""
    letter = tables.outbound.alias("letter")
    unsent = and_(
        func.coalesce(letter.c.status, "").in_([OutboundStatus.EXPIRED, OutboundStatus.CANCELED]),
        letter.c.provider_id.is_(None),
    )
    # When it went out: behind a provider that was away, that is hours after it was put into the outbox.
    sent_at = func.coalesce(letter.c.attempt_started_at, _reminder.reminded_at)
    moment = _reminder.reminded_at.type
    return tuple(
        select(value)
        .select_from(reminders.outerjoin(letter, letter.c.id == _reminder.outbound_id))
        .where(
            _reminder.contact_id == _contact.id,
            _reminder.consultation == bindparam("consultation"),
            *conditions,
        )
        .correlate(tables.contacts)
        .scalar_subquery()
        .label(name)
        for name, value, conditions in (
            ("next_number", func.coalesce(func.max(_reminder.number), 0) + 1, ()),
            ("number", func.count(), (~unsent,)),
            ("last_at", func.max(sent_at, type_=moment), (~unsent,)),
            (
                "ended_at",
                func.max(sent_at, type_=moment),
                (~unsent, _reminder.kind == Kind.LAST),
            ),
        )
    )


def _of_invited() -> Select[Any]:
    theirs = and_(_interview.contact_id == _contact.id, _interview.consultation == bindparam("consultation"))
    return (
        select(
            _invitation.recipient_id,
            _recipient.contact_id,
            _invitation.invited_at,
            *_had(),
            _out.language.label("said_in"),
            _out.sender,
            _out.status,
            _contact.language.label("own"),
            _recipient.language.label("listed"),
            _recipient.attributes,
            _contact.channel,
            _recipient.time_zone,
            _contact.opted_out_at,
            _contact.moved,
            _interview.id.label("interview"),
            _ATTENDED,
        )
        .select_from(
            invitations.join(recipients, _recipient.id == _invitation.recipient_id)
            .join(tables.contacts, _contact.id == _recipient.contact_id)
            .outerjoin(tables.interviews, theirs)
            .outerjoin(tables.outbound, _out.id == _invitation.outbound_id)
        )
        .where(is_sent(), _invitation.campaign_id == bindparam("campaign"))
    )


_DUE = (
    _of_invited()
    .where(_invitation.due_at <= bindparam("now", type_=_invitation.due_at.type))
    .order_by(_invitation.due_at, _invitation.recipient_id)
    .limit(bindparam("most"))
)

_NEXT = (
    select(_interview.id)
    .where(_interview.consultation == bindparam("consultation"), _interview.id > bindparam("after"))
    .order_by(_interview.id)
    .limit(bindparam("stretch"))
    .subquery("next")
)
_STRETCH = select(func.max(_NEXT.c.id))


def _of_paused() -> Select[Any]:
    listed = and_(_recipient.contact_id == _contact.id, _recipient.consultation == bindparam("consultation"))
    moment = _interview.updated_at.type
    return (
        select(
            _interview.id,
            _interview.contact_id,
            _interview.state,
            _interview.updated_at,
            _interview.language,
            *_had(),
            _contact.channel,
            _contact.sender,
            _contact.address_sealed,
            _recipient.attributes,
            _recipient.time_zone,
            _ATTENDED,
        )
        .select_from(
            tables.interviews.join(tables.contacts, _contact.id == _interview.contact_id).outerjoin(
                recipients, listed
            )
        )
        .where(
            _interview.consultation == bindparam("consultation"),
            _interview.id > bindparam("after"),
            _interview.id <= bindparam("until_id"),
            _interview.stage == Stage.ITEMS,
            _interview.updated_at >= bindparam("since", type_=moment),
            _interview.updated_at <= bindparam("until", type_=moment),
            _contact.opted_out_at.is_(None),
            # Whoever talks about something else by now would take the question for one of that.
            _contact.current_consultation == bindparam("consultation"),
        )
        .order_by(_interview.id)
    )


_PAUSED = _of_paused()
