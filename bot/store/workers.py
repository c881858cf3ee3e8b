"""Workers who may help others to answer: let in, listed, given another number, shut out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, case, func, insert, select, type_coerce, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.core.interview.records import Ending
from bot.errors import WorkerError
from bot.store import tables
from bot.store.database import writer
from bot.store.outreach.helping_tables import helped_interviews, helping_sessions, workers

_worker, _helped, _session = workers.c, helped_interviews.c, helping_sessions.c
_interview = tables.interviews.c


@dataclass(frozen=True, slots=True)
class NewPin:
    """A number that was drawn for a worker, by its hash, and until when a chat has to have taken it."""

    hash: str
    until: datetime


@dataclass(frozen=True, slots=True)
class ListedWorker:
    """A worker as the organiser sees them, and what came of the interviews that they helped with.

    `waits_until` is until when their number has to be used for the first time; None where it was, or there is none.
    """

    id: int
    consultation: str
    name: str
    until: datetime
    revoked_at: datetime | None
    waits_until: datetime | None
    in_a_chat: bool
    interviews: int
    complete: int
    refused: int
    last_at: datetime | None

    def may_help(self, at: datetime) -> bool:
        return self.revoked_at is None and at < self.until


async def add_worker(
    engine: AsyncEngine, consultation: str, name: str, pin: NewPin | None, until: datetime, at: datetime
) -> int:
    """Add a worker and return their id; without a number, they help at a terminal and with forms alone.

    Raises:
        WorkerError: the consultation has a worker of that name.
        PinTaken: another worker has this number; draw another one.
    """
    row = {
        "consultation": consultation,
        "name": name,
        "created_at": at,
        "expires_at": until,
        **_pin_row(pin),
    }
    async with writer(engine).begin() as connection:
        if await _find(connection, consultation, name) is not None:
            raise WorkerError(
                f"{consultation} has a worker of the name {name} already; "
                "another number is made by: heard assist workers renew"
            )
        try:
            return int(
                (await connection.execute(insert(workers).values(row).returning(_worker.id))).scalar_one()
            )
        except IntegrityError:
            raise PinTaken from None


class PinTaken(Exception):
    """A number that another worker has; nobody sees this, for another is drawn."""


async def renew_worker(
    engine: AsyncEngine, consultation: str, name: str, pin: NewPin | None, until: datetime
) -> None:
    """Give a worker another number; the one before, and the chat that it let in, are good for nothing any more.

    Where somebody is being helped in that chat, what comes next is not taken for anybody's answer.

    Raises:
        WorkerError: there is no such worker.
        PinTaken: another worker has this number; draw another one.
    """
    async with writer(engine).begin() as connection:
        found = await _known(connection, consultation, name)
        changed = {"expires_at": until, "revoked_at": None, "contact_id": None, **_pin_row(pin)}
        try:
            await connection.execute(update(workers).where(_worker.id == found.id).values(changed))
        except IntegrityError:
            raise PinTaken from None


async def revoke_worker(engine: AsyncEngine, consultation: str, name: str, at: datetime) -> None:
    """Have a worker help nobody any more, from their next message on. What they have helped with stays.

    Raises:
        WorkerError: there is no such worker.
    """
    async with writer(engine).begin() as connection:
        found = await _known(connection, consultation, name)
        await connection.execute(
            update(workers).where(_worker.id == found.id, _worker.revoked_at.is_(None)).values(revoked_at=at)
        )


async def find_worker(engine: AsyncEngine, consultation: str, name: str, at: datetime) -> int:
    """Return the id of a worker who may help now.

    Raises:
        WorkerError: there is no such worker, or they may not help any more.
    """
    async with engine.connect() as connection:
        found = await _known(connection, consultation, name)
    if found.revoked_at is not None or at >= found.expires_at:
        raise WorkerError(f"{name} may not help any more; heard assist workers renew lets them again")
    return int(found.id)


async def is_helping(engine: AsyncEngine, worker: int, channel: str) -> bool:
    """Return whether a worker is in a session on a channel."""
    query = (
        select(_session.id)
        .join_from(helping_sessions, tables.contacts, tables.contacts.c.id == _session.contact_id)
        .where(
            _session.worker_id == worker,
            _session.ended_at.is_(None),
            tables.contacts.c.channel == channel,
        )
    )
    async with engine.connect() as connection:
        return (await connection.execute(query)).first() is not None


async def list_workers(engine: AsyncEngine, consultation: str | None = None) -> Sequence[ListedWorker]:
    """Return the workers of one consultation, or of all, in the order in which they were added."""
    async with engine.connect() as connection:
        rows = (await connection.execute(_listed(consultation))).all()
    return [
        ListedWorker(
            id=row.id,
            consultation=row.consultation,
            name=row.name,
            until=row.expires_at,
            revoked_at=row.revoked_at,
            waits_until=row.pin_expires_at if row.pin_taken_at is None else None,
            in_a_chat=row.contact_id is not None,
            interviews=row.interviews,
            complete=row.complete or 0,
            refused=row.refused or 0,
            last_at=row.last_at,
        )
        for row in rows
    ]


def _pin_row(pin: NewPin | None) -> dict[str, Any]:
    return {
        "pin_hash": pin.hash if pin else None,
        "pin_expires_at": pin.until if pin else None,
        "pin_taken_at": None,
    }


async def _find(connection: AsyncConnection, consultation: str, name: str) -> Row[Any] | None:
    query = select(workers).where(_worker.consultation == consultation, _worker.name == name)
    return (await connection.execute(query)).one_or_none()


async def _known(connection: AsyncConnection, consultation: str, name: str) -> Row[Any]:
    found = await _find(connection, consultation, name)
    if found is not None:
        return found
    query = select(_worker.name).where(_worker.consultation == consultation).order_by(_worker.name)
    there = ", ".join((await connection.execute(query)).scalars())
    raise WorkerError(
        f"{consultation} has no worker of the name {name}; there are: {there}"
        if there
        else f"{consultation} has no workers yet; heard assist workers add makes one"
    )


def _listed(consultation: str | None) -> Select[Any]:
    def so_many(ending: Ending) -> Any:
        return func.sum(case((_interview.ending == ending.value, 1), else_=0))

    done = (
        select(
            _helped.worker_id,
            func.count().label("interviews"),
            so_many(Ending.COMPLETE).label("complete"),
            so_many(Ending.REFUSED).label("refused"),
            func.max(_interview.updated_at).label("last_at"),
        )
        .join_from(helped_interviews, tables.interviews, _interview.id == _helped.interview_id)
        .group_by(_helped.worker_id)
        .subquery()
    )
    query = (
        select(
            workers,
            func.coalesce(done.c.interviews, 0).label("interviews"),
            done.c.complete,
            done.c.refused,
            type_coerce(done.c.last_at, _interview.updated_at.type).label("last_at"),
        )
        .join_from(workers, done, done.c.worker_id == _worker.id, isouter=True)
        .order_by(_worker.id)
    )
    return query if consultation is None else query.where(_worker.consultation == consultation)
