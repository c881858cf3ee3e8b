"""Forms from paper: which were taken in already, and taking in others, each once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels import Channel
from bot.core.interview.records import Interview
from bot.store import rows, tables
from bot.store.database import writer
from bot.store.outreach.helping_tables import helped_interviews, paper_forms
from bot.store.rowset import insertion, run

PAGE = 500
"""Forms that are stored in one transaction: on SQLite, what comes in waits for it."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A form to be stored: its number, a digest of what it says, and the interview that it comes to."""

    number: str
    digest: str
    interview: Interview


async def known_forms(engine: AsyncEngine, consultation: str) -> Mapping[str, str]:
    """Return the digest of each form of a consultation that was taken in, by its number."""
    query = select(paper_forms.c.form, paper_forms.c.digest).where(paper_forms.c.consultation == consultation)
    async with engine.connect() as connection:
        return {row.form: row.digest for row in await connection.execute(query)}


async def keep_forms(engine: AsyncEngine, worker: int, forms: Sequence[Filled], at: datetime) -> int:
    """Store forms of one consultation as interviews that a worker helped with; return how many were not there yet."""
    async with writer(engine).begin() as connection:
        return await connection.run_sync(_keep, worker, forms, at)


def _keep(connection: Connection, worker: int, forms: Sequence[Filled], at: datetime) -> int:
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
    return len(new)
