"""Cases of the inbox, in a store."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.safeguarding import Urgency
from bot.store.database import writer
from bot.store.inbox_tables import inbox_cases
from tests.support.intake import NOON


async def open_case(
    engine: AsyncEngine,
    contact_id: int,
    consultation: str = "trial",
    urgency: Urgency = Urgency.URGENT,
    at: datetime = NOON,
    **columns: Any,
) -> int:
    """Have somebody wait for a person's answer; return the number of their case."""
    row = {
        "contact_id": contact_id,
        "consultation": consultation,
        "language": "en",
        "urgency": urgency.value,
        "opened_at": at,
        "written_at": at,
        "due_at": at + timedelta(hours=24),
        **columns,
    }
    async with writer(engine).begin() as connection:
        stored = await connection.execute(insert(inbox_cases).values(row).returning(inbox_cases.c.id))
        return int(stored.scalar_one())


async def close_case(engine: AsyncEngine, number: int, at: datetime) -> None:
    async with writer(engine).begin() as connection:
        await connection.execute(
            update(inbox_cases).where(inbox_cases.c.id == number).values(closed_at=at, outcome="answered")
        )
