"""Reminders that wait in the outbox: how much of them, and those that are taken back before anybody gets them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.outreach.quotas.counting import Profile
from bot.core.outreach.reminding import Kind
from bot.store import tables
from bot.store.database import writer
from bot.store.outreach.tables import recipients, reminders
from bot.store.outreach.withdrawing import closed_as
from bot.store.rows import read_interview
from bot.store.sending import OutboundStatus, Priority

_contact, _interview, _out = tables.contacts.c, tables.interviews.c, tables.outbound.c
_recipient, _reminder = recipients.c, reminders.c
_read_attributes = msgspec.json.Decoder(dict[str, str]).decode


async def reminders_waiting(engine: AsyncEngine) -> Mapping[str, float]:
    """Return how many units of reminders wait in the outbox, by sender."""
    query = (
        select(_out.sender, func.sum(func.coalesce(_out.segments, 1))).where(_waits()).group_by(_out.sender)
    )
    async with engine.connect() as connection:
        return {sender: float(units) for sender, units in await connection.execute(query)}


async def take_back_answered(engine: AsyncEngine, at: datetime) -> None:
    """Take back the reminders in the outbox of those who have written since they were put there."""
    has_written = exists().where(_contact.id == _out.contact_id, _contact.last_inbound_at > _out.created_at)
    async with writer(engine).begin() as connection:
        await connection.run_sync(take_back, at, has_written)


async def take_back_unwanted(
    engine: AsyncEngine,
    consultation: str,
    against: Callable[[Profile, datetime | None], str | None],
    since: datetime,
    at: datetime,
) -> None:
    """Take back reminders of a consultation that have waited since a moment, of people who are not to have them now.

    Something keeps them, as a provider that is away: they would go out past a quota that was full meanwhile. The last
    word is said whatever quotas say. `against` is as in `bot.outreach.reminding`.
    """
    query = _who_waits().where(_reminder.consultation == consultation, _out.created_at <= since)
    async with engine.connect() as connection:
        waiting = (await connection.execute(query)).all()
    if letters := [row.id for row in waiting if against(*_known(row)) is not None]:
        async with writer(engine).begin() as connection:
            await connection.run_sync(take_back, at, _out.id.in_(letters))


def take_back(connection: Connection, at: datetime, which: ColumnElement[bool]) -> None:
    """Take such reminders back as wait in the outbox."""
    connection.execute(
        update(tables.outbound).where(_waits(), which).values(status=closed_as(), settled_at=at)
    )


def _waits() -> ColumnElement[bool]:
    return and_(tables.is_now(OutboundStatus.QUEUED), _out.priority == int(Priority.REMINDER))


def _known(row: Any) -> tuple[Profile, datetime | None]:
    """Return what is known of somebody as quotas count, and since when they are silent where they have begun."""
    answers = read_interview(row.state).answers if row.state is not None else {}
    given = {slot: answer.value for slot, answer in answers.items() if answer.relevant}
    listed = _read_attributes(row.attributes) if row.attributes else {}
    return Profile(given, listed, row.language, row.channel), row.updated_at


def _who_waits() -> Any:
    begun = and_(_interview.contact_id == _out.contact_id, _interview.consultation == _reminder.consultation)
    listed = and_(_recipient.contact_id == _out.contact_id, _recipient.consultation == _reminder.consultation)
    return (
        select(
            _out.id,
            _out.language,
            _contact.channel,
            _recipient.attributes,
            _interview.state,
            _interview.updated_at,
        )
        .select_from(
            tables.outbound.join(reminders, _reminder.outbound_id == _out.id)
            .join(tables.contacts, _contact.id == _out.contact_id)
            .outerjoin(recipients, listed)
            .outerjoin(tables.interviews, begun)
        )
        .where(_waits(), _out.provider_id.is_(None), _reminder.kind != Kind.LAST)
    )
