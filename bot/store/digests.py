"""Digests on their way: each is one row of its period, taken in hand before it is sent, and settled afterwards.

Every function is one short transaction, and nothing is sent within one.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store import results_tables
from bot.store.database import writer
from bot.store.subscribing import (
    Carrier,
    DigestAttempt,
    DigestStatus,
    LastDigest,
    NewDigest,
    SettledDigest,
    Subscription,
)

_digest, _subscription = results_tables.digests.c, results_tables.subscriptions.c

REPLACED = "the next digest tells it"
"""The error of a digest that could not be sent before the next was made."""

LOST = "the worker was gone"
"""The error of a digest that was in the hands of a worker that died."""


async def told_until(engine: AsyncEngine, of: Subscription) -> datetime:
    """Return up to when a subscriber was surely told: what the next digest begins after.

    What may not have arrived is told once more, by the next digest: that is no second one of the same period.
    """
    async with engine.connect() as connection:
        return await _told_until(connection, of)


async def _told_until(connection: AsyncConnection, of: Subscription) -> datetime:
    sent = (_digest.subscription_id == of.id, _digest.status == DigestStatus.SENT)
    last = (await connection.execute(select(func.max(_digest.until)).where(*sent))).scalar_one()
    return last or of.created_at


async def add_digest(
    engine: AsyncEngine, of: Subscription, digest: NewDigest, due_at: datetime | None
) -> int | None:
    """Store a digest to be sent at once, and when the next is due; return its number.

    It takes the place of one that could not be sent yet. None, and nothing is stored, where another process has made
    it or has one in hand, or nobody is subscribed any more. `due_at` is None where the schedule stays as it is.
    """
    row = {
        "subscription_id": of.id,
        "period": digest.period,
        "since": digest.since,
        "until": digest.until,
        "message_id": digest.message_id,
        "content": digest.content,
        "status": DigestStatus.QUEUED,
        "due_at": digest.until,
    }
    this = (_subscription.id == of.id, _subscription.due_at == of.due_at)
    theirs = _digest.subscription_id == of.id
    in_hand = select(func.count()).where(theirs, _digest.status == DigestStatus.SENDING)
    waiting = update(results_tables.digests).where(theirs, _digest.status == DigestStatus.QUEUED)
    replaced = {
        "status": DigestStatus.FAILED,
        "error": REPLACED,
        "due_at": None,
        "settled_at": digest.until,
    }
    try:
        async with writer(engine).begin() as connection:
            found = select(_subscription.id).where(*this).with_for_update()
            if (await connection.execute(found)).one_or_none() is None:
                return None
            await connection.execute(waiting.values(replaced))
            is_busy = bool((await connection.execute(in_hand)).scalar_one())
            if is_busy or await _told_until(connection, of) != digest.since:
                await connection.rollback()
                return None
            if due_at is not None:
                await connection.execute(
                    update(results_tables.subscriptions).where(*this).values(due_at=due_at)
                )
            stored = await connection.execute(
                results_tables.digests.insert().values(row).returning(_digest.id)
            )
            return int(stored.scalar_one())
    except IntegrityError:
        return None


async def claim_digest(
    engine: AsyncEngine, now: datetime, chosen: Sequence[int] | None = None
) -> DigestAttempt | None:
    """Take the digest that is due longest in hand, of all or of those chosen; None where none is due."""
    due = (
        select(_digest.id)
        .where(_digest.status == DigestStatus.QUEUED, _digest.due_at <= now)
        .order_by(_digest.due_at, _digest.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if chosen is not None:
        due = due.where(_digest.id.in_(chosen))
    taken = {"status": DigestStatus.SENDING, "attempts": _digest.attempts + 1, "attempt_started_at": now}
    async with writer(engine).begin() as connection:
        digest_id = (await connection.execute(due)).scalar_one_or_none()
        if digest_id is None:
            return None
        await connection.execute(update(results_tables.digests).where(_digest.id == digest_id).values(taken))
        whole = select(
            results_tables.digests,
            _subscription.carrier,
            _subscription.target_sealed,
            _subscription.secret_sealed,
        ).join_from(results_tables.digests, results_tables.subscriptions)
        row = (await connection.execute(whole.where(_digest.id == digest_id))).one()
    return DigestAttempt(
        row.id,
        row.attempts,
        row.attempt_started_at,
        row.subscription_id,
        Carrier(row.carrier),
        row.target_sealed,
        row.secret_sealed,
        row.until,
        row.message_id,
        row.content,
    )


async def settle_digest(engine: AsyncEngine, settled: SettledDigest) -> bool:
    """Write what has become of an attempt; return whether it was still the caller's.

    Where nobody is there any more, the subscription goes, and the digest with it.
    """
    this = (
        _digest.id == settled.id,
        _digest.status == DigestStatus.SENDING,
        _digest.attempt_started_at == settled.started_at,
    )
    values = {
        "status": settled.status,
        "settled_at": settled.at,
        "error": settled.error,
        "due_at": settled.due_at,
    }
    async with writer(engine).begin() as connection:
        changed = await connection.execute(update(results_tables.digests).where(*this).values(values))
        if changed.rowcount and settled.gone:
            whose = select(_digest.subscription_id).where(_digest.id == settled.id).scalar_subquery()
            await connection.execute(results_tables.subscriptions.delete().where(_subscription.id == whose))
        return bool(changed.rowcount)


async def interrupt_digests(engine: AsyncEngine, now: datetime, lease: timedelta) -> int:
    """Settle what was in the hands of workers that are gone; return how many digests that were.

    A webhook is sent again, for its receiver knows it by its id. A mail may have gone out, and is not.
    """
    left = (_digest.status == DigestStatus.SENDING, _digest.attempt_started_at <= now - lease)

    def of(carrier: Carrier) -> object:
        return _digest.subscription_id.in_(
            select(_subscription.id).where(_subscription.carrier == carrier.value)
        )

    again = {"status": DigestStatus.QUEUED, "due_at": now, "error": LOST}
    never = {"status": DigestStatus.UNCERTAIN, "due_at": None, "error": LOST, "settled_at": now}
    async with writer(engine).begin() as connection:
        count = 0
        for carrier, values in ((Carrier.WEBHOOK, again), (Carrier.EMAIL, never)):
            changed = update(results_tables.digests).where(*left, of(carrier)).values(values)  # type: ignore[arg-type]
            count += (await connection.execute(changed)).rowcount
    return count


async def last_digests(engine: AsyncEngine) -> Mapping[int, LastDigest]:
    """Return the newest digest of each subscription that had one."""
    newest = select(func.max(_digest.id)).group_by(_digest.subscription_id)
    query = select(_digest.subscription_id, _digest.status, _digest.until, _digest.error).where(
        _digest.id.in_(newest)
    )
    async with engine.connect() as connection:
        return {
            row.subscription_id: LastDigest(DigestStatus(row.status), row.until, row.error)
            for row in await connection.execute(query)
        }
