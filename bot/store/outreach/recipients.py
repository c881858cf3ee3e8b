"""People whom an organiser may write to, stored a page at a time: the same list again changes nothing.

A number is looked for on SMS and on WhatsApp, for it is one person: whoever has sent STOP on the one, or is interviewed
or invited there, is not written to on the other.
"""

from collections import Counter
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, Update, and_, exists, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store import tables
from bot.store.database import writer
from bot.store.moves import read_moved
from bot.store.outreach.tables import recipients
from bot.store.rowset import given, insertion, run
from bot.store.tables import written

PAGE = 5_000
"""People stored in one transaction: on SQLite, what comes in waits for it."""
_INDEX_IN_MEMORY_KIB = 65_536
"""SQLite's page cache meanwhile: hashes are at random places of their index, and so is each page that is written."""

_contact, _interview, _recipient = tables.contacts.c, tables.interviews.c, recipients.c


class Listed(msgspec.Struct, frozen=True, array_like=True):
    """A person of a list, as they are stored. `row` is where they stand in it; `other_hash` that on the other channel.

    `attributes` is a JSON object of texts, `consented_on` a day like 2026-03-31.
    """

    row: int
    address_hash: str
    other_hash: str
    address_sealed: str
    language: str | None
    country: str
    time_zone: str
    attributes: str
    consent_source: str
    consented_on: str

    def __repr__(self) -> str:
        return f"Listed(row={self.row})"


@dataclass(frozen=True, slots=True)
class TakenIn:
    """How many people of a list are recipients since, had something changed, were so already, or were left out."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    opted_out: int = 0
    interviewed: int = 0
    elsewhere: int = 0
    """Recipients of the same consultation on the number's other channel."""

    def __add__(self, other: "TakenIn") -> "TakenIn":
        return TakenIn(*(one + more for one, more in zip(astuple(self), astuple(other), strict=True)))

    @property
    def people(self) -> int:
        return sum(astuple(self))


async def take_in(
    engine: AsyncEngine,
    consultation: str,
    channels: tuple[str, str],
    people: Iterable[Sequence[Listed]],
    at: datetime,
) -> AsyncGenerator[TakenIn]:
    """Store the people of pages on the first of two channels; yield what became of each page, once it is stored.

    Left early, or begun anew, it stores nobody twice.
    """
    async with writer(engine).connect() as connection:
        if engine.dialect.name == "sqlite":
            await connection.exec_driver_sql(f"PRAGMA cache_size = -{_INDEX_IN_MEMORY_KIB}")
            await connection.rollback()
        for page in people:
            async with connection.begin():
                taken = await connection.run_sync(_store, consultation, channels, page, at)
            yield taken


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a contact, for one consultation; `values` are those of a recipient."""

    contact_id: int
    opted_out: bool
    interviewed: bool
    recipient_id: int | None
    values: tuple[object, ...]


_Place = tuple[str, str]
"""A channel and the hash of an address on it."""

_VALUES = (
    _recipient.language,
    _recipient.country,
    _recipient.time_zone,
    _recipient.attributes,
    _recipient.consent_source,
    _recipient.consented_on,
)


def _store(
    connection: Connection, consultation: str, channels: tuple[str, str], page: Sequence[Listed], at: datetime
) -> TakenIn:
    """Store one page, within a transaction."""
    here, there = channels
    asked = [(here, one.address_hash) for one in page] + [(there, one.other_hash) for one in page]
    known = _look(connection, consultation, asked)
    taken, added, changed = Counter[str](), list[Listed](), list[Mapping[str, object]]()
    for one in page:
        held, other = known.get((here, one.address_hash)), known.get((there, one.other_hash))
        outcome = _outcome(one, held, other)
        taken[outcome] += 1
        if outcome == "changed" and held is not None:
            changed.append({"id": held.recipient_id, **_values(one)})
        elif outcome == "added":
            added.append(one)
    if changed:
        run(connection, _change(connection.dialect.name), changed)
    ids = {hash_: held.contact_id for (channel, hash_), held in known.items() if channel == here}
    raced = _add(connection, consultation, here, added, ids, at)
    if not raced:
        return TakenIn(**taken)
    # They wrote to us just now. Who they are has to be looked at again.
    taken["added"] -= len(raced)
    return TakenIn(**taken) + _store(connection, consultation, channels, raced, at)


def _outcome(one: Listed, held: _Known | None, other: _Known | None) -> str:
    """Return the field of TakenIn in which a person counts."""
    known = [each for each in (held, other) if each is not None]
    if any(each.opted_out for each in known):
        return "opted_out"
    if held is not None and held.recipient_id is not None:
        return "unchanged" if held.values == tuple(_values(one).values()) else "changed"
    if any(each.interviewed for each in known):
        return "interviewed"
    return "elsewhere" if other is not None and other.recipient_id is not None else "added"


def _values(one: Listed) -> dict[str, object]:
    return {column.name: getattr(one, column.name) for column in _VALUES}


def _look(connection: Connection, consultation: str, asked: Iterable[_Place]) -> Mapping[_Place, _Known]:
    """Return what is known of people at these places; nothing of who is not."""
    rows = [{"channel": channel, "address_hash": hash_} for channel, hash_ in asked]
    found = run(connection, _known(connection.dialect.name, consultation), rows)
    return {
        (row.channel, row.address_hash): _Known(
            row.id,
            row.opted_out_at is not None,
            row.interviewed or consultation in read_moved(row.moved),
            row.recipient_id,
            (*row[7:-1], row.consented_on.isoformat() if row.consented_on else None),
        )
        for row in found
    }


def _add(
    connection: Connection,
    consultation: str,
    channel: str,
    people: Sequence[Listed],
    ids: dict[str, int],
    at: datetime,
) -> Sequence[Listed]:
    """Store new recipients, and contacts that are not there yet. Return those whose contact somebody else stored."""
    dialect, moment = connection.dialect.name, written(at)
    # In one order, whoever stores: two who wait for each other's rows would wait for ever.
    strangers = sorted(
        (one for one in people if one.address_hash not in ids), key=lambda one: one.address_hash
    )
    if strangers:
        contacts = [
            {
                "channel": channel,
                "address_hash": one.address_hash,
                "address_sealed": one.address_sealed,
                "created_at": moment,
            }
            for one in strangers
        ]
        ids |= {row.address_hash: row.id for row in run(connection, _new_contacts(dialect), contacts)}
    rows = [
        {
            "consultation": consultation,
            "contact_id": ids[one.address_hash],
            **_values(one),
            "added_at": moment,
        }
        for one in people
        if one.address_hash in ids
    ]
    if rows:
        run(connection, _new_recipients(dialect), rows)
    return [one for one in people if one.address_hash not in ids]


# --- the statements


def _known(dialect: str, consultation: str) -> Select[Any]:
    asked = given(dialect, _contact.channel, _contact.address_hash)
    found = and_(_contact.channel == asked.c.channel, _contact.address_hash == asked.c.address_hash)
    listed = and_(_recipient.contact_id == _contact.id, _recipient.consultation == consultation)
    interviewed = exists().where(
        _interview.contact_id == _contact.id, _interview.consultation == consultation
    )
    return (
        select(
            _contact.channel,
            _contact.address_hash,
            _contact.id,
            _contact.opted_out_at,
            _contact.moved,
            interviewed.label("interviewed"),
            _recipient.id.label("recipient_id"),
            *_VALUES,
        )
        .select_from(asked)
        .join(tables.contacts, found)
        .outerjoin(recipients, listed)
    )


def _new_contacts(dialect: str) -> Any:
    columns = (_contact.channel, _contact.address_hash, _contact.address_sealed, _contact.created_at)
    return insertion(dialect, *columns).on_conflict_do_nothing().returning(_contact.id, _contact.address_hash)


def _new_recipients(dialect: str) -> Any:
    columns = (_recipient.consultation, _recipient.contact_id, *_VALUES, _recipient.added_at)
    return insertion(dialect, *columns).on_conflict_do_nothing()


def _change(dialect: str) -> Update:
    changed = given(dialect, _recipient.id, *_VALUES)
    values = {one.name: changed.c[one.name] for one in _VALUES}
    return update(recipients).values(values).where(_recipient.id == changed.c.id)
