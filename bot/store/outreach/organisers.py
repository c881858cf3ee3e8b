"""An organiser's own phone, to try wordings on: in the vault, as everybody's number is, and on no list."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store import tables
from bot.store.database import writer
from bot.store.rowset import insertion, run
from bot.store.tables import written
from bot.store.turns import Sender

_contact = tables.contacts.c


async def contact_for(
    engine: AsyncEngine, sender: Sender, sealed: str, at: datetime
) -> tuple[int, str | None, bool]:
    """Return the contact of a number, stored if new: its id, whom they wrote to last, and whether they sent STOP."""
    columns = (_contact.channel, _contact.address_hash, _contact.address_sealed, _contact.created_at)
    statement = insertion(engine.dialect.name, *columns).on_conflict_do_nothing()
    row = {**sender._asdict(), "address_sealed": sealed, "created_at": written(at)}
    theirs = (_contact.channel == sender.channel, _contact.address_hash == sender.address_hash)
    async with writer(engine).begin() as connection:
        await connection.run_sync(run, statement, [row])
        found = await connection.execute(
            select(_contact.id, _contact.sender, _contact.opted_out_at).where(*theirs)
        )
        id_, wrote_to, opted_out_at = found.one()
    return id_, wrote_to, opted_out_at is not None
