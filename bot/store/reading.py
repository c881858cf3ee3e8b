"""What results are made of: interviews with their answers, without contacts and without addresses."""

from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.core.interview.records import AnswerStatus, Ending, Stage
from bot.store import tables
from bot.store.database import snapshot
from bot.store.fetching import StoredMedia
from bot.store.media import media_of
from bot.store.outreach.helping_tables import is_assisted

_PAGE = 1_000
"""Interviews held in memory at a time."""


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """One answer as `bot.core.interview.records.Answer` has it, with its slot and item.

    `version` is the version of the consultation that it was given on; `media` what has become of the picture or sound,
    where that is the answer and was asked for: the value is then its provider's name for it, which is a secret.
    """

    slot: str
    item: str
    value: str = field(repr=False)
    raw: str = field(repr=False)
    status: AnswerStatus
    language: str | None
    relevant: bool
    tries: int
    answered_at: datetime
    version: str
    media: StoredMedia | None = None


@dataclass(frozen=True, slots=True)
class StoredInterview:
    """One person's interview, under a random id that stands in no other consultation.

    `answers` are in the order of their slots' names, and include those that are not relevant any more.
    `ended_at` is when it ended, by `ending`; both are None for one that was never finished.
    """

    respondent_id: str
    version: str
    channel: str
    language: str | None
    stage: Stage
    ending: Ending | None
    started_at: datetime
    updated_at: datetime
    consented_at: datetime | None
    ended_at: datetime | None
    answers: tuple[StoredAnswer, ...]
    source: str | None = None
    assisted: bool = False
    """Whether somebody helped them to answer, on another phone or on paper."""


async def count(engine: AsyncEngine, consultation: str) -> int:
    """Return how many interviews a consultation has, finished or not."""
    query = select(func.count()).where(tables.interviews.c.consultation == consultation)
    async with engine.connect() as connection:
        return int((await connection.execute(query)).scalar_one())


async def consultations(engine: AsyncEngine) -> tuple[str, ...]:
    """Return the ids of every consultation that was ever published, sorted."""
    query = select(tables.versions.c.consultation).distinct().order_by(tables.versions.c.consultation)
    async with engine.connect() as connection:
        return tuple((await connection.execute(query)).scalars())


async def documents(engine: AsyncEngine, consultation: str) -> Mapping[str, str]:
    """Return the document of every published version of a consultation, by version, the newest first."""
    versions = tables.versions.c
    query = (
        select(versions.version, versions.document)
        .where(versions.consultation == consultation)
        .order_by(versions.published_at.desc(), versions.version)
    )
    async with engine.connect() as connection:
        return {row.version: row.document for row in await connection.execute(query)}


async def occurring(engine: AsyncEngine, consultation: str) -> Mapping[str, frozenset[AnswerStatus]]:
    """Return the slots that hold an answer that counts in any interview, with the statuses that occur there."""
    query = (
        select(_given.slot, _given.status)
        .join_from(tables.answers, tables.interviews)
        .where(_kept.consultation == consultation, _given.relevant)
        .distinct()
    )
    found: dict[str, frozenset[AnswerStatus]] = {}
    async with engine.connect() as connection:
        for slot, status in await connection.execute(query):
            found[slot] = found.get(slot, frozenset()) | {_STATUSES[status]}
    return found


async def interviews(
    engine: AsyncEngine, consultation: str, media_items: Collection[str] = ()
) -> AsyncGenerator[StoredInterview]:
    """Yield every interview of a consultation with its answers, in the order they began.

    The answers to `media_items` say what has become of the pictures and sounds.

    All of them are of one moment, and only a page of them is in memory at a time. Close the iterator
    (`contextlib.aclosing`) where it is left early: it holds a connection.
    """
    async with snapshot(engine).connect() as connection:
        after = 0
        while page := (await connection.execute(_PAGE_OF_INTERVIEWS, _bounds(consultation, after))).all():
            answers = await _answers(connection, consultation, after, last := page[-1].id)
            if media_items:
                answers = await _with_media(connection, answers, media_items)
            for row in page:
                yield _interview(row, answers.get(row.id, ()))
            after = last


async def page_of_interviews(
    engine: AsyncEngine, consultation: str, after: int, most: int, media_items: Collection[str] = ()
) -> tuple[Sequence[StoredInterview], int | None]:
    """Return so many interviews at most, those that began after a place, and the place of the last of them.

    The first place is 0; there is none (None) where nothing comes after. Each page is of a moment of its own.
    """
    async with snapshot(engine).connect() as connection:
        # One more tells whether anything follows.
        bounds = _bounds(consultation, after)
        page = (await connection.execute(_PAGE_OF_INTERVIEWS.limit(most + 1), bounds)).all()
        shown = page[:most]
        if not shown:
            return (), None
        answers = await _answers(connection, consultation, after, last := shown[-1].id)
        if media_items:
            answers = await _with_media(connection, answers, media_items)
    found = [_interview(row, answers.get(row.id, ())) for row in shown]
    return found, last if len(page) > most else None


_kept = tables.interviews.c
_PAGE_OF_INTERVIEWS = (
    select(
        _kept.id,
        _kept.respondent_id,
        _kept.version,
        _kept.channel,
        _kept.language,
        _kept.source,
        _kept.stage,
        _kept.ending,
        _kept.started_at,
        _kept.updated_at,
        _kept.consented_at,
        _kept.ended_at,
        is_assisted().label("assisted"),
    )
    .where(_kept.consultation == bindparam("consultation"), _kept.id > bindparam("after"))
    .order_by(_kept.id)
    .limit(_PAGE)
)

_given = tables.answers.c
_ANSWERS_OF_PAGE = (
    select(
        _given.interview_id,
        _given.slot,
        _given.item,
        _given.value,
        _given.raw,
        _given.status,
        _given.language,
        _given.relevant,
        _given.tries,
        _given.answered_at,
        _given.version,
    )
    .join_from(tables.answers, tables.interviews)
    .where(
        _kept.consultation == bindparam("consultation"),
        _kept.id > bindparam("after"),
        _kept.id <= bindparam("last"),
    )
    .order_by(_given.interview_id, _given.slot)
)

_STATUSES = {status.value: status for status in AnswerStatus}


def _bounds(consultation: str, after: int) -> dict[str, Any]:
    return {"consultation": consultation, "after": after}


_Answers = dict[int, tuple[StoredAnswer, ...]]


async def _answers(connection: AsyncConnection, consultation: str, after: int, last: int) -> _Answers:
    rows = await connection.execute(_ANSWERS_OF_PAGE, {**_bounds(consultation, after), "last": last})
    return {
        interview: tuple(
            StoredAnswer(slot, item, value, raw, _STATUSES[status], *rest)
            for _, slot, item, value, raw, status, *rest in group
        )
        for interview, group in groupby(rows, itemgetter(0))
    }


async def _with_media(connection: AsyncConnection, answers: _Answers, items: Collection[str]) -> _Answers:
    given = {one.value for some in answers.values() for one in some if one.item in items and one.value}
    media = await media_of(connection, given)
    return {
        interview: tuple(
            replace(one, media=media.get(one.value)) if one.item in items else one for one in some
        )
        for interview, some in answers.items()
    }


def _interview(row: Row[*tuple[Any, ...]], answers: tuple[StoredAnswer, ...]) -> StoredInterview:
    *about, consented, ended, assisted = row
    _, respondent, version, channel, language, source, stage, ending, started, updated = about
    return StoredInterview(
        respondent,
        version,
        channel,
        language,
        Stage(stage),
        Ending(ending) if ending is not None else None,
        started,
        updated,
        consented,
        ended,
        answers,
        source,
        bool(assisted),
    )
