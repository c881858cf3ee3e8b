"""Published versions of consultations: what an interview was held with, for as long as it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store import tables
from bot.store.database import writer
from bot.store.rowset import insertion, run
from bot.store.tables import written


@dataclass(frozen=True, slots=True)
class Publication:
    """A version of a consultation: its content hash, and the JSON document it is rebuilt from."""

    version: str
    consultation: str
    document: str = field(repr=False)


async def publish(engine: AsyncEngine, publications: Sequence[Publication], at: datetime) -> None:
    """Store the versions that are not stored yet; those that are keep their first moment of publication."""
    columns = tables.versions.c
    statement = insertion(
        engine.dialect.name, columns.version, columns.consultation, columns.document, columns.published_at
    ).on_conflict_do_nothing()
    rows = [
        {
            "version": one.version,
            "consultation": one.consultation,
            "document": one.document,
            "published_at": written(at),
        }
        for one in publications
    ]
    async with writer(engine).begin() as connection:
        await connection.run_sync(run, statement, rows)
