"""How servers end: what they have in hand is answered first."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.database import writer
from tests.support.databases import Databases
from tests.support.intake import stored
from tests.support.serving import heard

PHONES = [f"+1202555010{number}" for number in range(4)]


@asynccontextmanager
async def held_up(engine: AsyncEngine) -> AsyncIterator[None]:
    """Have every transaction about people who are known wait until the block ends."""
    async with writer(engine).begin() as connection:
        await connection.execute(text("SELECT id FROM contacts" + _for_update(engine)))
        yield


def _for_update(engine: AsyncEngine) -> str:
    return "" if engine.dialect.name == "sqlite" else " FOR UPDATE"


@pytest.mark.parametrize("order", [signal.SIGTERM, signal.SIGINT], ids=["terminate", "ctrl-c"])
async def test_what_is_in_hand_is_answered(
    database_url: str, engine: AsyncEngine, tmp_path: Path, order: signal.Signals
) -> None:
    async with heard(database_url, tmp_path) as server, asyncio.timeout(120):
        connections = [await server.connect() for _ in PHONES]
        idle = await server.connect()
        assert (await idle.get("/health")).status == 200
        for number, (phone, connection) in enumerate(zip(PHONES, connections, strict=True)):
            assert (await connection.say(phone, "ENERGY", f"SM1{number:031}")).status == 200
        async with held_up(engine):
            for number, (phone, connection) in enumerate(zip(PHONES, connections, strict=True)):
                await connection.send_message(phone, "1", f"SM2{number:031}")
            # The first of them is in a transaction; the others may wait behind it.
            await server.until_received(len(PHONES) + 1)
            server.tell(order)
            await server.until_refused()
            assert await idle.ended()
            assert server.process.poll() is None
        answers = [await connection.response() for connection in connections]
        assert [answer.status for answer in answers] == [200] * len(PHONES)
        assert all([await connection.ended() for connection in connections])
        assert await server.exit_code() == 0
    assert len(await stored(engine, "inbound", "id")) == 2 * len(PHONES)
    assert "Application shutdown complete" in server.log
    assert "Traceback" not in server.log


async def test_with_nothing_in_hand_it_ends_at_once(database_url: str, tmp_path: Path) -> None:
    async with heard(database_url, tmp_path) as server:
        server.tell(signal.SIGTERM)
        assert await server.exit_code() == 0


async def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    database_url = await Databases("sqlite", str(tmp_path)).migrated()
    async with heard(database_url, tmp_path) as server:
        with pytest.raises(AssertionError, match="address already in use"):
            async with heard(database_url, tmp_path, "--port", str(server.port)):
                pass
