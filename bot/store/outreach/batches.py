"""Batches of invitations that quotas chose, kept so that each can be explained and chosen again."""

from collections.abc import AsyncGenerator, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store import tables
from bot.store.database import snapshot, writer
from bot.store.gone import is_among_gone
from bot.store.outreach.invitable import has_gone_on_elsewhere, is_on_a_channel_to_write_first
from bot.store.outreach.invitations import is_free
from bot.store.outreach.quotas import is_theirs
from bot.store.outreach.tables import adaptive_batches, invitations, recipients

_PAGE = 50_000
"""Recipients held in memory at a time."""

_batch, _recipient, _invitation = adaptive_batches.c, recipients.c, invitations.c
_contact, _interview = tables.contacts.c, tables.interviews.c


Listed = tuple[int, str, str | None, str]
"""A recipient's id, the text of their attributes, their language and the channel they are reached on."""


@dataclass(frozen=True, slots=True)
class KeptBatch:
    """A batch that was chosen. `campaign_id` is the campaign that invites it; `document` what it was chosen from.

    `digest` is that of the list of its recipients, of whom those up to `last_recipient` were there to be chosen.
    """

    consultation: str
    number: int
    campaign_id: int | None
    seed: int
    chosen_at: datetime
    size: int
    last_recipient: int
    digest: str
    document: str


async def keep_batch(
    engine: AsyncEngine,
    consultation: str,
    *,
    campaign_id: int | None,
    seed: int,
    chosen_at: datetime,
    size: int,
    last_recipient: int,
    digest: str,
    document: str,
) -> int:
    """Keep a batch; return its number, which counts those of its consultation from 1."""
    following = (
        select(func.coalesce(func.max(_batch.number), 0) + 1)
        .where(_batch.consultation == consultation)
        .scalar_subquery()
    )
    values = {
        "consultation": consultation,
        "number": following,
        "campaign_id": campaign_id,
        "seed": seed,
        "chosen_at": chosen_at,
        "size": size,
        "last_recipient": last_recipient,
        "digest": digest,
        "document": document,
    }
    async with writer(engine).begin() as connection:
        kept = await connection.execute(insert(adaptive_batches).values(values).returning(_batch.number))
        return int(kept.scalar_one())


async def batches_of(engine: AsyncEngine, consultation: str) -> Sequence[KeptBatch]:
    """Return the batches of a consultation, the first one first."""
    query = (
        select(*(one for one in _batch if one.name != "id"))
        .where(_batch.consultation == consultation)
        .order_by(_batch.number)
    )
    async with engine.connect() as connection:
        return [KeptBatch(**row._mapping) for row in await connection.execute(query)]


async def pages_of_candidates(
    engine: AsyncEngine,
    consultation: str,
    before: KeptBatch | None = None,
    spoken: Collection[str] | None = None,
) -> AsyncGenerator[Sequence[Listed]]:
    """Yield everybody who may be invited and is not yet, in any order, all of one moment.

    Not those who have opted out, have an invitation, have begun the interview without one, or cannot be written to:
    their number is gone, or on their channel they have to write first. `before` gives those who were there to be chosen
    for a batch that was. Nor, with `spoken`, those for whom there are no words in any of these languages, as
    `bot.core.outreach.spoken` finds theirs.
    """
    query = (
        select(_recipient.id, _recipient.attributes, _recipient.language, _contact.channel)
        .join_from(recipients, tables.contacts, _contact.id == _recipient.contact_id)
        .outerjoin(invitations, _invitation.recipient_id == _recipient.id)
        .outerjoin(tables.interviews, is_theirs())
        .where(
            _recipient.consultation == consultation,
            is_on_a_channel_to_write_first(),
            ~has_gone_on_elsewhere(consultation),
            ~is_among_gone(before.chosen_at if before else None),
        )
    )
    is_uninvited: ColumnElement[bool] = or_(_invitation.recipient_id.is_(None), is_free())
    is_silent: ColumnElement[bool] = _contact.opted_out_at.is_(None)
    is_new: ColumnElement[bool] = _interview.id.is_(None)
    if before is not None:
        if before.campaign_id is not None:
            is_uninvited = or_(is_uninvited, _invitation.campaign_id >= before.campaign_id)
        is_silent = or_(is_silent, _contact.opted_out_at > before.chosen_at)
        is_new = or_(is_new, _interview.started_at > before.chosen_at)
        query = query.where(_recipient.id <= before.last_recipient)
    query = query.where(is_uninvited, is_silent, is_new)
    if spoken is not None:
        query = query.where(
            or_(_contact.language.in_(sorted(spoken)), _recipient.language.in_(sorted(spoken)))
        )
    async with snapshot(engine).connect() as connection:
        streamed = await connection.stream(query.execution_options(yield_per=_PAGE))
        async for page in streamed.partitions():
            yield cast(Sequence[Listed], page)
