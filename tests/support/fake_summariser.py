"""An endpoint like OpenAI's chat completions on loopback, which answers, refuses, breaks and obeys what it reads."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.support.listening import listening

KEY = "sk-for-tests-alone"


@dataclass
class FakeSummariser:
    """What it was sent, and how it answers: with a response, or with sentences about the answers that it reads."""

    url: str = ""
    received: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    says: Callable[[dict[str, str]], object] = lambda answers: {"sentences": []}
    response: Callable[[], Response] | None = None
    released: asyncio.Event = field(default_factory=asyncio.Event)
    hangs: bool = False

    async def complete(self, request: Request) -> Response:
        body = await request.json()
        self.received.append(body)
        self.keys.append(request.headers.get("Authorization"))
        if self.hangs:
            await self.released.wait()
        if self.response is not None:
            return self.response()
        answers = json.loads(body["messages"][-1]["content"])["answers"]
        said = self.says(answers)
        content = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
        return JSONResponse({"choices": [{"index": 0, "message": {"role": "assistant", "content": content}}]})


@asynccontextmanager
async def fake_summariser() -> AsyncIterator[FakeSummariser]:
    fake = FakeSummariser()
    app = Starlette(routes=[Route("/v1/chat/completions", fake.complete, methods=["POST"])])
    async with listening(app) as address:
        fake.url = f"{address}/v1"
        try:
            yield fake
        finally:
            fake.released.set()
