"""Decisions about quotes: they stand for one answer of one person, and fall with either."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.sql import Executable

from bot.store import results_tables, tables
from bot.store.database import writer
from bot.store.quotes import QuoteState, Review, drop_fallen, keep_reviews, reviewed
from tests.store.test_open_answers import contact
from tests.store.test_reading import answer, interview, keep, later

APPROVED = Review(
    "respondent-1",
    "wish",
    later(5),
    QuoteState.APPROVED,
    "Ada",
    later(60),
    "More water",
    {"fr": "Plus d'eau"},
)


@pytest.fixture
async def asked(engine: AsyncEngine) -> AsyncEngine:
    for number in (1, 2):
        await contact(engine, number)
    await keep(
        engine,
        interviews=[interview(1, contact_id=1), interview(2)],
        answers=[answer(1, "wish", "More water"), answer(2, "wish", "A well")],
    )
    return engine


async def do(engine: AsyncEngine, statement: Executable) -> None:
    async with writer(engine).begin() as connection:
        await connection.execute(statement)


async def rows(engine: AsyncEngine) -> int | None:
    async with engine.connect() as connection:
        return await connection.scalar(select(func.count()).select_from(results_tables.quotes))


async def test_a_decision_is_kept_and_replaced(asked: AsyncEngine) -> None:
    assert await keep_reviews(asked, [APPROVED]) == []
    (kept,) = await reviewed(asked, "water")
    assert (kept.respondent_id, kept.item, kept.language, kept.value) == (
        "respondent-1",
        "wish",
        "ig",
        "More water",
    )
    assert (kept.state, kept.text, kept.reviewer, kept.reviewed_at) == (
        "approved",
        "More water",
        "Ada",
        later(60),
    )
    assert kept.translations == {"fr": "Plus d'eau"}
    assert "water" not in repr(kept).lower()
    assert await reviewed(asked, "energy") == ()
    rejected = replace(APPROVED, state=QuoteState.REJECTED, text=None, translations={}, reviewer="Bola")
    assert await keep_reviews(asked, [rejected]) == []
    (kept,) = await reviewed(asked, "water")
    assert (kept.state, kept.text, kept.reviewer) == ("rejected", None, "Bola")


async def test_what_was_changed_meanwhile_or_is_nobodys_cannot_be_decided(asked: AsyncEngine) -> None:
    changed = replace(APPROVED, answered_at=later(4))
    nobodys = replace(APPROVED, respondent_id="respondent-2")
    unknown = replace(APPROVED, respondent_id="respondent-9")
    assert await keep_reviews(asked, [changed, nobodys, unknown, APPROVED]) == [changed, nobodys, unknown]
    assert len(await reviewed(asked, "water")) == 1


@pytest.mark.parametrize(
    "happens",
    [
        update(tables.answers).values(value="Less water", answered_at=later(9)),
        update(tables.answers).values(relevant=False),
        update(tables.interviews).values(contact_id=2).where(tables.interviews.c.id == 1),
        delete(tables.contacts).where(tables.contacts.c.id == 1),
        delete(tables.interviews).where(tables.interviews.c.id == 1),
    ],
    ids=["answered anew", "not relevant any more", "gone on elsewhere", "erased", "given way"],
)
async def test_a_decision_falls(asked: AsyncEngine, happens: Executable) -> None:
    await keep_reviews(asked, [APPROVED])
    await do(asked, happens)
    assert await reviewed(asked, "water") == ()
    await drop_fallen(asked)
    assert await rows(asked) == 0


async def test_the_words_of_who_is_erased_go_at_once(asked: AsyncEngine) -> None:
    await keep_reviews(asked, [APPROVED])
    await do(asked, delete(tables.contacts).where(tables.contacts.c.id == 1))
    assert await rows(asked) == 0


async def test_what_stands_is_not_dropped(asked: AsyncEngine) -> None:
    await keep_reviews(asked, [APPROVED])
    assert await drop_fallen(asked) == 0
    assert len(await reviewed(asked, "water")) == 1
