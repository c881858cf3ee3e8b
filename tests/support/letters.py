"""Contacts to write to, and letters to them, in a store."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels import Address, Channel
from bot.store import tables
from bot.store.database import writer
from bot.store.outbox import enqueue
from bot.store.sending import Letter, Priority
from bot.store.vault import AddressPepper, AddressSeal
from tests.support.intake import NOON, PEPPER, SEALING_KEY

SENDER = "+12025550100"
SEAL = AddressSeal(SEALING_KEY)


def number(person: int) -> str:
    """Return one of a thousand numbers that Ofcom keeps for fiction."""
    return f"+447700900{person:03d}"


async def contact(engine: AsyncEngine, person: int, channel: Channel = Channel.SMS, **columns: Any) -> int:
    """Store a person who can be written to, and return their id."""
    address = Address(number(person))
    row = {
        "channel": channel,
        "address_hash": AddressPepper(PEPPER).hash(channel, address),
        "address_sealed": SEAL.seal(address),
        "created_at": NOON,
        **columns,
    }
    async with writer(engine).begin() as connection:
        result = await connection.execute(insert(tables.contacts).values(row).returning(tables.contacts.c.id))
        return int(result.scalar_one())


def letter(contact_id: int, text: str = "Hello", due_at: datetime = NOON, **fields: Any) -> Letter:
    return Letter(
        **{
            "contact_id": contact_id,
            "sender": SENDER,
            "priority": Priority.REPLY,
            "text": text,
            "due_at": due_at,
            **fields,
        }
    )


async def put(engine: AsyncEngine, *letters: Letter) -> None:
    await enqueue(engine, letters, NOON)
