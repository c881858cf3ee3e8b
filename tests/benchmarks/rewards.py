"""How long rewards take to be set aside for all who completed, and to be paid by whoever takes a while for each.

The worker is the real one, on SQLite; whoever pays is asked over HTTP on loopback and waits before it answers.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_network
from pathlib import Path

from sqlalchemy import func, insert, select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels import Address, Channel
from bot.channels.sending import Deferred, Delivery
from bot.core.outreach.rewards import Rewards
from bot.digests.webhooks import Hooks, Reach, new_secret
from bot.outreach.rewarding import AT_ONCE, RewardWorker, Surroundings
from bot.store import tables
from bot.store.database import Database, connect, writer
from bot.store.migrating import migrate
from bot.store.outreach.rewards.records import RewardState
from bot.store.outreach.rewards.terms import change_rewards, keep_secret
from bot.store.outreach.tables import rewards
from bot.store.vault import AddressPepper
from bot.store.versions import Publication, publish
from tests.benchmarks.figures import Figure
from tests.support.intake import NOON, PEPPER, VERSION
from tests.support.letters import SEAL
from tests.support.listening import listening

TAKES_S = 0.1
"""Seconds that whoever pays thinks about each."""
PAID = 400
AMOUNT = 50_000_000
LIMIT_SECONDS = 60.0
"""For a hundred thousand people, set aside."""
LIMIT_IDLE = 1.0
LIMIT_RATE = 0.5
"""Share of what as many at once as there are could have paid, if nothing but whoever pays took time."""
_BLOCK = 5_000


@dataclass(frozen=True, slots=True)
class _Taken:
    first: float
    idle: float


def measure(folder: Path, people: int = 100_000) -> list[Figure]:
    few = asyncio.run(_set_aside(folder / "few.db", people // 10))
    many = asyncio.run(_set_aside(folder / "many.db", people))
    rate = asyncio.run(_paid(folder / "paid.db"))
    share, best = people / 100_000, AT_ONCE / TAKES_S
    return [
        Figure(
            f"set aside for {people:,} people",
            f"{many.first:.1f} s",
            f"{LIMIT_SECONDS * share:.0f} s",
            many.first <= LIMIT_SECONDS * share,
        ),
        Figure(
            "for each of them, and of a tenth as many",
            f"{many.first / people * 1e6:.0f} µs, {few.first / people * 1e7:.0f} µs",
        ),
        Figure(
            "a turn in which nobody is owed anything",
            f"{many.idle:.2f} s",
            f"{LIMIT_IDLE * share:.1f} s",
            many.idle <= LIMIT_IDLE * share,
        ),
        Figure(
            f"paid by whoever takes {TAKES_S * 1000:.0f} ms for each, {AT_ONCE} at once",
            f"{rate:.0f}/s",
            f"{LIMIT_RATE * best:.0f}/s",
            rate >= LIMIT_RATE * best,
        ),
    ]


class _Busy:
    """Pays nothing now, and says so at once: one reward a turn is tried."""

    async def send(self, to: Address, secret: str, message_id: str, at: datetime, body: bytes) -> Delivery:
        return Deferred("429")

    async def close(self) -> None:
        pass


async def _set_aside(file: Path, people: int) -> _Taken:
    async with _store(file, people) as engine:
        await _start(engine, "http://127.0.0.1:9/")
        worker = RewardWorker(engine, Surroundings(SEAL, AddressPepper(PEPPER), _Busy()))
        began = time.perf_counter()
        await worker.turn()
        first = time.perf_counter() - began
        began = time.perf_counter()
        await worker.turn()
        return _Taken(first, time.perf_counter() - began)


async def _paid(file: Path) -> float:
    """Return the rewards that were paid in a second."""

    async def pay(request: Request) -> Response:
        await request.body()
        await asyncio.sleep(TAKES_S)
        return Response()

    app = Starlette(routes=[Route("/airtime", pay, methods=["POST"])])
    async with _store(file, PAID) as engine, listening(app) as address:
        await _start(engine, f"{address}/airtime")
        hooks = Hooks(Reach((ip_network("127.0.0.0/8"),)))
        worker = RewardWorker(engine, Surroundings(SEAL, AddressPepper(PEPPER), hooks))
        began = time.perf_counter()
        await worker.turn()
        took = time.perf_counter() - began
        await hooks.close()
        is_paid = rewards.c.state == RewardState.CONFIRMED
        async with engine.connect() as connection:
            count = (await connection.execute(select(func.count()).where(is_paid))).scalar_one()
        assert count == PAID
        return count / took


async def _start(engine: Database, hook: str) -> None:
    await keep_secret(engine, "water", SEAL.seal(Address(new_secret())), NOON)
    terms = Rewards(AMOUNT, "KES", hook, 1_000_000 * AMOUNT)
    assert await change_rewards(engine, "water", terms, "amina", NOON)


@asynccontextmanager
async def _store(file: Path, people: int) -> AsyncIterator[Database]:
    """Yield a database in which so many people have completed an interview."""
    engine = connect(f"sqlite:///{file}")
    try:
        await migrate(engine)
        await publish(engine, [Publication(VERSION, "water", "{}")], NOON)
        for start in range(0, people, _BLOCK):
            some = range(start + 1, min(people, start + _BLOCK) + 1)
            async with writer(engine).begin() as connection:
                await connection.execute(insert(tables.contacts), [_contact(one) for one in some])
                await connection.execute(insert(tables.interviews), [_interview(one) for one in some])
        yield engine
    finally:
        await engine.dispose()


def _contact(person: int) -> dict[str, object]:
    return {
        "id": person,
        "channel": Channel.SMS,
        "address_hash": f"{person:064d}",
        "address_sealed": SEAL.seal(Address(f"+1202{person:09d}")),
        "created_at": NOON,
    }


def _interview(person: int) -> dict[str, object]:
    return {
        "contact_id": person,
        "consultation": "water",
        "version": VERSION,
        "respondent_id": f"respondent-{person}",
        "channel": "sms",
        "state": "{}",
        "stage": "ended",
        "ending": "complete",
        "started_at": NOON,
        "updated_at": NOON,
        "ended_at": NOON,
    }
