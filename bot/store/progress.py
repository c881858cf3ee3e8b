"""How a consultation goes on, in counts that the database makes by itself: nobody's answers are read."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Integer, and_, case, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.interview.records import AnswerStatus, Ending
from bot.store import tables
from bot.store.database import snapshot

_interview, _answer = tables.interviews.c, tables.answers.c


@dataclass(frozen=True, slots=True)
class LanguageProgress:
    """Interviews in one language ("" where none was chosen): all, and of them what is new since a moment."""

    language: str
    started: int
    completed: int
    new_started: int
    new_completed: int


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """Of the questions answered in one language since a moment, how many had to be asked again."""

    language: str
    answers: int
    again: int


@dataclass(frozen=True, slots=True)
class Progress:
    """All of one moment of the database."""

    by_language: tuple[LanguageProgress, ...]
    asked_again: tuple[AskedAgain, ...]


async def progress(
    engine: AsyncEngine, consultation: str, since: datetime, until: datetime, asked_since: datetime
) -> Progress:
    """Return how a consultation stood at `until`, what was new then since `since`, and what people stumbled over."""
    is_complete = and_(_interview.ending == Ending.COMPLETE.value, _interview.ended_at <= until)
    counts = (
        select(
            _interview.language,
            func.count().label("started"),
            _count(is_complete).label("completed"),
            _count(_interview.started_at > since).label("new_started"),
            _count(and_(is_complete, _interview.ended_at > since)).label("new_completed"),
        )
        .where(_interview.consultation == consultation, _interview.started_at <= until)
        .group_by(_interview.language)
    )
    stumbled = or_(
        _answer.tries > 0,
        _answer.status.in_([AnswerStatus.NOT_UNDERSTOOD.value, AnswerStatus.GIVEN_UP.value]),
    )
    again = (
        select(_interview.language, func.count().label("answers"), _count(stumbled).label("again"))
        .join_from(tables.answers, tables.interviews)
        .where(
            _interview.consultation == consultation,
            _answer.relevant,
            _answer.answered_at > asked_since,
            _answer.answered_at <= until,
        )
        .group_by(_interview.language)
    )
    async with snapshot(engine).connect() as connection:
        languages = [
            LanguageProgress(
                row.language or "", row.started, row.completed, row.new_started, row.new_completed
            )
            for row in await connection.execute(counts)
        ]
        stumbles = [
            AskedAgain(row.language or "", row.answers, row.again) for row in await connection.execute(again)
        ]
    return Progress(
        tuple(sorted(languages, key=lambda one: one.language)),
        tuple(sorted(stumbles, key=lambda one: one.language)),
    )


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return cast(func.coalesce(func.sum(case((condition, 1), else_=0)), 0), Integer)
