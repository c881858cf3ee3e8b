"""Feeding the outbox: the next invitations of a campaign, chosen and written down in one transaction.

Killed before its commit, it has done nothing; after it, the letters stand beside the invitations that they are of. So
nobody is invited twice, however often it is run and by however many processes.

The seam to quotas is `Steering` (see `bot.core.outreach.choosing`), which `feed` is given. The seam to the conversation
is `contacts.current_consultation`: with their invitation, a person's talk is about that consultation, in the language
of the invitation; so whatever they answer joins it, and the intake reads nothing more than it did before.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.outreach.campaigns import Campaign, CampaignState, InvitationState
from bot.core.outreach.choosing import (
    BY_TURN,
    Decision,
    Hold,
    Invite,
    LeaveOut,
    PutOff,
    Steering,
    choose,
    is_open,
)
from bot.store import tables
from bot.store.database import writer
from bot.store.outbox import put_all
from bot.store.outreach.campaigns import lock_campaign
from bot.store.outreach.candidates import in_the_outbox, whose_turn_it_is
from bot.store.outreach.tables import invitations
from bot.store.outreach.withdrawing import follow_letters, withdraw_letters
from bot.store.rowset import given, run
from bot.store.sending import Letter, OutboundStatus, Priority
from bot.store.tables import written

_invitation = invitations.c
_contact, _out = tables.contacts.c, tables.outbound.c

MOST_READ = 500
"""Candidates of a lane that are looked at in one transaction: on SQLite, what comes in waits for it."""


LINGERS = timedelta(minutes=1)
"""A letter that is in the outbox for longer did not go out when it was put there to."""

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
    _take_back(connection, campaign, sender, at, steering)
    room -= connection.scalar(_HELD, {"of": sender, "since": at - STUCK_AFTER}) or 0
    if room <= 0:
        return ()
    terms = campaign.terms
    most = min(MOST_READ, int(room) + 1) * steering.reads
    candidates = [
        one
        for place, lane in enumerate(terms.lanes)
        if lane.sender == sender and is_open(terms, lane, at)
        for one in whose_turn_it_is(connection, campaign, place, at, most)
    ]
    decisions = choose(terms, candidates, at, room, steering)
    _obey(connection, campaign, decisions, at)
    return decisions


def _take_back(
    connection: Connection, campaign: Campaign, sender: str, at: datetime, steering: Steering
) -> None:
    """Take letters back that something keeps in the outbox, of people for whom they are not any more.

    What is tried again hours later, for its provider was away or its worker was killed, would go out past a quota that
    was full meanwhile, or amid what somebody is told by a person of ours.
    """
    waiting = in_the_outbox(connection, campaign, sender, at - LINGERS)
    if letters := [letter for letter, one in waiting if one.is_attended or steering.takes_back(one)]:
        withdraw_letters(connection, letters, at)
        follow_letters(connection, campaign.id)


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

_HELD = select(func.coalesce(func.sum(func.coalesce(_out.segments, 1)), 0)).where(
    tables.is_now(OutboundStatus.QUEUED),
    _out.sender == bindparam("of"),
    _out.priority == int(Priority.INVITATION),
    _out.due_at > bindparam("since", type_=_out.due_at.type),
)


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
