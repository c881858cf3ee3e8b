"""The caps against harm, counted exactly: whoever hands messages over reserves them here first.

One row is locked by everybody who counts, and by whoever changes what is allowed, so that of two processes one waits
for the other. What is reserved stays counted whatever comes of it: after a crash there may be counted more than was
sent, never less.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, case, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels import CARRIAGES
from bot.core.outreach.campaigns import InvitationState
from bot.core.outreach.caps import (
    HELD,
    Cap,
    Change,
    Grant,
    Held,
    Limits,
    Person,
    Request,
    Subject,
    Totals,
    begins,
    day_of,
    grant,
    in_force,
    next_day,
)
from bot.store import tables
from bot.store.database import writer
from bot.store.outbox import settle_within
from bot.store.outreach.tables import cap_changes, cap_counting, cap_days, cap_people, invitations
from bot.store.rowset import given, insertion, run
from bot.store.sending import Attempt, OutboundStatus, Priority, Settled

_out, _contact = tables.outbound.c, tables.contacts.c
_change, _day, _person = cap_changes.c, cap_days.c, cap_people.c

CountryOf = Callable[[int, str], str | None]
"""Returns the country of somebody's number: their contact's id and their sealed address -> ISO 3166, or None."""

PAGE = 2_000
"""Messages looked through in one transaction."""

_PHONES = [channel.value for channel, carriage in CARRIAGES.items() if carriage.is_phone]


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds, who set it, and what today has come to with all replies so far."""

    limits: Limits
    changes: Sequence[Change]
    totals: Totals
    held: Mapping[str, int]
    """Messages that caps keep back now, by why."""
    silenced: int
    """Replies that were not sent, for two machines answer each other."""


def is_reply(attempt: Attempt) -> bool:
    return attempt.priority is Priority.REPLY


async def reserve(
    engine: AsyncEngine,
    attempts: Sequence[Attempt],
    countries: Mapping[int, str | None],
    now: datetime,
    country_of: CountryOf,
) -> Grant:
    """Count those messages in hand that may be handed over today; what is held goes back to the queue.

    `countries` are those of the people on channels with phone numbers, by contact. A message that is held is due again
    when the next day begins, or when somebody allows more; a reply that is held is not sent at all.
    """
    async with writer(engine).begin() as connection:
        return await connection.run_sync(_reserve, attempts, countries, now, country_of)


def _reserve(
    connection: Connection,
    attempts: Sequence[Attempt],
    countries: Mapping[int, str | None],
    now: datetime,
    country_of: CountryOf,
) -> Grant:
    counted_to = _lock(connection)
    limits, today = in_force(_changes(connection)), day_of(now)
    totals = stored = _totals(connection, today)
    if not all(map(is_reply, attempts)):
        # Of the replies that are not in the day's count yet; no cap on replies alone asks for them.
        spent = _spent(connection.execute(_tail(begins(today), counted_to)).all(), limits, country_of)
        totals = replace(totals, spent=totals.spent + spent)
    people = _people(connection, {one.contact_id for one in attempts}, today)
    given_out = grant(limits, today, totals, people, [_request(one, countries) for one in attempts])
    if given_out.counted:
        added = replace(given_out.totals, spent=given_out.totals.spent - totals.spent + stored.spent)
        _keep_totals(connection, today, added)
        _keep_people(connection, attempts, given_out, today)
        rows = [{"id": one, "counted_on": today.isoformat()} for one in given_out.counted]
        run(connection, _counted(connection.dialect.name), rows)
    held = [_held(one, given_out.held[one.id], now) for one in attempts if one.id in given_out.held]
    if held:
        # Here, with the lock: who allows more meanwhile finds them held, and lets them go.
        settle_within(connection, held)
    return given_out


def _request(attempt: Attempt, countries: Mapping[int, str | None]) -> Request:
    parts = (attempt.segments or 1) if attempt.channel in _PHONES else None
    country = countries.get(attempt.contact_id)
    return Request(attempt.id, attempt.contact_id, is_reply(attempt), country, parts, attempt.counted_on)


def _held(attempt: Attempt, held: Held, now: datetime) -> Settled:
    if is_reply(attempt):
        return Settled(
            attempt.id, attempt.started_at, OutboundStatus.FAILED, now, error=held.code, counts=False
        )
    opens = next_day(now)
    # Not later than it makes sense to send it: who waits for what became of it is told then.
    due_at = min(opens, attempt.expires_at) if attempt.expires_at else opens
    return Settled(
        attempt.id,
        attempt.started_at,
        OutboundStatus.QUEUED,
        now,
        error=held.code,
        due_at=due_at,
        counts=False,
    )


async def count_replies(engine: AsyncEngine, up_to: int, country_of: CountryOf) -> None:
    """Add the replies that travelled in answers to the days of their making, up to the message with this id.

    Whoever calls it has seen that message at least as long ago as a transaction takes: none with a lower id is still
    to come.
    """
    is_done = False
    while not is_done:
        async with writer(engine).begin() as connection:
            is_done = await connection.run_sync(_count_replies, up_to, country_of)


def _count_replies(connection: Connection, up_to: int, country_of: CountryOf) -> bool:
    counted_to = _lock(connection)
    if counted_to >= up_to:
        return True
    last = min(up_to, counted_to + PAGE)
    limits = in_force(_changes(connection))
    by_day: dict[date, list[Row[Any]]] = {}
    for row in connection.execute(_replied().where(_out.id > counted_to, _out.id <= last)):
        by_day.setdefault(day_of(row.created_at), []).append(row)
    for day, rows in by_day.items():
        totals = _totals(connection, day)
        spent = totals.spent + _spent(rows, limits, country_of)
        _keep_totals(connection, day, replace(totals, spent=spent))
    connection.execute(update(cap_counting).values(counted_to=last))
    return last >= up_to


async def newest_message(engine: AsyncEngine) -> int:
    """Return the id of the newest message to anybody, 0 where there is none."""
    async with engine.connect() as connection:
        return await connection.scalar(select(func.coalesce(func.max(_out.id), 0))) or 0


async def newest_change(engine: AsyncEngine) -> int:
    """Return the id of the newest change of caps, by which it is known whether there was one."""
    async with engine.connect() as connection:
        return await connection.scalar(select(func.coalesce(func.max(_change.id), 0))) or 0


async def change(engine: AsyncEngine, new: Change) -> int:
    """Keep a change of what is allowed; return how many messages are not held any more by what it is about.

    They are tried at once, and held again where it was not enough.
    """
    row = {
        "subject": new.subject,
        "country": new.country,
        "value": new.value,
        "changed_by": new.by,
        "reason": new.reason,
        "changed_at": new.at,
    }
    if new.subject == Subject.COUNTRY:
        codes = [Held(Subject.COUNTRY, new.country).code, Held(Cap.ABROAD_A_DAY).code]
    else:
        codes = [Held(Cap.SPEND_A_DAY if new.subject == Subject.PRICE else Cap(new.subject)).code]
    released = (
        update(tables.outbound)
        .where(tables.is_now(OutboundStatus.QUEUED), _out.error.in_(codes))
        .values(due_at=new.at, error=None)
    )
    taken_back = (
        update(invitations)
        .where(invitations.c.state == InvitationState.WAITING, invitations.c.reason.in_(codes))
        .values(due_at=None, reason=None)
    )
    async with writer(engine).begin() as connection:
        await connection.run_sync(_lock)
        await connection.execute(insert(cap_changes).values(row))
        in_outbox = (await connection.execute(released)).rowcount
        return in_outbox + (await connection.execute(taken_back)).rowcount


async def limits_now(engine: AsyncEngine) -> Limits:
    """Return what holds."""
    async with engine.connect() as connection:
        return in_force(await connection.run_sync(_changes))


async def foreseen(engine: AsyncEngine, requests: Sequence[Request], now: datetime) -> Grant:
    """Return what would become of messages at this moment. Nothing is counted, and nothing promised.

    What replies have cost since the last count is left out.
    """

    def look(connection: Connection) -> Grant:
        limits, today = in_force(_changes(connection)), day_of(now)
        people = _people(connection, {one.contact_id for one in requests}, today)
        return grant(limits, today, _totals(connection, today), people, requests)

    async with engine.connect() as connection:
        return await connection.run_sync(look)


async def standing(engine: AsyncEngine, now: datetime, country_of: CountryOf) -> Standing:
    """Return what holds, what today has come to and what is held, for people to read."""
    async with engine.connect() as connection:
        return await connection.run_sync(_standing, now, country_of)


def _standing(connection: Connection, now: datetime, country_of: CountryOf) -> Standing:
    changes = _changes(connection)
    limits, today = in_force(changes), day_of(now)
    counted_to = connection.execute(select(cap_counting.c.counted_to)).scalar_one()
    totals = _totals(connection, today)
    spent = _spent(connection.execute(_tail(begins(today), counted_to)).all(), limits, country_of)
    held = (
        select(_out.error, func.count())
        .where(tables.is_now(OutboundStatus.QUEUED), _out.error.startswith(HELD))
        .group_by(_out.error)
        .order_by(_out.error)
    )
    silenced = select(func.count()).where(
        tables.is_now(OutboundStatus.FAILED), _out.error == Held(Cap.REPLIES_A_PERSON).code
    )
    return Standing(
        limits,
        changes,
        replace(totals, spent=totals.spent + spent),
        {row[0]: row[1] for row in connection.execute(held)},
        connection.execute(silenced).scalar_one(),
    )


# --- the statements


def _lock(connection: Connection) -> int:
    """Have everybody else who counts wait; return up to which message replies are counted."""
    return int(connection.execute(select(cap_counting.c.counted_to).with_for_update()).scalar_one())


def _changes(connection: Connection) -> Sequence[Change]:
    rows = connection.execute(select(cap_changes).order_by(_change.id))
    return [
        Change(row.subject, row.value, row.changed_by, row.reason, row.changed_at, row.country)
        for row in rows
    ]


def _totals(connection: Connection, day: date) -> Totals:
    query = select(_day.messages, _day.abroad, _day.spent).where(_day.day == day)
    row = connection.execute(query).one_or_none()
    return Totals(*row) if row else Totals()


def _keep_totals(connection: Connection, day: date, totals: Totals) -> None:
    statement = insertion(connection.dialect.name, *cap_days.c)
    changed = {name: statement.excluded[name] for name in ("messages", "abroad", "spent")}
    row = {
        "day": day.isoformat(),
        "messages": totals.messages,
        "abroad": totals.abroad,
        "spent": totals.spent,
    }
    run(connection, statement.on_conflict_do_update(index_elements=[_day.day], set_=changed), [row])


def _people(connection: Connection, contacts: Collection[int], today: date) -> Mapping[int, Person]:
    """Return what people got, with the replies of today that travelled in answers."""
    in_answers = (
        select(_out.contact_id, func.count())
        .where(
            _out.contact_id.in_(contacts),
            _out.status == OutboundStatus.REPLIED,
            _out.created_at >= begins(today),
        )
        .group_by(_out.contact_id)
    )
    people = {row[0]: Person(row[1], row[1]) for row in connection.execute(in_answers)}
    for row in connection.execute(select(cap_people).where(_person.contact_id.in_(contacts))):
        answered = people.get(row.contact_id, Person())
        # Of a day that is ahead of this one, for another machine's clock is: what was counted there counts here.
        messages, replies = (row.messages, row.replies) if row.day >= today else (0, 0)
        people[row.contact_id] = Person(
            answered.messages + messages, answered.replies + replies, row.unprompted
        )
    return people


def _keep_people(connection: Connection, attempts: Iterable[Attempt], grant: Grant, today: date) -> None:
    """Add what is counted to what the outbox sent to people, which has no replies that travelled in answers."""
    rows: dict[int, dict[str, Any]] = {}
    # In one order, as the intake locks people: both want their rows.
    for one in sorted(attempts, key=lambda attempt: attempt.contact_id):
        if one.id in grant.counted:
            row = rows.setdefault(
                one.contact_id,
                {
                    "contact_id": one.contact_id,
                    "day": today.isoformat(),
                    "messages": 0,
                    "replies": 0,
                    "unprompted": 0,
                },
            )
            row["messages"] += 1
            row["replies"] += is_reply(one)
            row["unprompted"] += not is_reply(one) and one.counted_on is None
    statement = insertion(connection.dialect.name, *cap_people.c)
    new = statement.excluded
    is_later = new.day > _person.day
    changed = {
        "day": case((is_later, new.day), else_=_person.day),
        "messages": new.messages + case((is_later, 0), else_=_person.messages),
        "replies": new.replies + case((is_later, 0), else_=_person.replies),
        "unprompted": new.unprompted + _person.unprompted,
    }
    run(
        connection,
        statement.on_conflict_do_update(index_elements=[_person.contact_id], set_=changed),
        list(rows.values()),
    )


def _replied() -> Select[Any]:
    """Select the replies that travelled in answers to people on phones, where a message has a price."""
    return (
        select(_out.contact_id, _contact.address_sealed, _out.segments, _out.created_at)
        .join(tables.contacts, _contact.id == _out.contact_id)
        .where(_out.status == OutboundStatus.REPLIED, _contact.channel.in_(_PHONES))
    )


def _tail(since: datetime, counted_to: int) -> Select[Any]:
    return _replied().where(_out.id > counted_to, _out.created_at >= since)


def _spent(rows: Sequence[Row[Any]], limits: Limits, country_of: CountryOf) -> int:
    """Return the millionths that replies cost. No address is opened where every country has one price."""
    is_one = not any(country is not None for country in limits.prices)

    def price(row: Row[Any]) -> int:
        return limits.price(None if is_one else country_of(row.contact_id, row.address_sealed))

    return sum((row.segments or 1) * price(row) for row in rows)


def _counted(dialect: str) -> Any:
    counted = given(dialect, _out.id, _out.counted_on)
    return update(tables.outbound).values(counted_on=counted.c.counted_on).where(_out.id == counted.c.id)
