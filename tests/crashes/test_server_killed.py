"""Killed under load: nothing that was acknowledged is lost, doubled, or answered in two ways."""

import asyncio
from pathlib import Path

from tests.crashes.killing import Survived, scripts, survive
from tests.crashes.server import Server
from tests.support.databases import Databases, postgresql

KILLS = 6
SEED = 20_261_123


def check(survived: Survived) -> None:
    assert survived.wrong == []
    assert survived.redelivered >= KILLS
    assert survived.phones > KILLS
    words = {text for script in scripts() for text in script if len(text) > 12}
    assert words
    assert [text for text in words if text in survived.log] == []
    assert "12025550" not in survived.log


async def test_the_server_is_killed(database_url: str, tmp_path: Path) -> None:
    check(await survive(database_url, tmp_path, seed=SEED, kills=KILLS))


async def test_the_database_server_is_killed(tmp_path: Path) -> None:
    with postgresql() as server:

        async def fail(heard: Server) -> None:
            del heard
            await asyncio.to_thread(server.fail)
            await asyncio.to_thread(server.start)

        database_url = await Databases("postgresql", server.address).migrated()
        check(await survive(database_url, tmp_path, seed=SEED, kills=KILLS, fail=fail))
