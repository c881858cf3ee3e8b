"""Telling people what came of a consultation: who can be told of a finding's change, and messages for all of them.

Nobody is told twice of the same change: who was is written down in the transaction that queues the message, a page of
people at a time, and whoever comes back after a crash goes on with the rest.
"""

from collections.abc import AsyncGenerator, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    case,
    func,
    insert,
    literal,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels import CARRIAGES, Channel
from bot.core.findings import Finding
from bot.store import results_tables, tables
from bot.store.database import writer
from bot.store.findings import lock_change, words_of
from bot.store.gone import is_gone
from bot.store.rowset import given, insertion, run
from bot.store.sending import OutboundStatus, Priority

_contact, _interview, _notice, _out = (
    table.c for table in (tables.contacts, tables.interviews, results_tables.notices, tables.outbound)
)

PAGE = 5_000
"""People whose messages are queued in one transaction: on SQLite, what comes in waits for it."""


class Standing(StrEnum):
    """Whether somebody who asked to be told what came of a consultation can be told of one change."""

    READY = "ready"
    TOLD = "told"
    OPTED_OUT = "opted out"
    GONE = "gone"
    """A message to them could not arrive, nor will another, and they have not written since."""
    NO_WORDS = "no words"
    """There are no words in the language that they answered in: nobody is written to in one that they may not read."""
    CLOSED = "closed"
    """Their channel takes nothing freely written by then: WhatsApp, a day after their last message."""
    NO_SENDER = "no sender"
    """They wrote to a number or bot that is none of ours any more; from another, they would not know who writes."""


@dataclass(frozen=True, slots=True)
class Wording:
    """How a change is told on one channel in one language; `segments` is what it costs as SMS, None elsewhere."""

    channel: str
    language: str
    text: str = field(repr=False)
    segments: int | None


@dataclass(frozen=True, slots=True)
class Group:
    """How many people of one channel and language stand so. Who was erased is in none: nothing leads to them."""

    standing: Standing
    channel: str
    language: str | None
    people: int


async def audience(
    engine: AsyncEngine, of: Finding, senders: Collection[str], due_at: datetime
) -> Sequence[Group]:
    """Return how many of those who asked to be told can be told of a finding's last change, and why others cannot.

    `senders` are the names of ours, `due_at` is when the messages are to be sent.

    Raises:
        FindingsError: the finding was changed since it was read.
    """
    async with engine.connect() as connection:
        change_id = await lock_change(connection, of)
        spoken = await words_of(connection, change_id)
        standing = _standing(spoken, senders, due_at).label("standing")
        asked = select(standing, _contact.channel, _interview.language)
        each = asked.select_from(_people(change_id)).where(_wants(of)).subquery()
        counted = select(each, func.count()).group_by(*each.c).order_by(*each.c)
        rows = (await connection.execute(counted)).all()
    return [Group(Standing(name), channel, language, people) for name, channel, language, people in rows]


async def numbers(
    engine: AsyncEngine,
    of: Finding,
    wordings: Sequence[Wording],
    senders: Collection[str],
    due_at: datetime,
    *,
    page: int = PAGE,
) -> AsyncGenerator[tuple[int, Sequence[str]]]:
    """Yield the sealed phone numbers of those who are ready to be told of a finding's last change, a page at a time.

    All of a page are told in the same words. It comes with what has a price in them: the parts of an SMS, or one
    message of WhatsApp.

    Raises:
        FindingsError: the finding was changed since it was read.
    """
    for wording in wordings:
        if not CARRIAGES[Channel(wording.channel)].is_phone:
            continue
        after = 0
        while True:
            async with engine.connect() as connection:
                change_id = await lock_change(connection, of)
                chosen = _ready(of, change_id, wording, senders, due_at).add_columns(_contact.address_sealed)
                rows = (await connection.execute(chosen.where(_interview.id > after).limit(page))).all()
            if not rows:
                break
            after = rows[-1].id
            yield wording.segments or 1, [row.address_sealed for row in rows]


async def tell(
    engine: AsyncEngine,
    of: Finding,
    wordings: Sequence[Wording],
    senders: Collection[str],
    at: datetime,
    *,
    due_at: datetime,
    most: int,
    page: int = PAGE,
) -> AsyncGenerator[int]:
    """Queue the last change of a finding for everybody who is ready to be told of it, `most` at most.

    Yields how many more are queued for good, a page at a time. Left early or begun anew, it tells nobody twice.

    Raises:
        FindingsError: the finding was changed since it was read.
    """
    for wording in wordings:
        after = 0
        while most > 0:
            async with writer(engine).begin() as connection:
                change_id = await lock_change(connection, of)
                chosen = _ready(of, change_id, wording, senders, due_at)
                page_of = chosen.where(_interview.id > after).limit(min(page, most))
                told = await connection.run_sync(_queue, page_of, change_id, wording, at, due_at)
            if not told:
                break
            after = max(told)
            most -= len(told)
            yield len(told)


def _queue(
    connection: Connection,
    chosen: Select[Any],
    change_id: int,
    wording: Wording,
    at: datetime,
    due_at: datetime,
) -> Sequence[int]:
    """Put messages to the chosen people in the outbox; return the interviews of who is told thereby."""
    interviews = {row.contact_id: (row.id, row.sender) for row in connection.execute(chosen)}
    if not interviews:
        return ()
    dialect = connection.dialect.name
    # By ids of their own, and not by a join of what is queued: SQLite would go through all interviews for each.
    people = given(dialect, _out.contact_id, _out.sender)
    values = {
        _out.position: literal(0),
        _out.contact_id: people.c.contact_id,
        _out.body: literal(wording.text),
        _out.language: literal(wording.language),
        _out.segments: literal(wording.segments, _out.segments.type),
        _out.status: literal(OutboundStatus.QUEUED.value),
        _out.created_at: literal(at, _out.created_at.type),
        _out.sender: people.c.sender,
        _out.priority: literal(int(Priority.NOTICE)),
        _out.due_at: literal(due_at, _out.due_at.type),
    }
    letters = insert(tables.outbound).from_select(list(values), select(*values.values()))
    rows = [{"contact_id": contact, "sender": sender} for contact, (_, sender) in interviews.items()]
    queued = run(connection, letters.returning(_out.contact_id, _out.id), rows)
    told = [
        {
            "change_id": change_id,
            "interview_id": interviews[contact][0],
            "outbound_id": letter,
            "language": wording.language,
        }
        for contact, letter in queued
    ]
    run(connection, insertion(dialect, *results_tables.notices.c), told)
    return [interview for interview, _ in interviews.values()]


def _people(change_id: int) -> FromClause:
    """Return all who answered, with their contact, and the notice of a change where they had it."""
    had_it = and_(_notice.interview_id == _interview.id, _notice.change_id == change_id)
    return tables.interviews.join(tables.contacts, _contact.id == _interview.contact_id).outerjoin(
        results_tables.notices, had_it
    )


def _wants(of: Finding) -> ColumnElement[bool]:
    return and_(_interview.consultation == of.consultation, _interview.report_back)


def _ready(
    of: Finding, change_id: int, wording: Wording, senders: Collection[str], due_at: datetime
) -> Select[Any]:
    """Select the interviews of those who are ready to be told in one wording, in their order."""
    return (
        select(_interview.id, _interview.contact_id, _contact.sender)
        .select_from(_people(change_id))
        .where(
            _wants(of),
            _contact.channel == wording.channel,
            _interview.language == wording.language,
            _standing([wording.language], senders, due_at) == Standing.READY.value,
        )
        .order_by(_interview.id)
    )


def _standing(languages: Collection[str], senders: Collection[str], due_at: datetime) -> ColumnElement[str]:
    is_closed = [
        and_(
            _contact.channel == channel.value,
            or_(_contact.last_inbound_at.is_(None), _contact.last_inbound_at <= due_at - carriage.window),
        )
        for channel, carriage in CARRIAGES.items()
        if carriage.window is not None
    ]
    is_ours = and_(_contact.sender.is_not(None), _contact.sender.in_(sorted(senders)))
    is_spoken = and_(_interview.language.is_not(None), _interview.language.in_(sorted(languages)))
    return case(
        (_notice.interview_id.is_not(None), Standing.TOLD.value),
        (_contact.opted_out_at.is_not(None), Standing.OPTED_OUT.value),
        (is_gone(), Standing.GONE.value),
        (~is_spoken, Standing.NO_WORDS.value),
        (or_(*is_closed), Standing.CLOSED.value),
        (~is_ours, Standing.NO_SENDER.value),
        else_=Standing.READY.value,
    )
