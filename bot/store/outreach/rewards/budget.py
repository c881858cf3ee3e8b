"""Money set aside from the budget, once for each completed interview."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.channels import CARRIAGES
from bot.store import tables
from bot.store.database import writer
from bot.store.outreach.rewards.records import NO_BUDGET, OF_BUDGET, PAID_BEFORE, Owed, RewardState, Set
from bot.store.outreach.rewards.terms import lock, terms_of
from bot.store.outreach.tables import rewards

_reward = rewards.c
_interview = tables.interviews.c
_contact = tables.contacts.c

PAGE = 500
"""Interviews whose rewards are set aside in one transaction."""


async def owed_after(engine: AsyncEngine, consultation: str, interview: int) -> Sequence[Owed]:
    """Return the next page of completed interviews beyond this one that are not in the ledger; empty after the last.

    Page by page, each interview is looked at once, however many are in the ledger already. Who completes behind the
    page is found when somebody begins anew, from 0.
    """
    query = owing(consultation).where(_interview.id > interview).limit(PAGE)
    async with engine.connect() as connection:
        return [Owed(*row) for row in await connection.execute(query)]


async def reserve_rewards(
    engine: AsyncEngine,
    consultation: str,
    now: datetime,
    payees: Mapping[Owed, str],
    key: Callable[[], str],
) -> Set | None:
    """Set money aside for the completed interviews of a page; None where no rewards are given.

    `payees` has the keyed hash of each one's number, `key` gives a random one. Whatever became of them since they were
    found holds: who was erased, or came into the ledger by another worker, is left out.
    """
    async with writer(engine).begin() as connection:
        if await lock(connection, consultation) is None:
            return None
        terms = await terms_of(connection, consultation)
        if terms is None:
            return None
        still = owing(consultation).where(_interview.id.in_([one.interview for one in payees]))
        found = [one for one in (Owed(*row) for row in await connection.execute(still)) if one in payees]
        query = select(_reward.payee).where(
            _reward.consultation == consultation, _reward.payee.in_([payees[one] for one in found])
        )
        known = set((await connection.execute(query)).scalars())
        left = terms.budget - await _taken(connection, consultation)
        rows: list[dict[str, Any]] = []
        for one in found:
            payee: str | None = payees[one]
            state, error = RewardState.RESERVED, None
            if payee in known:
                state, error, payee = RewardState.REFUSED, PAID_BEFORE, None
            elif left < terms.amount:
                state, error = RewardState.REFUSED, NO_BUDGET
            else:
                left -= terms.amount
            known.add(payee)
            rows.append(
                {
                    "consultation": consultation,
                    "interview_id": one.interview,
                    "contact_id": one.contact,
                    "payee": payee,
                    "key": key(),
                    "amount": terms.amount,
                    "currency": terms.currency,
                    "state": state,
                    "error": error,
                    "attempts": 0,
                    "due_at": now if state is RewardState.RESERVED else None,
                    "reserved_at": now,
                    "settled_at": None if state is RewardState.RESERVED else now,
                }
            )
        if rows:
            await connection.execute(insert(rewards), rows)
    return Set(
        reserved=sum(row["state"] is RewardState.RESERVED for row in rows),
        refused=sum(row["error"] == NO_BUDGET for row in rows),
    )


async def _taken(connection: AsyncConnection, consultation: str) -> int:
    query = select(func.coalesce(func.sum(_reward.amount), 0)).where(
        _reward.consultation == consultation, _reward.state.in_(OF_BUDGET)
    )
    return int((await connection.execute(query)).scalar_one())


async def retry_rewards(
    engine: AsyncEngine, consultation: str, now: datetime, *, unclear: bool
) -> Mapping[RewardState, int]:
    """Have rewards tried again that failed, or for which there was no money; return how many of each.

    With `unclear` those too that may have been paid. Each keeps its key. As many as there is money for, the first
    first; what may have been paid has its money still.
    """
    stuck = (_reward.consultation == consultation, _reward.due_at.is_(None))
    again = {"attempts": 0, "due_at": now, "attempt_started_at": None}
    counts = dict.fromkeys((RewardState.FAILED, RewardState.REFUSED, RewardState.SENT), 0)
    async with writer(engine).begin() as connection:
        if await lock(connection, consultation) is None:
            return counts
        terms = await terms_of(connection, consultation)
        if terms is None:
            return counts
        if unclear:
            changed = update(rewards).where(*stuck, _reward.state == RewardState.SENT).values(again)
            counts[RewardState.SENT] = (await connection.execute(changed)).rowcount
        left = terms.budget - await _taken(connection, consultation)
        without = or_(
            _reward.state == RewardState.FAILED,
            and_(_reward.state == RewardState.REFUSED, _reward.error == NO_BUDGET),
        )
        query = select(_reward.id, _reward.state, _reward.amount).where(*stuck, without).order_by(_reward.id)
        chosen: list[int] = []
        for row in (await connection.execute(query)).all():
            if row.amount <= left:
                left -= row.amount
                chosen.append(row.id)
                counts[RewardState(row.state)] += 1
        reserved = {**again, "state": RewardState.RESERVED, "error": None, "settled_at": None}
        for start in range(0, len(chosen), PAGE):
            those = _reward.id.in_(chosen[start : start + PAGE])
            await connection.execute(update(rewards).where(those).values(reserved))
    return counts


PHONES = [channel.value for channel, carriage in CARRIAGES.items() if carriage.is_phone]


def owing(consultation: str) -> Select[Any]:
    """Select completed interviews of people with a phone number that are not in the ledger, in their order."""
    return (
        select(_interview.id, _interview.contact_id, _contact.address_sealed)
        .join(tables.contacts, _contact.id == _interview.contact_id)
        .where(
            _interview.consultation == consultation,
            tables.IS_COMPLETE,
            _contact.channel.in_(PHONES),
            ~exists().where(_reward.interview_id == _interview.id),
        )
        .order_by(_interview.id)
    )
