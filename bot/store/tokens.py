"""Tokens of the API: who may read what until when. Only a hash of each is here."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import TokenError
from bot.store import results_tables
from bot.store.database import writer

_token = results_tables.api_tokens.c

PREFIX = "heard_"
"""By it, those who look for secrets in what was made public by mistake know what they have found."""

_BYTES = 32


class TokenScope(StrEnum):
    """What a token lets its holder read."""

    RESULTS = "results"
    """What was published: results, their codebook, and findings."""
    ANSWERS = "answers"
    """Each person's answers, but for what they wrote, sent or showed in their own way."""
    WORDS = "answers:words"
    """Those too, as people wrote them."""


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token. `consultation` is None where it is for all of them; `holder` says who has it.

    `last_used_at` is the hour, so that it tells nobody's habits.
    """

    id: int
    consultation: str | None
    scopes: frozenset[TokenScope]
    holder: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None

    def is_good(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at

    def reaches(self, consultation: str) -> bool:
        return self.consultation in (None, consultation)


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token as its holder gets it, this once."""

    id: int
    secret: str = field(repr=False)


async def create_token(
    engine: AsyncEngine,
    consultation: str | None,
    scopes: Collection[TokenScope],
    holder: str,
    expires_at: datetime,
    at: datetime,
) -> NewToken:
    """Make a token, store its hash, and return it."""
    secret = PREFIX + secrets.token_urlsafe(_BYTES)
    row = {
        "token_hash": _hash(secret),
        "consultation": consultation,
        "scopes": " ".join(scope for scope in TokenScope if scope in scopes),
        "holder": holder,
        "created_at": at,
        "expires_at": expires_at,
    }
    async with writer(engine).begin() as connection:
        stored = await connection.execute(insert(results_tables.api_tokens).values(row).returning(_token.id))
        return NewToken(int(stored.scalar_one()), secret)


async def find_token(engine: AsyncEngine, secret: str) -> Token | None:
    """Return what is known of a token, good or not; None where there is none such.

    It is looked up by its hash, so that the time that takes tells nothing of any token.
    """
    query = select(results_tables.api_tokens).where(_token.token_hash == _hash(secret))
    async with engine.connect() as connection:
        row = (await connection.execute(query)).one_or_none()
    return _record(row) if row is not None else None


async def note_use(engine: AsyncEngine, token: Token, now: datetime) -> None:
    """Note the hour in which a token was used, once an hour."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    if token.last_used_at is not None and token.last_used_at >= hour:
        return
    is_older = or_(_token.last_used_at.is_(None), _token.last_used_at < hour)
    used = update(results_tables.api_tokens).where(_token.id == token.id, is_older).values(last_used_at=hour)
    async with writer(engine).begin() as connection:
        await connection.execute(used)


async def tokens(engine: AsyncEngine) -> Sequence[Token]:
    """Return every token, the oldest first."""
    async with engine.connect() as connection:
        rows = await connection.execute(select(results_tables.api_tokens).order_by(_token.id))
        return [_record(row) for row in rows]


async def revoke_token(engine: AsyncEngine, token_id: int, at: datetime) -> None:
    """Have a token be good for nothing any more, from the next request on.

    Raises:
        TokenError: there is none of that number, or it was revoked before.
    """
    good = update(results_tables.api_tokens).where(_token.id == token_id, _token.revoked_at.is_(None))
    async with writer(engine).begin() as connection:
        if not (await connection.execute(good.values(revoked_at=at))).rowcount:
            raise TokenError(f"there is no token {token_id} that is good; heard tokens list shows them")


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _record(row: Row[*tuple[Any, ...]]) -> Token:
    return Token(
        row.id,
        row.consultation,
        frozenset(map(TokenScope, row.scopes.split())),
        row.holder,
        row.created_at,
        row.expires_at,
        row.last_used_at,
        row.revoked_at,
    )
