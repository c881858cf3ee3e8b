"""Forms from paper: which were taken in already, and taking in others, each once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels import Channel
from bot.core.interview.records import Interview, Slot
from bot.core.reception import Call
from bot.core.safeguarding import Urgency
from bot.store import rows, tables
from bot.store.calls import case_of
from bot.store.database import writer
from bot.store.helping import open_terminal
from bot.store.inbox_tables import inbox_messages
from bot.store.outreach.helping_tables import helped_interviews, paper_forms, workers
from bot.store.rowset import insertion, run
from bot.store.turns import Sender

PAGE = 500
"""Forms that are stored in one transaction: on SQLite, what comes in waits for it."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A form to be stored: its number, a digest of what it says, and the interview that it comes to."""

    number: str
    digest: str
    interview: Interview
    tells: Mapping[Slot, Urgency] = field(default_factory=dict)
    """The answers that a person is to read."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Where what forms tell of danger or harm waits to be read: with their worker, who knows whose forms they are.

    It waits in the case of the worker's chat, or where they have none, of their place at a terminal: `place`, with its
    sealed address. `within` says how soon each is to be looked at.
    """

    place: Sender
    sealed: str = field(repr=False)
    within: Mapping[Urgency, timedelta]


async def known_forms(engine: AsyncEngine, consultation: str) -> Mapping[str, str]:
    """Return the digest of each form of a consultation that was taken in, by its number."""
    query = select(paper_forms.c.form, paper_forms.c.digest).where(paper_forms.c.consultation == consultation)
    async with engine.connect() as connection:
        return {row.form: row.digest for row in await connection.execute(query)}


async def keep_forms(
    engine: AsyncEngine, worker: int, forms: Sequence[Filled], at: datetime, reader: Reader | None = None
) -> int:
    """Store forms of one consultation as interviews that a worker helped with; return how many were not there yet.

    What a person is to read of them is put in the inbox with them; `reader` is needed where there is any.
    """
    async with writer(engine).begin() as connection:
        return await connection.run_sync(_keep, worker, forms, at, reader)


def _keep(
    connection: Connection, worker: int, forms: Sequence[Filled], at: datetime, reader: Reader | None
) -> int:
    dialect = connection.dialect.name
    consultation = forms[0].interview.consultation
    query = select(paper_forms.c.form).where(
        paper_forms.c.consultation == consultation, paper_forms.c.form.in_([one.number for one in forms])
    )
    there = set(connection.execute(query).scalars())
    new = {rows.respondent_id(): one for one in forms if one.number not in there}
    if not new:
        return 0
    interview, given = tables.interviews.c, tables.answers.c
    identities = [
        {
            "consultation": consultation,
            "respondent_id": respondent,
            "channel": Channel.PAPER,
            **rows.interview_row(one.interview, rows.ended_at(one.interview, None)),
        }
        for respondent, one in new.items()
    ]
    columns = [interview[name] for name in identities[0]]
    stored = insertion(dialect, *columns).returning(interview.id, interview.respondent_id)
    ids = {respondent: id_ for id_, respondent in run(connection, stored, identities)}
    answers = [
        rows.answer_row(ids[respondent], slot, answer, one.interview.version)
        for respondent, one in new.items()
        for slot, answer in one.interview.answers.items()
    ]
    if answers:
        run(connection, insertion(dialect, *given), answers)
    helped = [
        {"interview_id": id_, "worker_id": worker, "session_id": None, "person": None} for id_ in ids.values()
    ]
    run(connection, insertion(dialect, *helped_interviews.c), helped)
    imported = [
        {
            "consultation": consultation,
            "form": one.number,
            "interview_id": ids[respondent],
            "digest": one.digest,
            "imported_at": tables.written(at),
        }
        for respondent, one in new.items()
    ]
    run(connection, insertion(dialect, *paper_forms.c), imported)
    telling = {ids[respondent]: one for respondent, one in new.items() if one.tells}
    if telling:
        assert reader is not None  # noqa: S101  who finds that a form tells of harm says where it waits
        _call(connection, worker, telling, at, reader)
    return len(new)


def _call(
    connection: Connection, worker: int, forms: Mapping[int, Filled], at: datetime, reader: Reader
) -> None:
    """Put what forms tell of danger or harm, by the id of their interview, into the case of who knows the people."""
    contact = _contact_of(connection, worker, at, reader)
    for interview, form in forms.items():
        consultation, language = form.interview.consultation, form.interview.language
        for slot, urgency in form.tells.items():
            call = Call(consultation, urgency, reader.within[urgency], slot, language=language)
            case = case_of(connection, contact, call, at)
            row = {
                "channel": Channel.PAPER,
                "provider_id": f"{consultation} {form.number} {slot}",
                "contact_id": contact,
                # By its number alone the worker finds the form again, and who filled it in.
                "body": f"Form {form.number}: {form.interview.answers[slot].value}",
                "consultation": consultation,
                "received_at": at,
            }
            stored = connection.execute(insert(tables.inbound).values(row).returning(tables.inbound.c.id))
            message = {
                "case_id": case,
                "inbound_id": stored.scalar_one(),
                "has_words": True,
                "interview_id": interview,
                "slot": slot,
            }
            connection.execute(insert(inbox_messages).values(message))


def _contact_of(connection: Connection, worker: int, at: datetime, reader: Reader) -> int:
    """Return a worker's chat, or their place at a terminal, locked as the intake locks it."""
    chat = connection.execute(select(workers.c.contact_id).where(workers.c.id == worker)).scalar_one()
    contact = tables.contacts.c
    is_theirs = contact.id == chat
    if chat is None:
        open_terminal(connection, reader.place, reader.sealed, worker, at)
        is_theirs = and_(
            contact.channel == reader.place.channel, contact.address_hash == reader.place.address_hash
        )
    return int(connection.execute(select(contact.id).where(is_theirs).with_for_update()).scalar_one())
