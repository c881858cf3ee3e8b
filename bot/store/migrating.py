"""Moving the schema, by Alembic, which costs 12 MB: who serves does without it."""

from functools import cache

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import SettingsError
from bot.store.database import reach, writer
from bot.store.schema import ROOT, current

_MIGRATION_LOCK = 4_868_501
"""PostgreSQL's advisory lock that lets one process migrate at a time; any number not used otherwise."""


async def migrate(engine: AsyncEngine, to: str = "head") -> tuple[str | None, str | None]:
    """Bring the schema forward or back to a revision in one transaction; return where it was and where it is.

    `to` is a revision, `head` (the newest) or `base` (an empty database).

    Raises:
        SettingsError: there is no such revision, or the database does not answer.
    """
    await reach(engine)
    async with writer(engine).begin() as connection:
        return await connection.run_sync(_migrate, to)


def _migrate(connection: Connection, to: str) -> tuple[str | None, str | None]:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
    before = current(connection)
    config = _config()
    config.attributes["connection"] = connection
    try:
        move = command.downgrade if _is_behind(to, before) else command.upgrade
        move(config, to)
    except CommandError as error:
        raise SettingsError(f"cannot migrate to {to}: {error}") from None
    return next(iter(before), None), next(iter(current(connection)), None)


def _is_behind(to: str, current: set[str]) -> bool:
    if to == "base":
        return True
    target = _scripts().get_revision(to)
    reached = {script.revision for head in current for script in _scripts().iterate_revisions(head, "base")}
    return target is not None and target.revision in reached - current


def _config() -> Config:
    file = ROOT / "alembic.ini"
    if not file.is_file():
        raise SettingsError("alembic.ini is missing: Heard runs from a checkout (pip install --editable .)")
    return Config(file)


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())
