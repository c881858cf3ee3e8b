"""People on an organiser's list, their invitations and interviews, in a store."""

import json
from collections.abc import Iterable, Mapping, Sequence
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
    channel: Channel = Channel.SMS,
    **columns: Any,
) -> tuple[int, int]:
    """Store somebody on the list, invited where a moment or a state is given; return recipient's and contact's id."""
    contact_id = await contact(engine, person, channel, **columns)
    row = {**_listed(attributes or {}, language), "contact_id": contact_id}
    async with writer(engine).begin() as connection:
        stored = await connection.execute(insert(recipients).values(row).returning(recipients.c.id))
        recipient_id = stored.scalar_one()
        if invited_at or state:
            row = _invitation(recipient_id, await _campaign(connection), state or "sent", invited_at)
            await connection.execute(insert(invitations).values(row))
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
        "terms": "{}",
        "created_at": NOON,
        "changed_at": NOON,
    }
    return int(
        (await connection.execute(insert(campaigns).values(row).returning(campaigns.c.id))).scalar_one()
    )


async def people(engine: AsyncEngine, listed: Sequence[Mapping[str, str]]) -> list[int]:
    """Store many people on the list at once, with these attributes; recipients and contacts have the same ids."""
    contacts = [
        {
            "id": number,
            "channel": Channel.SMS,
            "address_hash": f"hash-{number}",
            "address_sealed": "sealed",
            "created_at": NOON,
        }
        for number in range(1, len(listed) + 1)
    ]
    rows = [
        {**_listed(attributes, "en"), "id": number, "contact_id": number}
        for number, attributes in enumerate(listed, 1)
    ]
    async with writer(engine).begin() as connection:
        await connection.execute(insert(tables.contacts), contacts)
        await connection.execute(insert(recipients), rows)
    return [one["id"] for one in contacts]


async def invite(engine: AsyncEngine, chosen: Iterable[int], at: datetime) -> int:
    """Store invitations that were sent at a moment; return the id of their campaign."""
    async with writer(engine).begin() as connection:
        campaign_id = await _campaign(connection)
        rows = [_invitation(one, campaign_id, "sent", at) for one in chosen]
        await connection.execute(insert(invitations), rows)
    return campaign_id


def _listed(attributes: Mapping[str, str], language: str | None) -> dict[str, Any]:
    return {
        "consultation": "trial",
        "language": language,
        "country": "US",
        "time_zone": "America/New_York",
        "attributes": json.dumps(attributes),
        "consent_source": "register",
        "consented_on": date(2026, 1, 1),
        "added_at": NOON,
    }


def _invitation(recipient_id: int, campaign_id: int, state: str, at: datetime | None) -> dict[str, Any]:
    return {
        "recipient_id": recipient_id,
        "campaign_id": campaign_id,
        "lane": 0,
        "turn": recipient_id,
        "wording": "plain",
        "state": state,
        "due_at": NOON,
        "invited_at": at,
    }
