"""Helped answers through the intake, into both databases: many on one phone never mix, whatever comes twice."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.interview.records import Ending
from bot.core.questionnaire import Questionnaire
from bot.core.reception import consultations, receive
from bot.core.reception.helping import SILENCE
from bot.errors import WorkerError
from bot.intake import Intake
from bot.intake.waiting import Bounds
from bot.store import reading
from bot.store.open_answers import open_answers
from bot.store.vault import AddressPepper
from bot.store.versions import Publication, publish
from bot.store.workers import NewPin, add_worker, find_worker, list_workers, renew_worker, revoke_worker
from tests.intake.test_conversation import COOKING
from tests.support.care import SAFEGUARD
from tests.support.consultations import questionnaire
from tests.support.databases import opened
from tests.support.intake import NOON, PEPPER, message, stored, wire

OFFERED = questionnaire(COOKING, "report_back: true")
HELPING_TABLES = {"workers", "wrong_pins", "helping_sessions", "helped_interviews", "paper_forms"}
MONTH = NOON + timedelta(days=30)
WEEK = NOON + timedelta(days=7)


def hashed(pin: str) -> str:
    return AddressPepper(PEPPER).hash_pin(pin)


async def worker(engine: AsyncEngine, name: str = "Amina", pin: str = "483920") -> int:
    return await add_worker(engine, "trial", name, NewPin(hashed(pin), WEEK), MONTH, NOON)


@asynccontextmanager
async def helped_on(engine: AsyncEngine, bounds: Bounds = Bounds()) -> AsyncIterator[Intake]:  # noqa: B008 (frozen)
    await publish(engine, [Publication(OFFERED.version, OFFERED.id, "{}")], NOON)
    intake = wired(engine, bounds=bounds)
    yield intake
    await intake.close()


def wired(
    engine: AsyncEngine,
    offered: Questionnaire = OFFERED,
    rebuild: Callable[[str], Questionnaire] | None = None,
    first: int = 1,
    bounds: Bounds = Bounds(),  # noqa: B008 (frozen)
) -> Intake:
    seeds = count(first)
    return wire(
        engine,
        consultations=consultations([offered]),
        decide=receive,
        seed=lambda: next(seeds) * 1_000,
        bounds=bounds,
        **({"rebuild": rebuild} if rebuild else {}),
    )


async def talk(intake: Intake, *lines: str, first: int = 0, sender: int = 1) -> list[str]:
    replies = [
        await intake.receive(message(sender, line, f"m{sender}-{n}", n))
        for n, line in enumerate(lines, first)
    ]
    return ["\n".join(prompt.text for prompt in reply) for reply in replies]


async def held(engine: AsyncEngine) -> list[tuple[Ending | None, dict[str, str]]]:
    """Return how each interview ended, with its answers, in the order in which they began."""
    return [
        (one.ending, {answer.slot: answer.value for answer in one.answers if answer.relevant})
        async for one in reading.interviews(engine, "trial")
    ]


AFTERNOON = (
    *("assist 483920", "next", "yes", "1", "7", "better stoves"),
    *("next", "no"),
    *("next", "yes", "2", "next", "1", "yes", "gas", "done", "1"),
)
HELD = [
    (Ending.COMPLETE, {"cooks_with": "wood", "hours": "7", "wish": "better stoves"}),
    (Ending.REFUSED, {}),
    # Ended for the next person, and as the worker was finished: nobody can go on with either.
    (Ending.LEFT, {"cooks_with": "gas"}),
    (Ending.LEFT, {"cooks_with": "gas"}),
]


async def test_an_afternoon_becomes_separate_respondents(engine: AsyncEngine) -> None:
    amina = await worker(engine)
    async with helped_on(engine) as intake:
        await talk(intake, "trial", "yes", "2")
        said = await talk(intake, *AFTERNOON, first=3)
    assert "stopped helping" in said[-1]
    assert await held(engine) == [(None, {"cooks_with": "gas"}), *HELD]
    assert len({row[0] for row in await stored(engine, "interviews", "respondent_id")}) == 5
    contacts = [row[0] for row in await stored(engine, "interviews", "contact_id")]
    assert contacts[0] is not None
    assert contacts[1:] == [None] * 4
    assert [row[0] for row in await stored(engine, "helped_interviews", "worker_id")] == [amina] * 4
    [listed] = await list_workers(engine, "trial")
    assert (listed.name, listed.interviews, listed.complete, listed.refused) == ("Amina", 4, 1, 1)
    assert listed.in_a_chat
    assert listed.last_at is not None


@pytest.mark.parametrize("in_one_batch", [False, True])
async def test_what_a_helped_person_tells_of_harm_is_their_answer_and_no_quote(
    engine: AsyncEngine, in_one_batch: bool
) -> None:
    await worker(engine)
    attended = replace(OFFERED, safeguard=SAFEGUARD)
    await publish(engine, [Publication(OFFERED.version, OFFERED.id, "{}")], NOON)
    intake = wired(engine, attended, bounds=Bounds(of_one_sender=40, batch_of_one_sender=40))
    lines = (
        *("assist 483920", "next", "yes", "1", "7", "better stoves"),
        *("next", "yes", "1", "7", "my husband beats me"),
    )
    if in_one_batch:
        await asyncio.gather(*(intake.receive(message(1, line, f"m{n}", n)) for n, line in enumerate(lines)))
    else:
        await talk(intake, *lines)
    await intake.close()
    said = [one async for one in open_answers(engine, "trial", ["wish"])]
    assert [(one.value, one.is_flagged) for one in said] == [
        ("better stoves", False),
        ("my husband beats me", True),
    ]


@pytest.mark.parametrize("of_one_sender", [1, 4, 40])
async def test_an_afternoon_in_batches_comes_to_the_same(engine: AsyncEngine, of_one_sender: int) -> None:
    """With 40 it is all one batch, as what a network held back comes at once."""
    await worker(engine)
    async with helped_on(engine, Bounds(of_one_sender=40, batch_of_one_sender=of_one_sender)) as intake:
        messages = [message(1, line, f"m{n}", n) for n, line in enumerate(AFTERNOON)]
        await asyncio.gather(*map(intake.receive, messages))
    assert await held(engine) == HELD


async def test_what_comes_twice_gets_the_same_reply_and_counts_once(engine: AsyncEngine) -> None:
    await worker(engine)
    async with helped_on(engine) as intake:
        once = await talk(intake, *AFTERNOON)
        tables = [await stored(engine, name, "id") for name in ("interviews", "inbound", "outbound")]
        again = await talk(intake, *AFTERNOON)
    assert again == once
    assert await held(engine) == HELD
    assert [await stored(engine, name, "id") for name in ("interviews", "inbound", "outbound")] == tables


@pytest.mark.parametrize("break_after", [1, 2, 4, 8, 12])
async def test_a_process_that_ends_loses_nothing(database_url: str, break_after: int) -> None:
    """Another process, that has never met the consultation's version, goes on in the middle of a person."""
    async with opened(database_url) as engine:
        await worker(engine)
        async with helped_on(engine) as intake:
            await talk(intake, *AFTERNOON[:break_after])
    async with opened(database_url) as engine:
        newer = replace(OFFERED, version="trial-2")
        await publish(engine, [Publication("trial-2", "trial", "{}")], NOON)
        other = wired(engine, newer, rebuild=lambda _: OFFERED, first=500)
        await talk(other, *AFTERNOON[break_after:], first=break_after)
        await other.close()
        assert await held(engine) == HELD


async def test_two_processes_keep_a_workers_people_apart(database_url: str) -> None:
    async with opened(database_url) as engine, opened(database_url) as other_engine:
        await worker(engine)
        async with helped_on(engine) as one:
            other = wired(other_engine, first=900)
            await talk(one, "assist 483920")
            for number, line in enumerate(AFTERNOON[1:], 1):
                intakes = (one, other) if number % 2 else (other, one)
                # Delivered to both at once, as by a provider that heard nothing in time.
                both = [intake.receive(message(1, line, f"m{number}", number)) for intake in intakes]
                first, second = await asyncio.gather(*both)
                assert first == second
            await other.close()
        assert await held(engine) == HELD


async def test_the_last_interview_goes_with_its_answers(engine: AsyncEngine) -> None:
    await worker(engine)
    async with helped_on(engine) as intake:
        await talk(intake, "assist 483920", "next", "no", "next", "yes", "1", "undo", "1")
        assert await held(engine) == [(Ending.REFUSED, {})]
        assert await stored(engine, "answers", "slot") == []
        # In one batch with the whole interview, too.
        for lines in (("next", "yes", "2", "undo"), ("1", "next", "yes", "1")):
            batch = [message(1, line, f"{lines[0]}{n}", 20 + n) for n, line in enumerate(lines)]
            await asyncio.gather(*map(intake.receive, batch))
    assert await held(engine) == [(Ending.REFUSED, {}), (None, {"cooks_with": "wood"})]


async def test_silence_ends_a_session_and_the_next_message_is_stored_as_nobodys(engine: AsyncEngine) -> None:
    await worker(engine)
    async with helped_on(engine) as intake:
        await talk(intake, "trial", "yes", "assist 483920", "next", "yes")
        hours = int(SILENCE.total_seconds() // 60) + 10
        said = await talk(intake, "1", "2", first=hours)
    assert "was not counted" in said[0]
    assert await held(engine) == [(None, {"cooks_with": "gas"}), (Ending.LEFT, {})]
    [(ended_at,)] = await stored(engine, "helping_sessions", "ended_at")
    assert ended_at is not None


# --- numbers


async def test_a_number_lets_in_one_chat(engine: AsyncEngine) -> None:
    await worker(engine)
    async with helped_on(engine) as intake:
        both = [intake.receive(message(one, "assist 483920", f"m{one}", one)) for one in (1, 2)]
        first, second = await asyncio.gather(*both)
        assert "You now help" in first[0].text
        assert "does not work" in second[0].text
        assert "does not work" in (await talk(intake, "assist 483920", first=5, sender=2))[0]
        await talk(intake, "done", first=6)
        assert "You now help" in (await talk(intake, "assist 483920", first=7))[0]
    assert [row[0] for row in await stored(engine, "contacts", "worker_id")] == [1, None]


async def test_two_processes_let_in_one_chat(database_url: str) -> None:
    async with opened(database_url) as engine, opened(database_url) as other_engine:
        await worker(engine)
        async with helped_on(engine) as one:
            other = wired(other_engine, first=900)
            tried = [
                intake.receive(message(phone, "assist 483920", f"m{phone}", phone))
                for phone, intake in enumerate((one, other), 1)
            ]
            said = [reply[0].text for reply in await asyncio.gather(*tried)]
            await other.close()
        assert sorted("You now help" in text for text in said) == [False, True]


async def test_numbers_are_kept_in_no_message_and_wrong_ones_are_counted(engine: AsyncEngine) -> None:
    await worker(engine)
    async with helped_on(engine) as intake:
        await talk(intake, *["assist 111111"] * 3)
        batch = [message(1, "assist 222222", f"b{n}", 5 + n) for n in range(2)]
        await asyncio.gather(*map(intake.receive, batch))
        assert [row[0] for row in await stored(engine, "wrong_pins", "tries")] == [5]
        assert "does not work" in (await talk(intake, "assist 483920", first=10))[0]
        assert "You now help" in (await talk(intake, "assist 483920", first=60 * 24 + 10))[0]
    assert {row[0] for row in await stored(engine, "inbound", "body")} == {"assist ######"}
    assert await stored(engine, "wrong_pins", "tries") == []
    [(pin_hash,)] = await stored(engine, "workers", "pin_hash")
    assert len(pin_hash) == 64
    assert "483920" not in pin_hash


async def test_who_is_revoked_or_has_another_number_is_out_at_once(engine: AsyncEngine) -> None:
    await worker(engine)
    async with helped_on(engine) as intake:
        await talk(intake, "assist 483920", "next", "yes")
        await renew_worker(engine, "trial", "Amina", NewPin(hashed("111222"), WEEK), MONTH)
        said = await talk(intake, "1", "assist", "assist 483920", first=3)
        assert "stopped helping" in said[0]
        assert ["does not work" in one for one in said[1:]] == [True, True]
        await talk(intake, "assist 111222", "next", "yes", "2", sender=2)
        await revoke_worker(engine, "trial", "Amina", NOON)
        assert "stopped helping" in (await talk(intake, "a wish", first=4, sender=2))[0]
    assert await held(engine) == [(Ending.LEFT, {}), (Ending.LEFT, {"cooks_with": "gas"})]
    with pytest.raises(WorkerError, match="may not help any more"):
        await find_worker(engine, "trial", "Amina", NOON)


async def test_workers_are_known_by_name(engine: AsyncEngine) -> None:
    with pytest.raises(WorkerError, match="has no workers yet"):
        await find_worker(engine, "trial", "Amina", NOON)
    amina = await worker(engine)
    assert await find_worker(engine, "trial", "Amina", NOON) == amina
    with pytest.raises(WorkerError, match="already"):
        await worker(engine, pin="111111")
    with pytest.raises(WorkerError, match="there are: Amina"):
        await revoke_worker(engine, "trial", "Amin", NOON)


# --- what others see of it


async def test_nobody_who_is_helped_can_be_told_anything_later(engine: AsyncEngine) -> None:
    """Whatever is sent later goes to contacts: those who were helped have none."""
    await worker(engine)
    async with helped_on(engine) as intake:
        await talk(intake, *AFTERNOON)
    rows = await stored(engine, "interviews", "contact_id", "report_back")
    assert {*rows} == {(None, None)}


@pytest.mark.parametrize("helps", [False, True])
async def test_nothing_more_is_asked_of_the_database_where_nobody_helps(
    engine: AsyncEngine, helps: bool
) -> None:
    await worker(engine)
    async with helped_on(engine) as intake:
        await talk(intake, *(("assist 483920", "next") if helps else ("trial",)))
        statements: list[str] = []
        with _told(intake, engine, statements):
            await talk(intake, "yes", first=5)
            await talk(intake, "trial", first=5, sender=2)
    about = [one for one in statements if any(table in one for table in HELPING_TABLES)]
    assert statements
    assert bool(about) == helps


class _told:
    """Takes down the statements of an intake."""

    def __init__(self, intake: Intake, engine: AsyncEngine, statements: list[str]) -> None:
        is_sqlite = engine.dialect.name == "sqlite"
        self._engine = intake._writing._engine if is_sqlite else engine.sync_engine  # type: ignore[attr-defined]
        self._statements = statements

    def _tell(self, *event_: Any) -> None:
        self._statements.append(event_[2])

    def __enter__(self) -> None:
        event.listen(self._engine, "before_cursor_execute", self._tell)

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._tell)
