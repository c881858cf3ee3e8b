"""Whom an organiser listed, page by page, with what speaks against inviting each as far as the store knows."""

from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    ColumnElement,
    Select,
    TableValuedAlias,
    Text,
    and_,
    case,
    cast,
    column,
    exists,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels import Channel
from bot.core.outreach.choosing import Reason
from bot.store import tables
from bot.store.gone import is_gone
from bot.store.outreach.invitations import is_free
from bot.store.outreach.tables import invitations, recipients

_recipient, _invitation = recipients.c, invitations.c
_contact, _interview = tables.contacts.c, tables.interviews.c

PAGE = 5_000


class Listed(NamedTuple):
    """Somebody on the organiser's list. `own` is the language they chose themselves, `listed` the organiser's.

    `wrote_to` is which of our senders they wrote to last; `against` why they are not to be invited.
    """

    # A tuple, and not a dataclass as other records are: a million of them are made in one go.
    recipient_id: int
    own: str | None
    listed: str | None
    country: str
    time_zones: str
    wrote_to: str | None
    against: str | None


async def listed(
    engine: AsyncEngine, consultation: str, where: Mapping[str, Collection[str]], page: int = PAGE
) -> AsyncGenerator[Sequence[Listed]]:
    """Yield everybody on the list who has one of these values of each of these attributes, a page at a time.

    Each page is read in a transaction of its own: who is invited is looked at once more when their turn comes.
    """
    after = 0
    while True:
        query = _page(engine.dialect.name, consultation, where, after, page)
        async with engine.connect() as connection:
            rows = (await connection.execute(query)).all()
        if not rows:
            return
        yield [Listed(*row[1:]) for row in rows]
        after = rows[-1].contact_id


def _page(
    dialect: str, consultation: str, where: Mapping[str, Collection[str]], after: int, most: int
) -> Select[Any]:
    """Select the next page of the list.

    In the order of the index that finds a consultation's list. In any other, SQLite sorts all of the list for each
    page: a million people would be looked through two hundred times.
    """
    chosen = _listed(consultation, where, dialect)
    return chosen.where(_recipient.contact_id > after).order_by(_recipient.contact_id).limit(most)


async def listed_attributes(engine: AsyncEngine, consultation: str) -> Mapping[str, Mapping[str, int]]:
    """Return how many people on the list have each value of each attribute."""
    each = _pairs(engine.dialect.name)
    counted = (
        select(each.c.key, each.c.value, func.count())
        .select_from(recipients.join(each, literal(1) == 1))
        .where(_recipient.consultation == consultation)
        .group_by(each.c.key, each.c.value)
    )
    found: dict[str, dict[str, int]] = {}
    async with engine.connect() as connection:
        for name, value, people in await connection.execute(counted):
            found.setdefault(name, {})[value] = people
    return found


def has_attribute(dialect: str, name: str, values: Collection[str]) -> ColumnElement[bool]:
    """Return the condition that a recipient has an attribute of one of these values."""
    if dialect == "sqlite":
        # Not by a path: SQLite compares that with a key as it is written, escapes and all.
        each = _pairs(dialect)
        return exists().where(each.c.key == name, each.c.value.in_(sorted(values)))
    held: ColumnElement[str] = cast(_recipient.attributes, JSON)[name].as_string()
    return held.in_(sorted(values))


def _pairs(dialect: str) -> TableValuedAlias:
    """Return a recipient's attributes as rows of a key and a value."""
    if dialect == "sqlite":
        pairs = func.json_each(_recipient.attributes)
    else:
        pairs = func.json_each_text(cast(_recipient.attributes, JSON))
    return pairs.table_valued(column("key", Text), column("value", Text), name="attribute")


def is_on_a_channel_to_write_first() -> ColumnElement[bool]:
    """Return the condition that somebody's channel lets us write to them first, in words of our own."""
    # Not as the index of addresses has it: SQLite would go through that in the order of hashes, in place of the list.
    return func.coalesce(_contact.channel, "") == Channel.SMS.value


def has_gone_on_elsewhere(consultation: str) -> ColumnElement[bool]:
    """Return the condition that somebody began an interview here, and went on with it on another channel."""
    moved = (literal(" ") + _contact.moved + " ").contains(f" {consultation} ", autoescape=True)
    return func.coalesce(moved, literal(1) == 0)


def _listed(consultation: str, where: Mapping[str, Collection[str]], dialect: str) -> Select[Any]:
    theirs = and_(_interview.contact_id == _contact.id, _interview.consultation == consultation)
    against = case(
        (and_(_invitation.recipient_id.is_not(None), ~is_free()), Reason.INVITED.value),
        (_contact.opted_out_at.is_not(None), Reason.OPTED_OUT.value),
        (or_(_interview.id.is_not(None), has_gone_on_elsewhere(consultation)), Reason.INTERVIEWED.value),
        (~is_on_a_channel_to_write_first(), Reason.CHANNEL.value),
        (is_gone(), Reason.GONE.value),
        else_=null(),
    )
    return (
        select(
            _recipient.contact_id,
            _recipient.id,
            _contact.language,
            _recipient.language,
            _recipient.country,
            _recipient.time_zone,
            _contact.sender,
            against,
        )
        .select_from(
            recipients.join(tables.contacts, _contact.id == _recipient.contact_id)
            .outerjoin(invitations, _invitation.recipient_id == _recipient.id)
            .outerjoin(tables.interviews, theirs)
        )
        .where(
            _recipient.consultation == consultation,
            *(has_attribute(dialect, name, values) for name, values in where.items()),
        )
    )
