"""Taking recipients out again. Who has an invitation stays, so that nobody is ever invited twice."""

from collections.abc import AsyncGenerator, Iterable, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store import tables
from bot.store.database import writer
from bot.store.outreach.tables import invitations, recipients, reminders
from bot.store.rowset import given, run

_contact, _recipient, _invitation = tables.contacts.c, recipients.c, invitations.c

Place = tuple[str, str]
"""A channel and the hash of an address on it."""


@dataclass(frozen=True, slots=True)
class Removed:
    """How many are recipients no more, and how many stay and are never written to again, for they are invited."""

    removed: int = 0
    opted_out: int = 0

    def __add__(self, other: "Removed") -> "Removed":
        return Removed(*(one + more for one, more in zip(astuple(self), astuple(other), strict=True)))


async def remove(
    engine: AsyncEngine, consultation: str, pages: Iterable[Sequence[Place]], at: datetime
) -> AsyncGenerator[Removed]:
    """Take the people of pages out of a consultation's recipients; yield how many, once it is done for each page.

    Who is in a campaign is opted out instead, as if they had sent STOP.
    """
    for page in pages:
        async with writer(engine).begin() as connection:
            removed = await connection.run_sync(_remove, consultation, page, at)
        yield removed


async def uninvited(engine: AsyncEngine, consultation: str) -> int:
    """Return how many recipients are in no campaign."""
    async with engine.connect() as connection:
        counted = select(func.count()).select_from(recipients).where(*_is_uninvited(consultation))
        return (await connection.execute(counted)).scalar_one()


async def remove_uninvited(engine: AsyncEngine, consultation: str, most: int) -> AsyncGenerator[int]:
    """Take out everybody who is in no campaign, `most` in a transaction; yield how many more are out."""
    chosen = select(_recipient.id, _recipient.contact_id).where(*_is_uninvited(consultation))
    after = 0
    while True:
        # In the order of the index that finds the list: no page sorts what is left, or passes over who was invited.
        page = chosen.where(_recipient.contact_id > after).order_by(_recipient.contact_id).limit(most)
        async with writer(engine).begin() as connection:
            people = [(row.id, row.contact_id) for row in await connection.execute(page)]
            await connection.run_sync(_delete, people)
        if not people:
            return
        yield len(people)
        after = people[-1][1]


def _is_uninvited(consultation: str) -> Sequence[ColumnElement[bool]]:
    is_invited = exists().where(_invitation.recipient_id == _recipient.id)
    return (_recipient.consultation == consultation, ~is_invited)


def _remove(connection: Connection, consultation: str, page: Sequence[Place], at: datetime) -> Removed:
    # All are given: with the consultation said apart, SQLite went through its whole list for each page.
    asked = given(connection.dialect.name, _contact.channel, _contact.address_hash, _recipient.consultation)
    found = and_(_contact.channel == asked.c.channel, _contact.address_hash == asked.c.address_hash)
    listed = and_(_recipient.contact_id == _contact.id, _recipient.consultation == asked.c.consultation)
    is_invited = exists().where(_invitation.recipient_id == _recipient.id)
    chosen = (
        select(_recipient.id, _recipient.contact_id, is_invited.label("is_invited"))
        .select_from(asked)
        .join(tables.contacts, found)
        .join(recipients, listed)
    )
    rows = [
        {"channel": channel, "address_hash": hash_, "consultation": consultation} for channel, hash_ in page
    ]
    people = run(connection, chosen, rows).all()
    _delete(connection, [(row.id, row.contact_id) for row in people if not row.is_invited])
    invited = [{"id": row.contact_id} for row in people if row.is_invited]
    if invited:
        ids = given(connection.dialect.name, _contact.id)
        leaves = (
            update(tables.contacts)
            .values(opted_out_at=literal(at, _contact.opted_out_at.type))
            .where(_contact.id.in_(select(ids.c.id)), _contact.opted_out_at.is_(None))
        )
        run(connection, leaves, invited)
    return Removed(len(people) - len(invited), len(invited))


def _delete(connection: Connection, people: Sequence[tuple[int, int]]) -> None:
    """Delete recipients, and contacts of whom nothing else is known: neither has written to the other."""
    if not people:
        return
    dialect = connection.dialect.name
    chosen = given(dialect, _recipient.id)
    leave = delete(recipients).where(_recipient.id.in_(select(chosen.c.id)))
    run(connection, leave, [{"id": recipient} for recipient, _ in people])
    unheard = given(dialect, _contact.id)
    others = (recipients, tables.interviews, tables.outbound, reminders)
    forget = delete(tables.contacts).where(
        _contact.id.in_(select(unheard.c.id)),
        _contact.last_inbound_at.is_(None),
        _contact.opted_out_at.is_(None),
        *(~exists().where(table.c.contact_id == _contact.id) for table in others),
    )
    run(connection, forget, [{"id": contact} for _, contact in people])
