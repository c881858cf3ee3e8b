"""The worker killed while it sends: nobody is left out, and nobody gets a message twice."""

import asyncio
import os
import random
import signal
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.twilio_rest import TwilioRest
from bot.outbox import SenderLine, Surroundings
from bot.outbox.drain import Drain
from bot.store.letters import count_open
from tests.crashes.server import free_port
from tests.support.fake_twilio import ACCOUNT, TOKEN, FakeTwilio, NotTaken, fake_twilio
from tests.support.intake import PEPPER, SEALING_KEY, stored
from tests.support.letters import SEAL, SENDER, contacts, letter, put

ROOT = Path(__file__).parents[2]
KILLS = 6
SEED = 20261123
LETTERS = 150 * KILLS


async def start(database_url: str, twilio: FakeTwilio) -> asyncio.subprocess.Process:
    """Start what sends: the server on SQLite, a worker on PostgreSQL."""
    command = ["work"] if database_url.startswith("postgresql") else ["serve", "--port", str(free_port())]
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.cli", *command),
        env={
            "PATH": os.environ["PATH"],
            "DATABASE_URL": database_url,
            "HEARD_PUBLIC_URL": "https://heard.example",
            "HEARD_SEALING_KEYS": SEALING_KEY,
            "HEARD_ADDRESS_PEPPER": PEPPER,
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_FROM": SENDER,
            "TWILIO_API_URL": twilio.url,
            "HEARD_SMS_PER_SECOND": "200",
        },
        cwd=ROOT,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )


async def test_killed_while_sending(database_url: str, engine: AsyncEngine) -> None:
    await survive_killed_workers(database_url, engine, SEED)


async def survive_killed_workers(database_url: str, engine: AsyncEngine, seed: int) -> None:
    """Kill what sends many times, settle the rest, and examine what Twilio and the store have."""
    chance = random.Random(seed)
    due_at = datetime.now(UTC)
    # One each: what may be on its way to somebody holds up all that comes after it, until its lease is over.
    people = await contacts(engine, range(LETTERS))
    await put(engine, *(letter(person, str(one), due_at=due_at) for one, person in enumerate(people)))
    async with fake_twilio() as twilio:
        for _ in range(KILLS):
            await kill_within(database_url, twilio, chance.randrange(1, 120), takes=chance.random() < 0.5)
        before = {status for (status,) in await stored(engine, "outbound", "status")}
        assert {"queued", "sending", "sent"} <= before, (
            "it was killed too late, or too early, to prove anything"
        )
        await settle_all(engine, twilio)
    bodies = Counter(one["body"] for one in twilio.taken)
    assert bodies == Counter(str(one) for one in range(LETTERS))
    ids = {body: one for one, body in await stored(engine, "outbound", "provider_id", "body")}
    assert ids == {one["body"]: one["sid"] for one in twilio.taken}
    assert {status for (status,) in await stored(engine, "outbound", "status")} == {"sent"}


async def kill_within(database_url: str, twilio: FakeTwilio, requests: int, *, takes: bool) -> None:
    """Kill the process in the middle of a request, which Twilio `takes` all the same or does not."""
    process = await start(database_url, twilio)
    left = requests

    async def behave() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            process.kill()
        # Those under way at that moment come to whatever end they had come to.
        if left <= 0 and not takes:
            raise NotTaken

    twilio.always = behave
    async with asyncio.timeout(60):
        assert await process.wait() == -signal.SIGKILL
    twilio.always = None


async def settle_all(engine: AsyncEngine, twilio: FakeTwilio) -> None:
    """Send the rest as the next worker would, as soon as the leases of the dead ones are over."""
    now = datetime.now(UTC)
    line = SenderLine(SENDER, TwilioRest(ACCOUNT, TOKEN, twilio.url), 1_000.0)

    async def no_rest(_: float) -> bool:
        return False

    drain = Drain(engine, line, Surroundings(SEAL, lambda: now), no_rest)
    async with asyncio.timeout(120):
        while any((await count_open(engine)).values()):
            now += timedelta(minutes=5)
            while await drain.turn():
                pass
