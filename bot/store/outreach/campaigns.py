"""Campaigns as they are stored: begun, moved from state to state, and counted.

Every function is one transaction. Whoever moves a campaign, or invites in it, holds its row; so a campaign that is
paused is paused for every worker at once, and what its letters were is taken back in the same transaction.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    case,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.interview.records import Ending
from bot.core.outreach.campaigns import (
    Campaign,
    CampaignState,
    Fate,
    InvitationState,
    Step,
    Terms,
    after,
)
from bot.core.outreach.choosing import Reason
from bot.errors import InviteError
from bot.store import tables
from bot.store.database import writer
from bot.store.outreach.tables import campaigns, invitations, recipients
from bot.store.outreach.withdrawing import withdraw
from bot.store.sending import OutboundStatus

_campaign, _invitation, _recipient = campaigns.c, invitations.c, recipients.c
_contact, _interview, _out = tables.contacts.c, tables.interviews.c, tables.outbound.c
_encode = msgspec.json.Encoder().encode
_read_terms = msgspec.json.Decoder(Terms).decode


async def begin_campaign(
    engine: AsyncEngine, consultation: str, terms: Terms, seed: int, sample: int | None, at: datetime
) -> Campaign:
    """Store a campaign without invitations. It sends nothing before `open_campaign`."""
    following = (
        select(func.coalesce(func.max(_campaign.number), 0) + 1)
        .where(_campaign.consultation == consultation)
        .scalar_subquery()
    )
    values = {
        "consultation": consultation,
        "number": following,
        "state": CampaignState.QUEUEING,
        "seed": seed,
        "sample": sample,
        "terms": _encode(terms).decode(),
        "created_at": at,
        "changed_at": at,
    }
    async with writer(engine).begin() as connection:
        row = (await connection.execute(insert(campaigns).values(values).returning(*campaigns.c))).one()
        return _read(row)


async def open_campaign(engine: AsyncEngine, campaign: Campaign, at: datetime) -> Campaign:
    """Have a campaign invite, all of its invitations written down; return it as it is then."""
    async with writer(engine).begin() as connection:
        until = None
        if campaign.sample is not None:
            last = (
                select(_invitation.turn)
                .where(_invitation.campaign_id == campaign.id)
                .order_by(_invitation.turn, _invitation.recipient_id)
                .offset(campaign.sample - 1)
                .limit(1)
            )
            until = await connection.scalar(last)
        values = {"state": CampaignState.RUNNING, "until_turn": until, "changed_at": at}
        statement = (
            update(campaigns)
            .where(_campaign.id == campaign.id, _campaign.state == CampaignState.QUEUEING)
            .values(values)
            .returning(*campaigns.c)
        )
        row = (await connection.execute(statement)).one_or_none()
    if row is None:
        raise InviteError(f"campaign {campaign.number} was cancelled while its invitations were written down")
    return _read(row)


async def move_campaign(
    engine: AsyncEngine, campaign: Campaign, step: Step, at: datetime, reason: str | None = None
) -> Campaign:
    """Pause, resume or cancel a campaign; return it as it is then.

    What waits in the outbox is taken back at once, but for what a worker has in hand at this moment: that is sent.

    Raises:
        InviteError: it is in no state for that.
    """
    async with writer(engine).begin() as connection:
        return await connection.run_sync(_move, campaign, step, at, reason)


def _move(
    connection: Connection, campaign: Campaign, step: Step, at: datetime, reason: str | None
) -> Campaign:
    held = lock_campaign(connection, campaign.id)
    to = after(held.state, step)
    if to is None:
        raise InviteError(
            f"campaign {held.number} of {held.consultation} is {held.state}: there is nothing to {step}"
        )
    if to is not CampaignState.RUNNING:
        withdraw(connection, held.id, at)
    return set_state(connection, held, to, at, reason)


def set_state(
    connection: Connection, campaign: Campaign, to: CampaignState, at: datetime, reason: str | None
) -> Campaign:
    """Write a campaign's state, whose row is held. Whoever has looked at a sample has the rest invited."""
    values: dict[str, Any] = {"state": to, "reason": reason, "changed_at": at}
    if campaign.state is CampaignState.LOOKING and to is CampaignState.RUNNING:
        values["until_turn"] = None
    statement = update(campaigns).where(_campaign.id == campaign.id).values(values).returning(*campaigns.c)
    return _read(connection.execute(statement).one())


def lock_campaign(connection: Connection, campaign_id: int) -> Campaign:
    """Return a campaign, whose row is held until the transaction ends."""
    return _read(
        connection.execute(select(*campaigns.c).where(_campaign.id == campaign_id).with_for_update()).one()
    )


async def campaigns_of(engine: AsyncEngine, consultation: str) -> Sequence[Campaign]:
    """Return the campaigns of a consultation, the newest first."""
    query = (
        select(*campaigns.c).where(_campaign.consultation == consultation).order_by(_campaign.number.desc())
    )
    async with engine.connect() as connection:
        return [_read(row) for row in await connection.execute(query)]


async def campaigns_in(engine: AsyncEngine, states: Collection[CampaignState]) -> Sequence[Campaign]:
    """Return the campaigns in some states, the oldest first."""
    query = select(*campaigns.c).where(_campaign.state.in_(sorted(states))).order_by(_campaign.id)
    async with engine.connect() as connection:
        return [_read(row) for row in await connection.execute(query)]


async def campaigns_to_follow(engine: AsyncEngine) -> Sequence[Campaign]:
    """Return the campaigns that run, and those whose last letters nobody has looked after yet, the oldest first.

    A letter that was in a worker's hands when its campaign was paused or cancelled is sent all the same, or not: until
    it is followed, who got it is taken for somebody who was never written to, and nobody can invite who did not.
    """
    queued = exists().where(
        invitations.c.campaign_id == _campaign.id, invitations.c.state == InvitationState.QUEUED
    )
    query = select(*campaigns.c).where(or_(_campaign.state == CampaignState.RUNNING, queued))
    async with engine.connect() as connection:
        return [_read(row) for row in await connection.execute(query.order_by(_campaign.id))]


def _read(row: Row[*tuple[Any, ...]]) -> Campaign:
    return Campaign(
        row.id,
        row.consultation,
        row.number,
        CampaignState(row.state),
        row.seed,
        row.sample,
        row.until_turn,
        _read_terms(row.terms),
        row.reason,
    )


# --- counting


async def count_fates(engine: AsyncEngine, campaign: Campaign) -> Mapping[Fate, int]:
    """Return what has become of a campaign's invitations: every one is in one count, as of one moment."""
    fated = with_people(select(_fate(campaign).label("fate"))).where(_invitation.campaign_id == campaign.id)
    each = fated.subquery()
    async with engine.connect() as connection:
        rows = await connection.execute(select(each.c.fate, func.count()).group_by(each.c.fate))
        counted = {Fate(name): int(count) for name, count in rows}
    return {fate: counted.get(fate, 0) for fate in Fate}


async def count_by_wording(engine: AsyncEngine, campaign: Campaign) -> Mapping[str, tuple[int, int, int]]:
    """Return how many people each wording reached (sent to, and not known to have failed), how many of these have begun
    an interview, and how many have completed it."""
    reached = _fate(campaign).in_(
        [Fate.SENT, Fate.DELIVERED, Fate.ANSWERED, Fate.REFUSED, Fate.OPTED_OUT, Fate.EXPIRED]
    )
    begun = and_(_interview.id.is_not(None), _interview.consented_at.is_not(None))
    completed = _interview.ending == Ending.COMPLETE
    query = (
        with_people(
            select(
                _invitation.wording,
                func.count(),
                func.sum(case((begun, 1), else_=0)),
                func.sum(case((completed, 1), else_=0)),
            )
        )
        .where(_invitation.campaign_id == campaign.id, _invitation.invited_at.is_not(None), reached)
        .group_by(_invitation.wording)
        .order_by(_invitation.wording)
    )
    async with engine.connect() as connection:
        return {row[0]: (int(row[1]), int(row[2]), int(row[3])) for row in await connection.execute(query)}


def with_people(chosen: Select[Any]) -> Select[Any]:
    """Select from invitations with their person, that person's interview and the letter, where there are any."""
    theirs = and_(
        _interview.contact_id == _recipient.contact_id, _interview.consultation == _recipient.consultation
    )
    return chosen.select_from(
        invitations.join(recipients, _recipient.id == _invitation.recipient_id)
        .join(tables.contacts, _contact.id == _recipient.contact_id)
        .outerjoin(tables.interviews, theirs)
        .outerjoin(tables.outbound, _out.id == _invitation.outbound_id)
    )


def _fate(campaign: Campaign) -> ColumnElement[str]:
    state = _invitation.state
    went = state.in_(
        [InvitationState.QUEUED, InvitationState.SENT, InvitationState.FAILED, InvitationState.EXPIRED]
    )
    is_refusal = and_(_interview.ending == Ending.REFUSED, _interview.consented_at.is_(None))
    waits = state.in_([InvitationState.WAITING, InvitationState.HELD])
    # Taken back, or too late today: it goes back to waiting as soon as the worker sees it.
    is_back = and_(
        state == InvitationState.QUEUED,
        _out.status.in_([OutboundStatus.CANCELED, OutboundStatus.EXPIRED]),
        _out.provider_id.is_(None),
    )
    is_cancelled = true() if campaign.state is CampaignState.CANCELLED else literal(1) == literal(0)
    return case(
        (and_(state == InvitationState.LEFT_OUT, _invitation.reason == Reason.OPTED_OUT), Fate.OPTED_OUT),
        (state == InvitationState.LEFT_OUT, Fate.LEFT_OUT),
        (and_(or_(waits, is_back), is_cancelled), Fate.CANCELLED),
        (and_(or_(waits, is_back), _contact.opted_out_at.is_not(None)), Fate.OPTED_OUT),
        (and_(or_(waits, is_back), _interview.id.is_not(None)), Fate.LEFT_OUT),
        (state == InvitationState.HELD, Fate.HELD),
        (or_(waits, is_back), Fate.WAITING),
        (and_(went, _interview.id.is_not(None), is_refusal), Fate.REFUSED),
        (and_(went, _interview.id.is_not(None)), Fate.ANSWERED),
        (_contact.opted_out_at.is_not(None), Fate.OPTED_OUT),
        (state == InvitationState.EXPIRED, Fate.EXPIRED),
        (state == InvitationState.FAILED, Fate.FAILED),
        (_out.status == OutboundStatus.DELIVERED, Fate.DELIVERED),
        (_out.status.in_([OutboundStatus.UNDELIVERED, OutboundStatus.FAILED]), Fate.FAILED),
        # Sent again after a receipt that it did not arrive, and too late for that: it failed.
        (_out.status.in_([OutboundStatus.CANCELED, OutboundStatus.EXPIRED]), Fate.FAILED),
        (state == InvitationState.SENT, Fate.SENT),
        (_out.status == OutboundStatus.SENT, Fate.SENT),
        else_=Fate.OUTBOX,
    )
