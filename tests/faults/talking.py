"""One phone and the real application, over HTTP: what was sent is kept, to be compared with what got stored."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.app import build
from bot.logs import Structured
from bot.settings import Settings
from tests.crashes.consistency import inconsistencies
from tests.crashes.killing import shipped
from tests.crashes.phones import Message
from tests.crashes.server import environment
from tests.support.databases import opened
from tests.support.served import served
from tests.support.webhooks import form, signed

PHONE = "+12025550143"
WORDS = "Nsukka by the old market"


class Talk:
    """What phones say to a server, and what they were answered."""

    def __init__(self, web: httpx.AsyncClient, before: "Talk | None" = None) -> None:
        """Take a client of the server, and the talk that this one goes on with."""
        self.web = web
        self.sent: dict[str, Message] = dict(before.sent) if before else {}

    async def say(self, text: str, phone: str = PHONE) -> httpx.Response:
        """Return the answer to a new message."""
        sid = f"SM{len(self.sent):032x}"
        self.sent[sid] = Message(phone, form(text, sid, From=phone))
        return await self.again(sid)

    async def again(self, sid: str | None = None) -> httpx.Response:
        """Return the answer to another delivery of a message, of the last one by default."""
        message = self.sent[sid or next(reversed(self.sent))]
        body, headers = signed(message.form)
        response = await self.web.post("/webhooks/twilio", content=body, headers=headers)
        if response.status_code == 200:
            message.answers.add(response.content)
        return response

    async def begin(self, phone: str = PHONE) -> None:
        """Hold the first part of an interview, until a place is asked for."""
        for text in ("ENERGY", "1", "Nigeria", "Enugu"):
            assert (await self.say(text, phone)).status_code == 200

    async def count(self, sample: str) -> float:
        """Return the value of a sample of /metrics, like `heard_messages_refused_total{reason="failed"}`."""
        lines = (await self.web.get("/metrics")).text.splitlines()
        return next(float(line.rpartition(" ")[2]) for line in lines if line.startswith(sample + " "))

    async def check(self, engine: AsyncEngine) -> None:
        """Assert that the store holds what was acknowledged and nothing by halves."""
        assert await inconsistencies(engine, self.sent, shipped()) == []


@asynccontextmanager
async def talking(database_url: str, before: Talk | None = None) -> AsyncIterator[tuple[Talk, AsyncEngine]]:
    """Yield a talk with the application as `heard serve` builds it, and an engine of the test's own beside it."""
    settings = Settings.model_validate(environment(database_url))
    async with opened(database_url) as engine, served(build(settings)) as web:
        yield Talk(web, before), engine


def refused(response: httpx.Response) -> bool:
    """Return whether a provider is asked to send a message again."""
    return response.status_code == 503 and response.headers["Retry-After"] == "5"


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """Return the lines that an operator sees."""
    return "\n".join(map(Structured().format, caplog.records))


def private(text: str) -> list[str]:
    """Return what stands in a log that nobody may read there."""
    return [one for one in (WORDS, WORDS.replace(" ", "+"), "2025550143", "Enugu") if one in text]
