"""SQLite fails in its own ways: no space, and somebody else's lock."""

import asyncio
import resource
import sqlite3
import subprocess
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine, event

from tests.crashes.server import Server
from tests.faults.talking import WORDS, Talk, logged, private, refused, talking
from tests.support.databases import Databases, opened

UNREACHABLE = 'heard_messages_refused_total{reason="unreachable"}'
FILE_BYTES = 262_144
"""Room for some messages in SQLite's log, and for the server's."""


@pytest.fixture
async def file(tmp_path: Path) -> Path:
    url = await Databases("sqlite", str(tmp_path)).migrated()
    return Path(url.removeprefix("sqlite:///"))


async def test_locked_by_another(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with talking(f"sqlite:///{file}?timeout=0.1") as (talk, engine):
        await talk.begin()
        before = await talk.count(UNREACHABLE)
        with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as other:
            # In a thread: the outbox may have the lock, and gives it back in this loop.
            await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
            assert refused(await talk.say(WORDS))
            assert refused(await talk.again())
            assert (await talk.web.get("/ready")).status_code == 200
        assert await talk.count(UNREACHABLE) == before + 2
        assert (await talk.again()).status_code == 200
        await talk.check(engine)
    assert "SQLITE_BUSY" in logged(caplog)
    assert private(logged(caplog)) == []


@pytest.fixture
async def served(file: Path, tmp_path: Path) -> AsyncIterator[Server]:
    server = Server(f"sqlite:///{file}", tmp_path)
    await server.start()
    yield server
    await server.stop()


def limit_files(process: subprocess.Popen[bytes], most: int) -> None:
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


async def test_files_cannot_grow(file: Path, served: Server) -> None:
    """The disk of a running server is full, as far as it can tell, and has space again."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{served.port}") as web:
        talk = Talk(web)
        # Everyone is new: a message of each has to be stored, and the answers to those before it stand.
        phones = iter(range(10_000))
        # What tells languages unpacks itself on the disk the first time; that it cannot is another test's.
        assert (await talk.say(WORDS, f"+120255501{next(phones):05d}")).status_code == 200
        limit_files(served.process, FILE_BYTES)
        while (last := await talk.say(WORDS, f"+120255501{next(phones):05d}")).status_code == 200:
            continue
        assert refused(last)
        assert refused(await talk.again())
        assert await talk.count(UNREACHABLE) == 2
        assert (await web.get("/health")).status_code == 200
        limit_files(served.process, resource.RLIM_INFINITY)
        assert (await talk.again()).status_code == 200
        assert len(talk.sent) > 1
        async with opened(f"sqlite:///{file}") as engine:
            await talk.check(engine)
    log = served.log.read_text()
    assert "the database does not serve" in log
    assert private(log) == []
    assert "1202555" not in log


async def test_full(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What SQLite says where the file system itself says that it is full."""
    async with talking(f"sqlite:///{file}") as (talk, engine):
        await talk.begin()
    with closing(sqlite3.connect(file)) as plain:
        most = plain.execute("PRAGMA page_count").fetchone()[0] + 1

    def hold(connection: sqlite3.Connection, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {most}")

    event.listen(Engine, "connect", hold)
    try:
        async with talking(f"sqlite:///{file}", talk) as (talk, engine):
            phones = iter(range(10_000))
            while (last := await talk.say(WORDS, f"+120255501{next(phones):05d}")).status_code == 200:
                continue
            assert refused(last)
            await talk.check(engine)
    finally:
        event.remove(Engine, "connect", hold)
    async with talking(f"sqlite:///{file}", talk) as (talk, engine):
        assert (await talk.again()).status_code == 200
        await talk.check(engine)
    assert "SQLITE_FULL" in logged(caplog)
    assert private(logged(caplog)) == []
