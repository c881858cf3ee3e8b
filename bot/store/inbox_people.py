"""Who may look at the inbox, of which consultation, until when. Only a hash of each token is here."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.auditing import Act, Entry
from bot.errors import InboxError
from bot.store.auditing import record
from bot.store.database import writer
from bot.store.inbox_tables import inbox_people

_person = inbox_people.c

PREFIX = "heard_inbox_"
"""By it, those who look for secrets in what was made public by mistake know what they have found."""
_BYTES = 32
ALL = "all"
"""In place of a consultation: every one of them."""


@dataclass(frozen=True, slots=True)
class Registered:
    """Somebody who may look. A lead may have the address shown; `consultation` may be `ALL`."""

    id: int
    name: str
    consultation: str
    is_lead: bool
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None

    def is_good(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at

    def reaches(self, consultation: str) -> bool:
        return self.consultation in (ALL, consultation)


async def register(
    engine: AsyncEngine,
    name: str,
    consultation: str,
    is_lead: bool,
    expires_at: datetime,
    at: datetime,
    by: str,
) -> tuple[int, str]:
    """Let somebody in, with a line of audit. Return their number, and the token that they get this once."""
    secret = PREFIX + secrets.token_urlsafe(_BYTES)
    row = {
        **{"name": name, "consultation": consultation, "is_lead": is_lead},
        **{"token_hash": _hash(secret), "created_at": at, "expires_at": expires_at},
    }
    async with writer(engine).begin() as connection:
        stored = await connection.execute(insert(inbox_people).values(row).returning(_person.id))
        number = int(stored.scalar_one())
        detail = f"{name}{', lead' if is_lead else ''}"
        await record(connection, Entry(at, by, Act.REGISTERED, consultation, number, detail))
    return number, secret


async def find_registered(engine: AsyncEngine, secret: str) -> Registered | None:
    """Return whose token it is, good or not; looked up by its hash, so that the time that takes tells nothing."""
    query = select(inbox_people).where(_person.token_hash == _hash(secret))
    async with engine.connect() as connection:
        row = (await connection.execute(query)).one_or_none()
    return _registered(row) if row is not None else None


async def registered(engine: AsyncEngine) -> Sequence[Registered]:
    """Return everybody who was ever let in, the first of them first."""
    async with engine.connect() as connection:
        rows = await connection.execute(select(inbox_people).order_by(_person.id))
        return [_registered(row) for row in rows]


async def revoke(engine: AsyncEngine, number: int, at: datetime, by: str) -> None:
    """Let somebody in no more.

    Raises:
        InboxError: there is nobody of that number who may look.
    """
    good = update(inbox_people).where(_person.id == number, _person.revoked_at.is_(None))
    async with writer(engine).begin() as connection:
        if not (await connection.execute(good.values(revoked_at=at))).rowcount:
            raise InboxError(
                f"there is nobody of number {number} who may look; heard inbox people list shows them"
            )
        await record(connection, Entry(at, by, Act.REVOKED, None, number, ""))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _registered(row: Row[*tuple[Any, ...]]) -> Registered:
    return Registered(
        *(row.id, row.name, row.consultation, row.is_lead, row.created_at, row.expires_at, row.revoked_at)
    )
