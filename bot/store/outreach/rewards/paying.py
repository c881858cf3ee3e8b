"""Rewards taken in hand, and what has become of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store import tables
from bot.store.database import writer
from bot.store.outreach.rewards.records import RewardAttempt, RewardState, SettledReward
from bot.store.outreach.rewards.terms import terms_of
from bot.store.outreach.tables import rewards

_reward = rewards.c
_contact = tables.contacts.c


async def claim_rewards(
    engine: AsyncEngine, consultation: str, now: datetime, lease: timedelta, most: int
) -> Sequence[RewardAttempt]:
    """Take the rewards in hand that are due longest; none where none are, or they were stopped.

    From now on they count as handed over. Where their worker dies they are due again after a lease, each under its key.
    """
    due = (
        select(_reward.id, _reward.state)
        .where(
            _reward.consultation == consultation,
            _reward.state.in_((RewardState.RESERVED, RewardState.SENT)),
            _reward.due_at <= now,
        )
        .order_by(_reward.due_at, _reward.id)
        .limit(most)
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
            return []
        states = {row.id: row.state for row in await connection.execute(due)}
        if not states:
            return []
        await connection.execute(update(rewards).where(_reward.id.in_(states)).values(taken))
        whole = (
            select(rewards, _contact.address_sealed)
            .outerjoin(tables.contacts, _contact.id == _reward.contact_id)
            .where(_reward.id.in_(states))
            .order_by(_reward.id)
        )
        return [
            RewardAttempt(
                row.id,
                row.attempts,
                row.attempt_started_at,
                states[row.id] == RewardState.SENT,
                row.consultation,
                row.key,
                row.amount,
                row.currency,
                row.reserved_at,
                row.address_sealed,
            )
            for row in await connection.execute(whole)
        ]


async def settle_rewards(engine: AsyncEngine, settled: Sequence[SettledReward]) -> None:
    """Write what has become of attempts; of one that is another's by now, nothing."""
    this = (
        _reward.id == bindparam("this"),
        _reward.state == RewardState.SENT,
        _reward.attempt_started_at == bindparam("started"),
    )
    values: dict[str, Any] = {
        name: bindparam(f"new_{name}") for name in ("state", "error", "due_at", "settled_at")
    }
    rows = [
        {
            "this": one.id,
            "started": one.started_at,
            "new_state": one.state,
            "new_error": one.error,
            "new_due_at": one.due_at,
            "new_settled_at": one.at,
        }
        for one in settled
    ]
    async with writer(engine).begin() as connection:
        await connection.execute(update(rewards).where(*this).values(values), rows)
