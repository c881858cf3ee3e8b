"""Whoever pays airtime, over HTTP: pays each key once, and can fail before, after and instead of paying."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.digests.webhooks import signature
from tests.support.listening import listening


class Fault(StrEnum):
    """What goes wrong with one request."""

    NONE = "none"
    FAILS = "fails"
    """500, and nothing was paid."""
    LOSES = "loses"
    """It is paid, and the answer is 500."""
    HANGS = "hangs"
    """It is paid, and no answer comes in time."""
    STALLS = "stalls"
    """Nothing is paid, and no answer comes in time."""
    GATHERS = "gathers"
    """It is paid, and answered when `together` such requests are there at once."""
    BUSY = "busy"
    """429, and nothing was paid."""
    REJECTS = "rejects"
    """422: this will never be paid."""
    LOCKED = "locked"
    """401: it lets nobody in."""


@dataclass
class Airtime:
    """A provider of airtime. `paid` holds the numbers by key, `bodies` all that was posted, by key."""

    secret: str
    url: str = ""
    faults: list[Fault] = field(default_factory=list)
    paid: dict[str, tuple[str, str]] = field(default_factory=dict)
    payments: Counter[str] = field(default_factory=Counter)
    bodies: dict[str, set[bytes]] = field(default_factory=dict)
    requests: int = 0
    hanging: asyncio.Event = field(default_factory=asyncio.Event)
    together: int = 1
    gathered: int = 0
    in_hand: int = 0
    most_at_once: int = 0
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def asked(self, times: int) -> None:
        """Return when it was asked so many times."""
        async with self.changed:
            await self.changed.wait_for(lambda: self.requests >= times)

    async def gather(self) -> None:
        """Return when as many as belong together have come."""
        async with self.changed:
            self.gathered += 1
            end = -(-self.gathered // self.together) * self.together
            self.changed.notify_all()
            await self.changed.wait_for(lambda: self.gathered >= end)

    async def take(self, request: Request) -> Response:
        async with self.changed:
            self.requests += 1
            self.in_hand += 1
            self.most_at_once = max(self.most_at_once, self.in_hand)
            self.changed.notify_all()
        try:
            return await self.answer(request)
        finally:
            self.in_hand -= 1

    async def answer(self, request: Request) -> Response:
        body, key = await request.body(), request.headers["webhook-id"]
        timestamp = int(request.headers["webhook-timestamp"])
        if request.headers["webhook-signature"] != signature(self.secret, key, timestamp, body):
            return Response(status_code=401)
        self.bodies.setdefault(key, set()).add(body)
        fault = self.faults.pop(0) if self.faults else Fault.NONE
        statuses = {Fault.FAILS: 500, Fault.BUSY: 429, Fault.REJECTS: 422, Fault.LOCKED: 401}
        if fault in statuses:
            return Response(status_code=statuses[fault])
        if fault is Fault.STALLS:
            await self.hanging.wait()
            return Response(status_code=503)
        is_known = key in self.paid
        if not is_known:
            data = msgspec.json.decode(body)["data"]
            self.paid[key] = data["phone_number"], data["amount"]
            self.payments[data["phone_number"]] += 1
        if fault is Fault.LOSES:
            return Response(status_code=500)
        if fault is Fault.HANGS:
            await self.hanging.wait()
        if fault is Fault.GATHERS:
            await self.gather()
        return Response(status_code=409 if is_known else 200)


@asynccontextmanager
async def airtime(secret: str) -> AsyncIterator[Airtime]:
    """Yield a provider that listens on loopback until the block ends."""
    provider = Airtime(secret)
    app = Starlette(routes=[Route("/airtime", provider.take, methods=["POST"])])
    async with listening(app) as address:
        provider.url = f"{address}/airtime"
        try:
            yield provider
        finally:
            provider.hanging.set()
