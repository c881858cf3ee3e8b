"""Which answers may be quoted: decided by a person, for the words that they read and no others.

A decision falls when its answer is given anew, is not relevant any more, or when its person is erased or goes on
with the interview elsewhere. What has fallen is never returned, and deleted by `drop_fallen`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

import msgspec
from sqlalchemy import ColumnElement, and_, delete, exists, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store import results_tables, tables
from bot.store.database import snapshot, writer

_quote, _answer, _interview = results_tables.quotes.c, tables.answers.c, tables.interviews.c
_encode = msgspec.json.Encoder().encode
_decode_translations = msgspec.json.Decoder(dict[str, str]).decode


class QuoteState(StrEnum):
    """What a person decided of an answer's words."""

    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Review:
    """A decision to be kept. `answered_at` is the moment of the answer that was read.

    `text` is the redacted words as approved, None where they were rejected; `translations` are by language.
    """

    respondent_id: str
    slot: str
    answered_at: datetime
    state: QuoteState
    reviewer: str
    at: datetime
    text: str | None = field(default=None, repr=False)
    translations: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class StoredQuote:
    """A decision that stands, beside the answer as it is stored (`value`, not redacted)."""

    respondent_id: str
    slot: str
    item: str
    language: str | None
    value: str = field(repr=False)
    answered_at: datetime
    state: QuoteState
    text: str | None = field(repr=False)
    reviewer: str
    reviewed_at: datetime
    translations: Mapping[str, str] = field(repr=False)


async def reviewed(engine: AsyncEngine, consultation: str) -> tuple[StoredQuote, ...]:
    """Return every decision of a consultation that stands, in the order in which the interviews began."""
    query = (
        select(
            _interview.respondent_id,
            _quote.slot,
            _answer.item,
            _answer.language,
            _answer.value,
            _answer.answered_at,
            _quote.state,
            _quote.text,
            _quote.reviewer,
            _quote.reviewed_at,
            _quote.translations,
        )
        .select_from(results_tables.quotes)
        .join(tables.answers, _is_its_answer())
        .join(tables.interviews, _is_its_interview())
        .where(_interview.consultation == consultation)
        .order_by(_quote.interview_id, _quote.slot)
    )
    async with snapshot(engine).connect() as connection:
        return tuple(
            StoredQuote(
                *(row.respondent_id, row.slot, row.item, row.language, row.value, row.answered_at),
                *(QuoteState(row.state), row.text, row.reviewer, row.reviewed_at),
                MappingProxyType(_decode_translations(row.translations)),
            )
            for row in await connection.execute(query)
        )


async def keep_reviews(engine: AsyncEngine, reviews: Sequence[Review]) -> Sequence[Review]:
    """Write decisions in one transaction, each in place of an earlier one. Return those that could not be kept.

    Those are of answers that were changed since they were read, or whose people are erased.
    """
    async with writer(engine).begin() as connection:
        return [one for one in reviews if not await _keep(connection, one)]


async def _keep(connection: AsyncConnection, review: Review) -> bool:
    row = {
        "state": review.state.value,
        "text": review.text,
        "reviewer": review.reviewer,
        "reviewed_at": review.at,
        "answered_at": review.answered_at,
        "translations": _encode(dict(review.translations)).decode(),
    }
    found = (
        await connection.execute(
            select(_interview.id, _interview.contact_id)
            .join_from(tables.interviews, tables.answers)
            .where(
                _interview.respondent_id == review.respondent_id,
                _interview.contact_id.is_not(None),
                _answer.slot == review.slot,
                _answer.answered_at == review.answered_at,
                _answer.relevant,
            )
            .with_for_update()
        )
    ).one_or_none()
    if found is None:
        return False
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    row |= {"contact_id": found.contact_id}
    place = {"interview_id": found.id, "slot": review.slot}
    statement = insert(results_tables.quotes).values(**place, **row)
    await connection.execute(statement.on_conflict_do_update(index_elements=list(place), set_=row))
    return True


async def drop_fallen(engine: AsyncEngine) -> int:
    """Delete decisions that do not stand any more, with their words, and return how many."""
    stands = exists().where(_is_its_answer(), _is_its_interview())
    async with writer(engine).begin() as connection:
        return (await connection.execute(delete(results_tables.quotes).where(~stands))).rowcount


def _is_its_answer() -> ColumnElement[bool]:
    return and_(
        _answer.interview_id == _quote.interview_id,
        _answer.slot == _quote.slot,
        _answer.answered_at == _quote.answered_at,
        _answer.relevant,
    )


def _is_its_interview() -> ColumnElement[bool]:
    return and_(_interview.id == _quote.interview_id, _interview.contact_id == _quote.contact_id)
