"""Feeding the outbox: the next invitations of a campaign, chosen and written down in one transaction.

Killed before its commit, it has done nothing; after it, the letters stand beside the invitations that they are of. So
nobody is invited twice, however often it is run and by however many processes.

The seam to quotas is `Steering` (see `bot.core.outreach.choosing`), which `feed` is given. The seam to the conversation
is `contacts.current_consultation`: with their invitation, a person's talk is about that consultation, in the language
of the invitation; so whatever they answer joins it, and the intake reads nothing more than it did before.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import (
    Connection,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.interview.records import Stage
from bot.core.outreach.campaigns import Campaign, CampaignState, InvitationState
from bot.core.outreach.choosing import (
    BY_TURN,
    Candidate,
    Decision,
    Hold,
    Invite,
    LeaveOut,
    PutOff,
    Steering,
    choose,
    is_open,
)
from bot.core.outreach.spoken import language_for
from bot.store import tables
from bot.store.database import writer
from bot.store.gone import is_gone
from bot.store.moves import read_moved
from bot.store.outbox import put_all
from bot.store.outreach.campaigns import lock_campaign
from bot.store.outreach.tables import invitations, recipients
from bot.store.rowset import given, run
from bot.store.sending import Letter, OutboundStatus, Priority
from bot.store.tables import written

_invitation, _recipient = invitations.c, recipients.c
_contact, _interview, _out = tables.contacts.c, tables.interviews.c, tables.outbound.c
_read_attributes = msgspec.json.Decoder(dict[str, str]).decode

MOST_READ = 500
"""Candidates of a lane that are looked at in one transaction: on SQLite, what comes in waits for it."""


STUCK_AFTER = timedelta(hours=1)
"""What waits in the outbox for longer is held up by something of its own: it takes up no time of its sender, and must
hold up no other."""


async def feed(
    engine: AsyncEngine,
    campaign_id: int,
    sender: str,
    at: datetime,
    room: float,
    steering: Steering = BY_TURN,
) -> Sequence[Decision]:
    """Put the next invitations of a campaign that leave from a sender into its outbox; return what was decided.

    `room` is how many SMS parts of invitations the sender's outbox may hold. A campaign that does not run decides
    nothing. Whoever another process has in hand is passed over.
    """
    async with writer(engine).begin() as connection:
        return await connection.run_sync(_feed, campaign_id, sender, at, room, steering)


def _feed(
    connection: Connection, campaign_id: int, sender: str, at: datetime, room: float, steering: Steering
) -> Sequence[Decision]:
    campaign = lock_campaign(connection, campaign_id)
    if campaign.state is not CampaignState.RUNNING:
        return ()
    room -= connection.scalar(_HELD, {"of": sender, "since": at - STUCK_AFTER}) or 0
    if room <= 0:
        return ()
    terms = campaign.terms
    most = min(MOST_READ, int(room) + 1) * steering.reads
    candidates = [
        one
        for place, lane in enumerate(terms.lanes)
        if lane.sender == sender and is_open(terms, lane, at)
        for one in _candidates(connection, campaign, place, at, most)
    ]
    decisions = choose(terms, candidates, at, room, steering)
    _obey(connection, campaign, decisions, at)
    return decisions


def _candidates(
    connection: Connection, campaign: Campaign, lane: int, at: datetime, most: int
) -> Iterable[Candidate]:
    asked = {
        "campaign": campaign.id,
        "consultation": campaign.consultation,
        "lane": lane,
        "now": at,
        "most": most,
        "until": campaign.until_turn if campaign.until_turn is not None else _LAST_TURN,
    }
    for row in connection.execute(_CANDIDATES, asked):
        spoken = campaign.terms.said.get(row.wording, {})
        yield Candidate(
            row.recipient_id,
            row.contact_id,
            row.turn,
            row.wording,
            row.lane,
            language_for(row.own, row.listed, spoken),
            row.time_zone,
            _read_attributes(row.attributes),
            opted_out=row.opted_out_at is not None,
            is_interviewed=row.interview is not None or campaign.consultation in read_moved(row.moved),
            is_gone=row.is_gone,
            answers_at=row.answers_at,
        )


def _obey(connection: Connection, campaign: Campaign, decisions: Sequence[Decision], at: datetime) -> None:
    """Write decisions down: letters, invitations, and what the people invited talk about from now on."""
    dialect = connection.dialect.name
    invited = [one for one in decisions if isinstance(one, Invite)]
    letters = dict(put_all(connection, [_letter(one, at) for one in invited], at))
    rows = [_row(one, letters) for one in decisions]
    if rows:
        run(connection, _decided(dialect), rows)
    if invited:
        spoken = [{"id": one.candidate.contact_id, "language": one.language} for one in invited]
        connection.execute(
            _addressed(dialect),
            {"rows": msgspec.json.encode(spoken).decode(), "consultation": campaign.consultation},
        )


def _letter(one: Invite, at: datetime) -> Letter:
    return Letter(
        one.candidate.contact_id,
        one.sender,
        Priority.INVITATION,
        one.words.text,
        due_at=at,
        expires_at=one.expires_at,
        language=one.language,
        segments=one.words.segments,
    )


def _row(decision: Decision, letters: Mapping[int, int]) -> dict[str, object]:
    one = decision.candidate
    row: dict[str, object] = {
        "recipient_id": one.recipient_id,
        "state": InvitationState.WAITING,
        "due_at": None,
        "outbound_id": None,
        "reason": None,
    }
    match decision:
        case Invite():
            return {**row, "state": InvitationState.QUEUED, "outbound_id": letters[one.contact_id]}
        case PutOff(_, until):
            return {**row, "due_at": written(until)}
        case LeaveOut(_, reason):
            return {**row, "state": InvitationState.LEFT_OUT, "reason": reason}
        case Hold(_, reason):
            return {**row, "state": InvitationState.HELD, "reason": reason}


# --- the statements

_LAST_TURN = 2**63 - 1

_HELD = select(func.coalesce(func.sum(func.coalesce(_out.segments, 1)), 0)).where(
    tables.is_now(OutboundStatus.QUEUED),
    _out.sender == bindparam("of"),
    _out.priority == int(Priority.INVITATION),
    _out.due_at > bindparam("since", type_=_out.due_at.type),
)


def _candidates_of_lane() -> Select[Any]:
    another = tables.interviews.alias("another")
    answers_at = (
        select(func.max(another.c.updated_at))
        .where(
            another.c.contact_id == _contact.id,
            another.c.consultation != bindparam("consultation"),
            another.c.stage != Stage.ENDED,
        )
        .scalar_subquery()
    )
    theirs = and_(_interview.contact_id == _contact.id, _interview.consultation == bindparam("consultation"))
    return (
        select(
            _invitation.recipient_id,
            _recipient.contact_id,
            _invitation.turn,
            _invitation.wording,
            _invitation.lane,
            _contact.language.label("own"),
            _recipient.language.label("listed"),
            _recipient.time_zone,
            _recipient.attributes,
            _contact.opted_out_at,
            _contact.moved,
            _interview.id.label("interview"),
            is_gone().label("is_gone"),
            answers_at.label("answers_at"),
        )
        .select_from(
            invitations.join(recipients, _recipient.id == _invitation.recipient_id)
            .join(tables.contacts, _contact.id == _recipient.contact_id)
            .outerjoin(tables.interviews, theirs)
        )
        .where(
            _invitation.campaign_id == bindparam("campaign"),
            _invitation.state == InvitationState.WAITING,
            _invitation.lane == bindparam("lane"),
            _invitation.turn <= bindparam("until", type_=_invitation.turn.type),
            or_(
                _invitation.due_at.is_(None),
                _invitation.due_at <= bindparam("now", type_=_invitation.due_at.type),
            ),
        )
        .order_by(_invitation.turn)
        .limit(bindparam("most"))
        # The contacts too: what they say at this moment is seen, or waits until their invitation stands.
        .with_for_update(of=[invitations, tables.contacts], skip_locked=True)
    )


_CANDIDATES = _candidates_of_lane()


@cache
def _decided(dialect: str) -> Any:
    columns = (_invitation.state, _invitation.due_at, _invitation.outbound_id, _invitation.reason)
    decided = given(dialect, _invitation.recipient_id, *columns)
    values = {one.name: decided.c[one.name] for one in columns}
    return update(invitations).values(values).where(_invitation.recipient_id == decided.c.recipient_id)


@cache
def _addressed(dialect: str) -> Any:
    addressed = given(dialect, _contact.id, _contact.language)
    values = {"language": addressed.c.language, "current_consultation": bindparam("consultation")}
    return update(tables.contacts).values(values).where(_contact.id == addressed.c.id)
