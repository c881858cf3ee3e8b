"""How the recipients of a consultation stand: numbers of people, and never who."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store import tables
from bot.store.outreach.invitations import is_free
from bot.store.outreach.tables import invitations, recipients


class Standing(StrEnum):
    """Whether a recipient can be invited; the first that holds, in this order."""

    OPTED_OUT = "opted out"
    INTERVIEWED = "interviewed"
    """They have joined, whether an invitation brought them or not."""
    INVITED = "invited"
    WAITING = "waits"
    """In a campaign, and not written to yet."""
    READY = "ready"


@dataclass(frozen=True, slots=True)
class Group:
    """How many recipients of one channel, language and country stand so."""

    standing: Standing
    channel: str
    language: str | None
    country: str
    people: int


async def standings(engine: AsyncEngine, consultation: str) -> Sequence[Group]:
    """Return how the recipients of a consultation stand; nothing where it has none."""
    contact, interview, recipient, invitation = (
        table.c for table in (tables.contacts, tables.interviews, recipients, invitations)
    )
    has_interview = exists().where(interview.contact_id == contact.id, interview.consultation == consultation)
    # They went on with it on another channel; see `bot.store.moves`.
    has_moved = (" " + contact.moved + " ").contains(f" {consultation} ", autoescape=True)
    standing = case(
        (contact.opted_out_at.is_not(None), Standing.OPTED_OUT.value),
        (or_(has_interview, has_moved), Standing.INTERVIEWED.value),
        (invitation.invited_at.is_not(None), Standing.INVITED.value),
        (and_(invitation.recipient_id.is_not(None), ~is_free()), Standing.WAITING.value),
        else_=Standing.READY.value,
    ).label("standing")
    each = (
        select(standing, contact.channel, recipient.language, recipient.country)
        .join_from(recipients, tables.contacts, contact.id == recipient.contact_id)
        .outerjoin(invitations, invitation.recipient_id == recipient.id)
        .where(recipient.consultation == consultation)
        .subquery()
    )
    counted = select(each, func.count()).group_by(*each.c).order_by(*each.c)
    async with engine.connect() as connection:
        rows = (await connection.execute(counted)).all()
    return [Group(Standing(name), *others) for name, *others in rows]


async def recipient_counts(engine: AsyncEngine) -> Mapping[str, int]:
    """Return how many recipients each consultation has that has some."""
    counted = select(recipients.c.consultation, func.count()).group_by(recipients.c.consultation)
    async with engine.connect() as connection:
        rows = (await connection.execute(counted.order_by(recipients.c.consultation))).all()
    return {consultation: people for consultation, people in rows}  # noqa: C416 (rows, not pairs, to a type checker)
