"""People who may be invited, in a store, and campaigns to invite them in."""

import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.interview.records import Ending, Interview, Stage
from bot.core.outreach.campaigns import Campaign, Lane, Terms, Words
from bot.core.outreach.drawing import turn_of, wording_of
from bot.core.outreach.hours import Hours
from bot.store import tables
from bot.store.database import writer
from bot.store.outreach.campaigns import begin_campaign, open_campaign
from bot.store.outreach.invitations import NewInvitation, write_invitations
from bot.store.outreach.tables import invitations, recipients
from bot.store.rows import interview_row, respondent_id
from bot.store.versions import Publication, publish
from tests.support.intake import NOON, VERSION
from tests.support.letters import SENDER, contact

ALL_DAY = Hours(time(0), time(23, 59))
SAID = {"plain": {"en": Words("Come and talk. STOP ends it.", 1), "sw": Words("Karibu. STOP.", 1)}}
NAIROBI = "Africa/Nairobi"


async def recipient(engine: AsyncEngine, person: int, consultation: str = "trial", **fields: Any) -> int:
    """Store somebody who may be invited, and return the id of the recipient; see `contact` for `contact_*` fields."""
    of_contact = {
        name.removeprefix("contact_"): fields.pop(name) for name in [*fields] if name.startswith("contact_")
    }
    contact_id = fields.pop("person_id", None) or await contact(engine, person, **of_contact)
    row = {
        "consultation": consultation,
        "contact_id": contact_id,
        "language": "en",
        "country": "KE",
        "time_zone": NAIROBI,
        "attributes": json.dumps(fields.pop("attributes", {})),
        "consent_source": "a meeting",
        "consented_on": date(2026, 1, 1),
        "added_at": NOON,
        **fields,
    }
    async with writer(engine).begin() as connection:
        added = await connection.execute(insert(recipients).values(row).returning(recipients.c.id))
        return int(added.scalar_one())


async def contact_of(engine: AsyncEngine, recipient_id: int) -> int:
    async with engine.connect() as connection:
        query = select(recipients.c.contact_id).where(recipients.c.id == recipient_id)
        return int((await connection.execute(query)).scalar_one())


async def campaign(
    engine: AsyncEngine,
    *invited: int,
    said: Mapping[str, Mapping[str, Words]] = SAID,
    hours: Hours = ALL_DAY,
    lanes: tuple[Lane, ...] = (Lane(SENDER, NAIROBI),),
    sample: int | None = None,
    seed: int = 7,
    lane_of: Mapping[int, int] | None = None,
    consultation: str = "trial",
) -> Campaign:
    """Store a running campaign that invites these recipients."""
    terms = Terms(hours, said, lanes, len(invited))
    begun = await begin_campaign(engine, consultation, terms, seed, sample, NOON)
    new = [
        NewInvitation(one, (lane_of or {}).get(one, 0), turn_of(seed, one), wording_of(seed, one, [*said]))
        for one in invited
    ]
    await write_invitations(engine, begun, new)
    return await open_campaign(engine, begun, NOON)


async def begins(
    engine: AsyncEngine,
    contact_id: int,
    consultation: str = "trial",
    at: datetime = NOON,
    ending: Ending | None = None,
    at_slot: str | None = None,
) -> int:
    """Have a person be in an interview, at a question's slot, and return its id."""
    await publish(engine, [Publication(VERSION, consultation, "{}")], NOON)
    stage = Stage.ENDED if ending else Stage.ITEMS
    consented = None if ending is Ending.REFUSED else at
    held = Interview(
        consultation, VERSION, 1, at, at, "en", stage, at=at_slot, ending=ending, consented_at=consented
    )
    row = {
        "contact_id": contact_id,
        "consultation": consultation,
        "respondent_id": respondent_id(),
        "channel": "sms",
        **interview_row(held, at if ending else None),
    }
    moments = {
        name: datetime.fromisoformat(str(value))
        for name, value in row.items()
        if name.endswith("_at") and value
    }
    async with writer(engine).begin() as connection:
        added = await connection.execute(
            insert(tables.interviews).values({**row, **moments}).returning(tables.interviews.c.id)
        )
        await connection.execute(
            update(tables.contacts)
            .where(tables.contacts.c.id == contact_id)
            .values(current_consultation=consultation, last_inbound_at=at)
        )
        return int(added.scalar_one())


async def states(engine: AsyncEngine) -> dict[int, tuple[str, str | None]]:
    """Return each invitation's state and reason, by recipient."""
    columns = (invitations.c.recipient_id, invitations.c.state, invitations.c.reason)
    async with engine.connect() as connection:
        rows = await connection.execute(select(*columns).order_by(invitations.c.recipient_id))
        return {row.recipient_id: (row.state, row.reason) for row in rows}


DAY = timedelta(days=1)
