"""Invitations as they are stored: written down, fed to the outbox a few at a time, and followed.

Every function is one transaction, and running it again does no harm: whoever is killed between two of them leaves
nothing half done, and nobody is invited twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    exists,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.outreach.campaigns import Campaign, CampaignState, InvitationState
from bot.store.database import writer
from bot.store.outreach.campaigns import lock_campaign, set_state
from bot.store.outreach.tables import campaigns, invitations
from bot.store.outreach.withdrawing import follow_letters, withdraw_capped, withdraw_from_begun
from bot.store.rowset import insertion, run

_invitation, _campaign = invitations.c, campaigns.c

SAMPLE_WAITS = timedelta(days=1)
"""Somebody of the sample who is put off for longer does not keep the others from being looked at."""

AT_ONCE = 10_000
"""Invitations to write down in one transaction. Each commit on SQLite writes most of the index of turns anew, for those
are drawn by chance: fewer at once would take longer in all, more would keep what comes in waiting."""


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """An invitation to write down."""

    recipient_id: int
    lane: int
    turn: int
    wording: str


async def write_invitations(engine: AsyncEngine, campaign: Campaign, new: Iterable[NewInvitation]) -> int:
    """Write invitations of a campaign down; return how many.

    Whoever has one keeps it, unless it was never sent and its campaign is cancelled: then it goes over to this one.
    """
    rows = [
        {
            "recipient_id": one.recipient_id,
            "campaign_id": campaign.id,
            "lane": one.lane,
            "turn": one.turn,
            "wording": one.wording,
            "state": InvitationState.WAITING,
        }
        for one in new
    ]
    if not rows:
        return 0
    async with writer(engine).begin() as connection:
        return (await connection.run_sync(run, _written(engine.dialect.name), rows)).rowcount


@cache
def _written(dialect: str) -> Any:
    columns = [
        _invitation[name] for name in ("recipient_id", "campaign_id", "lane", "turn", "wording", "state")
    ]
    statement = insertion(dialect, *columns)
    renewed = {one.name: statement.excluded[one.name] for one in columns if not one.primary_key}
    return statement.on_conflict_do_update(
        index_elements=[_invitation.recipient_id],
        set_={**renewed, "due_at": null(), "reason": null()},
        where=is_free(),
    )


def is_free() -> ColumnElement[bool]:
    """Return the condition that an invitation was never sent, and never will be by the campaign that it is of."""
    cancelled = select(_campaign.id).where(_campaign.state == CampaignState.CANCELLED)
    waits = _invitation.state.in_([InvitationState.WAITING, InvitationState.HELD])
    return and_(waits, _invitation.campaign_id.in_(cancelled))


async def follow(engine: AsyncEngine, campaign_id: int, at: datetime) -> Campaign:
    """Have a campaign's invitations follow their letters; end it after the last, or have it wait after its sample.

    A letter to somebody who has begun by themselves meanwhile is taken back, and one that a cap holds. Returns the
    campaign as it is then.
    """
    async with writer(engine).begin() as connection:
        return await connection.run_sync(_follow, campaign_id, at)


def _follow(connection: Connection, campaign_id: int, at: datetime) -> Campaign:
    campaign = lock_campaign(connection, campaign_id)
    withdraw_from_begun(connection, campaign_id, at)
    withdraw_capped(connection, campaign_id, at)
    follow_letters(connection, campaign_id)
    if campaign.state is not CampaignState.RUNNING:
        return campaign
    if _has(connection, campaign, InvitationState.QUEUED):
        return campaign
    if not _has(connection, campaign, InvitationState.WAITING, InvitationState.HELD):
        return set_state(connection, campaign, CampaignState.DONE, at, None)
    if campaign.until_turn is None or _has_of_sample(connection, campaign, at):
        return campaign
    return set_state(connection, campaign, CampaignState.LOOKING, at, "its sample is invited")


def _has(connection: Connection, campaign: Campaign, *states: InvitationState) -> bool:
    """Return whether a campaign has an invitation in one of these states; each is looked up in the index."""
    return any(
        connection.scalar(
            select(exists().where(_invitation.campaign_id == campaign.id, _invitation.state == state))
        )
        for state in states
    )


def _has_of_sample(connection: Connection, campaign: Campaign, at: datetime) -> bool:
    """Return whether somebody of the sample waits, in any lane."""
    return any(
        connection.scalar(
            select(
                exists().where(
                    _invitation.campaign_id == campaign.id,
                    _invitation.state == InvitationState.WAITING,
                    _invitation.lane == lane,
                    _invitation.turn <= campaign.until_turn,
                    or_(_invitation.due_at.is_(None), _invitation.due_at <= at + SAMPLE_WAITS),
                )
            )
        )
        for lane in range(len(campaign.terms.lanes))
    )


async def release(engine: AsyncEngine, campaign: Campaign, reason: str | None = None) -> int:
    """Let those wait again who are held, all or those for a reason; return how many."""
    held = [_invitation.campaign_id == campaign.id, _invitation.state == InvitationState.HELD]
    if reason is not None:
        held.append(_invitation.reason == reason)
    statement = update(invitations).where(*held).values(state=InvitationState.WAITING, reason=None)
    async with writer(engine).begin() as connection:
        return (await connection.execute(statement)).rowcount
