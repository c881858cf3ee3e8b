"""What is read a page at a time is found in the order of an index.

SQLite would else sort all that is left for each page: of a million people, two hundred times.
"""

from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.database import connect
from bot.store.open_answers import open_answers
from bot.store.outreach.invitable import listed
from bot.store.outreach.removing import remove_uninvited
from tests.support.databases import Databases

PAGED: dict[str, Callable[[AsyncEngine], AsyncGenerator[Any]]] = {
    "listed": lambda engine: listed(engine, "trial", {"region": "north"}),
    "remove_uninvited": lambda engine: remove_uninvited(engine, "trial", 5_000),
    "open_answers": lambda engine: open_answers(engine, "trial", ["story", "wish"]),
}


@pytest.mark.parametrize("name", PAGED)
async def test_no_page_is_sorted(name: str, tmp_path: Path) -> None:
    engine = connect(await Databases("sqlite", str(tmp_path)).migrated())
    asked: list[tuple[str, Any]] = []

    def asks(connection: Any, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
        if statement.startswith("SELECT") and "LIMIT" in statement:
            asked.append((statement, parameters))

    event.listen(engine.sync_engine, "before_cursor_execute", asks)
    async for _ in PAGED[name](engine):
        pass
    event.remove(engine.sync_engine, "before_cursor_execute", asks)
    assert asked
    async with engine.connect() as connection:
        for statement, parameters in asked:
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps = [row.detail for row in plan]
            assert steps[0].startswith("SEARCH"), steps
            assert not [step for step in steps if "TEMP B-TREE" in step], steps
    await engine.dispose()
