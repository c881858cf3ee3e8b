"""Invitations that wait because a quota has no room, and letting as many of them go as there is room for."""

from collections.abc import Mapping

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.outreach.campaigns import InvitationState
from bot.store.database import writer
from bot.store.outreach.tables import invitations

_invitation = invitations.c


async def held_by_reason(engine: AsyncEngine, campaign_id: int) -> Mapping[str, int]:
    """Return how many of a campaign's invitations are held, by the reason."""
    query = (
        select(_invitation.reason, func.count())
        .where(_invitation.campaign_id == campaign_id, _invitation.state == InvitationState.HELD)
        .group_by(_invitation.reason)
    )
    async with engine.connect() as connection:
        return {reason or "": int(count) for reason, count in await connection.execute(query)}


async def let_go(engine: AsyncEngine, campaign_id: int, reason: str, most: int) -> int:
    """Have so many at most wait for their turn again who are held for a reason, by their turn; return how many."""
    first = (
        select(_invitation.recipient_id)
        .where(
            _invitation.campaign_id == campaign_id,
            _invitation.state == InvitationState.HELD,
            _invitation.reason == reason,
        )
        .order_by(_invitation.turn, _invitation.recipient_id)
        .limit(most)
    )
    statement = (
        update(invitations)
        # Once more, for another worker may have let them go meanwhile.
        .where(_invitation.recipient_id.in_(first), _invitation.state == InvitationState.HELD)
        .values(state=InvitationState.WAITING, reason=None)
    )
    async with writer(engine).begin() as connection:
        return int((await connection.execute(statement)).rowcount)
