"""Who gets digests, and when the next is due."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import DigestError
from bot.store import results_tables
from bot.store.database import writer
from bot.store.subscribing import Carrier, Every, Schedule, Subscription

_subscription = results_tables.subscriptions.c


async def subscribe(
    engine: AsyncEngine,
    consultation: str,
    carrier: Carrier,
    target: tuple[str, str],
    secret_sealed: str | None,
    schedule: Schedule,
    at: datetime,
    due_at: datetime,
    language: str,
) -> int:
    """Store a subscription, and return its number; `target` is the address hashed, and sealed.

    Raises:
        DigestError: there is one of that consultation to that address.
    """
    target_hash, target_sealed = target
    row = {
        "consultation": consultation,
        "carrier": carrier,
        "target_hash": target_hash,
        "target_sealed": target_sealed,
        "secret_sealed": secret_sealed,
        "every": schedule.every,
        "weekday": schedule.weekday,
        "at": f"{schedule.at:%H:%M}",
        "zone": schedule.zone,
        "created_at": at,
        "due_at": due_at,
        "language": language,
    }
    try:
        async with writer(engine).begin() as connection:
            stored = await connection.execute(
                insert(results_tables.subscriptions).values(row).returning(_subscription.id)
            )
            return int(stored.scalar_one())
    except IntegrityError:
        raise DigestError(
            f"that address gets the digests of '{consultation}' already; heard digest list shows them, and after "
            "heard digest remove you can subscribe it anew"
        ) from None


async def unsubscribe(engine: AsyncEngine, subscription_id: int) -> bool:
    """Forget a subscription with its address and its digests; return whether it was there."""
    gone = delete(results_tables.subscriptions).where(_subscription.id == subscription_id)
    async with writer(engine).begin() as connection:
        return bool((await connection.execute(gone)).rowcount)


async def subscriptions(engine: AsyncEngine, consultation: str | None = None) -> Sequence[Subscription]:
    """Return the subscriptions of a consultation, or all of them, the oldest first."""
    query = select(results_tables.subscriptions).order_by(_subscription.id)
    if consultation is not None:
        query = query.where(_subscription.consultation == consultation)
    async with engine.connect() as connection:
        return [_record(row) for row in await connection.execute(query)]


async def subscriptions_due(engine: AsyncEngine, now: datetime) -> Sequence[Subscription]:
    """Return the subscriptions whose next digest is to be made, the longest due first."""
    query = (
        select(results_tables.subscriptions).where(_subscription.due_at <= now).order_by(_subscription.due_at)
    )
    async with engine.connect() as connection:
        return [_record(row) for row in await connection.execute(query)]


async def put_off(engine: AsyncEngine, of: Subscription, due_at: datetime) -> None:
    """Let a subscription be due later, where nobody else has meanwhile."""
    this = (_subscription.id == of.id, _subscription.due_at == of.due_at)
    async with writer(engine).begin() as connection:
        await connection.execute(update(results_tables.subscriptions).where(*this).values(due_at=due_at))


def _record(row: Row[*tuple[Any, ...]]) -> Subscription:
    return Subscription(
        row.id,
        row.consultation,
        Carrier(row.carrier),
        row.target_sealed,
        row.secret_sealed,
        Schedule(Every(row.every), time.fromisoformat(row.at), row.zone, row.weekday),
        row.created_at,
        row.due_at,
        row.language,
    )
