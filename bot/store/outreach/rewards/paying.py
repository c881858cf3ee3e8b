"""Rewards taken in hand, and what has become of them."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store import tables
from bot.store.database import writer
from bot.store.outreach.rewards.records import RewardAttempt, RewardState, SettledReward
from bot.store.outreach.rewards.terms import terms_of
from bot.store.outreach.tables import rewards

_reward = rewards.c
_contact = tables.contacts.c


async def claim_reward(
    engine: AsyncEngine, consultation: str, now: datetime, lease: timedelta
) -> RewardAttempt | None:
    """Take the reward that is due longest in hand; None where none is, or they were stopped.

    From now on it counts as handed over. Where its worker dies it is due again after a lease, under the same key.
    """
    due = (
        select(_reward.id, _reward.state)
        .where(
            _reward.consultation == consultation,
            _reward.state.in_((RewardState.RESERVED, RewardState.SENT)),
            _reward.due_at <= now,
        )
        .order_by(_reward.due_at, _reward.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    taken = {
        "state": RewardState.SENT,
        "attempts": _reward.attempts + 1,
        "attempt_started_at": now,
        "due_at": now + lease,
    }
    async with writer(engine).begin() as connection:
        if await terms_of(connection, consultation) is None:
            return None
        found = (await connection.execute(due)).one_or_none()
        if found is None:
            return None
        await connection.execute(update(rewards).where(_reward.id == found.id).values(taken))
        whole = (
            select(rewards, _contact.address_sealed)
            .outerjoin(tables.contacts, _contact.id == _reward.contact_id)
            .where(_reward.id == found.id)
        )
        row = (await connection.execute(whole)).one()
    return RewardAttempt(
        row.id,
        row.attempts,
        row.attempt_started_at,
        found.state == RewardState.SENT,
        row.consultation,
        row.key,
        row.amount,
        row.currency,
        row.reserved_at,
        row.address_sealed,
    )


async def settle_reward(engine: AsyncEngine, settled: SettledReward) -> bool:
    """Write what has become of an attempt; return whether it was still the caller's."""
    this = (
        _reward.id == settled.id,
        _reward.state == RewardState.SENT,
        _reward.attempt_started_at == settled.started_at,
    )
    values = {
        "state": settled.state,
        "error": settled.error,
        "due_at": settled.due_at,
        "settled_at": settled.at,
    }
    async with writer(engine).begin() as connection:
        return bool((await connection.execute(update(rewards).where(*this).values(values))).rowcount)
