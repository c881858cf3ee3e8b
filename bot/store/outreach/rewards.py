"""The ledger of rewards: money is set aside before it is paid, once for each completed interview.

A row says what is known. What may have been paid is never taken for unpaid again: it is tried under its key, by which
the receiver knows it, and under no other.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import Select, and_, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.channels import CARRIAGES
from bot.core.outreach.rewards import Rewards
from bot.store import tables
from bot.store.database import writer
from bot.store.outreach.tables import reward_changes, reward_secrets, rewards

_reward, _change, _secret = rewards.c, reward_changes.c, reward_secrets.c
_interview, _contact = tables.interviews.c, tables.contacts.c
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Rewards).decode

PAGE = 100
"""Interviews whose rewards are set aside in one transaction."""

_PHONES = [channel.value for channel, carriage in CARRIAGES.items() if carriage.is_phone]


class RewardState(StrEnum):
    """What is known of a reward."""

    RESERVED = "reserved"
    """Its money is set aside, and it was certainly not paid yet."""
    SENT = "sent"
    """It was handed over, and nobody knows whether it was paid: no answer came, or an unclear one."""
    CONFIRMED = "confirmed"
    """Whoever pays has said that it is paid."""
    FAILED = "failed"
    """Whoever pays will not pay it, and has not. Its money is free again."""
    REFUSED = "refused"
    """It was not handed over, and no money is set aside for it; `error` says why."""


OF_BUDGET = (RewardState.RESERVED, RewardState.SENT, RewardState.CONFIRMED)
"""What takes from the budget: all that is paid, or may be."""

NO_BUDGET = "budget"
"""The error of a reward that was more than what was left of the budget."""
PAID_BEFORE = "their number has one already"
"""The error of a second reward for a number in a consultation, by whatever channel or interview."""


@dataclass(frozen=True, slots=True)
class Running:
    """The rewards of a consultation as they were confirmed, and the sealed secret that signs them."""

    consultation: str
    terms: Rewards
    secret_sealed: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RewardAttempt:
    """A reward in a worker's hands. `number` is how often it was tried, from 1; `started_at` is when, this time.

    `was_sent` says that an earlier attempt may have paid it. Without an `address_sealed` its person was erased.
    """

    id: int
    number: int
    started_at: datetime
    was_sent: bool
    consultation: str
    key: str
    amount: int
    currency: str
    reserved_at: datetime
    address_sealed: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class SettledReward:
    """What has become of an attempt. `due_at` is when to try again; None for never by itself."""

    id: int
    started_at: datetime
    state: RewardState
    at: datetime
    error: str | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Set:
    """What setting money aside has come to: rewards reserved, and those that the budget had no money for."""

    looked_at: int
    reserved: int
    refused: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rewards of a state, error and currency there are, and what they come to in millionths.

    `stuck` are those that nothing happens to any more by itself.
    """

    state: RewardState
    error: str | None
    currency: str
    count: int
    amount: int
    stuck: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The rewards of a consultation for an operator; `terms` is None where they are stopped or were never started."""

    terms: Rewards | None
    changed_by: str | None
    changed_at: datetime | None
    tallies: Sequence[Tally]
    waiting: int
    """Completed interviews by phone that are not in the ledger yet."""
    numberless: int
    """Completed interviews without a phone number to pay to."""

    @property
    def taken(self) -> int:
        """Return the millionths of the budget that are paid or set aside."""
        return sum(one.amount for one in self.tallies if one.state in OF_BUDGET)


# --- starting and stopping


async def keep_secret(engine: AsyncEngine, consultation: str, sealed: str, at: datetime) -> None:
    """Store the secret of a consultation's rewards in place of the one before."""
    async with writer(engine).begin() as connection:
        changed = await connection.execute(
            update(reward_secrets)
            .where(_secret.consultation == consultation)
            .values(secret_sealed=sealed, made_at=at)
        )
        if not changed.rowcount:
            row = {"consultation": consultation, "secret_sealed": sealed, "made_at": at}
            await connection.execute(insert(reward_secrets).values(row))


async def change_rewards(
    engine: AsyncEngine, consultation: str, terms: Rewards | None, by: str, at: datetime
) -> bool:
    """Start rewards on these terms, or stop them with None; return False where there is no secret to sign them with."""
    row = {
        "consultation": consultation,
        "document": _encode(terms).decode() if terms else None,
        "changed_by": by,
        "changed_at": at,
    }
    async with writer(engine).begin() as connection:
        # Who sets money aside at this moment is waited for.
        if await _lock(connection, consultation) is None and terms is not None:
            return False
        await connection.execute(insert(reward_changes).values(row))
        return True


async def running_rewards(engine: AsyncEngine) -> Sequence[Running]:
    """Return the consultations whose rewards are paid now."""
    newest = select(func.max(_change.id)).group_by(_change.consultation)
    query = (
        select(_change.consultation, _change.document, _secret.secret_sealed)
        .join(reward_secrets, _secret.consultation == _change.consultation)
        .where(_change.id.in_(newest), _change.document.is_not(None))
        .order_by(_change.consultation)
    )
    async with engine.connect() as connection:
        return [Running(row[0], _decode(row[1]), row[2]) for row in await connection.execute(query)]


async def _lock(connection: AsyncConnection, consultation: str) -> str | None:
    query = select(_secret.secret_sealed).where(_secret.consultation == consultation).with_for_update()
    return (await connection.execute(query)).scalar_one_or_none()


async def _terms(connection: AsyncConnection, consultation: str) -> Rewards | None:
    query = (
        select(_change.document)
        .where(_change.consultation == consultation)
        .order_by(_change.id.desc())
        .limit(1)
    )
    document = (await connection.execute(query)).scalar()
    return _decode(document) if document else None


# --- setting aside, handing over, settling


async def reserve_rewards(
    engine: AsyncEngine,
    consultation: str,
    now: datetime,
    payee_of: Callable[[str], str],
    key: Callable[[], str],
) -> Set:
    """Set money aside for completed interviews that are not in the ledger yet, a page of them at a time.

    `payee_of` gives the keyed hash of a sealed address' number, `key` a random one.

    Raises:
        VaultError: an address is sealed with a key that is not there.
    """
    async with writer(engine).begin() as connection:
        if await _lock(connection, consultation) is None:
            return Set(0, 0, 0)
        terms = await _terms(connection, consultation)
        if terms is None:
            return Set(0, 0, 0)
        found = (await connection.execute(_unpaid(consultation).limit(PAGE))).all()
        payees = {row.id: payee_of(row.address_sealed) for row in found}
        query = select(_reward.payee).where(
            _reward.consultation == consultation, _reward.payee.in_(payees.values())
        )
        known = set((await connection.execute(query)).scalars())
        left = terms.budget - await _taken(connection, consultation)
        rows: list[dict[str, Any]] = []
        for row in found:
            payee = payees[row.id]
            state, error = RewardState.RESERVED, None
            if payee in known:
                state, error, payee = RewardState.REFUSED, PAID_BEFORE, None  # type: ignore[assignment]
            elif left < terms.amount:
                state, error = RewardState.REFUSED, NO_BUDGET
            else:
                left -= terms.amount
            known.add(payee)
            rows.append(
                {
                    "consultation": consultation,
                    "interview_id": row.id,
                    "contact_id": row.contact_id,
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
    refused = sum(row["error"] == NO_BUDGET for row in rows)
    reserved = sum(row["state"] is RewardState.RESERVED for row in rows)
    return Set(len(rows), reserved, refused)


async def _taken(connection: AsyncConnection, consultation: str) -> int:
    query = select(func.coalesce(func.sum(_reward.amount), 0)).where(
        _reward.consultation == consultation, _reward.state.in_(OF_BUDGET)
    )
    return int((await connection.execute(query)).scalar_one())


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
        if await _terms(connection, consultation) is None:
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
        if await _lock(connection, consultation) is None:
            return counts
        terms = await _terms(connection, consultation)
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


async def overview(engine: AsyncEngine, consultation: str) -> Overview:
    """Return how the rewards of a consultation stand."""
    newest = select(reward_changes).where(_change.consultation == consultation).order_by(_change.id.desc())
    tallied = (
        select(
            _reward.state,
            _reward.error,
            _reward.currency,
            func.count(),
            func.sum(_reward.amount),
            func.count().filter(_reward.due_at.is_(None)),
        )
        .where(_reward.consultation == consultation)
        .group_by(_reward.state, _reward.error, _reward.currency)
        .order_by(_reward.state, _reward.error)
    )
    unpaid = select(func.count()).select_from(_unpaid(consultation).subquery())
    numberless = (
        select(func.count())
        .select_from(tables.interviews)
        .outerjoin(tables.contacts, _contact.id == _interview.contact_id)
        .where(
            _interview.consultation == consultation,
            tables.IS_COMPLETE,
            or_(_contact.id.is_(None), _contact.channel.not_in(_PHONES)),
            ~exists().where(_reward.interview_id == _interview.id),
        )
    )
    async with engine.connect() as connection:
        last = (await connection.execute(newest.limit(1))).one_or_none()
        return Overview(
            _decode(last.document) if last and last.document else None,
            last.changed_by if last else None,
            last.changed_at if last else None,
            [
                Tally(RewardState(row[0]), row[1], row[2], row[3], int(row[4]), row[5])
                for row in await connection.execute(tallied)
            ],
            (await connection.execute(unpaid)).scalar_one(),
            (await connection.execute(numberless)).scalar_one(),
        )


def _unpaid(consultation: str) -> Select[Any]:
    """Select completed interviews of people with a phone number that are not in the ledger, in their order."""
    return (
        select(_interview.id, _interview.contact_id, _contact.address_sealed)
        .join(tables.contacts, _contact.id == _interview.contact_id)
        .where(
            _interview.consultation == consultation,
            tables.IS_COMPLETE,
            _contact.channel.in_(_PHONES),
            ~exists().where(_reward.interview_id == _interview.id),
        )
        .order_by(_interview.id)
    )
