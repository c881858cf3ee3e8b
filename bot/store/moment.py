"""Connections that see one moment of a database, through ADBC: a core for each reads its part of a large table."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import adbc_driver_postgresql.dbapi
import adbc_driver_sqlite.dbapi
import polars as pl
from adbc_driver_manager.dbapi import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import ExportError

READERS = 2
_MOST_TRIES = 20


@contextmanager
def readers(engine: AsyncEngine) -> Iterator[Sequence[Connection]]:
    """Open connections that read the database as it was at one moment, and write nothing.

    There are `READERS` of them; on an SQLite file that is written to all the time, there may be but one.

    Raises:
        ExportError: ADBC failed, here or while its connections are used; the text has its reason.
    """
    is_sqlite = engine.dialect.name == "sqlite"
    driver: Any = adbc_driver_sqlite.dbapi if is_sqlite else adbc_driver_postgresql.dbapi
    address = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        with ExitStack() as opened:
            if is_sqlite:
                yield _sqlite(driver, engine.url.database or "", opened)
            else:
                yield _postgresql(driver, address, opened)
    except driver.Error as error:
        # A driver's words may quote a row; their first line tells what failed.
        raise ExportError(f"the answers could not be read: {str(error).splitlines()[0]}") from None


def _postgresql(driver: Any, address: str, opened: ExitStack) -> Sequence[Connection]:
    begun: list[Connection] = []
    snapshot = ""
    for _ in range(READERS):
        connection = opened.enter_context(driver.connect(address))
        _run(connection, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        if snapshot:
            _run(connection, f"SET TRANSACTION SNAPSHOT '{snapshot}'")
        else:
            snapshot = str(_value(connection, "SELECT pg_export_snapshot()"))
        begun.append(connection)
    return begun


def _sqlite(driver: Any, file: str, opened: ExitStack) -> Sequence[Connection]:
    """Begin all transactions between two commits, which SQLite's data_version tells; else let one read alone."""
    watch = opened.enter_context(driver.connect(file, autocommit=True))
    for _ in range(_MOST_TRIES):
        with ExitStack() as tried:
            before = _value(watch, "PRAGMA data_version")
            begun = [tried.enter_context(driver.connect(file)) for _ in range(READERS)]
            for connection in begun:
                _value(connection, "SELECT count(*) FROM versions")
            if _value(watch, "PRAGMA data_version") == before:
                opened.push(tried.pop_all())
                return begun
    return [opened.enter_context(driver.connect(file))]


def _run(connection: Connection, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _value(connection: Connection, query: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(query)
        # Not fetchone, which wants PyArrow: nothing else here does, and so it is not installed where Heard only runs.
        return pl.DataFrame(cursor.fetch_arrow()).item()
