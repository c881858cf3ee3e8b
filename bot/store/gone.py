"""Numbers at which nobody is reached any more: a message could not arrive, nor will another, and nobody wrote since."""

from datetime import datetime

from sqlalchemy import ColumnElement, FromClause, exists, or_, select, union_all

from bot.channels.twilio_errors import GONE_CODES
from bot.store import tables
from bot.store.sending import OutboundStatus

_out = tables.outbound.c
_LOST = (OutboundStatus.FAILED, OutboundStatus.UNDELIVERED)


def is_gone() -> ColumnElement[bool]:
    """Return the condition that somebody is not reached any more, for few people: it looks at each one's messages."""
    return exists().where(
        _out.contact_id == tables.contacts.c.id, _out.status.in_(_LOST), *_at_an_end(tables.contacts)
    )


def is_among_gone(until: datetime | None = None) -> ColumnElement[bool]:
    """Return the same condition for a long list: those who are gone are looked up once, by the messages that were lost.

    `until` has those alone who were gone at a moment, as far as is known now.
    """
    people = tables.contacts.alias("gone")
    lost = [
        select(_out.contact_id)
        .join_from(tables.outbound, people, people.c.id == _out.contact_id)
        # One status at a time, as the indexes of lost messages have it.
        .where(tables.is_now(status), *_at_an_end(people))
        for status in _LOST
    ]
    if until is not None:
        lost = [one.where(_out.settled_at <= until) for one in lost]
    return tables.contacts.c.id.in_(union_all(*lost))


def _at_an_end(people: FromClause) -> tuple[ColumnElement[bool], ...]:
    """Return what a lost message says of a number: nothing will arrive there, and its owner has not written since."""
    last = people.c.last_inbound_at
    return (_out.error.in_(sorted(GONE_CODES)), or_(last.is_(None), _out.settled_at > last))
