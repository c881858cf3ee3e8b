"""Contacts to write to, and letters to them, in a store."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels import Address, Channel
from bot.store import tables
from bot.store.database import writer
from bot.store.outbox import enqueue
from bot.store.sending import Letter, OutboundStatus, Priority
from bot.store.vault import AddressPepper, AddressSeal
from tests.support.intake import NOON, PEPPER, SEALING_KEY

SENDER = "+12025550100"
SEAL = AddressSeal(SEALING_KEY)


def number(person: int) -> str:
    """Return one of a thousand numbers that Ofcom keeps for fiction."""
    return f"+447700900{person:03d}"


async def contact(engine: AsyncEngine, person: int, channel: Channel = Channel.SMS, **columns: Any) -> int:
    """Store a person who can be written to, and return their id."""
    (stored,) = await contacts(engine, [person], channel, **columns)
    return stored


async def contacts(
    engine: AsyncEngine, people: Sequence[int], channel: Channel = Channel.SMS, **columns: Any
) -> Sequence[int]:
    """Store people who can be written to, and return their ids, in their order."""
    pepper = AddressPepper(PEPPER)
    rows = [
        {
            "channel": channel,
            "address_hash": pepper.hash(channel, Address(number(person))),
            "address_sealed": SEAL.seal(Address(number(person))),
            "created_at": NOON,
            **columns,
        }
        for person in people
    ]
    query = insert(tables.contacts).returning(tables.contacts.c.id, sort_by_parameter_order=True)
    async with writer(engine).begin() as connection:
        return (await connection.execute(query, rows)).scalars().all()


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


async def lose(engine: AsyncEngine, contact_id: int, at: datetime = NOON, error: str = "30005") -> None:
    """Store a message to somebody that did not arrive; by its code, no other will."""
    row = {
        **{"contact_id": contact_id, "position": 0, "body": "Hello", "created_at": at},
        **{"status": OutboundStatus.UNDELIVERED, "error": error, "settled_at": at},
    }
    async with writer(engine).begin() as connection:
        await connection.execute(insert(tables.outbound), row)
