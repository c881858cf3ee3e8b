"""Who passed on which code, and who came by it: kept by interviews alone, until it is forgotten.

Codes are kept as an HMAC with the pepper. What is stored of messages has none of those that came in; those that went
out are taken out of them when the chains are forgotten.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.outreach.coupons import without_coupons
from bot.store import tables
from bot.store.database import writer
from bot.store.outreach.tables import coupons, referrals_closed
from bot.store.rowset import insertion, run
from bot.store.tables import written
from bot.store.turns import Sender, Turn

_PAGE = 1_000
"""Messages that are looked through at a time."""


@dataclass(frozen=True, slots=True)
class StoredCoupon:
    """One code. `contact_id` is whose it is to pass on; None where they are erased. `wave` is of who comes by it."""

    id: int
    consultation: str
    contact_id: int | None
    wave: int
    expires_at: datetime
    is_used: bool


@dataclass(frozen=True, slots=True)
class Recruitment:
    """One person who came by a code and completed their interview, with who gave it to them, both by interview.

    What rewards hang on: each is there once, and stays as it is until the chains are forgotten.
    """

    recruiter_id: int
    recruit_id: int
    completed_at: datetime


@dataclass(frozen=True, slots=True)
class Link:
    """Who recruited whom, by interview."""

    recruiter_id: int
    recruit_id: int
    wave: int


@dataclass(frozen=True, slots=True)
class Passed:
    """What has become of codes: how many were given, and who came by one."""

    given: int
    links: tuple[Link, ...]


_coupon, _interview, _contact, _out = coupons.c, tables.interviews.c, tables.contacts.c, tables.outbound.c


def read_coupons(connection: Connection, hashes: Iterable[str]) -> Mapping[str, StoredCoupon]:
    """Return what is known of codes, by their hashes; nothing of one that nobody was given."""
    query = (
        select(
            _coupon.code_hash,
            _coupon.id,
            _interview.consultation,
            _interview.contact_id,
            _coupon.wave,
            _coupon.expires_at,
            _coupon.used_at.is_not(None),
        )
        .join_from(coupons, tables.interviews, _interview.id == _coupon.issuer_id)
        .where(_coupon.code_hash.in_(list(hashes)))
    )
    return {
        hashed: StoredCoupon(id_, consultation, contact, wave, expires_at, bool(is_used))
        for hashed, id_, consultation, contact, wave, expires_at, is_used in connection.execute(query)
    }


def record(
    connection: Connection,
    dialect: str,
    turns: Sequence[Turn],
    interview_ids: Mapping[tuple[Sender, str], int],
) -> bool:
    """Keep which codes were given and used. Return false where one was used, or given, by another process meanwhile."""
    given: list[dict[str, object]] = []
    for turn in turns:
        if turn.concerns is None:
            continue
        place = (turn.sender, turn.concerns)
        if turn.uses is not None:
            used = connection.execute(
                _USED, {"coupon": turn.uses, "recruit": interview_ids[place], "at": turn.at}
            )
            if used.rowcount != 1:
                return False
        if turn.coupons is not None:
            given += [
                {
                    "code_hash": hashed,
                    "issuer_id": interview_ids[place],
                    "wave": turn.coupons.wave,
                    "given_at": written(turn.at),
                    "expires_at": written(turn.coupons.expires_at),
                }
                for hashed in turn.coupons.hashes
            ]
    if not given:
        return True
    statement = insertion(
        dialect, _coupon.code_hash, _coupon.issuer_id, _coupon.wave, _coupon.given_at, _coupon.expires_at
    )
    stored = run(connection, statement.on_conflict_do_nothing().returning(_coupon.id), given).all()
    return len(stored) == len(given)


_USED = (
    update(coupons)
    .where(_coupon.id == bindparam("coupon"), _coupon.used_at.is_(None))
    .values(recruit_id=bindparam("recruit"), used_at=bindparam("at"))
)


async def recruitments(engine: AsyncEngine, consultation: str) -> Sequence[Recruitment]:
    """Return who came by a code and completed, in the order they did: the hook that rewards hang on."""
    query = (
        select(_coupon.issuer_id, _coupon.recruit_id, _interview.ended_at)
        .join_from(coupons, tables.interviews, _interview.id == _coupon.recruit_id)
        .where(_interview.consultation == consultation, _interview.ending == "complete")
        .order_by(_interview.ended_at, _interview.id)
    )
    async with engine.connect() as connection:
        return [Recruitment(*row) for row in await connection.execute(query)]


async def read_passed(engine: AsyncEngine, consultation: str) -> Passed:
    """Return what has become of a consultation's codes, as far as it is not forgotten."""
    async with engine.connect() as connection:
        given = await connection.execute(select(func.count()).select_from(_of(consultation).subquery()))
        links = await connection.execute(
            _of(consultation)
            .with_only_columns(_coupon.issuer_id, _coupon.recruit_id, _coupon.wave)
            .where(_coupon.recruit_id.is_not(None))
            .order_by(_coupon.wave, _coupon.id)
        )
        return Passed(int(given.scalar_one()), tuple(Link(*row) for row in links))


async def read_closed(engine: AsyncEngine, consultation: str) -> tuple[str, datetime] | None:
    """Return what was kept of a consultation's chains, as JSON, and when they were forgotten; None before that."""
    closed = referrals_closed.c
    query = select(closed.chains, closed.closed_at).where(closed.consultation == consultation)
    async with engine.connect() as connection:
        row = (await connection.execute(query)).one_or_none()
        return (row.chains, row.closed_at) if row else None


async def close(
    engine: AsyncEngine,
    consultation: str,
    summed: Callable[[Passed], str],
    at: datetime,
) -> Passed:
    """Keep sums of a consultation's chains, as `summed` makes them of what is there, and forget who recruited whom.

    All in one transaction. The codes are taken out of the messages that they were sent in.
    """
    passed = await read_passed(engine, consultation)
    async with writer(engine).begin() as connection:
        await connection.execute(
            delete(referrals_closed).where(referrals_closed.c.consultation == consultation)
        )
        await connection.execute(
            insert(referrals_closed).values(consultation=consultation, closed_at=at, chains=summed(passed))
        )
        await connection.run_sync(_without_codes, consultation)
        await connection.execute(
            delete(coupons).where(_coupon.id.in_(_of(consultation).with_only_columns(_coupon.id)))
        )
    return passed


def _of(consultation: str) -> Select[Any]:
    return (
        select(_coupon.id)
        .join_from(coupons, tables.interviews, _interview.id == _coupon.issuer_id)
        .where(_interview.consultation == consultation)
    )


def _without_codes(connection: Connection, consultation: str) -> None:
    """Take the codes out of the messages that they were sent in: a code in two people's messages ties them together."""
    # The moment of a message is that of the turn in which the codes were given.
    sent = (
        select(_out.id, _out.body)
        .join(tables.interviews, _interview.contact_id == _out.contact_id)
        .join(coupons, and_(_coupon.issuer_id == _interview.id, _coupon.given_at == _out.created_at))
        .where(_interview.consultation == consultation)
        .distinct()
    )
    rows = connection.execute(sent).all()
    for start in range(0, len(rows), _PAGE):
        changed = [
            {"message": row.id, "words": without_coupons(row.body)} for row in rows[start : start + _PAGE]
        ]
        if changed:
            connection.execute(_REWORDED, changed)


_REWORDED = update(tables.outbound).where(_out.id == bindparam("message")).values(body=bindparam("words"))
