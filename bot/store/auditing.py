"""The audit of the inbox: a line for each act, written within the transaction of that act or before what is shown."""

from collections.abc import Sequence

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.core.auditing import BEGINNING, Act, Entry, Line, sealed
from bot.store.database import writer
from bot.store.inbox_tables import inbox_audit

_audit = inbox_audit.c


async def note(engine: AsyncEngine, entry: Entry) -> None:
    """Write a line of its own."""
    async with writer(engine).begin() as connection:
        await record(connection, entry)


async def record(connection: AsyncConnection, entry: Entry) -> None:
    """Write a line within a transaction."""
    if connection.dialect.name == "postgresql":
        # One after the other: each has the hash of the one before. Readers do not wait.
        await connection.execute(text("LOCK TABLE inbox_audit IN SHARE ROW EXCLUSIVE MODE"))
    last = select(_audit.number, _audit.hash).order_by(_audit.number.desc()).limit(1)
    row = (await connection.execute(last)).one_or_none()
    line = sealed(row.number + 1 if row else 1, entry, row.hash if row else BEGINNING)
    values = {
        **{"number": line.number, "at": entry.at, "who": entry.who, "act": entry.act.value},
        **{"consultation": entry.consultation, "subject": entry.subject, "detail": entry.detail},
        **{"previous": line.previous, "hash": line.hash},
    }
    await connection.execute(insert(inbox_audit).values(values))


async def audit(engine: AsyncEngine) -> Sequence[Line]:
    """Return every line, the oldest first."""
    async with engine.connect() as connection:
        rows = await connection.execute(select(inbox_audit).order_by(_audit.number))
        return [
            Line(
                row.number,
                Entry(row.at, row.who, Act(row.act), row.consultation, row.subject, row.detail),
                row.previous,
                row.hash,
            )
            for row in rows
        ]
