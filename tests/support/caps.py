"""What an operator sets of the caps against harm, for tests that send what nobody asked for."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.outreach.caps import Cap, Change, Footing, Subject
from bot.store.outreach.caps import change
from tests.support.intake import NOON


async def allow(engine: AsyncEngine, *countries: str, footing: Footing = Footing.HOME) -> None:
    """Have the organiser work in these countries, or write to them from elsewhere."""
    for country in countries:
        await change(engine, Change(Subject.COUNTRY, footing, "amina", "", NOON, country))


async def set_cap(engine: AsyncEngine, cap: Cap, value: str, at: datetime = NOON) -> int:
    """Set a cap; return how many messages are not held by it any more."""
    return await change(engine, Change(cap, value, "amina", "a test", at))


async def set_price(engine: AsyncEngine, value: str, country: str | None = None) -> None:
    await change(engine, Change(Subject.PRICE, value, "amina", "a test", NOON, country))
