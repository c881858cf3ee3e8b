"""The outbox: messages that wait until they are due, one worker's hands, and what has become of them.

Every function is one short transaction. Nothing is sent within one: what a worker takes is marked as being sent
first, so that after a crash it is known what may have gone out.
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Update,
    and_,
    bindparam,
    exists,
    func,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.channels import CARRIAGES, Channel
from bot.core.outreach.campaigns import CampaignState
from bot.store import tables
from bot.store.database import writer
from bot.store.outreach.tables import campaigns, invitations
from bot.store.receipts import catch_up, take_turns
from bot.store.rows import read_buttons, read_template
from bot.store.rowset import given, insertion, run
from bot.store.sending import Attempt, Letter, OutboundStatus, Priority, Settled
from bot.store.tables import written

_out, _contact = tables.outbound.c, tables.contacts.c
_encode = msgspec.json.Encoder().encode

WINDOW_CLOSED = "window closed"
"""The error of a message that was not sent, for its channel allowed only a template by then, and there was none."""

_DRAIN_LOCKS = 4_868_502
"""The class of PostgreSQL's advisory locks under which each sender has one; any number not used otherwise."""


@asynccontextmanager
async def sole_drain(engine: AsyncEngine, sender: str) -> AsyncIterator[bool]:
    """Yield whether this process alone may send from a sender, until the block ends.

    A sender's rate is kept without any other service, because one worker at a time drains it. The lock goes with
    its connection: a worker that dies holds up nobody. SQLite has one serving process, and needs none.
    """
    if engine.dialect.name == "sqlite":
        yield True
        return
    autocommit = engine.execution_options(isolation_level="AUTOCOMMIT")
    async with autocommit.connect() as connection:
        lock = {"locks": _DRAIN_LOCKS, "sender": sender}
        taken = await connection.scalar(text("SELECT pg_try_advisory_lock(:locks, hashtext(:sender))"), lock)
        try:
            yield bool(taken)
        finally:
            if taken:
                await connection.execute(text("SELECT pg_advisory_unlock(:locks, hashtext(:sender))"), lock)


async def enqueue(engine: AsyncEngine, letters: Iterable[Letter], at: datetime) -> int:
    """Put messages in the outbox, and return how many."""
    every = list(letters)
    async with writer(engine).begin() as connection:
        return len(await connection.run_sync(put_all, every, at))


def put_all(connection: Connection, letters: Sequence[Letter], at: datetime) -> Sequence[tuple[int, int]]:
    """Put messages in the outbox within a transaction; return the ids of contact and message of each."""
    if not letters:
        return ()
    rows = [_row(letter, at) for letter in letters]
    columns = [tables.outbound.c[name] for name in rows[0]]
    statement = insertion(connection.dialect.name, *columns).returning(_out.contact_id, _out.id)
    return [(contact, letter) for contact, letter in run(connection, statement, rows)]


async def put(connection: AsyncConnection, letter: Letter, at: datetime) -> int:
    """Put a message in the outbox within a transaction, and return its id."""

    def queued(of: Connection, row: Mapping[str, object]) -> int:
        statement = insertion(of.dialect.name, *(_out[name] for name in row)).returning(_out.id)
        return int(run(of, statement, [row]).scalar_one())

    return await connection.run_sync(queued, _row(letter, at))


def _row(letter: Letter, at: datetime) -> dict[str, object]:
    return {
        "position": 0,
        "contact_id": letter.contact_id,
        "body": letter.text,
        "language": letter.language,
        "buttons": _encode(letter.buttons).decode() if letter.buttons else None,
        "segments": letter.segments,
        "status": OutboundStatus.QUEUED,
        "created_at": written(at),
        "sender": letter.sender,
        "priority": int(letter.priority),
        "due_at": written(letter.due_at),
        "expires_at": written(letter.expires_at) if letter.expires_at else None,
        "template": _encode(letter.template).decode() if letter.template else None,
    }


async def claim(
    engine: AsyncEngine, sender: str, now: datetime, most: int, lowest: Priority = Priority.NOTICE
) -> Sequence[Attempt]:
    """Take the due messages of a sender in hand, the most urgent first and none below `lowest`, and return them.

    Of one person's messages only the first is taken, so that they come in order. What must not be sent any more is
    closed instead: to somebody who has opted out, what comes too late, and what is not a template where their channel
    allows nothing else by now.
    """
    async with writer(engine).begin() as connection:
        return await connection.run_sync(_claim, sender, now, most, lowest)


def _claim(
    connection: Connection, sender: str, now: datetime, most: int, lowest: Priority
) -> Sequence[Attempt]:
    attempts: list[Attempt] = []
    closed: list[dict[str, object]] = []
    for priority in (one for one in Priority if one <= lowest):
        asked = {"of": sender, "at": priority, "now": now, "most": most - len(attempts)}
        for row in connection.execute(_DUE, asked) if asked["most"] else ():
            carriage = CARRIAGES[Channel(row.channel)]
            is_free = carriage.may_write(row.last_inbound_at, now)
            # A question with buttons, when the next one has travelled in an answer meanwhile.
            is_overtaken = carriage.buttons_wait and row.is_answered_since
            if row.opted_out_at is not None:
                closed.append({"id": row.id, "status": OutboundStatus.CANCELED, "error": None})
            elif is_overtaken or (row.expires_at is not None and row.expires_at <= now):
                closed.append({"id": row.id, "status": OutboundStatus.EXPIRED, "error": None})
            elif row.stands_still:
                # It was in somebody's hands, or came back, when its campaign was paused or cancelled.
                taken_back = OutboundStatus.UNDELIVERED if row.provider_id else OutboundStatus.CANCELED
                closed.append({"id": row.id, "status": taken_back, "error": None})
            elif not is_free and row.template is None:
                closed.append({"id": row.id, "status": OutboundStatus.FAILED, "error": WINDOW_CLOSED})
            else:
                attempt = _attempt(row, row.attempts + 1, now)
                attempts.append(replace(attempt, template=None) if is_free else attempt)
    dialect = connection.dialect.name
    moment = written(now)
    if attempts:
        run(connection, _taken(dialect), [{"id": one.id, "attempt_started_at": moment} for one in attempts])
    if closed:
        run(connection, _closed(dialect), [{**one, "settled_at": moment} for one in closed])
    return attempts


async def settle(engine: AsyncEngine, results: Sequence[Settled]) -> None:
    """Write what has become of attempts. One that somebody else has taken over since is left as it is."""
    if results:
        async with writer(engine).begin() as connection:
            await connection.run_sync(settle_within, results)


def settle_within(connection: Connection, results: Sequence[Settled]) -> None:
    """Write what has become of attempts, in a transaction that does more than that."""
    dialect = connection.dialect.name
    named = [one.provider_id for one in results if one.provider_id is not None]
    if named:
        take_turns(connection)
    rows = [
        {
            "id": one.id,
            "attempt_started_at": written(one.started_at),
            "status": one.status,
            "attempts": 0 if one.counts else 1,
            "provider_id": one.provider_id,
            "error": one.error,
            "due_at": written(one.due_at) if one.due_at else None,
            "settled_at": written(one.at),
        }
        for one in results
    ]
    run(connection, _settled(dialect), rows)
    if opted_out := [{"id": one.id, "settled_at": written(one.at)} for one in results if one.opted_out]:
        run(connection, _opted_out(dialect), opted_out)
    if named:
        catch_up(connection, named)


async def interrupt(
    engine: AsyncEngine, sender: str, now: datetime, lease: timedelta, ask_at: datetime
) -> int:
    """Mark as uncertain what has been in somebody's hands for longer than a lease; return how many messages.

    Whoever had them in hand is gone: a worker settles within its lease, or gives up.
    """
    async with writer(engine).begin() as connection:
        result = await connection.execute(
            update(tables.outbound)
            .where(
                tables.is_now(OutboundStatus.SENDING),
                _out.sender == sender,
                _out.attempt_started_at < now - lease,
            )
            .values(status=OutboundStatus.UNCERTAIN, due_at=ask_at, settled_at=now, error="interrupted")
        )
        return result.rowcount


async def uncertain(engine: AsyncEngine, sender: str, now: datetime, most: int) -> Sequence[Attempt]:
    """Return what may have been sent, and is due to be asked about."""
    async with engine.connect() as connection:
        rows = await connection.execute(_UNCERTAIN, {"of": sender, "now": now, "most": most})
        return [_attempt(row, row.attempts, row.attempt_started_at) for row in rows]


async def provider_ids(engine: AsyncEngine, contact_id: int) -> frozenset[str]:
    """Return the provider's ids of all that was sent to a person."""
    query = select(_out.provider_id).where(_out.contact_id == contact_id, _out.provider_id.is_not(None))
    async with engine.connect() as connection:
        return frozenset((await connection.scalars(query)).all())


def _attempt(row: Any, number: int, started_at: datetime) -> Attempt:
    return Attempt(
        id=row.id,
        number=number,
        started_at=started_at,
        contact_id=row.contact_id,
        channel=row.channel,
        address_sealed=row.address_sealed,
        text=row.body,
        buttons=read_buttons(row.buttons),
        segments=row.segments,
        template=read_template(row.template),
        priority=Priority(row.priority),
        expires_at=row.expires_at,
        counted_on=row.counted_on,
    )


# --- the statements


def _with_address(*columns: Any) -> Select[Any]:
    return select(
        _out.id,
        _out.contact_id,
        _contact.channel,
        _contact.address_sealed,
        _out.body,
        _out.buttons,
        _out.segments,
        _out.template,
        _out.attempts,
        _out.priority,
        _out.expires_at,
        _out.counted_on,
        *columns,
    ).join(tables.contacts, _contact.id == _out.contact_id)


def _due() -> Select[Any]:
    before = tables.outbound.alias("before")
    has_one_before = exists().where(
        before.c.contact_id == _out.contact_id,
        before.c.id < _out.id,
        before.c.priority == _out.priority,
        before.c.status.in_((OutboundStatus.QUEUED, OutboundStatus.SENDING)),
    )
    later = tables.outbound.alias("later")
    is_answered_since = exists().where(
        later.c.contact_id == _out.contact_id, later.c.in_reply_to > _out.in_reply_to
    )
    stands_still = exists().where(
        invitations.c.outbound_id == _out.id,
        campaigns.c.id == invitations.c.campaign_id,
        campaigns.c.state.in_((CampaignState.PAUSED, CampaignState.CANCELLED)),
    )
    return (
        _with_address(
            _out.provider_id,
            stands_still.label("stands_still"),
            _contact.opted_out_at,
            _contact.last_inbound_at,
            is_answered_since.label("is_answered_since"),
        )
        .where(
            tables.is_now(OutboundStatus.QUEUED),
            _out.sender == bindparam("of"),
            _out.priority == bindparam("at"),
            _out.due_at <= bindparam("now", type_=_out.due_at.type),
            ~has_one_before,
        )
        .order_by(_out.due_at, _out.id)
        .limit(bindparam("most"))
        .with_for_update(of=tables.outbound, skip_locked=True)
    )


_DUE = _due()
_UNCERTAIN = (
    _with_address(_out.attempt_started_at)
    .where(
        tables.is_now(OutboundStatus.UNCERTAIN),
        _out.sender == bindparam("of"),
        _out.due_at <= bindparam("now", type_=_out.due_at.type),
    )
    .order_by(_out.due_at, _out.id)
    .limit(bindparam("most"))
)


@cache
def _taken(dialect: str) -> Update:
    taken = given(dialect, _out.id, _out.attempt_started_at)
    values = {
        "status": OutboundStatus.SENDING,
        "attempts": _out.attempts + 1,
        "attempt_started_at": taken.c.attempt_started_at,
    }
    return update(tables.outbound).values(values).where(_out.id == taken.c.id)


@cache
def _closed(dialect: str) -> Update:
    closed = given(dialect, _out.id, _out.status, _out.error, _out.settled_at)
    values = {
        "status": closed.c.status,
        "error": func.coalesce(closed.c.error, _out.error),
        "settled_at": closed.c.settled_at,
    }
    return update(tables.outbound).values(values).where(_out.id == closed.c.id)


@cache
def _settled(dialect: str) -> Update:
    columns = (_out.status, _out.provider_id, _out.error, _out.due_at, _out.settled_at)
    settled = given(dialect, _out.id, _out.attempt_started_at, _out.attempts, *columns)
    values: dict[str, ColumnElement[Any]] = {one.name: settled.c[one.name] for one in columns}
    values["attempts"] = _out.attempts - settled.c.attempts
    is_same_attempt = and_(
        _out.id == settled.c.id,
        _out.attempt_started_at == settled.c.attempt_started_at,
        _out.status.in_((OutboundStatus.SENDING, OutboundStatus.UNCERTAIN)),
    )
    return update(tables.outbound).values(values).where(is_same_attempt)


@cache
def _opted_out(dialect: str) -> Update:
    told = given(dialect, _out.id, _out.settled_at)
    return (
        update(tables.contacts)
        .values(opted_out_at=func.coalesce(_contact.opted_out_at, told.c.settled_at))
        .where(_contact.id == _out.contact_id, _out.id == told.c.id)
    )
