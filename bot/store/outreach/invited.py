"""How many people of a consultation were invited, and what became of those who never began: for its results."""

from collections.abc import Mapping

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.outreach.campaigns import InvitationState
from bot.store import tables
from bot.store.outreach.campaigns import with_people
from bot.store.outreach.tables import invitations, recipients
from bot.store.sending import OutboundStatus

_invitation, _recipient = invitations.c, recipients.c
_contact, _interview, _out = tables.contacts.c, tables.interviews.c, tables.outbound.c

_LOST = (OutboundStatus.UNDELIVERED, OutboundStatus.FAILED, OutboundStatus.EXPIRED, OutboundStatus.CANCELED)


async def count_invited(engine: AsyncEngine, consultation: str) -> Mapping[str, int]:
    """Return how many people were invited, by what became of them: `heard`, `opted_out`, `no_answer` (it arrived),
    `not_known` (nothing says whether it did) or `undelivered`. Empty where nobody was invited.

    Whoever was erased is in none: nothing leads to them.
    """
    became = case(
        (_interview.id.is_not(None), "heard"),
        (_contact.opted_out_at.is_not(None), "opted_out"),
        (_out.status == OutboundStatus.DELIVERED, "no_answer"),
        (_out.status.in_(_LOST), "undelivered"),
        (_invitation.state == InvitationState.FAILED, "undelivered"),
        else_="not_known",
    ).label("became")
    handed_over = (InvitationState.SENT, InvitationState.FAILED, InvitationState.EXPIRED)
    each = (
        with_people(select(became))
        .where(_recipient.consultation == consultation, _invitation.state.in_(handed_over))
        .subquery()
    )
    query = select(each.c.became, func.count()).group_by(each.c.became)
    async with engine.connect() as connection:
        return {row[0]: int(row[1]) for row in await connection.execute(query)}
