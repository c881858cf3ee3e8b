"""Whether a database has the tables that are needed. `bot.store.migrating` makes them."""

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import SettingsError
from bot.store.database import reach

ROOT = Path(__file__).resolve().parents[2]
"""The top of the checkout: its `migrations/` are found from here, whatever the working directory.

Heard runs from a checkout, installed with `pip install --editable .`; a wheel holds no migrations.
"""

NOT_MIGRATED = "the database has other tables than this version of Heard needs: run `heard migrate`"


async def at_head(engine: AsyncEngine) -> bool:
    """Return whether the database has every migration of this checkout, and none that it does not know."""
    async with engine.connect() as connection:
        return await connection.run_sync(current) == {newest()}


async def require_head(engine: AsyncEngine) -> None:
    """Raise SettingsError where the database does not answer, or does not have the tables that are needed."""
    await reach(engine)
    if not await at_head(engine):
        raise SettingsError(NOT_MIGRATED)


@cache
def newest() -> str:
    """Return the revision of the last migration, by which its file's name begins.

    Raises:
        SettingsError: there are no migrations here.
    """
    names = sorted(path.name for path in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))
    if not names:
        raise SettingsError("migrations are missing: Heard runs from a checkout (pip install --editable .)")
    return names[-1].partition("_")[0]


def current(connection: Connection) -> set[str]:
    """Return the revision that a database is at; nothing where it has no tables."""
    if not inspect(connection).has_table("alembic_version"):
        return set()
    return set(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())
