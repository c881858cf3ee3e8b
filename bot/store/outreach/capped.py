"""Invitations and reminders that a cap against harm holds: in the outbox, or taken back from it until it opens."""

from collections.abc import Mapping

from sqlalchemy import Executable, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.outreach.campaigns import CampaignState, InvitationState
from bot.core.outreach.caps import HELD
from bot.store import tables
from bot.store.outreach.tables import campaigns, invitations, reminders
from bot.store.sending import OutboundStatus

_campaign, _invitation = campaigns.c, invitations.c
_reminder, _out = reminders.c, tables.outbound.c


async def capped_invitations(engine: AsyncEngine, campaign_id: int) -> Mapping[str, int]:
    """Return how many invitations of a campaign caps hold, by the error that their letters had."""
    why = func.coalesce(_out.error, _invitation.reason)
    of_it = _invitation.campaign_id == campaign_id
    is_cancelled = select(_campaign.id).where(_campaign.state == CampaignState.CANCELLED)
    in_outbox = and_(_invitation.state == InvitationState.QUEUED, _out.status == OutboundStatus.QUEUED)
    return await _counted(
        engine,
        select(why.label("why"), func.count())
        .select_from(invitations.outerjoin(tables.outbound, _out.id == _invitation.outbound_id))
        .where(
            of_it,
            _invitation.campaign_id.not_in(is_cancelled),
            or_(in_outbox, _invitation.state == InvitationState.WAITING),
            why.startswith(HELD),
        )
        .group_by("why")
        .order_by("why"),
    )


async def capped_reminders(engine: AsyncEngine, consultation: str) -> Mapping[str, int]:
    """Return how many reminders of a consultation caps hold, by the error of their letters."""
    return await _counted(
        engine,
        select(_out.error.label("why"), func.count())
        .join_from(reminders, tables.outbound, _out.id == _reminder.outbound_id)
        .where(
            _reminder.consultation == consultation,
            tables.is_now(OutboundStatus.QUEUED),
            _out.error.startswith(HELD),
        )
        .group_by("why")
        .order_by("why"),
    )


async def _counted(engine: AsyncEngine, held: Executable) -> Mapping[str, int]:
    async with engine.connect() as connection:
        rows = (await connection.execute(held)).all()
    return {row[0]: int(row[1]) for row in rows}
