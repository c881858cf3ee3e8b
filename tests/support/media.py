"""Pictures and sounds that wait in a store, as the intake puts them there."""

from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store import tables
from bot.store.database import writer
from tests.support.intake import NOON
from tests.support.media_host import media_url


async def waits(
    engine: AsyncEngine,
    contact_id: int,
    number: int = 1,
    kind: str = "image",
    channel: str = "sms",
    due_at: datetime = NOON,
) -> str:
    """Have a picture or sound wait, and return the stem of its file."""
    stem = f"{number:032x}"
    row = {
        "contact_id": contact_id,
        "channel": channel,
        "reference": media_url(number),
        "kind": kind,
        "status": "waiting",
        "due_at": due_at,
        "created_at": NOON,
        "file": stem,
    }
    async with writer(engine).begin() as connection:
        await connection.execute(insert(tables.media).values(row))
    return stem
