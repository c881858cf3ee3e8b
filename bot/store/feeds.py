"""By which name the entries of a feed are called, for as long as there is the feed."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store import results_tables
from bot.store.database import writer
from bot.store.rowset import insertion, run


@dataclass(frozen=True, slots=True)
class FeedName:
    """Who names the entries, a domain, and a day on which it was theirs: the first half of a tag URI (RFC 4151)."""

    authority: str
    day: date


async def name_feed(engine: AsyncEngine, consultation: str, authority: str, today: date) -> FeedName:
    """Return the name of a feed, given to it now where it has none.

    An address that the server has only later makes no other entries of those that readers have seen.
    """
    feed = results_tables.feeds.c
    query = select(feed.authority, feed.named_on).where(feed.consultation == consultation)
    async with engine.connect() as connection:
        row = (await connection.execute(query)).one_or_none()
    if row is None:
        naming = insertion(engine.dialect.name, feed.consultation, feed.authority, feed.named_on)
        named = {"consultation": consultation, "authority": authority, "named_on": today.isoformat()}
        async with writer(engine).begin() as connection:
            await connection.run_sync(run, naming.on_conflict_do_nothing(), [named])
            row = (await connection.execute(query)).one()
    return FeedName(row.authority, row.named_on)
