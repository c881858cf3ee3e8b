"""Open answers as a stream: the ones that count, in order, and nobody's contact."""

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.interview.records import AnswerStatus
from bot.store import tables
from bot.store.database import writer
from bot.store.open_answers import OpenAnswer, open_answers, senders_of
from tests.store.test_reading import START, answer, interview, keep, later


async def contact(engine: AsyncEngine, number: int, sender: str | None = None) -> None:
    row = {
        "id": number,
        "channel": "sms",
        "address_hash": f"{number}",
        "address_sealed": "",
        "created_at": START,
    }
    async with writer(engine).begin() as connection:
        await connection.execute(insert(tables.contacts), {**row, "sender": sender})


async def test_only_what_counts(engine: AsyncEngine) -> None:
    await contact(engine, 7)
    await keep(
        engine,
        interviews=[interview(1, contact_id=7), interview(2), interview(3, "energy")],
        answers=[
            answer(1, "wish", "More water"),
            answer(1, "age", "40"),
            answer(1, "plan[2]", "A road", language=None),
            answer(2, "wish", "gone", relevant=False),
            answer(2, "plan[1]", "", status=AnswerStatus.SKIPPED),
            answer(2, "plan[2]", "A well"),
            answer(3, "wish", "Light"),
        ],
    )
    read = [one async for one in open_answers(engine, "water", {"wish", "plan"})]
    assert read == [
        OpenAnswer("respondent-1", "plan[2]", "plan", None, "A road", later(5), False),
        OpenAnswer("respondent-1", "wish", "wish", "ig", "More water", later(5), False),
        OpenAnswer("respondent-2", "plan[2]", "plan", "ig", "A well", later(5), True),
    ]
    assert "water" not in repr(read).lower()
    assert [one async for one in open_answers(engine, "nothing", {"wish"})] == []


async def test_pages_join_within_an_interview(engine: AsyncEngine) -> None:
    await keep(
        engine,
        interviews=[interview(n) for n in range(1, 1_602)],
        answers=[answer(n, f"plan[{k}]", f"{n} {k}") for n in range(1, 1_602) for k in (1, 2, 3)],
    )
    read = [one.value async for one in open_answers(engine, "water", {"plan"})]
    assert read == [f"{n} {k}" for n in range(1, 1_602) for k in (1, 2, 3)]


async def test_whom_they_wrote_to(engine: AsyncEngine) -> None:
    for number, sender in enumerate(["+12025550100", None, "+447700900000", "+12025550100"], 1):
        await contact(engine, number, sender)
    of = {1: "water", 2: "water", 3: "energy", 4: "water"}
    await keep(engine, interviews=[interview(n, name, contact_id=n) for n, name in of.items()])
    assert await senders_of(engine, "water") == ("+12025550100",)
