"""Helped answers in the intake's transaction: who a worker is and whom they are with, and what changes of that.

Nearly no message is about this, so each statement here runs only where one is. The contact that a session belongs to is
locked (see `bot.store.exchange`), and with it the session and the interview of the person who is helped there.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.channels import Channel
from bot.core.reception.helping import Asks, Helped, Pin, Session, Worker, Wrong
from bot.store import rows, tables
from bot.store.outreach.helping_tables import (
    helped_interviews,
    helping_sessions,
    workers,
    wrong_pins,
)
from bot.store.rowset import Rows, insertion, run
from bot.store.turns import HeldInterview, Helping, Known, KnownPin, Person, Sender, Turn

NEVER = datetime.min.replace(tzinfo=UTC)
"""Until when a chat may help that its worker has left for another: what comes there is nobody's answer all the same."""

# --- reading


def read_helping(connection: Connection, contacts: Collection[int]) -> dict[int, Helping]:
    """Return what is known of the workers among these contacts, by contact."""
    found: dict[int, Helping] = {}
    for row in connection.execute(_HELPING, {"contacts": list(contacts)}):
        is_let_in = row.taken_by == row.contact_id or row.channel == Channel.TERMINAL
        until = min(filter(None, (row.expires_at, row.revoked_at))) if is_let_in else NEVER
        worker = Worker(row.worker_id, row.consultation, until)
        held: HeldInterview | None = None
        session: Session | None = None
        if row.session_id is not None:
            if row.interview_id is not None:
                held = HeldInterview(row.interview_id, rows.read_interview(row.state), row.interview_ended_at)
            session = Session(
                id=row.session_id,
                worker=row.session_worker,
                consultation=row.consultation,
                last_at=row.last_at,
                person=row.person,
                interview=held.interview if held else None,
                language=row.language,
                asks=Asks(row.asks) if row.asks else None,
            )
        found[row.contact_id] = Helping(worker, session, held)
    return found


def read_pins(connection: Connection, hashes: Collection[str]) -> dict[str, KnownPin]:
    """Return what these numbers stand for, by hash. Their workers stay locked: a number lets in one chat alone."""
    return {
        row.pin_hash: KnownPin(
            Pin(
                Worker(row.id, row.consultation, min(filter(None, (row.expires_at, row.revoked_at)))),
                row.pin_expires_at if row.pin_taken_at is None else row.expires_at,
                is_taken=row.pin_taken_at is not None,
            ),
            row.contact_id,
        )
        for row in connection.execute(_PINS, {"hashes": sorted(hashes)})
    }


def read_wrong(connection: Connection, contacts: Collection[int]) -> dict[int, Wrong]:
    """Return the numbers that contacts got wrong, by contact."""
    found = connection.execute(_WRONG, {"contacts": list(contacts)})
    return {row.contact_id: Wrong(row.tries, row.last_at) for row in found}


def open_terminal(connection: Connection, sender: Sender, sealed: str, worker: int, at: datetime) -> None:
    """Have a terminal be a worker's: whoever may run commands here needs no number."""
    columns = (_contact.channel, _contact.address_hash, _contact.address_sealed, _contact.created_at)
    made = insertion(connection.dialect.name, *columns).on_conflict_do_nothing()
    row = {**sender._asdict(), "address_sealed": sealed, "created_at": tables.written(at)}
    run(connection, made, [row])
    is_theirs = and_(_contact.channel == sender.channel, _contact.address_hash == sender.address_hash)
    connection.execute(update(tables.contacts).where(is_theirs).values(worker_id=worker, opted_out_at=None))


# --- writing


@dataclass(frozen=True, slots=True)
class Statements:
    """What writes interviews and answers, those of helped people too: the intake's own statements.

    `new` inserts interviews without a contact and returns their ids with their respondents'.
    """

    new: Any
    changed: Any
    answers: Any


def write_helping(
    connection: Connection,
    known: Known,
    turns: Sequence[Turn],
    contact_ids: Mapping[Sender, int],
    statements: Statements,
) -> Mapping[Person, int]:
    """Write what a batch changed of workers, sessions and the interviews of helped people; return these' ids."""
    about = [turn for turn in turns if _is_about_helping(turn, known)]
    if not about:
        return {}
    _write_workers(connection, about, contact_ids)
    _write_wrong(connection, known, about, contact_ids)
    _write_sessions(connection, known, about, contact_ids)
    return _write_interviews(connection, known, about, statements)


def _is_about_helping(turn: Turn, known: Known) -> bool:
    person = turn.correspondent
    if turn.enters is not None or person.session is not None or person.wrong:
        return True
    if turn.helped is not None or turn.ends is not None:
        return True
    return person.worker is not None or known.helping_of(turn.sender) is not None


def _write_workers(connection: Connection, turns: Iterable[Turn], contact_ids: Mapping[Sender, int]) -> None:
    for turn in turns:
        if turn.enters is not None:
            contact = contact_ids[turn.sender]
            let_in = {"worker": turn.enters, "contact": contact, "at": turn.at}
            connection.execute(_TAKEN, let_in)
            connection.execute(_LET_IN, {"worker": turn.enters, "contact": contact})


def _write_wrong(
    connection: Connection, known: Known, turns: Iterable[Turn], contact_ids: Mapping[Sender, int]
) -> None:
    last = {turn.sender: turn.correspondent.wrong for turn in turns}
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    for sender, wrong in last.items():
        contact = contact_ids[sender]
        if wrong == known.wrong.get(contact):
            continue
        if wrong is None:
            connection.execute(delete(wrong_pins).where(wrong_pins.c.contact_id == contact))
            continue
        row = {"tries": wrong.count, "last_at": wrong.at}
        statement = insert(wrong_pins).values(contact_id=contact, **row)
        connection.execute(statement.on_conflict_do_update(index_elements=["contact_id"], set_=row))


@dataclass(frozen=True, slots=True)
class _Course:
    """What a session came to in a batch."""

    session: Session
    sender: Sender
    begun_at: datetime | None
    """None of one that is stored already."""
    ended_at: datetime | None = None


def _write_sessions(
    connection: Connection, known: Known, turns: Iterable[Turn], contact_ids: Mapping[Sender, int]
) -> None:
    courses: dict[int, _Course] = {}
    for turn in turns:
        now = turn.correspondent.session
        for one in courses.values():
            if (
                one.sender == turn.sender
                and one.ended_at is None
                and (now is None or now.id != one.session.id)
            ):
                courses[one.session.id] = replace(one, ended_at=turn.at)
        stored = known.helping_of(turn.sender)
        before = stored.session if stored else None
        if before is not None and before.id not in courses:
            is_left = now is None or now.id != before.id
            courses[before.id] = _Course(before, turn.sender, None, turn.at if is_left else None)
        if now is not None:
            begun = courses[now.id] if now.id in courses else _Course(now, turn.sender, turn.at)
            courses[now.id] = replace(begun, session=now)
    # What has ended first: a chat has one session at a time.
    changed = sorted(
        (one for one in courses.values() if one.begun_at is None), key=lambda one: one.ended_at is None
    )
    for one in changed:
        connection.execute(_SESSION_CHANGED, {"session": one.session.id, **_session_row(one)})
    for one in courses.values():
        if one.begun_at is not None:
            identity = {
                "id": one.session.id,
                "worker_id": one.session.worker,
                "contact_id": contact_ids[one.sender],
                "begun_at": one.begun_at,
            }
            connection.execute(helping_sessions.insert().values(**identity, **_session_row(one)))


def _session_row(course: _Course) -> dict[str, object]:
    session = course.session
    return {
        "person": session.person,
        "language": session.language,
        "asks": session.asks,
        "last_at": session.last_at,
        "ended_at": course.ended_at,
    }


def _write_interviews(
    connection: Connection, known: Known, turns: Sequence[Turn], statements: Statements
) -> Mapping[Person, int]:
    """Write the interviews of helped people, each as it is after its last turn, with their answers; return the ids."""
    stored = _stored(known, turns)
    last: dict[Person, tuple[Turn, Helped, datetime | None]] = {}
    changes = [(turn, one) for turn in turns for one in (turn.ends, turn.helped) if one is not None]
    for turn, helped in changes:
        person = Person(helped.session, helped.person)
        now, ended_at = helped.interview, None
        if now is not None:
            earlier, held = last.get(person), stored.get(person)
            before = (held.interview, held.ended_at) if held else None
            if earlier is not None and earlier[1].interview is not None:
                before = (earlier[1].interview, earlier[2])
            ended_at = rows.ended_at(now, before)
        last[person] = (turn, helped, ended_at)
    ids = {person: held.id for person, held in stored.items() if person in last}
    new: dict[str, Person] = {}
    inserted, changed = [], []
    for person, (turn, helped, ended_at) in last.items():
        if helped.interview is None:
            if person in ids:
                connection.execute(_REMOVED, {"interview": ids.pop(person)})
            continue
        row = rows.interview_row(helped.interview, ended_at)
        if person in ids:
            changed.append({"id": ids[person], **row})
            continue
        identity = {
            "consultation": helped.interview.consultation,
            "respondent_id": rows.respondent_id(),
            "channel": turn.sender.channel,
        }
        new[identity["respondent_id"]] = person
        inserted.append({**identity, **row})
    if changed:
        run(connection, statements.changed, changed)
    if inserted:
        turns_of = {one: last[one][0] for one in new.values()}
        ids |= _insert(connection, statements, inserted, new, turns_of)
    if answers := _answers(turns, ids):
        run(connection, statements.answers, answers)
    return ids


def _stored(known: Known, turns: Iterable[Turn]) -> dict[Person, HeldInterview]:
    """Return the interviews that were at hand in these people's sessions before the batch."""
    found: dict[Person, HeldInterview] = {}
    for sender in {turn.sender for turn in turns}:
        helping = known.helping_of(sender)
        if helping is not None and helping.session is not None and helping.held is not None:
            found[Person(helping.session.id, helping.session.person)] = helping.held
    return found


def _insert(
    connection: Connection,
    statements: Statements,
    inserted: Rows,
    new: Mapping[str, Person],
    turns: Mapping[Person, Turn],
) -> dict[Person, int]:
    ids = {new[respondent]: id_ for id_, respondent in run(connection, statements.new, inserted)}
    workers_of = {one: _worker_of(turn) for one, turn in turns.items()}
    helped = [
        {
            "interview_id": id_,
            "worker_id": workers_of[person],
            "session_id": person.session,
            "person": person.number,
        }
        for person, id_ in ids.items()
    ]
    run(connection, insertion(connection.dialect.name, *helped_interviews.c), helped)
    return ids


def _worker_of(turn: Turn) -> int:
    assert turn.correspondent.worker is not None  # noqa: S101  who helps somebody is a worker
    return turn.correspondent.worker.id


def _answers(turns: Iterable[Turn], ids: Mapping[Person, int]) -> list[rows.Row]:
    """Return a row for every slot whose answer changed, as it is after its last turn."""
    last: dict[tuple[int, str], rows.Row] = {}
    for turn in turns:
        helped = turn.helped
        if helped is None or helped.interview is None:
            continue
        interview_id = ids.get(Person(helped.session, helped.person))
        if interview_id is None:
            # Removed in the same batch.
            continue
        for slot, answer in turn.helped_answers.items():
            row = rows.answer_row(interview_id, slot, answer, helped.interview.version)
            last[interview_id, slot] = row
    return list(last.values())


# --- the statements

_contact, _interview = tables.contacts.c, tables.interviews.c
_worker, _session, _helped = workers.c, helping_sessions.c, helped_interviews.c


def _helping() -> Select[Any]:
    is_on = and_(_session.contact_id == _contact.id, _session.ended_at.is_(None))
    is_at_hand = and_(_helped.session_id == _session.id, _helped.person == _session.person)
    return (
        select(
            _contact.id.label("contact_id"),
            _contact.channel,
            _worker.id.label("worker_id"),
            _worker.contact_id.label("taken_by"),
            _worker.consultation,
            _worker.expires_at,
            _worker.revoked_at,
            _session.id.label("session_id"),
            _session.worker_id.label("session_worker"),
            _session.last_at,
            _session.person,
            _session.language,
            _session.asks,
            _interview.id.label("interview_id"),
            _interview.state,
            _interview.ended_at.label("interview_ended_at"),
        )
        .join_from(tables.contacts, workers, _worker.id == _contact.worker_id)
        .outerjoin(helping_sessions, is_on)
        .outerjoin(helped_interviews, is_at_hand)
        .outerjoin(tables.interviews, _interview.id == _helped.interview_id)
        .where(_contact.id.in_(bindparam("contacts", expanding=True)))
    )


_HELPING = _helping()
_PINS = (
    select(workers)
    .where(_worker.pin_hash.in_(bindparam("hashes", expanding=True)))
    .order_by(_worker.id)
    .with_for_update()
)
_WRONG = select(wrong_pins).where(wrong_pins.c.contact_id.in_(bindparam("contacts", expanding=True)))
_TAKEN = (
    update(workers)
    .where(_worker.id == bindparam("worker"))
    .values(contact_id=bindparam("contact"), pin_taken_at=bindparam("at", type_=_worker.pin_taken_at.type))
)
_LET_IN = (
    update(tables.contacts).where(_contact.id == bindparam("contact")).values(worker_id=bindparam("worker"))
)
_SESSION_CHANGED = (
    update(helping_sessions)
    .where(_session.id == bindparam("session"))
    .values(
        {
            name: bindparam(name, type_=_session[name].type)
            for name in ("person", "language", "asks", "last_at", "ended_at")
        }
    )
)
_REMOVED = delete(tables.interviews).where(_interview.id == bindparam("interview"))
