"""Invitations and reminders that stay in the outbox, for a cap against harm holds them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.outreach.campaigns import InvitationState
from bot.core.outreach.caps import HELD
from bot.store import tables
from bot.store.outreach.tables import invitations, reminders
from bot.store.sending import OutboundStatus

_invitation, _reminder, _out = invitations.c, reminders.c, tables.outbound.c


async def capped_invitations(engine: AsyncEngine, campaign_id: int) -> Mapping[str, int]:
    """Return how many invitations of a campaign caps hold, by the error of their letters."""
    return await _counted(
        engine,
        _held()
        .join_from(invitations, tables.outbound, _out.id == _invitation.outbound_id)
        .where(_invitation.campaign_id == campaign_id, _invitation.state == InvitationState.QUEUED),
    )


async def capped_reminders(engine: AsyncEngine, consultation: str) -> Mapping[str, int]:
    """Return how many reminders of a consultation caps hold, by the error of their letters."""
    return await _counted(
        engine,
        _held()
        .join_from(reminders, tables.outbound, _out.id == _reminder.outbound_id)
        .where(_reminder.consultation == consultation),
    )


def _held() -> Select[tuple[Any, int]]:
    return select(_out.error, func.count()).where(
        tables.is_now(OutboundStatus.QUEUED), _out.error.startswith(HELD)
    )


async def _counted(engine: AsyncEngine, held: Select[tuple[Any, int]]) -> Mapping[str, int]:
    async with engine.connect() as connection:
        rows = (await connection.execute(held.group_by(_out.error).order_by(_out.error))).all()
    return {row[0]: int(row[1]) for row in rows}
