"""One engine for both databases, as careful as both can be."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from traceback import format_exception

import pytest
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import SettingsError
from bot.store import tables
from bot.store.database import connect, reach, writer
from bot.store.tables import written
from bot.store.writing import writing
from tests.support.databases import opened

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def version(name: str, at: datetime = NOON) -> dict[str, object]:
    return {"version": name, "consultation": "water", "document": "{}", "published_at": at}


async def names(engine: AsyncEngine) -> list[str]:
    async with engine.connect() as connection:
        query = select(tables.versions.c.version).order_by(tables.versions.c.version)
        return list((await connection.execute(query)).scalars())


@pytest.mark.parametrize(
    ("url", "told"),
    [
        pytest.param("", "not an address", id="empty"),
        pytest.param("heard.db", "not an address", id="a file's name"),
        pytest.param("mysql://localhost/heard", "has to start with", id="another database"),
        pytest.param("sqlite://", "has to name a file", id="SQLite without a file"),
        pytest.param("sqlite:///:memory:", "has to name a file", id="SQLite in memory"),
        pytest.param("sqlite:////dev/null/heard.db", "cannot be made", id="a folder that cannot be"),
    ],
)
def test_an_unusable_address_is_told(url: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        connect(url)


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("sqlite:///var/heard.db", "aiosqlite"),
        ("postgres://heard@localhost/heard", "asyncpg"),
        ("postgresql://heard@localhost/heard", "asyncpg"),
        ("postgresql+psycopg2://heard@localhost/heard", "asyncpg"),
    ],
)
def test_the_driver_is_ours_to_choose(
    url: str, driver: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert connect(url).dialect.driver == driver


async def test_a_database_that_does_not_answer_is_told(tmp_path: Path) -> None:
    async with opened(f"postgresql://heard@/heard?host={tmp_path}") as engine:
        with pytest.raises(SettingsError, match="the database of DATABASE_URL does not answer: "):
            await reach(engine)
    (tmp_path / "heard.db").write_text("this is no database" * 100)
    async with opened(f"sqlite:///{tmp_path}/heard.db") as engine:
        with pytest.raises(SettingsError, match="file is not a database"):
            await reach(engine)


async def test_sqlite_loses_nothing_in_a_power_cut(tmp_path: Path) -> None:
    async with opened(f"sqlite:///{tmp_path}/deep/heard.db") as engine, engine.connect() as connection:
        pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        values = [(await connection.execute(text(f"PRAGMA {pragma}"))).scalar_one() for pragma in pragmas]
        # 2 is FULL
        assert values == ["wal", 2, 1, 10_000]


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param(NOON, id="whole second"),
        pytest.param(NOON.replace(microsecond=1), id="one microsecond"),
        pytest.param(NOON.replace(microsecond=999_999), id="last microsecond"),
        pytest.param(NOON.replace(tzinfo=timezone(timedelta(hours=5, minutes=45))), id="another time zone"),
        pytest.param(datetime(1969, 12, 31, 23, 59, 59, 5, tzinfo=UTC), id="before 1970"),
    ],
)
async def test_moments_come_back_exactly(engine: AsyncEngine, moment: datetime) -> None:
    async with writer(engine).begin() as connection:
        await connection.execute(insert(tables.versions), [version("v", moment)])
        back = (await connection.execute(select(tables.versions.c.published_at))).scalar_one()
    assert back == moment
    assert back.tzinfo is UTC


def test_written_moments_sort_as_they_follow() -> None:
    moments = [NOON + timedelta(microseconds=step) for step in (0, 1, 500_000, 1_000_000)]
    assert sorted(map(written, reversed(moments))) == [written(moment) for moment in moments]
    with pytest.raises(ValueError, match="without a time zone"):
        written(datetime(2026, 3, 2))


async def test_errors_do_not_show_what_was_to_be_stored(engine: AsyncEngine) -> None:
    private = {**version("v"), "document": "my own words", "consultation": None}
    with pytest.raises(DBAPIError) as told:
        async with writer(engine).begin() as connection:
            await connection.execute(insert(tables.versions), [private])
    assert "my own words" not in "".join(format_exception(told.value))


async def test_writers_wait_for_each_other(database_url: str) -> None:
    async def publish(engine: AsyncEngine, name: str) -> None:
        async with writer(engine).begin() as connection:
            await connection.execute(select(tables.versions))
            await asyncio.sleep(0)
            await connection.execute(insert(tables.versions), [version(name)])

    async with opened(database_url) as one, opened(database_url) as two:
        expected = [f"v{n}" for n in range(8)]
        await asyncio.gather(*(publish((one, two)[n % 2], name) for n, name in enumerate(expected)))
        assert await names(one) == expected


async def test_a_transaction_of_the_way_in_is_kept_whole_or_not_at_all(engine: AsyncEngine) -> None:
    def keep(connection: Connection, name: str) -> str:
        connection.execute(insert(tables.versions), [version(name)])
        return name

    async def keep_and_fail() -> None:
        async with place.begin() as transaction:
            await transaction.run_sync(keep, "lost")
            raise RuntimeError("something went wrong")

    place = writing(engine)
    async with place.begin() as transaction:
        assert await transaction.run_sync(keep, "kept") == "kept"
    with pytest.raises(RuntimeError, match="something went wrong"):
        await keep_and_fail()
    async with place.begin() as transaction:
        await transaction.run_sync(keep, name="later")
    await place.close()
    assert await names(engine) == ["kept", "later"]
