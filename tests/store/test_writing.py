"""Writing transactions that cannot go on: they end by themselves, and leave nothing behind."""

import asyncio

import pytest
from sqlalchemy import text

from bot.store import writing
from bot.store.database import writer
from bot.store.failures import is_unreachable
from tests.support.databases import opened
from tests.support.intake import stored


async def test_a_transaction_that_has_to_wait_too_long_ends(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "TRANSACTION_S", 0.1)
    separator = "&" if "?" in database_url else "?"
    quick = f"{database_url}{separator}timeout=0.1" if database_url.startswith("sqlite") else database_url

    async with opened(database_url) as other, opened(quick) as engine:
        place = writing.writing(engine)

        async def write(name: str) -> None:
            async with place.begin() as transaction:
                await transaction.run_sync(
                    lambda connection: connection.execute(
                        text(
                            "INSERT INTO versions VALUES (:name, 'water', '{}', '2026-03-02T12:00:00+00:00')"
                        ),
                        {"name": name},
                    )
                )

        async with writer(other).begin() as holding:
            if engine.dialect.name == "postgresql":
                await holding.execute(text("LOCK TABLE versions IN ACCESS EXCLUSIVE MODE"))
            # More often than there are connections: each is given back.
            for number in range(12):
                with pytest.raises(Exception) as failure:  # noqa: PT011 (each database has its own)
                    await write(f"never-{number}")
                assert is_unreachable(failure.value)
        await asyncio.wait_for(write("after"), 30)
        await place.close()
        assert await stored(engine, "versions", "version") == [("after",)]
