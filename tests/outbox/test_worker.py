"""The worker on each database, with Twilio's own client, against a Twilio on loopback."""

import asyncio
import logging
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels import Channel
from bot.channels.twilio_rest import TwilioRest
from bot.metrics import exposition
from bot.outbox import SenderLine, Surroundings, Worker
from bot.outbox.drain import LEASE, Drain
from bot.store.vault import AddressSeal
from tests.support.databases import opened
from tests.support.fake_twilio import ACCOUNT, TOKEN, Breaks, FakeTwilio, Refuses, fake_twilio
from tests.support.intake import NOON, stored
from tests.support.letters import SEAL, SENDER, contact, letter, number, put

FAST = 10_000.0
MINUTE = timedelta(minutes=1)
ANOTHER_KEY = "YW5vdGhlcmFub3RoZXJhbm90aGVyYW5vdGhlcjAwMDE="


@pytest.fixture
async def twilio() -> AsyncIterator[FakeTwilio]:
    async with fake_twilio() as fake:
        yield fake


async def no_rest(seconds: float) -> bool:
    return False


def counted() -> dict[str, float]:
    """Return how many messages were handed over so far, by outcome and by code."""
    found = re.findall(
        r'heard_(?:deliveries|provider_errors)_total\{\w+="([^"]+)"\} (\S+)', exposition().decode()
    )
    return defaultdict(float, {name: float(value) for name, value in found})


class Clock:
    """The time as the test says it is."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def line(twilio: FakeTwilio, name: str = SENDER, timeout_s: float = 15.0) -> SenderLine:
    return SenderLine(name, TwilioRest(ACCOUNT, TOKEN, twilio.url, timeout_s), FAST)


def drain(
    engine: AsyncEngine,
    twilio: FakeTwilio,
    clock: Callable[[], datetime] = lambda: NOON,
    seal: AddressSeal = SEAL,
    timeout_s: float = 15.0,
) -> Drain:
    around = Surroundings(seal, clock, lambda: 0.0)
    return Drain(engine, line(twilio, timeout_s=timeout_s), around, no_rest)


async def states(engine: AsyncEngine) -> list[tuple[str, str | None]]:
    return [tuple(row) for row in await stored(engine, "outbound", "status", "error")]


async def test_what_is_due_is_sent_and_known_by_twilios_id(engine: AsyncEngine, twilio: FakeTwilio) -> None:
    for person in range(3):
        await put(engine, letter(await contact(engine, person), f"Hello {person} 🔥"))
    before = counted()
    work = drain(engine, twilio)
    assert await work.turn()
    assert not await work.turn()
    taken = {(one["to"], one["from"], one["body"]) for one in twilio.taken}
    assert taken == {(number(person), SENDER, f"Hello {person} 🔥") for person in range(3)}
    assert await states(engine) == [("sent", None)] * 3
    ids = {row[0] for row in await stored(engine, "outbound", "provider_id")}
    assert ids == {one["sid"] for one in twilio.taken}
    assert counted()["accepted"] == before["accepted"] + 3


async def test_through_a_messaging_service_and_to_whatsapp(engine: AsyncEngine, twilio: FakeTwilio) -> None:
    service = "MG" + "0" * 32
    person = await contact(engine, 1, Channel.WHATSAPP, last_inbound_at=NOON)
    await put(engine, letter(person, sender=service), letter(person, sender=SENDER))
    around = Surroundings(SEAL, lambda: NOON)
    for sender in (service, SENDER):
        await Drain(engine, line(twilio, sender), around, no_rest).turn()
    assert [(one["to"], one["from"], one["messaging_service_sid"]) for one in twilio.taken] == [
        (f"whatsapp:{number(1)}", None, service),
        (f"whatsapp:{number(1)}", f"whatsapp:{SENDER}", None),
    ]


@pytest.mark.parametrize("code", [21211, 21614, 21408])
async def test_what_is_refused_for_good_is_a_dead_letter(
    engine: AsyncEngine, twilio: FakeTwilio, code: int
) -> None:
    before = counted()
    await put(engine, letter(await contact(engine, 1)), letter(await contact(engine, 2)))
    twilio.next.extend([Refuses(400, code)])
    await drain(engine, twilio).turn()
    assert counted()["refused"] == before["refused"] + 1
    assert counted()[str(code)] == before[str(code)] + 1
    assert sorted(await states(engine)) == [("failed", str(code)), ("sent", None)]
    assert await stored(engine, "contacts", "opted_out_at") == [(None,), (None,)]


async def test_who_has_opted_out_at_twilio_is_written_to_no_more(
    engine: AsyncEngine, twilio: FakeTwilio
) -> None:
    person = await contact(engine, 1)
    await put(engine, letter(person, "one"), letter(person, "two"))
    twilio.next.append(Refuses(400, 21610))
    work = drain(engine, twilio)
    while await work.turn():
        pass
    assert await states(engine) == [("failed", "21610"), ("canceled", None)]
    assert await stored(engine, "contacts", "opted_out_at") == [(NOON,)]
    assert twilio.requests == 1


@pytest.mark.parametrize(
    ("status", "code"),
    [
        pytest.param(429, 20429, id="too many requests"),
        pytest.param(400, 21611, id="queue full"),
        pytest.param(401, 20003, id="wrong token"),
        pytest.param(403, 99999, id="forbidden, for a reason that is not known"),
    ],
)
async def test_a_sender_that_is_turned_away_rests_and_loses_nothing(
    engine: AsyncEngine, twilio: FakeTwilio, status: int, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    for person in range(30):
        await put(engine, letter(await contact(engine, person)))
    twilio.always = Refuses(status, code)
    work = drain(engine, twilio)
    with caplog.at_level(logging.WARNING):
        assert await work.turn()
        requests = twilio.requests
        assert not await work.turn()
    assert twilio.requests == requests, "it went on sending"
    assert {state for state, _ in await states(engine)} == {"queued"}
    assert {row[0] for row in await stored(engine, "outbound", "attempts")} == {0}
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 1, said
    assert str(code) in said[0]
    assert number(1) not in caplog.text


@pytest.mark.parametrize("takes", [True, False])
async def test_what_may_have_been_sent_is_looked_for_first(
    engine: AsyncEngine, twilio: FakeTwilio, takes: bool
) -> None:
    clock = Clock()
    await put(engine, letter(await contact(engine, 1), "Hello once"))
    twilio.next.append(Breaks(takes))
    work = drain(engine, twilio, clock)
    await work.turn()
    assert await states(engine) == [("uncertain", "HTTP 500")]
    await work.turn()
    assert twilio.asked == 0, "asked before its lists can have it"
    clock.now = NOON + 2 * MINUTE
    await work.turn()
    assert twilio.asked == 1
    assert await states(engine) == [("sent", None) if takes else ("queued", "not sent")]
    clock.now = NOON + 10 * MINUTE
    await work.turn()
    assert await states(engine) == [("sent", None)]
    assert [one["body"] for one in twilio.taken] == ["Hello once"]


async def test_the_same_words_sent_before_are_not_taken_for_it(
    engine: AsyncEngine, twilio: FakeTwilio
) -> None:
    clock = Clock()
    person = await contact(engine, 1)
    work = drain(engine, twilio, clock)
    await put(engine, letter(person, "How old are you?"))
    await work.turn()
    await put(engine, letter(person, "How old are you?"))
    twilio.next.append(Breaks(takes=False))
    await work.turn()
    for minutes in (2, 10):
        clock.now = NOON + minutes * MINUTE
        await work.turn()
    assert await states(engine) == [("sent", None)] * 2
    assert len(twilio.taken) == 2


async def test_an_answer_that_never_comes_leaves_it_uncertain(
    engine: AsyncEngine, twilio: FakeTwilio
) -> None:
    released = asyncio.Event()
    await put(engine, letter(await contact(engine, 1)))
    twilio.next.append(released.wait)
    await drain(engine, twilio, timeout_s=0.05).turn()
    released.set()
    assert await states(engine) == [("uncertain", "ReadTimeout")]


async def test_without_a_connection_nothing_was_sent(engine: AsyncEngine, twilio: FakeTwilio) -> None:
    await put(engine, letter(await contact(engine, 1)))
    nobody = FakeTwilio(url="http://127.0.0.1:9")
    await drain(engine, nobody).turn()
    assert await states(engine) == [("queued", "ConnectionError")]
    assert await stored(engine, "outbound", "attempts") == [(0,)]


async def test_without_the_key_to_an_address_the_sender_rests(
    engine: AsyncEngine, twilio: FakeTwilio
) -> None:
    await put(engine, letter(await contact(engine, 1)))
    await drain(engine, twilio, seal=AddressSeal(ANOTHER_KEY)).turn()
    assert await states(engine) == [("queued", "no sealing key")]
    assert twilio.requests == 0


async def test_what_a_dead_worker_left_is_settled_by_the_next(
    engine: AsyncEngine, twilio: FakeTwilio
) -> None:
    from bot.store.outbox import claim

    clock = Clock()
    await put(engine, letter(await contact(engine, 1)), letter(await contact(engine, 2)))
    assert len(await claim(engine, SENDER, NOON, 2)) == 2
    work = drain(engine, twilio, clock)
    for after in (LEASE / 2, LEASE + MINUTE, LEASE + 3 * MINUTE, LEASE + 10 * MINUTE):
        clock.now = NOON + after
        await work.turn()
    assert await states(engine) == [("sent", None)] * 2
    assert sorted(one["to"] for one in twilio.taken) == [number(1), number(2)]


async def test_a_stopped_worker_gives_back_what_it_has_not_started_on(
    engine: AsyncEngine, twilio: FakeTwilio
) -> None:
    for person in range(4):
        await put(engine, letter(await contact(engine, person)))
    around = Surroundings(SEAL, lambda: NOON)
    # A message a second, four in hand: the second is not due on the line before the worker stops.
    slow = SenderLine(SENDER, TwilioRest(ACCOUNT, TOKEN, twilio.url), 1.0)
    worker = Worker(engine, [slow], around)
    running = asyncio.create_task(worker.run())
    await twilio.arrived.wait()
    worker.stop()
    await running
    settled = sorted(state for state, _ in await states(engine))
    assert settled == ["queued"] * (4 - len(twilio.taken)) + ["sent"] * len(twilio.taken)
    assert 1 <= len(twilio.taken) < 4


async def test_many_workers_send_each_message_once(database_url: str, twilio: FakeTwilio) -> None:
    async with opened(database_url) as engine, opened(database_url) as another:
        for person in range(60):
            await put(engine, letter(await contact(engine, person), str(person)))
        around = Surroundings(SEAL, lambda: NOON)
        lines = [line(twilio)]
        # On SQLite there is one process, and one worker in it.
        engines = [engine, another] if engine.dialect.name == "postgresql" else [engine]
        workers = [Worker(one, lines, around) for one in engines]
        running = [asyncio.create_task(worker.run()) for worker in workers]
        async with asyncio.timeout(60):
            while len(twilio.taken) < 60:
                twilio.arrived.clear()
                await twilio.arrived.wait()
        for worker in workers:
            worker.stop()
        await asyncio.gather(*running)
        assert sorted((one["body"] for one in twilio.taken), key=int) == [str(person) for person in range(60)]
        assert await states(engine) == [("sent", None)] * 60


async def test_a_database_that_goes_away_is_waited_for(
    engine: AsyncEngine, twilio: FakeTwilio, caplog: pytest.LogCaptureFixture
) -> None:
    worker = Worker(engine, [line(twilio)], Surroundings(SEAL, lambda: NOON))
    halted = asyncio.Event()

    class Heard(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            halted.set()

    handler = Heard()
    logging.getLogger("bot.outbox").addHandler(handler)
    try:
        async with engine.begin() as connection:
            from sqlalchemy import text

            await connection.execute(text("ALTER TABLE outbound RENAME TO gone"))
        running = asyncio.create_task(worker.run())
        await halted.wait()
        assert not running.done()
        worker.stop()
        await running
    finally:
        logging.getLogger("bot.outbox").removeHandler(handler)
    assert len(caplog.records) == 1
    assert "came to a halt" in caplog.text
