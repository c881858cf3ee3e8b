"""`heard demo-data`: what it writes into either database, and what it says."""

import asyncio
from pathlib import Path

import pytest

from bot.store.reading import count
from tests.support import commands
from tests.support.commands import Told
from tests.support.databases import Databases, opened


def heard(database: str, *arguments: str) -> Told:
    return commands.heard("demo-data", *arguments, DATABASE_URL=database)


async def stored(database: str) -> int:
    async with opened(database) as engine:
        return await count(engine, "service-feedback")


async def test_it_writes_once_and_more_where_told(databases: Databases) -> None:
    database = await databases.migrated()
    order = ("service-feedback", "--interviews", "25", "--seed", "7", "--until", "2026-03-02")
    made = await asyncio.to_thread(heard, database, *order)
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout == (
        "25 made-up interviews of service-feedback, from 2026-01-19 to 2026-03-02, by seed 7.\n"
    )
    again = await asyncio.to_thread(heard, database, *order)
    assert (again.returncode, again.stdout) == (1, "")
    assert "service-feedback has 25 interviews in this database already" in again.stderr
    assert await stored(database) == 25
    more = await asyncio.to_thread(heard, database, *order, "--add")
    assert more.returncode == 0, more.stderr
    assert await stored(database) == 50


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("service-feedbak",), "there is no consultation 'service-feedbak'; is it service-feedback?"),
        (("service-feedback",), "heard migrate"),
    ],
)
def test_what_it_cannot_do_is_told(tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    failed = heard(f"sqlite:///{tmp_path}/heard.db", *arguments)
    assert failed.returncode == 1
    assert told in failed.stderr
