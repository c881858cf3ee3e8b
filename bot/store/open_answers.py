"""What people answered in their own words, in a stream: the answers that count, and nobody's contact."""

from collections.abc import AsyncGenerator, Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.interview.records import AnswerStatus
from bot.store import tables
from bot.store.database import snapshot
from bot.store.inbox import is_for_a_person

_PAGE = 2_000
"""Answers held in memory at a time."""


@dataclass(frozen=True, slots=True)
class OpenAnswer:
    """One answer in a person's own words. `language` is that in which they were asked, None where none was chosen.

    `is_erased` says that nobody stands behind it any more: its words are counted, and never quoted. So are those of
    one that `is_flagged`: a person was to read it, since it may tell of danger or harm.
    """

    respondent_id: str
    slot: str
    item: str
    language: str | None
    value: str = field(repr=False)
    answered_at: datetime
    is_erased: bool
    is_flagged: bool = False


async def open_answers(
    engine: AsyncEngine, consultation: str, items: Collection[str]
) -> AsyncGenerator[OpenAnswer]:
    """Yield the answers to these items that count, in the order in which their interviews began.

    Left out are those that are not relevant any more, and those without words. All are of one moment. Close the
    iterator (`contextlib.aclosing`) where it is left early: it holds a connection.
    """
    answer, interview = tables.answers.c, tables.interviews.c
    # By the interviews' own ids: by those that the answers have, SQLite would sort all that is left for each page.
    place = tuple_(interview.id, answer.slot)
    query = (
        select(
            answer.interview_id,
            interview.respondent_id,
            answer.slot,
            answer.item,
            answer.language,
            answer.value,
            answer.answered_at,
            interview.contact_id.is_(None).label("is_erased"),
            is_for_a_person(answer.interview_id, answer.slot).label("is_flagged"),
        )
        .join_from(tables.answers, tables.interviews)
        .where(
            interview.consultation == consultation,
            answer.item.in_(items),
            answer.relevant,
            answer.status == AnswerStatus.ANSWERED,
            answer.value != "",
        )
        .order_by(interview.id, answer.slot)
        .limit(_PAGE)
    )
    after: tuple[int, str] = (0, "")
    async with snapshot(engine).connect() as connection:
        while page := (await connection.execute(query.where(place > after))).all():
            for _, respondent, slot, item, language, value, answered_at, is_erased, is_flagged in page:
                said = (respondent, slot, item, language, value, answered_at)
                yield OpenAnswer(*said, bool(is_erased), bool(is_flagged))
            after = (page[-1].interview_id, page[-1].slot)


async def senders_of(engine: AsyncEngine, consultation: str) -> tuple[str, ...]:
    """Return which of our numbers and bots people of a consultation wrote to, sorted."""
    query = (
        select(tables.contacts.c.sender)
        .join_from(tables.interviews, tables.contacts)
        .where(tables.interviews.c.consultation == consultation, tables.contacts.c.sender.is_not(None))
        .distinct()
        .order_by(tables.contacts.c.sender)
    )
    async with engine.connect() as connection:
        return tuple((await connection.execute(query)).scalars())
