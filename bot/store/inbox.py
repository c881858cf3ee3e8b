"""The inbox as those see it who answer from it: cases without words, one thread, and a line of audit for each look.

Every act writes its line in its own transaction, so that nothing happens without one; what is shown is read only after
the line is stored for good.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.channels import Channel
from bot.core.auditing import Entry
from bot.core.interview.records import Interview
from bot.core.reception import Attention
from bot.core.safeguarding import Urgency
from bot.errors import InboxError
from bot.store import tables
from bot.store.auditing import record
from bot.store.database import writer
from bot.store.inbox_people import ALL
from bot.store.inbox_tables import inbox_cases, inbox_messages, inbox_people
from bot.store.outbox import put
from bot.store.outreach.helping_tables import workers
from bot.store.rows import read_interview
from bot.store.sending import Letter

_case, _message, _person = (table.c for table in (inbox_cases, inbox_messages, inbox_people))
_contact, _in, _out = tables.contacts.c, tables.inbound.c, tables.outbound.c


class Closing(StrEnum):
    """What came of a case."""

    ANSWERED = "answered"
    REFERRED = "referred"
    """To somebody who can help."""
    MISTAKEN = "mistaken"
    """There was nothing in it: the words meant something else. Its answers may be quoted again."""


@dataclass(frozen=True, slots=True)
class Case:
    """What somebody wrote that a person is to read, without any of it."""

    id: int
    consultation: str
    language: str | None
    urgency: Urgency
    opened_at: datetime
    written_at: datetime
    due_at: datetime
    looked_at: datetime | None
    closed_at: datetime | None
    outcome: str | None

    @property
    def is_unread(self) -> bool:
        return self.looked_at is None or self.looked_at < self.written_at

    def is_overdue(self, now: datetime) -> bool:
        return self.closed_at is None and self.is_unread and self.due_at <= now


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a thread. `status` is what became of an answer; `slot` the answer that their words became."""

    outbound: bool
    text: str = field(repr=False)
    at: datetime
    has_words: bool
    slot: str | None = None
    status: str | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """How somebody can be written to, and where their interview stands, if there is one."""

    contact_id: int
    channel: str
    address_sealed: str = field(repr=False)
    sender: str | None
    language: str | None
    opted_out: bool
    last_inbound_at: datetime | None
    attention: Attention | None
    interview: Interview | None
    worker: str | None = None
    """Who helped them at a terminal or with a form, by name: there is no phone of theirs, nor of that worker."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How the inbox stands: open cases, those that nobody looked at in time, and consultations nobody may look at."""

    open: int = 0
    overdue: int = 0
    overdue_urgent: int = 0
    unattended: tuple[str, ...] = ()

    def counts(self) -> Mapping[str, int]:
        return {"open": self.open, "overdue": self.overdue, "overdue_urgent": self.overdue_urgent}


# --- looking


async def cases(engine: AsyncEngine, consultation: str | None = None, *, closed: bool = False) -> list[Case]:
    """Return the open cases, or the closed ones: urgent first, then unread, then the oldest."""
    query = _cases().where(_case.closed_at.is_not(None) if closed else _case.closed_at.is_(None))
    if consultation is not None:
        query = query.where(_case.consultation == consultation)
    async with engine.connect() as connection:
        found = [_record(row) for row in await connection.execute(query)]
    return sorted(found, key=lambda one: (one.urgency.rank, not one.is_unread, one.due_at, one.id))


async def case(engine: AsyncEngine, number: int) -> Case:
    """Return one case.

    Raises:
        InboxError: there is none of that number; its person may be erased.
    """
    async with engine.connect() as connection:
        row = (await connection.execute(_cases().where(_case.id == number))).one_or_none()
    if row is None:
        raise InboxError(f"there is no case {number}, or its person was erased; heard inbox list shows them")
    return _record(row)


async def waiting(engine: AsyncEngine, now: datetime, promised: Collection[str] = ()) -> Waiting:
    """Return how many cases are open and overdue, without reading any.

    `promised` are consultations that tell people of somebody who reads, whether a case of theirs is open or not.
    """
    unread = or_(_case.looked_at.is_(None), _case.looked_at < _case.written_at)
    overdue = and_(unread, _case.due_at <= now)
    urgent = and_(overdue, _case.urgency == Urgency.URGENT.value)
    is_open = _case.closed_at.is_(None)
    counted = select(func.count(), _count(overdue), _count(urgent)).select_from(inbox_cases).where(is_open)
    of = select(_case.consultation).where(is_open).distinct()
    may_look = select(_person.consultation).where(_person.revoked_at.is_(None), _person.expires_at > now)
    async with engine.connect() as connection:
        opened, late, late_urgent = (await connection.execute(counted)).one()
        wanted = {*(await connection.execute(of)).scalars(), *promised}
        attended = set((await connection.execute(may_look)).scalars())
    unattended = () if ALL in attended else tuple(sorted(wanted - attended))
    return Waiting(opened, late, late_urgent, unattended)


async def count_unread(engine: AsyncEngine, consultation: str, since: datetime) -> int:
    """Return how many open cases have waited from a moment or before, and nobody has looked at them."""
    # Somebody looked at what came before: what has waited since then is the newest message, as far as is known.
    is_new = and_(_case.looked_at.is_(None), _case.opened_at <= since)
    has_written_again = and_(_case.looked_at < _case.written_at, _case.written_at <= since)
    counted = (
        select(func.count())
        .select_from(inbox_cases)
        .where(_case.closed_at.is_(None), _case.consultation == consultation, or_(is_new, has_written_again))
    )
    async with engine.connect() as connection:
        return int((await connection.execute(counted)).scalar_one())


async def look(engine: AsyncEngine, number: int, entry: Entry) -> Sequence[Said]:
    """Write the line of a look, and then return what was written and answered, the oldest first."""
    async with writer(engine).begin() as connection:
        await record(connection, entry)
        seen = update(inbox_cases).where(_case.id == number).values(looked_at=entry.at)
        await connection.execute(seen)
    query = (
        select(
            _message.outbound_id,
            func.coalesce(_in.body, _out.body).label("body"),
            _in.received_at,
            _out.created_at,
            _message.has_words,
            _message.slot,
            _out.status,
        )
        .select_from(inbox_messages)
        .outerjoin(tables.inbound, _in.id == _message.inbound_id)
        .outerjoin(tables.outbound, _out.id == _message.outbound_id)
        .where(_message.case_id == number)
        .order_by(_message.id)
    )
    async with engine.connect() as connection:
        return [
            Said(
                row.outbound_id is not None,
                row.body if row.has_words else "",
                row.received_at or row.created_at,
                row.has_words,
                row.slot,
                row.status,
            )
            for row in await connection.execute(query)
        ]


async def reach(engine: AsyncEngine, number: int) -> Reach:
    """Return how the person of a case can be written to.

    Raises:
        InboxError: there is no such case.
    """
    held = tables.interviews.c
    helped_at_terminal = and_(_contact.channel == Channel.TERMINAL, workers.c.id == _contact.worker_id)
    theirs = and_(held.contact_id == _contact.id, held.consultation == _case.consultation)
    query = (
        select(
            *(_contact.id, _contact.channel, _contact.address_sealed, _contact.sender, _contact.opted_out_at),
            *(_contact.last_inbound_at, _contact.attention, held.state),
            func.coalesce(_contact.language, _case.language).label("language"),
            workers.c.name.label("worker"),
        )
        .join_from(inbox_cases, tables.contacts, _contact.id == _case.contact_id)
        .outerjoin(workers, helped_at_terminal)
        .outerjoin(tables.interviews, theirs)
        .where(_case.id == number)
    )
    async with engine.connect() as connection:
        row = (await connection.execute(query)).one_or_none()
    if row is None:
        raise InboxError(f"there is no case {number}, or its person was erased")
    return Reach(
        *(row.id, row.channel, row.address_sealed, row.sender, row.language, row.opted_out_at is not None),
        row.last_inbound_at,
        Attention(row.attention) if row.attention else None,
        read_interview(row.state) if row.state else None,
        row.worker,
    )


def is_for_a_person(interview: ColumnElement[int], slot: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition that a person was to read an answer, and has not said that this was a mistake."""
    of_case = and_(_case.id == _message.case_id, _case.outcome.is_distinct_from(Closing.MISTAKEN.value))
    return exists().where(of_case, _message.interview_id == interview, _message.slot == slot)


# --- answering


async def answer(engine: AsyncEngine, number: int, letter: Letter, entry: Entry) -> None:
    """Queue an answer. What the person writes from then on is for this thread, until they go on with the questions.

    Raises:
        InboxError: the case was closed meanwhile.
    """
    async with writer(engine).begin() as connection:
        await _lock_contact(connection, letter.contact_id)
        await record(connection, entry)
        seen = update(inbox_cases).where(_case.id == number, _case.closed_at.is_(None))
        if not (await connection.execute(seen.values(looked_at=entry.at))).rowcount:
            raise InboxError(f"case {number} was closed meanwhile: nothing was sent")
        queued = await put(connection, letter, entry.at)
        row = {"case_id": number, "outbound_id": queued, "has_words": True}
        await connection.execute(insert(inbox_messages).values(row))
        await _attend(connection, letter.contact_id, Attention.TALKS)


async def close(
    engine: AsyncEngine, number: int, contact: int, outcome: Closing, entry: Entry, question: Letter | None
) -> None:
    """Close a case; where its person's interview waited for it, queue the question at hand.

    Raises:
        InboxError: it was closed before.
    """
    async with writer(engine).begin() as connection:
        await _lock_contact(connection, contact)
        await record(connection, entry)
        closed = update(inbox_cases).where(_case.id == number, _case.closed_at.is_(None))
        values = {"closed_at": entry.at, "looked_at": entry.at, "outcome": outcome.value}
        if not (await connection.execute(closed.values(values))).rowcount:
            raise InboxError(f"case {number} is closed already")
        others = select(func.count()).where(_case.contact_id == contact, _case.closed_at.is_(None))
        if not (await connection.execute(others)).scalar_one():
            await _attend(connection, contact, None)
            if question is not None:
                await put(connection, question, entry.at)


async def _lock_contact(connection: AsyncConnection, contact: int) -> None:
    """Have the intake wait, as it has others wait, so that neither undoes what the other says of the person."""
    await connection.execute(select(_contact.id).where(_contact.id == contact).with_for_update())


async def _attend(connection: AsyncConnection, contact: int, attention: Attention | None) -> None:
    values = {"attention": attention.value if attention else None}
    await connection.execute(update(tables.contacts).where(_contact.id == contact).values(values))


def _cases() -> Select[Any]:
    return select(
        *(_case.id, _case.consultation, _case.language, _case.urgency, _case.opened_at, _case.written_at),
        *(_case.due_at, _case.looked_at, _case.closed_at, _case.outcome),
    )


def _record(row: Row[*tuple[Any, ...]]) -> Case:
    return Case(
        *(row.id, row.consultation, row.language, Urgency(row.urgency), row.opened_at, row.written_at),
        *(row.due_at, row.looked_at, row.closed_at, row.outcome),
    )


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(condition)
