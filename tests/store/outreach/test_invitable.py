"""An organiser's list as it is read to be invited: everybody once, however it is cut, and no page dearer than another."""

from contextlib import aclosing
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.database import connect
from bot.store.outreach.invitable import Listed, listed
from tests.support.databases import Databases
from tests.support.recruited import recipient


async def pages(engine: AsyncEngine, size: int, **where: str) -> list[list[Listed]]:
    async with aclosing(listed(engine, "trial", where, size)) as read:
        return [list(page) async for page in read]


async def test_everybody_is_read_once_however_the_list_is_cut(engine: AsyncEngine) -> None:
    # Those who were in the vault before they were listed have the ids of the list in another order than there.
    ids = [(await recipient(engine, person))[0] for person in (3, 1, 4, 2, 5)]
    for size in (1, 2, 5, 6):
        read = await pages(engine, size)
        assert all(len(page) == size for page in read[:-1])
        assert sorted(one.recipient_id for page in read for one in page) == sorted(ids)


async def test_a_page_is_found_without_sorting_the_list(tmp_path: Path) -> None:
    engine = connect(await Databases("sqlite", str(tmp_path)).migrated())
    asked: list[tuple[str, Any]] = []

    def asks(connection: Any, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
        if statement.startswith("SELECT recipients"):
            asked.append((statement, parameters))

    await recipient(engine, 1)
    event.listen(engine.sync_engine, "before_cursor_execute", asks)
    await pages(engine, 1)
    assert len(asked) == 2
    async with engine.connect() as connection:
        for statement, parameters in asked:
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps = [row.detail for row in plan]
            assert "SEARCH recipients USING INDEX" in steps[0]
            assert not [step for step in steps if "TEMP B-TREE" in step]
    await engine.dispose()
