"""Rewards started and stopped, on the terms that a person confirmed."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.core.outreach.rewards import Rewards
from bot.store.database import writer
from bot.store.outreach.rewards.records import Running
from bot.store.outreach.tables import reward_changes, reward_secrets

_change = reward_changes.c
_secret = reward_secrets.c
_encode = msgspec.json.Encoder().encode
read_terms = msgspec.json.Decoder(Rewards).decode
"""Reads the terms of a change, as they are stored."""


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
        if await lock(connection, consultation) is None and terms is not None:
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
        return [Running(row[0], read_terms(row[1]), row[2]) for row in await connection.execute(query)]


async def lock(connection: AsyncConnection, consultation: str) -> str | None:
    """Have whoever else sets money aside, starts or stops wait; return the sealed secret, None where there is none."""
    query = select(_secret.secret_sealed).where(_secret.consultation == consultation).with_for_update()
    return (await connection.execute(query)).scalar_one_or_none()


async def terms_of(connection: AsyncConnection, consultation: str) -> Rewards | None:
    """Return on what terms rewards are given now; None where they are not."""
    query = (
        select(_change.document)
        .where(_change.consultation == consultation)
        .order_by(_change.id.desc())
        .limit(1)
    )
    document = (await connection.execute(query)).scalar()
    return read_terms(document) if document else None
