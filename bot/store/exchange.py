"""The two halves of the intake's transaction: reading whom a batch is about, and writing what followed.

Both are plain functions over a synchronous connection, for `AsyncConnection.run_sync`: one way in and out of the
event loop for a batch. Every statement takes all of its rows as one parameter (see `bot.store.rowset`).
"""

from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from sqlalchemy import Column, Connection, Select, Table, Update, and_, select, update

from bot.core.prompts.records import Prompt
from bot.core.reception import Attention
from bot.errors import HeardError
from bot.store import calls, helping, moves, rows, tables
from bot.store.moves import Place
from bot.store.outreach import referral
from bot.store.rowset import Rows, given, insertion, run
from bot.store.turns import Contact, HeldInterview, Known, MessageKey, Sender, Told, Turn

Seal = Callable[[Sender], str]
"""Returns the sealed address of somebody who writes for the first time."""


_NO_PINS: Mapping[MessageKey, str] = MappingProxyType({})


class Raced(HeardError):
    """Another process stored a new contact or one of the messages meanwhile; read again, and all is known."""


class Exchange:
    """The statements of the intake, in the dialect of one database ("sqlite" or "postgresql")."""

    def __init__(self, dialect: str) -> None:
        self._dialect = dialect
        self._contacts = _contacts(dialect)
        self._told = _told(dialect)
        self._interviews = _interviews(dialect)
        self._documents = _documents(dialect)
        self._new_contacts = _new_contacts(dialect)
        self._changed_contacts = _change(dialect, tables.contacts, *_CONTACT_CHANGES)
        self._new_interviews = _new_interviews(dialect)
        self._changed_interviews = _change(dialect, tables.interviews, *_INTERVIEW_CHANGES)
        self._answers = _answers(dialect)
        self._inbound = _inbound(dialect)
        self._outbound = insertion(dialect, *_OUTBOUND)
        # The same picture may come again in a message of its own; it is fetched once.
        self._media = insertion(dialect, *_MEDIA).on_conflict_do_nothing()
        self._given_codes = moves.giving(dialect)
        self._of_helped = helping.Statements(_new_helped(dialect), self._changed_interviews, self._answers)

    def load(
        self,
        connection: Connection,
        messages: Mapping[MessageKey, Sender],
        versions: Container[str],
        codes: Collection[str] = (),
        pins: Mapping[MessageKey, str] = _NO_PINS,
    ) -> Known:
        """Return what the store holds of these messages and of the people who sent them.

        `versions` are those whose documents the caller needs no more; `codes` those in the messages, whose people are
        read and locked as the senders are; `pins` the hashes of the workers' numbers in messages.

        On PostgreSQL the contacts stay locked until the transaction ends. They are locked in the order of their
        ids, so that two processes never wait for each other; and before anything else is read, so that what the
        other one did for the same people is seen.

        Raises:
            Raced: a code came to stand for somebody else before they were locked.
        """
        bringing = moves.read_codes(connection, codes) if codes else {}
        people = {*messages.values(), *(one.sender for one in bringing.values())}
        contacts = self._load_contacts(connection, people)
        if not contacts:
            return Known({}, {}, {}, {}, pins=helping.read_pins(connection, {*pins.values()}) if pins else {})
        if bringing:
            bringing = moves.read_codes(connection, codes)
            if any(one.sender not in contacts for one in bringing.values()):
                raise Raced
        interviews: dict[int, dict[str, HeldInterview]] = {}
        unknown: set[str] = set()
        ids = [{"contact_id": contact.id} for contact in contacts.values()]
        for contact_id, consultation, version, id_, state, ended_at in run(connection, self._interviews, ids):
            held = HeldInterview(id_, rows.read_interview(state), ended_at)
            interviews.setdefault(contact_id, {})[consultation] = held
            if version not in versions:
                unknown.add(version)
        told = self._load_told(connection, messages)
        known = Known(contacts, interviews, told, {}, bringing)
        known = _with_helping(connection, known, pins)
        unknown |= {
            one.version for one in known.helping.values() if one.version and one.version not in versions
        }
        documents = self._load_documents(connection, unknown)
        return replace(known, documents=documents) if documents else known

    def _load_contacts(self, connection: Connection, senders: Iterable[Sender]) -> dict[Sender, Contact]:
        asked = [one._asdict() for one in senders]
        return {
            Sender(channel, address_hash): Contact(
                id_,
                language,
                opted_out_at,
                current,
                rows.read_pace(pace),
                sender,
                last_message,
                moves.read_moved(moved),
                Attention(attention) if attention else None,
                worker_id,
            )
            for (
                *(channel, address_hash, id_, language, opted_out_at, current, pace, sender, last_message),
                moved,
                attention,
                worker_id,
            ) in run(connection, self._contacts, asked)
        }

    def _load_told(self, connection: Connection, messages: Iterable[MessageKey]) -> dict[MessageKey, Told]:
        asked = [{"channel": key.channel, "provider_id": key.provider_id} for key in messages]
        told: dict[MessageKey, Told] = {}
        for channel, provider_id, contact_id, body, buttons in run(connection, self._told, asked):
            key = MessageKey(channel, provider_id)
            before = told.get(key, Told(contact_id, ()))
            # A message that got no reply comes as one row without any.
            reply = () if body is None else (Prompt(body, rows.read_buttons(buttons)),)
            told[key] = Told(contact_id, before.prompts + reply)
        return told

    def _load_documents(self, connection: Connection, versions: Iterable[str]) -> dict[str, str]:
        asked = [{"version": version} for version in versions]
        if not asked:
            return {}
        found = run(connection, self._documents, asked)
        return {row.version: row.document for row in found}

    def store(
        self, connection: Connection, known: Known, turns: Sequence[Turn], seal: Seal
    ) -> Mapping[Sender, int]:
        """Write what followed from a batch, in the order of its turns. Return the ids of the contacts.

        Raises:
            Raced: another process was first; the transaction has to be rolled back and begun anew.
        """
        contact_ids = self._store_contacts(connection, known, turns, seal)
        brought = moves.bring(connection, known, turns, contact_ids)
        interview_ids = self._store_interviews(connection, known, turns, contact_ids, brought)
        moves.give(connection, self._given_codes, known, turns, interview_ids)
        helped_ids = helping.write_helping(connection, known, turns, contact_ids, self._of_helped)
        if not referral.record(connection, self._dialect, turns, interview_ids):
            raise Raced
        if answers := rows.answer_rows(turns, interview_ids):
            run(connection, self._answers, answers)
        stored = run_all(connection, self._inbound, rows.inbound_rows(turns, contact_ids))
        inbound_ids = {(channel, provider_id): id_ for id_, channel, provider_id in stored}
        if outbound := rows.outbound_rows(turns, contact_ids, inbound_ids):
            run(connection, self._outbound, outbound)
        if media := rows.media_rows(turns, contact_ids):
            run(connection, self._media, media)
        calls.take(connection, turns, contact_ids, interview_ids, helped_ids, inbound_ids)
        return contact_ids

    def _store_contacts(
        self, connection: Connection, known: Known, turns: Sequence[Turn], seal: Seal
    ) -> dict[Sender, int]:
        ids = {sender: contact.id for sender, contact in known.contacts.items()}
        written = rows.contact_rows(turns, known.contacts)
        if changed := [{"id": ids[sender], **row} for sender, row in written.items() if sender in ids]:
            run(connection, self._changed_contacts, changed)
        first = {turn.sender: tables.written(turn.at) for turn in reversed(turns)}
        # Sorted, for the reason that locks are taken in order: two processes may store the same new people.
        new = [
            {**sender._asdict(), "address_sealed": seal(sender), "created_at": first[sender], **row}
            for sender, row in sorted(written.items())
            if sender not in ids
        ]
        if new:
            for id_, channel, address_hash in run_all(connection, self._new_contacts, new):
                ids[Sender(channel, address_hash)] = id_
        return ids

    def _store_interviews(
        self,
        connection: Connection,
        known: Known,
        turns: Sequence[Turn],
        contact_ids: Mapping[Sender, int],
        brought: Mapping[Place, int],
    ) -> dict[Place, int]:
        ids = dict(brought)
        new: dict[tuple[int, str], tuple[Sender, str]] = {}
        inserted, changed = [], []
        for place, row in rows.interview_rows(turns, known).items():
            sender, consultation = place
            if place not in ids and (held := known.held(sender).get(consultation)):
                ids[place] = held.id
            if place in ids:
                changed.append({"id": ids[place], **row})
                continue
            identity = {
                "contact_id": contact_ids[sender],
                "consultation": consultation,
                "respondent_id": rows.respondent_id(),
                "channel": sender.channel,
            }
            new[contact_ids[sender], consultation] = place
            inserted.append({**identity, **row})
        if changed:
            run(connection, self._changed_interviews, changed)
        if inserted:
            for id_, contact_id, consultation in run(connection, self._new_interviews, inserted):
                ids[new[contact_id, consultation]] = id_
        return ids


def _with_helping(connection: Connection, known: Known, pins: Mapping[MessageKey, str]) -> Known:
    """Return what is known, with what there is of workers; nothing is asked of the database where there is none."""
    workers = [contact.id for contact in known.contacts.values() if contact.worker_id is not None]
    if not workers and not pins:
        return known
    return replace(
        known,
        helping=helping.read_helping(connection, workers) if workers else {},
        pins=helping.read_pins(connection, {*pins.values()}) if pins else {},
        wrong=helping.read_wrong(connection, [one.id for one in known.contacts.values()]) if pins else {},
    )


def run_all(connection: Connection, statement: Any, rows_given: Rows) -> Sequence[Any]:
    """Return the stored rows of an insertion; Raced where one of them stood there already."""
    stored = run(connection, statement, rows_given).all()
    if len(stored) != len(rows_given):
        raise Raced
    return stored


# --- the statements

_contact, _interview, _in, _out, _file = (
    table.c for table in (tables.contacts, tables.interviews, tables.inbound, tables.outbound, tables.media)
)
_CONTACT_CHANGES = (
    _contact.language,
    _contact.opted_out_at,
    _contact.current_consultation,
    _contact.last_inbound_at,
    _contact.pace,
    _contact.sender,
    _contact.last_message,
    _contact.attention,
)
_INTERVIEW_CHANGES = (
    _interview.version,
    _interview.language,
    _interview.state,
    _interview.stage,
    _interview.ending,
    _interview.started_at,
    _interview.updated_at,
    _interview.consented_at,
    _interview.ended_at,
    _interview.report_back,
    _interview.source,
    _interview.wave,
)
_OUTBOUND = (
    _out.in_reply_to,
    _out.position,
    _out.contact_id,
    _out.body,
    _out.language,
    _out.buttons,
    _out.segments,
    _out.status,
    _out.created_at,
    _out.sender,
    _out.priority,
    _out.due_at,
)

_MEDIA = (
    _file.contact_id,
    _file.channel,
    _file.reference,
    _file.kind,
    _file.status,
    _file.due_at,
    _file.file,
    _file.created_at,
)


def _contacts(dialect: str) -> Select[Any]:
    asked = given(dialect, _contact.channel, _contact.address_hash)
    found = and_(_contact.channel == asked.c.channel, _contact.address_hash == asked.c.address_hash)
    return (
        select(
            _contact.channel,
            _contact.address_hash,
            _contact.id,
            _contact.language,
            _contact.opted_out_at,
            _contact.current_consultation,
            _contact.pace,
            _contact.sender,
            _contact.last_message,
            _contact.moved,
            _contact.attention,
            _contact.worker_id,
        )
        .join_from(asked, tables.contacts, found)
        .order_by(_contact.id)
        .with_for_update(of=tables.contacts)
    )


def _told(dialect: str) -> Select[Any]:
    asked = given(dialect, _in.channel, _in.provider_id)
    found = and_(_in.channel == asked.c.channel, _in.provider_id == asked.c.provider_id)
    return (
        select(_in.channel, _in.provider_id, _in.contact_id, _out.body, _out.buttons)
        .join_from(asked, tables.inbound, found)
        .outerjoin(tables.outbound, _out.in_reply_to == _in.id)
        .order_by(_out.position)
    )


def _interviews(dialect: str) -> Select[Any]:
    asked = given(dialect, _interview.contact_id)
    columns = (
        _interview.contact_id,
        _interview.consultation,
        _interview.version,
        _interview.id,
        _interview.state,
        _interview.ended_at,
    )
    return select(*columns).join_from(asked, tables.interviews, _interview.contact_id == asked.c.contact_id)


def _documents(dialect: str) -> Select[Any]:
    version, document = tables.versions.c.version, tables.versions.c.document
    asked = given(dialect, version)
    return select(version, document).join_from(asked, tables.versions, version == asked.c.version)


def _new_contacts(dialect: str) -> Any:
    columns = (_contact.channel, _contact.address_hash, _contact.address_sealed, _contact.created_at)
    return (
        insertion(dialect, *columns, *_CONTACT_CHANGES)
        .on_conflict_do_nothing()
        .returning(_contact.id, _contact.channel, _contact.address_hash)
    )


def _new_interviews(dialect: str) -> Any:
    columns = (_interview.contact_id, _interview.consultation, _interview.respondent_id, _interview.channel)
    return insertion(dialect, *columns, *_INTERVIEW_CHANGES).returning(
        _interview.id, _interview.contact_id, _interview.consultation
    )


def _new_helped(dialect: str) -> Any:
    columns = (_interview.consultation, _interview.respondent_id, _interview.channel)
    statement = insertion(dialect, *columns, *_INTERVIEW_CHANGES)
    return statement.returning(_interview.id, _interview.respondent_id)


def _answers(dialect: str) -> Any:
    statement = insertion(dialect, *tables.answers.c)
    key = list(tables.answers.primary_key.columns)
    changed = {one.name: statement.excluded[one.name] for one in tables.answers.c if not one.primary_key}
    return statement.on_conflict_do_update(index_elements=key, set_=changed)


def _inbound(dialect: str) -> Any:
    columns = (
        _in.channel,
        _in.provider_id,
        _in.contact_id,
        _in.body,
        _in.consultation,
        _in.received_at,
    )
    return (
        insertion(dialect, *columns).on_conflict_do_nothing().returning(_in.id, _in.channel, _in.provider_id)
    )


def _change(dialect: str, table: Table, *columns: Column[Any]) -> Update:
    changed = given(dialect, table.c.id, *columns)
    values = {one.name: changed.c[one.name] for one in columns}
    return update(table).values(values).where(table.c.id == changed.c.id)
