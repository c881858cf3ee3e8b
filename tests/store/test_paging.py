"""What is read a page at a time is found in the order of an index, and what is asked of given rows is looked up.

SQLite would else sort all that is left for each page: of a million people, two hundred times. Or it would go through a
whole table for each few rows.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels import Channel
from bot.store.database import connect
from bot.store.open_answers import open_answers
from bot.store.outreach.invitable import listed
from bot.store.outreach.removing import remove, remove_uninvited
from bot.store.receipts import catch_up
from tests.support.databases import Databases
from tests.support.intake import NOON

PAGED: dict[str, Callable[[AsyncEngine], AsyncGenerator[Any]]] = {
    "listed": lambda engine: listed(engine, "trial", {"region": "north"}),
    "remove_uninvited": lambda engine: remove_uninvited(engine, "trial", 5_000),
    "open_answers": lambda engine: open_answers(engine, "trial", ["story", "wish"]),
}


async def _catch_up(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.run_sync(catch_up, ["SM1"])


async def _remove(engine: AsyncEngine) -> None:
    async for _ in remove(engine, "trial", [[(Channel.SMS, "hash")]], NOON):
        pass


GIVEN: dict[str, Callable[[AsyncEngine], Awaitable[None]]] = {
    "receipts that came early": _catch_up,
    "people to be removed": _remove,
}


async def plans(engine: AsyncEngine, ask: Awaitable[None], which: str) -> list[list[str]]:
    """Return how SQLite finds what is selected, for each statement that has a word in it."""
    asked: list[tuple[str, Any]] = []

    def asks(connection: Any, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
        if statement.startswith("SELECT") and which in statement:
            asked.append((statement, parameters))

    event.listen(engine.sync_engine, "before_cursor_execute", asks)
    await ask
    event.remove(engine.sync_engine, "before_cursor_execute", asks)
    assert asked
    found = []
    async with engine.connect() as connection:
        for statement, parameters in asked:
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            found.append([row.detail for row in plan])
    await engine.dispose()
    return found


async def _all(pages: AsyncGenerator[Any]) -> None:
    async for _ in pages:
        pass


@pytest.mark.parametrize("name", PAGED)
async def test_no_page_is_sorted(name: str, tmp_path: Path) -> None:
    engine = connect(await Databases("sqlite", str(tmp_path)).migrated())
    for steps in await plans(engine, _all(PAGED[name](engine)), "LIMIT"):
        assert steps[0].startswith("SEARCH"), steps
        assert not [step for step in steps if "TEMP B-TREE" in step], steps


@pytest.mark.parametrize("name", GIVEN)
async def test_given_rows_are_looked_up_one_by_one(name: str, tmp_path: Path) -> None:
    engine = connect(await Databases("sqlite", str(tmp_path)).migrated())
    for first, *others in await plans(engine, GIVEN[name](engine), "json_each"):
        assert first.startswith("SCAN row VIRTUAL TABLE"), (first, others)
        assert not [step for step in others if step.startswith("SCAN")], others
