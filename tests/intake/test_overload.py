"""More than can be done, a database that is slow or gone: each message is answered in time, and none counts twice."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels import InboundMessage
from bot.core.prompts.records import Prompt
from bot.errors import MessageFailed, Overloaded, TimedOut, Unreachable
from bot.intake import Intake
from bot.intake.waiting import Bounds
from bot.store import writing
from bot.store.database import writer
from tests.support.intake import intake_on, message, stored
from tests.support.metrics import Change


async def together(intake: Intake, *messages: InboundMessage) -> list[Any]:
    return await asyncio.gather(*map(intake.receive, messages), return_exceptions=True)


async def sent_until_answered(intake: Intake, one: InboundMessage) -> Sequence[Prompt]:
    """Return the answer to a message that is sent again, as a provider does, until there is one."""
    while True:
        try:
            return await intake.receive(one)
        except MessageFailed:
            continue


@asynccontextmanager
async def locked(engine: AsyncEngine) -> AsyncIterator[None]:
    """Keep every other transaction waiting until the block ends."""
    async with writer(engine).begin() as connection:
        if engine.dialect.name == "postgresql":
            await connection.execute(text("LOCK TABLE contacts IN ACCESS EXCLUSIVE MODE"))
        yield


@asynccontextmanager
async def gone(engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Make every transaction fail, as it does where the database does not serve, until the block ends."""
    if engine.dialect.name == "postgresql":
        monkeypatch.setattr(writing, "TRANSACTION_S", 0.2)
        async with locked(engine):
            yield
        monkeypatch.undo()
        return
    for before, after in (("contacts", "away"), ("away", "contacts")):
        async with writer(engine).begin() as connection:
            await connection.execute(text(f"ALTER TABLE {before} RENAME TO {after}"))
        if after == "away":
            yield


def told(caplog: pytest.LogCaptureFixture) -> list[tuple[str, Any]]:
    """Return the events that the intake has logged, with their facts."""
    return [
        (record.getMessage(), getattr(record, "heard_facts", None))
        for record in caplog.records
        if record.name == "bot.intake"
    ]


# --- too many


async def test_past_the_capacity_messages_are_refused_at_once(
    engine: AsyncEngine, caplog: pytest.LogCaptureFixture
) -> None:
    async with intake_on(engine, bounds=Bounds(capacity=10)) as intake:
        replies = await together(intake, *(message(n, "JOIN", f"m{n}") for n in range(15)))
        assert [type(one) for one in replies[10:]] == [Overloaded] * 5
        assert replies[0] == replies[9] != ()
        # All is well again as soon as there is room.
        assert await intake.receive(message(12, "JOIN", "m12")) == replies[0]
    assert len(await stored(engine, "inbound", "id")) == 11
    (began, _), (ended, facts) = told(caplog)
    assert began == "more messages wait than can be: others are refused"
    assert (ended, facts["messages"]) == ("no message waits any more", 5)


async def test_whoever_asks_first_is_told_that_there_is_no_room(engine: AsyncEngine) -> None:
    async with intake_on(engine, bounds=Bounds(capacity=2)) as intake:
        waiting = [asyncio.create_task(intake.receive(message(n, "JOIN", f"m{n}"))) for n in range(2)]
        assert not intake.turns_away()
        await asyncio.sleep(0)
        assert intake.turns_away()
        await asyncio.gather(*waiting)
        assert not intake.turns_away()


async def test_one_phone_that_floods_costs_the_others_nothing(
    engine: AsyncEngine, caplog: pytest.LogCaptureFixture
) -> None:
    async with intake_on(engine) as intake:
        await together(intake, *(message(n, "JOIN", f"join{n}") for n in range(3)))
        flood = [message(0, f"flood {n}", f"flood{n}") for n in range(100)]
        others = [message(n, "wood", f"wood{n}") for n in (1, 2)]
        *flooded, one, two = await together(intake, *flood, *others)
    assert one == two == (Prompt("wood after 0"), Prompt("next?"))
    assert [type(reply) for reply in flooded[16:]] == [Overloaded] * 84
    # What was let in is answered, in order.
    assert [reply[0].text for reply in flooded[:16]] == [f"flood {n} after {n}" for n in range(16)]
    assert told(caplog) == [("too many messages of this sender are waiting", None)]


async def test_a_batch_is_not_filled_by_one_phone(engine: AsyncEngine) -> None:
    change = Change()
    async with intake_on(engine) as intake:
        sent = [message(0, f"w{n}", f"m{n}") for n in range(10)] + [message(1, "JOIN", "other")]
        await together(intake, *sent)
    assert change.of("heard_batch_messages_count") == 3
    assert change.of("heard_batch_messages_bucket", le="4.0") == 2
    assert change.of("heard_messages_received_total", channel="sms") == 11


# --- too slow


async def test_who_is_not_answered_in_time_is_told_so_and_heard_all_the_same(engine: AsyncEngine) -> None:
    async with intake_on(engine, bounds=Bounds(answers_within_s=0.05)) as intake:
        async with locked(engine):
            replies = await together(intake, *(message(n, "JOIN", f"m{n}") for n in range(3)))
            assert [type(one) for one in replies] == [TimedOut] * 3
            with pytest.raises(TimedOut):
                await intake.receive(message(1, "JOIN", "m1"))
        again = await sent_until_answered(intake, message(1, "JOIN", "m1"))
        assert again == await sent_until_answered(intake, message(2, "JOIN", "m2")) != ()
    # Also the one that nobody has sent again.
    assert sorted(await stored(engine, "inbound", "provider_id")) == [("m0",), ("m1",), ("m2",)]


# --- gone


async def test_an_outage_is_two_lines_however_many_messages_it_costs(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    change = Change()
    async with intake_on(engine) as intake:
        await intake.receive(message(1, "JOIN", "m1"))
        async with gone(engine, monkeypatch):
            for turn in range(3):
                sent = [message(n, "word", f"{n}-{turn}") for n in range(20)]
                assert [type(one) for one in await together(intake, *sent)] == [Unreachable] * 20
        assert await intake.receive(message(1, "wood", "m2")) == (Prompt("wood after 0"), Prompt("next?"))
    (began, first), (ended, last) = told(caplog)
    assert (began, ended) == ("the database does not serve", "the database serves again")
    assert first["reason"].startswith(("OperationalError", "TimeoutError"))
    assert last["messages"] == 60
    assert [record.levelno for record in caplog.records] == [logging.ERROR, logging.WARNING]
    assert change.of("heard_transactions_failed_total", kind="unreachable") == 3
    assert len(await stored(engine, "inbound", "id")) == 2


# --- counted


async def test_second_deliveries_are_counted(engine: AsyncEngine) -> None:
    change = Change()
    async with intake_on(engine) as intake:
        await together(intake, *[message(1, "JOIN", "m1")] * 3)
        await intake.receive(message(1, "JOIN", "m1"))
    assert change.of("heard_messages_duplicate_total") == 3
    assert change.of("heard_messages_replied_total") == 1
    assert change.of("heard_messages_received_total", channel="sms") == 4
