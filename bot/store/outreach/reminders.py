"""Reminders as they are stored: whether a consultation's people are reminded, and each reminder that somebody got.

Who is reminded is decided from what was read a moment before, so the transaction that writes a reminder looks once
more: at whether the person has written since, opted out, or had this very reminder. Killed before its commit, it has
done nothing; run twice, the second writes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import (
    Connection,
    Select,
    and_,
    bindparam,
    func,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.outreach.campaigns import REMINDS, InvitationState
from bot.core.outreach.reminding import Kind, ReminderTerms, RemindingState
from bot.core.prompts.records import Button
from bot.errors import InviteError
from bot.store import tables
from bot.store.database import writer
from bot.store.inbox_tables import is_attended
from bot.store.outbox import put_all
from bot.store.outreach.campaigns import lock_campaign
from bot.store.outreach.reminders_waiting import take_back
from bot.store.outreach.tables import campaigns, invitations, is_sent, reminders, reminding
from bot.store.rowset import given, insertion, run
from bot.store.sending import Letter, Priority
from bot.store.tables import written

_reminder, _reminding = reminders.c, reminding.c
_invitation = invitations.c
_contact, _interview, _out = tables.contacts.c, tables.interviews.c, tables.outbound.c
_encode = msgspec.json.Encoder().encode
_read_terms = msgspec.json.Decoder(ReminderTerms).decode


@dataclass(frozen=True, slots=True)
class Reminding:
    """Whether a consultation's people are reminded, and by which terms."""

    consultation: str
    state: RemindingState
    terms: ReminderTerms
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder to write. `since` is when the person was silent from, as it was read: who has written since gets none.

    `recipient_id` is there for somebody who was invited and has not begun, `interview_id` for somebody who has.
    """

    contact_id: int
    number: int
    kind: Kind
    since: datetime
    sender: str
    text: str = field(repr=False)
    segments: int | None
    language: str | None
    expires_at: datetime
    buttons: tuple[Button, ...] = field(default=(), repr=False)
    recipient_id: int | None = None
    interview_id: int | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """When to look at somebody who was invited again; without a moment, never. `has_expired` ends the invitation."""

    recipient_id: int
    due_at: datetime | None
    has_expired: bool = False


async def set_reminding(engine: AsyncEngine, wanted: Reminding, at: datetime) -> None:
    """Begin reminding, or change by which terms it is done: everybody who was invited is looked at anew."""
    row = {
        "consultation": wanted.consultation,
        "state": wanted.state,
        "terms": _encode(wanted.terms).decode(),
        "reason": wanted.reason,
        "changed_at": written(at),
    }
    statement = insertion(engine.dialect.name, *reminding.c)
    changed = {one.name: statement.excluded[one.name] for one in reminding.c if not one.primary_key}
    upsert = statement.on_conflict_do_update(index_elements=[_reminding.consultation], set_=changed)
    of_it = select(campaigns.c.id).where(campaigns.c.consultation == wanted.consultation)
    anew = (
        update(invitations)
        .where(is_sent(), _invitation.campaign_id.in_(of_it), _invitation.due_at > at)
        .values(due_at=at)
    )
    async with writer(engine).begin() as connection:
        await connection.run_sync(run, upsert, [row])
        await connection.execute(anew)


async def move_reminding(
    engine: AsyncEngine, consultation: str, to: RemindingState, at: datetime, reason: str | None
) -> None:
    """Pause or resume reminding. What waits in the outbox is taken back, and may be written again.

    Raises:
        InviteError: it was never begun.
    """
    async with writer(engine).begin() as connection:
        statement = (
            update(reminding)
            .where(_reminding.consultation == consultation)
            .values(state=to, reason=reason, changed_at=at)
        )
        if not (await connection.execute(statement)).rowcount:
            raise InviteError(
                f"nobody of {consultation} is reminded yet: heard remind {consultation} shows the plan"
            )
        if to is RemindingState.PAUSED:
            theirs = select(_reminder.outbound_id).where(_reminder.consultation == consultation)
            await connection.run_sync(take_back, at, _out.id.in_(theirs))


async def reminding_of(engine: AsyncEngine, consultation: str) -> Reminding | None:
    """Return whether a consultation's people are reminded; None where that was never begun."""
    query = select(*reminding.c).where(_reminding.consultation == consultation)
    async with engine.connect() as connection:
        row = (await connection.execute(query)).one_or_none()
    return _read(row) if row else None


async def remindings(engine: AsyncEngine) -> Sequence[Reminding]:
    """Return every consultation whose people are reminded, or were."""
    async with engine.connect() as connection:
        return [_read(row) for row in await connection.execute(select(*reminding.c))]


def _read(row: Any) -> Reminding:
    return Reminding(row.consultation, RemindingState(row.state), _read_terms(row.terms), row.reason)


async def count_reminders(engine: AsyncEngine, consultation: str) -> Mapping[tuple[str, str], int]:
    """Return how many reminders a consultation's people had, by kind and what has become of the message."""
    status = func.coalesce(_out.status, "sent")
    query = (
        select(_reminder.kind, status, func.count())
        .select_from(reminders.outerjoin(tables.outbound, _out.id == _reminder.outbound_id))
        .where(_reminder.consultation == consultation)
        .group_by(_reminder.kind, status)
    )
    async with engine.connect() as connection:
        return {(row[0], row[1]): int(row[2]) for row in await connection.execute(query)}


async def remind(
    engine: AsyncEngine,
    consultation: str,
    wanted: Sequence[Reminder],
    later: Sequence[Later],
    at: datetime,
    campaign_id: int | None = None,
) -> int:
    """Put reminders in the outbox, and write down when to look at people again; return how many were put there.

    `campaign_id` is that of the campaign by which these people were invited, which may have been paused meanwhile.
    Whoever has written since they were read, opted out, asked for a person or had this reminder gets none, and is
    looked at again.
    """
    async with writer(engine).begin() as connection:
        return await connection.run_sync(_remind, consultation, wanted, later, at, campaign_id)


def _remind(
    connection: Connection,
    consultation: str,
    wanted: Sequence[Reminder],
    later: Sequence[Later],
    at: datetime,
    campaign_id: int | None,
) -> int:
    dialect = connection.dialect.name
    # First of all, as whoever invites holds it before people: two that waited for each other would both be ended.
    is_running = campaign_id is None or lock_campaign(connection, campaign_id).state in REMINDS
    query = select(_reminding.state).where(_reminding.consultation == consultation).with_for_update()
    is_running = connection.scalar(query) == RemindingState.RUNNING and is_running
    able = _still_silent(connection, consultation, wanted) if wanted and is_running else set()
    due = {one.contact_id: one for one in wanted if one.contact_id in able}
    rows = [
        {
            "contact_id": one.contact_id,
            "consultation": consultation,
            "number": one.number,
            "kind": one.kind,
            "reminded_at": written(at),
        }
        for one in due.values()
    ]
    new = [due[contact] for (contact,) in run(connection, _written(dialect), rows)] if rows else []
    letters = dict(put_all(connection, [_letter(one, at) for one in new], at))
    if new:
        run(connection, _lettered(dialect), [_key(one, consultation, letters) for one in new])
        people = [{"id": one.contact_id, "language": one.language} for one in new]
        rows_given = {"rows": _encode(people).decode(), "consultation": consultation}
        connection.execute(_addressed(dialect), rows_given)
    # Those who were reminded are looked at when their letter is sent or too late; those who were not, at once.
    seen = [Later(one.recipient_id, one.expires_at) for one in new if one.recipient_id is not None]
    if put_off := [_put_off(one) for one in (*later, *seen)]:
        run(connection, _later(dialect), put_off)
    return len(new)


def _still_silent(connection: Connection, consultation: str, wanted: Sequence[Reminder]) -> set[int]:
    """Return the contacts who are as they were read, and hold them."""
    people = [{"contact_id": one.contact_id} for one in wanted]
    held = {row.id: row for row in run(connection, _contacts(connection.dialect.name), people)}
    theirs = [{**one, "consultation": consultation} for one in people]
    interviews = {
        row.contact_id: row for row in run(connection, _interviews(connection.dialect.name), theirs)
    }
    able = set()
    for one in wanted:
        person, interview = held.get(one.contact_id), interviews.get(one.contact_id)
        if person is None or person.opted_out_at is not None or person.is_attended:
            continue
        if one.interview_id is None:
            is_same = interview is None
        else:
            is_same = (
                interview is not None
                and (interview.id, interview.updated_at) == (one.interview_id, one.since)
                and person.current_consultation == consultation
            )
        if is_same:
            able.add(one.contact_id)
    return able


def _letter(one: Reminder, at: datetime) -> Letter:
    return Letter(
        one.contact_id,
        one.sender,
        Priority.REMINDER,
        one.text,
        due_at=at,
        expires_at=one.expires_at,
        language=one.language,
        buttons=one.buttons,
        segments=one.segments,
    )


def _key(one: Reminder, consultation: str, letters: Mapping[int, int]) -> dict[str, object]:
    return {
        "contact_id": one.contact_id,
        "consultation": consultation,
        "number": one.number,
        "outbound_id": letters[one.contact_id],
    }


def _put_off(one: Later) -> dict[str, object]:
    return {
        "recipient_id": one.recipient_id,
        "due_at": written(one.due_at) if one.due_at else None,
        "state": InvitationState.EXPIRED if one.has_expired else InvitationState.SENT,
    }


# --- the statements


@cache
def _written(dialect: str) -> Any:
    columns = (
        _reminder.contact_id,
        _reminder.consultation,
        _reminder.number,
        _reminder.kind,
        _reminder.reminded_at,
    )
    return insertion(dialect, *columns).on_conflict_do_nothing().returning(_reminder.contact_id)


@cache
def _lettered(dialect: str) -> Any:
    key = (_reminder.contact_id, _reminder.consultation, _reminder.number)
    of = given(dialect, *key, _reminder.outbound_id)
    same = [one == of.c[one.name] for one in key]
    return update(reminders).values(outbound_id=of.c.outbound_id).where(*same)


@cache
def _addressed(dialect: str) -> Any:
    addressed = given(dialect, _contact.id, _contact.language)
    values = {
        "language": func.coalesce(addressed.c.language, _contact.language),
        "current_consultation": bindparam("consultation"),
    }
    return update(tables.contacts).values(values).where(_contact.id == addressed.c.id)


@cache
def _later(dialect: str) -> Any:
    of = given(dialect, _invitation.recipient_id, _invitation.due_at, _invitation.state)
    return (
        update(invitations)
        .values(due_at=of.c.due_at, state=of.c.state)
        .where(_invitation.recipient_id == of.c.recipient_id, _invitation.state == InvitationState.SENT)
    )


@cache
def _contacts(dialect: str) -> Any:
    asked = given(dialect, _interview.contact_id)
    return (
        select(
            *(_contact.id, _contact.opted_out_at, _contact.current_consultation),
            is_attended(_contact.id).label("is_attended"),
        )
        .join_from(asked, tables.contacts, _contact.id == asked.c.contact_id)
        .order_by(_contact.id)
        .with_for_update(of=tables.contacts, skip_locked=True)
    )


@cache
def _interviews(dialect: str) -> Select[Any]:
    # Both are given: with the consultation said apart, SQLite went through all of its interviews.
    asked = given(dialect, _interview.contact_id, _interview.consultation)
    theirs = and_(
        _interview.contact_id == asked.c.contact_id, _interview.consultation == asked.c.consultation
    )
    columns = (_interview.contact_id, _interview.id, _interview.updated_at)
    return select(*columns).join_from(asked, tables.interviews, theirs)
