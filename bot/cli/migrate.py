"""`heard migrate`: bring the database to the tables that this version of Heard needs."""

import asyncio
from typing import Annotated

import typer

ToOption = Annotated[
    str,
    typer.Option(
        "--to", metavar="REVISION", help="A revision; base for none at all, which deletes everything."
    ),
]


def migrate(to: ToOption = "head") -> None:
    """Bring the database of DATABASE_URL to the newest revision, or forward or back to another one."""
    from bot.settings import read_settings

    before, now = asyncio.run(_migrate(read_settings().database_url.get_secret_value(), to))
    if before == now:
        typer.echo(f"The database is at {_named(now)} already.")
    else:
        typer.echo(f"The database went from {_named(before)} to {_named(now)}.")


async def _migrate(database_url: str, to: str) -> tuple[str | None, str | None]:
    from bot.store.database import connect
    from bot.store.migrating import migrate as migrate_schema

    engine = connect(database_url)
    try:
        return await migrate_schema(engine, to)
    finally:
        await engine.dispose()


def _named(revision: str | None) -> str:
    return f"revision {revision}" if revision else "no tables"
