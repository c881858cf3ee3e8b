"""People on an organiser's list, their invitations and interviews, in a store."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from itertools import count
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.channels import Channel
from bot.store import tables
from bot.store.database import writer
from bot.store.outreach.tables import campaigns, invitations, recipients
from bot.store.versions import Publication, publish
from tests.support.intake import NOON, VERSION
from tests.support.letters import contact

_numbers = count()


async def recipient(
    engine: AsyncEngine,
    person: int,
    attributes: Mapping[str, str] | None = None,
    language: str | None = "en",
    invited_at: datetime | None = None,
    state: str | None = None,
    **columns: Any,
) -> tuple[int, int]:
    """Store somebody on the list, invited where a moment or a state is given; return recipient's and contact's id."""
    contact_id = await contact(engine, person, Channel.SMS, **columns)
    row = {
        "consultation": "trial",
        "contact_id": contact_id,
        "language": language,
        "country": "US",
        "time_zone": "America/New_York",
        "attributes": json.dumps(attributes or {}),
        "consent_source": "register",
        "consented_on": date(2026, 1, 1),
        "added_at": NOON,
    }
    async with writer(engine).begin() as connection:
        stored = await connection.execute(insert(recipients).values(row).returning(recipients.c.id))
        recipient_id = stored.scalar_one()
        if invited_at or state:
            invitation = {
                "recipient_id": recipient_id,
                "campaign_id": await _campaign(connection),
                "turn": recipient_id,
                "wording": "plain",
                "state": state or "sent",
                "due_at": NOON,
                "invited_at": invited_at,
            }
            await connection.execute(insert(invitations).values(invitation))
    return recipient_id, contact_id


async def interview(
    engine: AsyncEngine,
    contact_id: int | None,
    answers: Mapping[str, str] | None = None,
    ending: str | None = "complete",
    language: str | None = "en",
    updated_at: datetime = NOON,
) -> None:
    """Store an interview of somebody, or of nobody who is known any more."""
    await publish(engine, [Publication(VERSION, "trial", "{}")], NOON)
    row = {
        "contact_id": contact_id,
        "consultation": "trial",
        "version": VERSION,
        "respondent_id": f"recruited-{next(_numbers)}",
        "channel": "sms",
        "language": language,
        "state": "{}",
        "stage": "ended" if ending else "items",
        "ending": ending,
        "started_at": updated_at,
        "updated_at": updated_at,
    }
    async with writer(engine).begin() as connection:
        stored = await connection.execute(
            insert(tables.interviews).values(row).returning(tables.interviews.c.id)
        )
        interview_id = stored.scalar_one()
        for item, value in (answers or {}).items():
            answer = {
                "interview_id": interview_id,
                "slot": item,
                "item": item,
                "value": value,
                "raw": value,
                "status": "answered",
                "relevant": True,
                "tries": 0,
                "answered_at": updated_at,
                "version": VERSION,
            }
            await connection.execute(insert(tables.answers).values(answer))


async def _campaign(connection: AsyncConnection) -> int:
    found = (await connection.execute(select(campaigns.c.id))).scalar()
    if found is not None:
        return int(found)
    row = {
        "consultation": "trial",
        "number": 1,
        "state": "running",
        "seed": 7,
        "document": "{}",
        "created_at": NOON,
        "changed_at": NOON,
    }
    return int(
        (await connection.execute(insert(campaigns).values(row).returning(campaigns.c.id))).scalar_one()
    )
