"""What is in the outbox, for whoever operates it: how much, what is stuck and why, and sending it again."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store import tables
from bot.store.database import writer
from bot.store.sending import OpenLetter, OutboundStatus

_out = tables.outbound.c

OPEN = (
    OutboundStatus.QUEUED,
    OutboundStatus.SENDING,
    OutboundStatus.UNCERTAIN,
    OutboundStatus.FAILED,
    OutboundStatus.UNDELIVERED,
)
"""What an operator may have to look at; all else is done."""


async def count_open(engine: AsyncEngine) -> Mapping[str, int]:
    """Return how many messages there are of each status that is not done with."""
    counts = [
        select(func.count()).select_from(tables.outbound).where(tables.is_now(status)).scalar_subquery()
        for status in OPEN
    ]
    async with engine.connect() as connection:
        counted = (await connection.execute(select(*counts))).one()
    return {str(status): int(count) for status, count in zip(OPEN, counted, strict=True)}


async def count_waiting(engine: AsyncEngine) -> Mapping[str, int]:
    """Return how many messages wait for each sender."""
    query = (
        select(_out.sender, func.count()).where(tables.is_now(OutboundStatus.QUEUED)).group_by(_out.sender)
    )
    async with engine.connect() as connection:
        return {row[0]: row[1] for row in await connection.execute(query)}


async def open_letters(engine: AsyncEngine, status: OutboundStatus, most: int) -> Sequence[OpenLetter]:
    """Return the oldest messages of a status, without words and addresses."""
    query = (
        select(
            _out.id,
            _out.status,
            _out.sender,
            _out.priority,
            _out.attempts,
            _out.error,
            _out.created_at,
            _out.due_at,
        )
        .where(tables.is_now(status))
        .order_by(_out.id)
        .limit(most)
    )
    async with engine.connect() as connection:
        return [OpenLetter(*row) for row in await connection.execute(query)]


async def requeue(
    engine: AsyncEngine, status: OutboundStatus, ids: Sequence[int] | None, now: datetime
) -> int:
    """Have messages sent again, all of a status or those of `ids` among them; return how many.

    Their attempts count from the start; a message of somebody who has opted out since is closed when it is due.
    """
    # What travelled in the answer to a message has no sender: the outbox could never take it.
    chosen = [tables.is_now(status), _out.sender.is_not(None)]
    if ids is not None:
        chosen.append(_out.id.in_(ids))
    values = {
        "status": OutboundStatus.QUEUED,
        "due_at": now,
        "settled_at": now,
        "attempts": 0,
        "attempt_started_at": None,
        # It may have gone out before: to the caps it is one more.
        "counted_on": None,
    }
    async with writer(engine).begin() as connection:
        return (await connection.execute(update(tables.outbound).where(*chosen).values(values))).rowcount


HELD = "held by the operator"


async def hold(engine: AsyncEngine, now: datetime) -> int:
    """Set aside whatever is not sent for certain, until it is requeued; return how many.

    After a back-up was restored, it may have been sent since that was made, and nobody is to get it twice.
    """
    waiting = [OutboundStatus.QUEUED, OutboundStatus.SENDING, OutboundStatus.UNCERTAIN]
    values = {"status": OutboundStatus.FAILED, "error": HELD, "settled_at": now}
    statement = update(tables.outbound).where(_out.status.in_(waiting)).values(values)
    async with writer(engine).begin() as connection:
        return (await connection.execute(statement)).rowcount
