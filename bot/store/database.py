"""One engine for both databases: SQLite in a file, or PostgreSQL."""

import time
from functools import partial
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect, ExceptionContext
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from bot.errors import SettingsError

Database = AsyncEngine
"""An opened database, by the name that packages without SQL know it by."""

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
}
_WRITES = "heard_writes"
_BUSY_TIMEOUT_S = "10"
"""How long SQLite waits for another's lock, where the address does not say `?timeout=`."""
_USED_AT = "heard_used_at"
_SURELY_OPEN_S = 1.0


def connect(database_url: str) -> AsyncEngine:
    """Return an engine for `sqlite:///var/heard.db` or `postgresql://...`; nothing is opened yet.

    The folder of an SQLite file is made. Parameters never show in its errors, for they hold people's words.

    Raises:
        SettingsError: the address is of neither database.
    """
    url = _asynchronous(database_url)
    return _sqlite(url) if url.get_backend_name() == "sqlite" else _postgresql(url)


def writer(engine: AsyncEngine) -> AsyncEngine:
    """Return the engine for transactions that write: the same pool; on SQLite, the write lock from the start.

    However long its busy timeout, SQLite fails a transaction at once that has read and then wants to write
    where another has written since; taking the lock first makes it wait its turn instead.
    """
    return engine.execution_options(**{_WRITES: True})


def snapshot(engine: AsyncEngine) -> AsyncEngine:
    """Return the engine for transactions that read one state of the database throughout, and write nothing."""
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


async def reach(engine: AsyncEngine) -> None:
    """Return when the database has answered.

    Raises:
        SettingsError: it does not; the text has the driver's reason, for nobody's words are in the database's
            way to a connection.
    """
    try:
        async with engine.connect():
            return
    except (OSError, SQLAlchemyError) as error:
        reason = error.orig if isinstance(error, DBAPIError) else error
        raise SettingsError(f"the database of DATABASE_URL does not answer: {reason}") from None


def _asynchronous(database_url: str) -> URL:
    try:
        url = make_url(database_url)
    except ArgumentError:
        raise SettingsError("DATABASE_URL is not an address of a database") from None
    driver = _DRIVERS.get(url.get_backend_name())
    if driver is None:
        raise SettingsError("DATABASE_URL has to start with sqlite:/// or postgresql://")
    return url.set(drivername=driver)


def _sqlite(url: URL) -> AsyncEngine:
    if not url.database or url.database == ":memory:":
        raise SettingsError("DATABASE_URL has to name a file, like sqlite:///var/heard.db")
    try:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"the folder of DATABASE_URL cannot be made: {error}") from None
    if "timeout" not in url.query:
        url = url.update_query_dict({"timeout": _BUSY_TIMEOUT_S})
    engine = create_async_engine(url, hide_parameters=True)
    _listen(engine.sync_engine)
    return engine


def synchronous(engine: AsyncEngine) -> Engine:
    """Return an engine of its own on the same SQLite file, for a thread in which every transaction writes."""
    twin = create_engine(engine.url.set(drivername="sqlite"), hide_parameters=True)
    _listen(twin)
    return twin.execution_options(**{_WRITES: True})


def _listen(engine: Engine) -> None:
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)


def _prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    # The driver must not open transactions itself: it does so late, at the first write, and never for DDL.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql(url: URL) -> AsyncEngine:
    engine = create_async_engine(
        url,
        hide_parameters=True,
        pool_size=5,
        max_overflow=5,
        connect_args={"timeout": 10, "command_timeout": 60, "server_settings": {"application_name": "heard"}},
    )
    event.listen(engine.sync_engine, "connect", _plan_for_lookups)
    event.listen(engine.sync_engine, "checkin", _note_use)
    event.listen(engine.sync_engine, "checkout", partial(_check, engine.dialect))
    event.listen(engine.sync_engine, "handle_error", _withhold_detail)
    return engine


def _plan_for_lookups(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Tell the planner that random access costs little, as it does on every disk but a turning one.

    It thinks that a batch has 100 rows, and by default reads a table of some thousand rows from end to end for them:
    a message cost more with every interview stored, until a table was large enough.
    """
    cursor = connection.cursor()
    cursor.execute("SET random_page_cost = 1.1")
    cursor.execute("SET plan_cache_mode = force_custom_plan")
    cursor.close()
    connection.commit()


def _note_use(_: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
    entry.info[_USED_AT] = time.monotonic()


def _check(
    dialect: Dialect, connection: DBAPIConnection, entry: ConnectionPoolEntry, _: PoolProxiedConnection
) -> None:
    """Have a connection replaced that a restart or a firewall has closed, before it fails a person's message.

    One that was in use a moment ago is not asked: that costs three journeys to the database, in each transaction.
    """
    used_at = entry.info.get(_USED_AT)
    if used_at is None or time.monotonic() - used_at < _SURELY_OPEN_S:
        return
    try:
        alive = dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        raise DisconnectionError from error
    if not alive:
        raise DisconnectionError


def _withhold_detail(context: ExceptionContext) -> None:
    """Take the DETAIL out of an error of PostgreSQL: it quotes the row that could not be stored."""
    error: BaseException | None = context.sqlalchemy_exception
    while error is not None:
        error.args = tuple(
            part.partition("\nDETAIL:")[0] if isinstance(part, str) else part for part in error.args
        )
        # SQLAlchemy's own `detail` is another thing: a list, without which the error cannot be shown.
        if hasattr(error, "detail") and not isinstance(error, SQLAlchemyError):
            error.detail = None
        error = error.__cause__ or getattr(error, "orig", None)
