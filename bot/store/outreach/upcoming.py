"""What a campaign waits for: how many of its invitations are still to leave in each lane, and before when none does."""

from collections.abc import Sequence

from sqlalchemy import func, select, true
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.outreach.campaigns import Campaign, InvitationState
from bot.core.outreach.choosing import Wait
from bot.store.outreach.tables import invitations

_invitation = invitations.c


async def waits_of(engine: AsyncEngine, campaign: Campaign) -> Sequence[Wait]:
    """Return who waits for their turn in each lane; while a sample is invited, those of the sample alone."""
    is_near = true() if campaign.until_turn is None else _invitation.turn <= campaign.until_turn
    query = (
        select(_invitation.lane, func.count(), func.count(_invitation.due_at), func.min(_invitation.due_at))
        .where(
            _invitation.campaign_id == campaign.id,
            _invitation.state == InvitationState.WAITING,
            is_near,
        )
        .group_by(_invitation.lane)
        .order_by(_invitation.lane)
    )
    async with engine.connect() as connection:
        return [
            Wait(campaign.terms.lanes[lane], earliest if put_off == people else None)
            for lane, people, put_off, earliest in await connection.execute(query)
        ]
