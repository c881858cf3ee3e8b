"""What was said with one person, in order: for the chat page, where they see it themselves."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, bindparam, func, literal, null, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.prompts.records import Button
from bot.store import tables
from bot.store.rows import read_buttons
from bot.store.turns import Sender


@dataclass(frozen=True, slots=True)
class SaidMessage:
    """One message of a talk. `language` is what the bot spoke; None for the person's own words."""

    outbound: bool
    text: str = field(repr=False)
    language: str | None = None
    buttons: tuple[Button, ...] = ()


async def read_talk(engine: AsyncEngine, sender: Sender, most: int = 200) -> Sequence[SaidMessage]:
    """Return the newest messages to and from a person, the oldest first; none of somebody new."""
    async with engine.connect() as connection:
        rows = await connection.execute(_NEWEST, {**sender._asdict(), "most": most})
        return tuple(
            SaidMessage(bool(row.outbound), row.body, row.language, read_buttons(row.buttons))
            for row in reversed(rows.all())
        )


def _newest() -> Select[Any]:
    contact, said, replied = tables.contacts.c, tables.inbound.c, tables.outbound.c
    person = (
        select(contact.id)
        .where(contact.channel == bindparam("channel"), contact.address_hash == bindparam("address_hash"))
        .scalar_subquery()
    )
    theirs = select(
        said.received_at.label("moment"),
        said.id.label("turn"),
        literal(-1).label("position"),
        literal(False).label("outbound"),
        said.body,
        null().label("language"),
        null().label("buttons"),
    ).where(said.contact_id == person)
    # A reply stands below what it answers. What the outbox sends answers nothing, and was said once it was sent.
    answered = select(said.received_at).where(said.id == replied.in_reply_to).scalar_subquery()
    sent = func.coalesce(answered, replied.attempt_started_at, type_=said.received_at.type)
    ours = select(
        sent,
        replied.in_reply_to,
        replied.position,
        literal(True),
        replied.body,
        replied.language,
        replied.buttons,
    ).where(
        replied.contact_id == person, or_(replied.in_reply_to.is_not(None), replied.provider_id.is_not(None))
    )
    both = union_all(theirs, ours).subquery()
    newest = (both.c.moment.desc(), func.coalesce(both.c.turn, 0).desc(), both.c.position.desc())
    return select(both).order_by(*newest).limit(bindparam("most"))


_NEWEST = _newest()
