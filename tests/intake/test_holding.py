"""Messages that are kept, but not acted on: a phone that writes too fast, machines that answer each other."""

import asyncio
import logging
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels import Channel
from bot.core.prompts.records import Prompt
from bot.store.migrating import migrate
from tests.support.databases import opened
from tests.support.intake import intake_on, message, stored
from tests.support.metrics import Change

HELD: tuple[Prompt, ...] = ()


def told(caplog: pytest.LogCaptureFixture) -> list[Any]:
    return [getattr(record, "heard_facts", None) for record in caplog.records if record.name == "bot.intake"]


async def test_a_phone_that_writes_too_fast_is_stored_and_not_answered(
    engine: AsyncEngine, caplog: pytest.LogCaptureFixture
) -> None:
    change = Change()
    async with intake_on(engine) as intake:
        replies = [await intake.receive(message(1, "JOIN", "join"))]
        replies += [await intake.receive(message(1, f"word {n}", f"m{n}")) for n in range(59)]
        assert [reply == HELD for reply in replies] == [False] * 30 + [True] * 30
        assert await intake.receive(message(2, "JOIN", "other")) != HELD
        # The same delivery again has the same answer: none.
        assert await intake.receive(message(1, "word 58", "m58", minutes=5)) == HELD
        assert await intake.receive(message(1, "slower", "later", minutes=5)) == (
            Prompt("slower after 29"),
            Prompt("next?"),
        )
    assert len(await stored(engine, "inbound", "id")) == 62
    assert len(await stored(engine, "answers", "slot")) == 30
    [(contact,), _] = await stored(engine, "contacts", "id")
    assert told(caplog) == [{"contact": contact, "rule": "rate"}]
    assert change.of("heard_contacts_held_total", rule="rate") == 1


async def test_whoever_types_at_a_terminal_here_floods_nobody(engine: AsyncEngine) -> None:
    async with intake_on(engine) as intake:
        typed = {"channel": Channel.TERMINAL}
        replies = [await intake.receive(message(1, "JOIN", "join", **typed))]
        replies += [await intake.receive(message(1, f"word {n}", f"m{n}", **typed)) for n in range(59)]
        replies += [await intake.receive(message(1, "the same", f"s{n}", **typed)) for n in range(10)]
    assert HELD not in replies
    assert len(await stored(engine, "inbound", "id")) == 70


async def test_a_flood_of_batches_is_one_episode(
    engine: AsyncEngine, caplog: pytest.LogCaptureFixture
) -> None:
    async with intake_on(engine) as intake:
        await intake.receive(message(1, "JOIN", "join"))
        for burst in range(8):
            sent = [message(1, f"word {burst} {n}", f"{burst}-{n}") for n in range(10)]
            await asyncio.gather(*map(intake.receive, sent))
    assert len(await stored(engine, "inbound", "id")) == 81
    assert len(await stored(engine, "answers", "slot")) == 29
    assert [facts["rule"] for facts in told(caplog)] == ["rate"]


async def test_two_machines_are_stopped_until_another_text_comes(
    engine: AsyncEngine, caplog: pytest.LogCaptureFixture
) -> None:
    async with intake_on(engine) as intake:
        await intake.receive(message(1, "JOIN", "join"))
        away = [await intake.receive(message(1, "I am away", f"away{n}", n)) for n in range(1, 9)]
        assert [reply == HELD for reply in away] == [False] * 4 + [True] * 4
        assert await intake.receive(message(1, "back", "back", 10)) == (
            Prompt("back after 4"),
            Prompt("next?"),
        )
    assert len(await stored(engine, "inbound", "id")) == 10
    [(contact,)] = await stored(engine, "contacts", "id")
    assert told(caplog) == [{"contact": contact, "rule": "repetition"}]
    shown = [caplog.text, *(repr(vars(record)) for record in caplog.records)]
    assert not [line for line in shown if "away" in line]


@pytest.mark.parametrize(
    "before",
    [
        pytest.param([f"word {n}" for n in range(40)], id="too fast"),
        pytest.param(["I am away"] * 10, id="over and over"),
    ],
)
async def test_stop_is_obeyed_whatever_the_pace(engine: AsyncEngine, before: list[str]) -> None:
    async with intake_on(engine) as intake:
        await intake.receive(message(1, "JOIN", "join"))
        for number, text in enumerate(before):
            last = await intake.receive(message(1, text, f"m{number}"))
        assert last == HELD
        await intake.receive(message(1, "STOP", "stop"))
    [(opted_out_at,)] = await stored(engine, "contacts", "opted_out_at")
    assert opted_out_at is not None


async def test_the_pace_is_that_of_all_processes_and_outlives_them(database_url: str) -> None:
    async with opened(database_url) as one, opened(database_url) as two:
        async with intake_on(one) as first, intake_on(two) as second:
            await first.receive(message(1, "JOIN", "join"))
            for number in range(20):
                await first.receive(message(1, f"here {number}", f"here{number}"))
                await second.receive(message(1, f"there {number}", f"there{number}"))
        assert len(await stored(one, "answers", "slot")) == 29
        async with intake_on(one) as restarted:
            assert await restarted.receive(message(1, "again", "again")) == HELD
            assert await restarted.receive(message(1, "later", "later", 3)) != HELD


async def test_a_clock_that_went_back_blocks_nobody_for_long(engine: AsyncEngine) -> None:
    async with intake_on(engine) as intake:
        await intake.receive(message(1, "JOIN", "join"))
        for number in range(40):
            await intake.receive(message(1, f"word {number}", f"m{number}"))
        assert await intake.receive(message(1, "an hour ago", "back", -60)) == HELD
        assert await intake.receive(message(1, "soon after", "after", -57)) != HELD


async def test_who_wrote_before_paces_were_kept_is_heard(
    engine: AsyncEngine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with intake_on(engine) as intake:
        await intake.receive(message(1, "JOIN", "join"))
    await migrate(engine, "0001")
    await migrate(engine)
    assert await stored(engine, "contacts", "pace") == [(None,)]
    async with intake_on(engine) as intake:
        assert await intake.receive(message(1, "wood", "m1")) == (Prompt("wood after 0"), Prompt("next?"))
