"""Receipts as they are stored: forward only, whether or not their message is there yet."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Text,
    Update,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    update,
)

from bot.channels.receipts import RANKS, Receipt
from bot.store import tables
from bot.store.rowset import given, insertion, run
from bot.store.sending import OutboundStatus
from bot.store.tables import written

_receipt, _out, _in = tables.receipts.c, tables.outbound.c, tables.inbound.c
_SETTLES = {
    "delivered": OutboundStatus.DELIVERED,
    "read": OutboundStatus.DELIVERED,
    "undelivered": OutboundStatus.UNDELIVERED,
    "failed": OutboundStatus.UNDELIVERED,
}
_ON_ITS_WAY = (
    OutboundStatus.REPLIED,
    OutboundStatus.SENDING,
    OutboundStatus.SENT,
    OutboundStatus.UNCERTAIN,
    OutboundStatus.UNDELIVERED,
    OutboundStatus.DELIVERED,
)


def store_receipts(
    connection: Connection, receipts: Sequence[Receipt], opted_out_codes: Sequence[str]
) -> None:
    """Write receipts, and what they say of our messages and of who has opted out; in order where several are of one."""
    dialect = connection.dialect.name
    furthest: dict[tuple[str, str], Receipt] = {}
    for one in receipts:
        key = (one.provider, one.provider_id)
        if key not in furthest or RANKS.get(one.status, 0) > RANKS.get(furthest[key].status, 0):
            furthest[key] = one
    rows = [
        {
            "provider": one.provider,
            "provider_id": one.provider_id,
            "status": one.status,
            "error": one.error,
            "received_at": written(one.at),
        }
        # Sorted: two processes that store receipts of the same messages never wait for each other.
        for _, one in sorted(furthest.items())
    ]
    run(connection, _forward(dialect), rows)
    replies = [
        {"in_reply_to": one.in_reply_to, "position": one.position, "provider_id": one.provider_id}
        for one in furthest.values()
        if one.in_reply_to is not None and one.position is not None
    ]
    if replies:
        run(connection, _named(dialect), replies)
    settled = [
        {
            "provider_id": one.provider_id,
            "status": _SETTLES[one.status],
            "error": one.error,
            "settled_at": written(one.at),
        }
        for one in furthest.values()
        if one.status in _SETTLES
    ]
    if settled:
        run(connection, _settled(dialect), settled)
    if opted_out := [row for row in settled if row["error"] in opted_out_codes]:
        run(connection, _opted_out(dialect), opted_out)


def _rank(status: ColumnElement[Any]) -> ColumnElement[int]:
    return case(RANKS, value=status, else_=0)


@cache
def _forward(dialect: str) -> Any:
    statement = insertion(dialect, *tables.receipts.c)
    changed = {
        one.name: statement.excluded[one.name]
        for one in (_receipt.status, _receipt.error, _receipt.received_at)
    }
    return statement.on_conflict_do_update(
        index_elements=[_receipt.provider, _receipt.provider_id],
        set_=changed,
        where=_rank(statement.excluded.status) > _rank(_receipt.status),
    )


@cache
def _named(dialect: str) -> Update:
    """Give replies that travelled in an answer the name that the provider has for them."""
    # Typed as text: `outbound.in_reply_to` is the number of a row, and here it is the provider's id.
    reply = given(dialect, Column("in_reply_to", Text), _out.position, _out.provider_id)
    asked = select(_in.id).where(_in.channel.in_(("sms", "whatsapp")), _in.provider_id == reply.c.in_reply_to)
    return (
        update(tables.outbound)
        .values(provider_id=reply.c.provider_id)
        .where(
            _out.in_reply_to.in_(asked.scalar_subquery()),
            _out.position == reply.c.position,
            _out.provider_id.is_(None),
        )
    )


@cache
def _settled(dialect: str) -> Update:
    told = given(dialect, _out.provider_id, _out.status, _out.error, _out.settled_at)
    goes_forward = or_(
        _out.status.not_in((OutboundStatus.DELIVERED, OutboundStatus.UNDELIVERED)),
        and_(_out.status == OutboundStatus.UNDELIVERED, told.c.status == literal(OutboundStatus.DELIVERED)),
    )
    return (
        update(tables.outbound)
        .values(status=told.c.status, error=told.c.error, settled_at=told.c.settled_at)
        .where(_out.provider_id == told.c.provider_id, _out.status.in_(_ON_ITS_WAY), goes_forward)
    )


@cache
def _opted_out(dialect: str) -> Update:
    told = given(dialect, _out.provider_id, _out.settled_at)
    return (
        update(tables.contacts)
        .values(opted_out_at=func.coalesce(tables.contacts.c.opted_out_at, told.c.settled_at))
        .where(tables.contacts.c.id == _out.contact_id, _out.provider_id == told.c.provider_id)
    )
