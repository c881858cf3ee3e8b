"""How fast a list is turned into a campaign, in how much memory, and whether a sender is kept at its rate.

The plan and its invitations are made in a process of its own, as `heard invite` makes them; its processor time is
measured, of which another process on the machine takes nothing. The rate is measured with
the real workers over ten minutes of an event loop whose clock goes on by itself when nothing is left to do: what the
database takes is not counted in it, what the workers wait for is.
"""

import asyncio
import json
import selectors
import subprocess
import sys
import time
from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import aiosqlite
from sqlalchemy import insert

from bot.channels import Address
from bot.channels.senders import read_senders
from bot.channels.sending import Accepted, OutboundMessage
from bot.core.outreach.campaigns import Words
from bot.core.outreach.caps import Cap, Change, Footing, Subject
from bot.core.outreach.hours import Hours
from bot.core.outreach.records import Outreach
from bot.outbox import SenderLine, Worker
from bot.outbox import Surroundings as Sending
from bot.outreach.inviting import Inviter, Surroundings
from bot.outreach.plan import Wanted, prepare, queue
from bot.store import tables
from bot.store.database import connect, synchronous
from bot.store.migrating import migrate
from bot.store.outreach.caps import change
from bot.store.outreach.tables import recipients
from bot.store.vault import AddressSeal
from tests.benchmarks.figures import Figure

LIMIT_SECONDS = 60.0
MOST_MORE = 0.5
"""Share by which memory may grow when the list is ten times as long."""
MOST_OFF = 0.02
OURS = "+12025550100"
RATE, PARTS, MINUTES = 3.0, 2, 10
NOON = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SAID = {name: {"en": Words("Come and talk. STOP ends it.", PARTS)} for name in ("plain", "short")}
ZONES = ("Africa/Nairobi", "Africa/Lagos", "Africa/Accra", "Asia/Manila", "America/Bogota")
KEY = "bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3MDE="
_BLOCK = 10_000


def measure(folder: Path, many: int) -> list[Figure]:
    few = _queued(folder, many // 10)
    queued = _queued(folder, many)
    share = many / 1_000_000
    grown = queued["megabytes"] / few["megabytes"] - 1
    sent = _rate(folder)
    wanted = RATE * 60 * MINUTES
    off = sent / wanted - 1
    return [
        Figure(
            f"{many:,} people planned and their invitations written down, a million's share",
            f"{queued['worked']:.1f} s of processor time",
            f"{LIMIT_SECONDS * share:.1f} s",
            queued["worked"] <= LIMIT_SECONDS * share,
        ),
        Figure("by the clock, beside whatever else ran on the machine", f"{queued['seconds']:.1f} s"),
        Figure(
            f"memory at its most, and against {many // 10:,} people",
            f"{queued['megabytes']:.0f} MB ({grown:+.0%})",
            f"+{MOST_MORE:.0%}",
            grown <= MOST_MORE,
        ),
        Figure(
            f"parts sent in {MINUTES} simulated minutes at {RATE:g} a second",
            f"{sent:,} ({off:+.1%})",
            f"{wanted:,.0f} ± {MOST_OFF:.0%}",
            abs(off) <= MOST_OFF,
        ),
    ]


# --- writing down


def _queued(folder: Path, people: int) -> dict[str, float]:
    file = folder / f"{people}.db"
    asyncio.run(_fill(file, people))
    command = (sys.executable, "-m", "tests.benchmarks.invitations", str(file), str(people))
    told: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return told


async def _fill(file: Path, people: int) -> None:
    """Make a database with a list of people in five countries."""
    engine = connect(f"sqlite:///{file}")
    await migrate(engine)
    await engine.dispose()
    await asyncio.to_thread(_write, file, people)


def _write(file: Path, people: int) -> None:
    twin = synchronous(connect(f"sqlite:///{file}"))
    seal = AddressSeal(KEY).seal(Address(OURS))
    for first in range(1, people + 1, _BLOCK):
        ids = range(first, min(first + _BLOCK, people + 1))
        with twin.begin() as connection:
            connection.execute(
                insert(tables.contacts),
                [
                    {
                        "id": one,
                        "channel": "sms",
                        "address_hash": str(one),
                        "address_sealed": seal,
                        "created_at": NOON,
                    }
                    for one in ids
                ],
            )
            connection.execute(
                insert(recipients),
                [
                    {
                        "consultation": "trial",
                        "contact_id": one,
                        "language": "en",
                        "country": "KE",
                        "time_zone": ZONES[one % len(ZONES)],
                        "attributes": '{"region": "north"}',
                        "consent_source": "a meeting",
                        "consented_on": date(2026, 1, 1),
                        "added_at": NOON,
                    }
                    for one in ids
                ],
            )
    twin.dispose()


async def _queue(file: Path, people: int) -> dict[str, float]:
    engine = connect(f"sqlite:///{file}")
    senders, began, worked = read_senders(OURS), time.perf_counter(), time.process_time()
    outreach = Outreach("trial", Hours())
    plan = await prepare(engine, outreach, SAID, senders, {OURS: 1.0}, Wanted(7), NOON)
    assert plan.people == people
    await queue(engine, plan, senders, 200, NOON)
    taken = {"seconds": time.perf_counter() - began, "worked": time.process_time() - worked}
    await engine.dispose()
    return {**taken, "megabytes": _most_memory()}


def _most_memory() -> float:
    """Return the most memory, in MB, that this process has held; `ru_maxrss` would count what started it too."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


# --- the rate


class _OwnTime(selectors.DefaultSelector):  # type: ignore[misc, valid-type]
    """Waits for the database alone: where the loop would sleep, its clock goes on instead."""

    now = 0.0
    asked = 0
    """How many questions to the database are not answered yet."""

    def select(self, timeout: float | None = None) -> Any:
        if timeout is None or timeout <= 0:
            return super().select(timeout)
        if self.asked:
            return super().select(None)
        self.now += timeout
        return super().select(0)


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self.own = _OwnTime()
        super().__init__(self.own)

    def time(self) -> float:
        return self.own.now


def _watch(own: _OwnTime) -> Callable[[], None]:
    """Have every question to the database be counted while it is open; return what ends that."""
    ask = aiosqlite.Connection._execute

    async def counted(connection: Any, *arguments: Any, **named: Any) -> Any:
        own.asked += 1
        try:
            return await ask(connection, *arguments, **named)
        finally:
            own.asked -= 1

    def end() -> None:
        aiosqlite.Connection._execute = ask

    aiosqlite.Connection._execute = counted
    return end


class _Provider:
    """Takes every message, after a fifth of a second, and counts its parts."""

    def __init__(self) -> None:
        self.parts = 0
        self.began = asyncio.Event()

    async def send(self, message: OutboundMessage) -> Accepted:
        await asyncio.sleep(0.2)
        self.parts += PARTS
        self.began.set()
        return Accepted(f"SM{self.parts}")

    async def find(self, message: OutboundMessage, since: datetime, known: Collection[str]) -> Any:
        raise AssertionError("nothing is uncertain")

    async def close(self) -> None:
        return


def _rate(folder: Path) -> int:
    """Return how many parts the workers sent."""
    file = folder / "rate.db"
    asyncio.run(_fill(file, 5_000))
    with asyncio.Runner(loop_factory=_Loop) as runner:
        loop = runner.get_loop()
        assert isinstance(loop, _Loop)
        unwatch = _watch(loop.own)
        try:
            return runner.run(_send(file))
        finally:
            unwatch()


async def _send(file: Path) -> int:
    engine = connect(f"sqlite:///{file}")
    loop, senders = asyncio.get_running_loop(), read_senders(OURS)

    def now() -> datetime:
        return NOON + timedelta(seconds=loop.time())

    outreach = Outreach("trial", Hours(opens=datetime.min.time(), closes=NOON.replace(hour=23).time()))
    # Nothing goes to a country that nobody has allowed, nor beyond a day's messages and money.
    for what, value, where in (
        (Subject.COUNTRY, Footing.HOME, "US"),
        (Cap.MESSAGES_A_DAY, "100000", None),
        (Cap.SPEND_A_DAY, "100000", None),
    ):
        await change(engine, Change(what, value, "nobody", "a measurement", NOON, where))
    plan = await prepare(engine, outreach, SAID, senders, {OURS: RATE}, Wanted(7), NOON)
    await queue(engine, plan, senders, None, NOON)
    provider = _Provider()
    worker = Worker(engine, [SenderLine(OURS, provider, RATE)], Sending(AddressSeal(KEY), now))
    inviter = Inviter(engine, Surroundings(worker.rates, now=now))
    tasks = [asyncio.create_task(one.run()) for one in (worker, inviter)]
    # From the first that is sent: what a start takes is no matter of the rate.
    await provider.began.wait()
    before = provider.parts
    await asyncio.sleep(60 * MINUTES)
    sent = provider.parts - before
    for one in (worker, inviter):
        one.stop()
    await asyncio.gather(*tasks)
    await engine.dispose()
    return sent


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_queue(Path(sys.argv[1]), int(sys.argv[2])))))  # noqa: T201
