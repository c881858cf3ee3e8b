"""What results read: whole interviews, page after page, and nobody's contact."""

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.interview.records import AnswerStatus, Ending, Stage
from bot.store import reading, tables
from bot.store.database import writer
from bot.store.reading import StoredAnswer, StoredInterview

START = datetime(2026, 3, 2, 8, 30, 0, 123456, tzinfo=UTC)


async def keep(engine: AsyncEngine, *, interviews: Sequence[Any], answers: Sequence[Any] = ()) -> None:
    async with writer(engine).begin() as connection:
        versions = [
            {"version": "v1", "consultation": "water", "document": "{1}", "published_at": START},
            {"version": "v2", "consultation": "water", "document": "{2}", "published_at": later(1)},
            {"version": "e1", "consultation": "energy", "document": "{3}", "published_at": START},
        ]
        await connection.execute(insert(tables.versions), versions)
        await connection.execute(insert(tables.interviews), interviews)
        if answers:
            await connection.execute(insert(tables.answers), answers)


def later(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def interview(number: int, consultation: str = "water", **columns: Any) -> dict[str, Any]:
    return {
        "id": number,
        "contact_id": None,
        "consultation": consultation,
        "version": "v1",
        "respondent_id": f"respondent-{number}",
        "channel": "sms",
        "language": "ig",
        "state": "{}",
        "stage": Stage.ITEMS,
        "ending": None,
        "started_at": START,
        "updated_at": later(number),
        "consented_at": None,
        "ended_at": None,
        **columns,
    }


def answer(interview_id: int, slot: str, value: str, **columns: Any) -> dict[str, Any]:
    return {
        "interview_id": interview_id,
        "slot": slot,
        "item": slot.partition("[")[0],
        "value": value,
        "raw": value.upper(),
        "status": AnswerStatus.ANSWERED,
        "language": "ig",
        "relevant": True,
        "tries": 0,
        "answered_at": later(5),
        "version": "v1",
        **columns,
    }


async def test_an_interview_comes_back_whole(engine: AsyncEngine) -> None:
    ended: dict[str, Any] = {
        "stage": Stage.ENDED,
        "ending": Ending.COMPLETE,
        "consented_at": later(1),
        "ended_at": later(9),
    }
    await keep(
        engine,
        interviews=[interview(1, **ended), interview(2, language=None), interview(3, "energy")],
        answers=[
            answer(1, "source", "well", relevant=False, tries=2),
            answer(1, "age[2]", "", status=AnswerStatus.NOT_UNDERSTOOD, raw="twelve-ish", language=None),
            answer(3, "cooks_with", "wood"),
        ],
    )
    read = [one async for one in reading.interviews(engine, "water")]
    vague = StoredAnswer(
        "age[2]", "age", "", "twelve-ish", AnswerStatus.NOT_UNDERSTOOD, None, True, 0, later(5), "v1"
    )
    source = StoredAnswer(
        "source", "source", "well", "WELL", AnswerStatus.ANSWERED, "ig", False, 2, later(5), "v1"
    )
    assert read == [
        StoredInterview(
            respondent_id="respondent-1",
            version="v1",
            channel="sms",
            language="ig",
            stage=Stage.ENDED,
            ending=Ending.COMPLETE,
            started_at=START,
            updated_at=later(1),
            consented_at=later(1),
            ended_at=later(9),
            answers=(vague, source),
            source=None,
        ),
        StoredInterview(
            "respondent-2", "v1", "sms", None, Stage.ITEMS, None, START, later(2), None, None, ()
        ),
    ]
    assert read[0].started_at.tzinfo is UTC
    assert read[0].answers[0].relevant is True
    assert "twelve-ish" not in repr(read)


async def test_pages_join_without_gap_or_repetition(engine: AsyncEngine) -> None:
    numbers = range(1, 2_502)
    await keep(
        engine,
        interviews=[interview(n, "water" if n % 5 else "energy") for n in numbers],
        answers=[answer(n, "source", f"value {n}") for n in numbers],
    )
    read = [one async for one in reading.interviews(engine, "water")]
    expected = [n for n in numbers if n % 5]
    assert [one.respondent_id for one in read] == [f"respondent-{n}" for n in expected]
    assert [[a.value for a in one.answers] for one in read] == [[f"value {n}"] for n in expected]
    assert await reading.count(engine, "water") == len(expected)
    assert await reading.count(engine, "energy") == 500
    assert await reading.count(engine, "nothing") == 0
    assert [one async for one in reading.interviews(engine, "nothing")] == []


async def test_what_is_written_meanwhile_is_not_half_seen(engine: AsyncEngine) -> None:
    await keep(engine, interviews=[interview(n) for n in range(1, 1_101)])
    async with aclosing(reading.interviews(engine, "water")) as rows:
        seen = [await anext(rows)]
        async with writer(engine).begin() as connection:
            late = [answer(n, "source", "late") for n in range(1, 1_101)]
            await connection.execute(insert(tables.answers), late)
            await connection.execute(insert(tables.interviews), [interview(2_000)])
        seen += [one async for one in rows]
    assert len(seen) == 1_100
    assert {one.answers for one in seen} == {()}


async def test_documents_newest_first(engine: AsyncEngine) -> None:
    await keep(engine, interviews=[interview(1)])
    assert list((await reading.documents(engine, "water")).items()) == [("v2", "{2}"), ("v1", "{1}")]
    assert await reading.documents(engine, "nothing") == {}
    assert await reading.consultations(engine) == ("energy", "water")


def test_records_name_no_contact() -> None:
    named = {field.name for record in (StoredInterview, StoredAnswer) for field in fields(record)}
    assert not named & {"id", "contact_id", "interview_id", "address", "address_hash", "state"}
