"""An organiser's list as it is read to be invited."""

from contextlib import aclosing

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.outreach.invitable import Listed, listed
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
