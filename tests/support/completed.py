"""Interviews in a store as they are once they ended, for what follows on that."""

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.interview.records import Ending
from bot.store import tables
from bot.store.database import writer
from bot.store.versions import Publication, publish
from tests.support.intake import NOON, VERSION


async def interview(
    engine: AsyncEngine,
    contact_id: int | None,
    consultation: str = "water",
    ending: Ending | None = Ending.COMPLETE,
    at: datetime = NOON,
) -> int:
    """Store an interview of somebody that ended so, and return its id; None for one that goes on."""
    await publish(engine, [Publication(VERSION, consultation, "{}")], at)
    async with writer(engine).begin() as connection:
        many = len((await connection.execute(select(tables.interviews.c.id))).all())
        row = {
            "contact_id": contact_id,
            "consultation": consultation,
            "version": VERSION,
            "respondent_id": f"respondent-{many}",
            "channel": "sms",
            "state": "{}",
            "stage": "ended" if ending else "items",
            "ending": ending,
            "started_at": at,
            "updated_at": at,
            "ended_at": at if ending else None,
        }
        stored = await connection.execute(
            insert(tables.interviews).values(row).returning(tables.interviews.c.id)
        )
        return int(stored.scalar_one())
