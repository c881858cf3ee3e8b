"""People who answered a consultation and asked to be told what came of it, in a store."""

from datetime import date, datetime
from itertools import count
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels import Channel
from bot.core.findings import Change, Finding, FindingState
from bot.store import tables
from bot.store.database import writer
from bot.store.findings import finding, register
from bot.store.versions import Publication, publish
from tests.support.intake import NOON, VERSION
from tests.support.letters import SENDER, contact

WORDS = {"en": "You said the well is dry. We dig in May.", "sw": "Mlisema kisima kimekauka. Tutachimba Mei."}
HEARD = Change(1, FindingState.HEARD, NOON, "amina", "Water office", date(2026, 5, 25))
_numbers = count()


async def respondent(
    engine: AsyncEngine,
    person: int,
    language: str | None = "en",
    channel: Channel = Channel.SMS,
    report_back: bool | None = True,
    consultation: str = "trial",
    **columns: Any,
) -> int:
    """Store somebody who has answered the consultation; return the id of their contact."""
    await publish(engine, [Publication(VERSION, "trial", "{}")], NOON)
    contact_id = await contact(
        engine, person, channel, **{"sender": SENDER, "last_inbound_at": NOON, **columns}
    )
    row = {
        "contact_id": contact_id,
        "consultation": consultation,
        "version": VERSION,
        "respondent_id": f"respondent-{next(_numbers)}",
        "channel": channel,
        "language": language,
        "state": "{}",
        "stage": "ended",
        "ending": "complete",
        "started_at": NOON,
        "updated_at": NOON,
        "report_back": report_back,
    }
    async with writer(engine).begin() as connection:
        await connection.execute(insert(tables.interviews).values(row))
    return contact_id


async def erase(engine: AsyncEngine, contact_id: int) -> None:
    """Delete somebody's contact, and with it all that leads to them."""
    async with writer(engine).begin() as connection:
        await connection.execute(delete(tables.contacts).where(tables.contacts.c.id == contact_id))


async def registered(
    engine: AsyncEngine, words: dict[str, str] | None = None, at: datetime = NOON
) -> Finding:
    """Return a finding with words for its first change."""
    said = WORDS if words is None else words
    return await finding(engine, await register(engine, "trial", "The well is dry", at.date(), HEARD, said))


async def messages(engine: AsyncEngine) -> list[tuple[int, str, str | None]]:
    """Return to whom, what and in which state each message in the outbox is, the oldest first."""
    out = tables.outbound.c
    async with engine.connect() as connection:
        rows = await connection.execute(select(out.contact_id, out.body, out.status).order_by(out.id))
        return [tuple(row) for row in rows]
