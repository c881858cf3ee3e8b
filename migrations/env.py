"""How Alembic reaches the database: over the connection it is handed, or one of its own for developers."""

import asyncio

from alembic import context
from sqlalchemy import Connection

import bot.store.inbox_tables
import bot.store.outreach.helping_tables
import bot.store.outreach.tables
import bot.store.results_tables  # noqa: F401 - their tables are in the metadata too
from bot.store.database import connect, writer
from bot.store.tables import metadata


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        # SQLite changes a table by building it anew.
        render_as_batch=connection.dialect.name == "sqlite",
        # Both databases take back a half-done migration; Alembic would not ask that of SQLite.
        transactional_ddl=True,
        # New migrations name our own types as the template imports them.
        user_module_prefix="",
    )
    with context.begin_transaction():
        context.run_migrations()


async def run_alone() -> None:
    asked = context.get_x_argument(as_dictionary=True).get("database")
    engine = connect(str(asked or context.config.get_main_option("sqlalchemy.url")))
    async with writer(engine).begin() as connection:
        await connection.run_sync(run)
    await engine.dispose()


handed = context.config.attributes.get("connection")
if context.is_offline_mode():
    raise SystemExit("migrations run against a database; --sql is not supported")
if handed is not None:
    run(handed)
else:
    asyncio.run(run_alone())
