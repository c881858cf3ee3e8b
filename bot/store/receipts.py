"""Receipts as they are stored: forward only, whether or not their message is there yet."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    Text,
    Update,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    text,
    update,
)

from bot.channels.receipts import PROVIDERS, RANKS, Receipt
from bot.channels.twilio_errors import OPTED_OUT_CODES, SENT_AGAIN_AFTER, SENT_AGAIN_CODES
from bot.store import tables
from bot.store.rowset import given, insertion, run
from bot.store.sending import OutboundStatus
from bot.store.tables import written

_receipt, _out, _in, _contact = (
    table.c for table in (tables.receipts, tables.outbound, tables.inbound, tables.contacts)
)
_TURN = text("SELECT pg_advisory_xact_lock(4868503)")
"""The lock under which messages and receipts find each other; any number not used otherwise."""
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


def store_receipts(connection: Connection, receipts: Sequence[Receipt]) -> None:
    """Write receipts, and what those that tell something new say of our messages and of who has opted out."""
    dialect = connection.dialect.name
    take_turns(connection)
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
        for one in furthest.values()
    ]
    # What comes again, or late, must change nothing: somebody may have sent START since.
    news = [furthest[provider, name] for provider, name in run(connection, _forward(dialect), rows)]
    replies = [
        {"in_reply_to": one.in_reply_to, "position": one.position, "provider_id": one.provider_id}
        for one in news
        if one.in_reply_to is not None and one.position is not None
    ]
    if replies:
        run(connection, _named(dialect), replies)
    _follow(connection, [(one.provider_id, one.status, one.error, written(one.at)) for one in news])


def catch_up(connection: Connection, provider_ids: Sequence[str]) -> None:
    """Have messages that just got these ids follow the receipts that came before they had them."""
    asked = [{"provider": provider, "provider_id": one} for provider in PROVIDERS for one in provider_ids]
    earlier = run(connection, _earlier(connection.dialect.name), asked)
    _follow(connection, [(name, status, error, written(at)) for name, status, error, at in earlier])


def take_turns(connection: Connection) -> None:
    """Have a transaction that gives messages their ids wait for those that store receipts, and they for it.

    Side by side, neither would see the other's rows, and a message would never hear of its receipt. On SQLite there
    is one writer anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_TURN)


def _follow(connection: Connection, told: Iterable[tuple[str, str, str | None, str]]) -> None:
    """Have messages follow what is told of them: provider's id, its status, error, when."""
    dialect = connection.dialect.name
    settled: list[dict[str, str | None]] = []
    again: list[dict[str, str]] = []
    for name, status, error, at in told:
        if status not in _SETTLES:
            continue
        settles = _SETTLES[status]
        settled.append({"provider_id": name, "status": settles, "error": error, "settled_at": at})
        if settles is OutboundStatus.UNDELIVERED and error in SENT_AGAIN_CODES:
            later = datetime.fromisoformat(at) + SENT_AGAIN_AFTER
            again.append({"provider_id": name, "due_at": written(later)})
    if not settled:
        return
    run(connection, _settled(dialect), settled)
    if opted_out := [row for row in settled if row["error"] in OPTED_OUT_CODES]:
        run(connection, _opted_out(dialect), opted_out)
    if again:
        run(connection, _again(dialect), again)


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
    ).returning(_receipt.provider, _receipt.provider_id)


@cache
def _earlier(dialect: str) -> Select[Any]:
    # Both are given: with the provider said apart, SQLite went through all receipts there are, for each batch sent.
    asked = given(dialect, _receipt.provider, _receipt.provider_id)
    found = and_(_receipt.provider == asked.c.provider, _receipt.provider_id == asked.c.provider_id)
    columns = (_receipt.provider_id, _receipt.status, _receipt.error, _receipt.received_at)
    return select(*columns).join_from(asked, tables.receipts, found)


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
    # Who has written since the message was sent has said themselves whether they want more.
    is_last_word = or_(
        _contact.last_inbound_at.is_(None),
        _contact.last_inbound_at <= func.coalesce(_out.attempt_started_at, _out.created_at),
    )
    return (
        update(tables.contacts)
        .values(opted_out_at=func.coalesce(_contact.opted_out_at, told.c.settled_at))
        .where(_contact.id == _out.contact_id, _out.provider_id == told.c.provider_id, is_last_word)
    )


@cache
def _again(dialect: str) -> Update:
    """Have the outbox send messages once more that it has sent once; a reply in an answer is not its to send."""
    told = given(dialect, _out.provider_id, _out.due_at)
    return (
        update(tables.outbound)
        # One more message for the caps, also on the day of the first: whoever pays pays for both.
        .values(status=OutboundStatus.QUEUED, due_at=told.c.due_at, counted_on=None)
        .where(
            _out.provider_id == told.c.provider_id,
            _out.status == OutboundStatus.UNDELIVERED,
            _out.sender.is_not(None),
            _out.attempts == 1,
        )
    )
