"""How a database is doing, for `heard doctor`: nothing of what people said, and no address that is not sealed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import make_url, select, text
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store import tables
from bot.store.schema import at_head


@dataclass(frozen=True, slots=True)
class Condition:
    """What a database says of itself. `clock` is None where it has none of its own; `size` is in bytes.

    `sealed` holds the addresses of those who wrote first and last, for the keys have changed between them if ever.
    """

    version: str
    size: int
    clock: datetime | None
    is_migrated: bool
    newest: datetime | None = None
    sealed: Sequence[str] = field(default=(), repr=False)


def named(database_url: str) -> str | None:
    """Return the kind and the place of a database without its password; None where it is no address of one."""
    try:
        url = make_url(database_url)
    except ArgumentError:
        return None
    if url.get_backend_name() == "sqlite":
        return f"SQLite, {url.database}"
    host = url.host or url.query.get("host", "this machine")
    return f"PostgreSQL, {url.database or 'the default database'} at {host}"


async def examine(engine: AsyncEngine) -> Condition:
    """Return the condition of a database that answers."""
    is_migrated = await at_head(engine)
    async with engine.connect() as connection:
        version, size, clock = (await connection.execute(_OF_ITSELF[engine.dialect.name])).one()
        if not is_migrated:
            return Condition(version, size, clock, is_migrated)
        newest = select(tables.inbound.c.received_at).order_by(tables.inbound.c.id.desc()).limit(1)
        return Condition(
            version,
            size,
            clock,
            is_migrated,
            (await connection.execute(newest)).scalar(),
            await _sealed(connection),
        )


async def _sealed(connection: AsyncConnection) -> Sequence[str]:
    contact = tables.contacts.c
    ends = (contact.id.asc(), contact.id.desc())
    found = [
        (await connection.execute(select(contact.address_sealed).order_by(end).limit(1))).scalar()
        for end in ends
    ]
    return tuple(dict.fromkeys(one for one in found if one is not None))


_OF_ITSELF = {
    "sqlite": text(
        "SELECT sqlite_version(), page_count * page_size, NULL FROM pragma_page_count, pragma_page_size"
    ),
    "postgresql": text(
        "SELECT current_setting('server_version'), pg_database_size(current_database()), clock_timestamp()"
    ),
}
