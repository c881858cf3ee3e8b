"""An organiser's list as it is read to be invited."""

from contextlib import aclosing

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.outreach.invitable import Listed, listed, listed_attributes
from tests.support.recruited import recipient


async def pages(engine: AsyncEngine, size: int, **where: tuple[str, ...]) -> list[list[Listed]]:
    async with aclosing(listed(engine, "trial", where, size)) as read:
        return [list(page) async for page in read]


async def test_everybody_is_read_once_however_the_list_is_cut(engine: AsyncEngine) -> None:
    # Those who were in the vault before they were listed have the ids of the list in another order than there.
    ids = [(await recipient(engine, person))[0] for person in (3, 1, 4, 2, 5)]
    for size in (1, 2, 5, 6):
        read = await pages(engine, size)
        assert all(len(page) == size for page in read[:-1])
        assert sorted(one.recipient_id for page in read for one in page) == sorted(ids)


async def test_what_a_list_tells_is_counted_and_looked_for_by_every_spelling(engine: AsyncEngine) -> None:
    for person, said in enumerate(["North", "NORTH", "North", 'the "old" town']):
        await recipient(engine, person, {"region": said, "its 'age'": "30"})
    await recipient(engine, 5)
    assert await listed_attributes(engine, "trial") == {
        "region": {"North": 2, "NORTH": 1, 'the "old" town': 1},
        "its 'age'": {"30": 4},
    }
    assert await listed_attributes(engine, "another") == {}
    both = [one for page in await pages(engine, 5, region=("North", "NORTH")) for one in page]
    assert len(both) == 3
