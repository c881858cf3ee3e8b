"""Twilio's Messages resource as a server on loopback, which takes, refuses and breaks as Twilio does.

https://www.twilio.com/docs/messaging/api/message-resource says what goes in and out, https://www.twilio.com/docs/api/errors
how it refuses. Each request is held against Twilio's own description of it; what that does not know is refused.
"""

import asyncio
import base64
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import count
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.support.listening import listening
from tests.support.twilio_api import fault_of, fault_of_answer

ACCOUNT = "AC" + "0" * 32
TOKEN = "0123456789abcdef0123456789abcdef"
MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
LONGEST_BODY = 1_600


@dataclass(frozen=True)
class Refuses:
    """It answers with an error and does not take the message."""

    status: int
    code: int


@dataclass(frozen=True)
class Breaks:
    """It answers nothing that helps: an error of its own. `takes` says whether it took the message all the same."""

    takes: bool
    status: int = 500


class NotTaken(Exception):
    """Raised by a behaviour: the request comes to nothing."""


Behaviour = Refuses | Breaks | Callable[[], Any]
"""Or something to await before the message is taken as usual."""


@dataclass
class FakeTwilio:
    """What it has taken, and how it will behave on the next requests, then as it should."""

    url: str = ""
    taken: list[dict[str, Any]] = field(default_factory=list)
    misfits: list[str] = field(default_factory=list)
    next: deque[Behaviour] = field(default_factory=deque)
    requests: int = 0
    asked: int = 0
    always: Behaviour | None = None
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _numbers: Any = field(default_factory=count)

    async def create(self, request: Request) -> Response:
        self.requests += 1
        body = await request.body()
        form = dict(parse_qsl(body.decode(), keep_blank_values=True))
        fault = self._fault(request, form) or self._misfit(request, body)
        if fault is not None:
            return fault
        behaviour = self.next.popleft() if self.next else self.always
        if isinstance(behaviour, Refuses):
            return _error(behaviour.status, behaviour.code)
        if isinstance(behaviour, Breaks):
            if behaviour.takes:
                self._take(form)
            return Response("broken", behaviour.status)
        if behaviour is not None:
            try:
                await behaviour()
            except NotTaken:
                return Response("broken", 500)
        taken = JSONResponse(self._take(form), 201)
        assert fault_of_answer(request, body, taken) is None, fault_of_answer(request, body, taken)
        return taken

    def _misfit(self, request: Request, body: bytes) -> Response | None:
        """Return the refusal of a request that does not fit the description, and keep why: a test looks for it."""
        misfit = fault_of(request, body)
        if misfit is None:
            return None
        self.misfits.append(misfit)
        return _error(400, 20001)

    def _fault(self, request: Request, form: dict[str, str]) -> Response | None:
        wanted = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {wanted}":
            return _error(401, 20003)
        if not form.get("To"):
            return _error(400, 21604)
        if not form.get("From") and not form.get("MessagingServiceSid"):
            return _error(400, 21603)
        if not 0 < len(form.get("Body", "")) <= LONGEST_BODY:
            return _error(400, 21617 if form.get("Body") else 21602)
        return None

    def _take(self, form: dict[str, str]) -> dict[str, Any]:
        message = {
            "sid": f"SM{next(self._numbers):032x}",
            "account_sid": ACCOUNT,
            "to": form["To"],
            "from": form.get("From"),
            "messaging_service_sid": form.get("MessagingServiceSid"),
            "body": form["Body"],
            "status": "queued",
            "direction": "outbound-api",
            "date_created": format_datetime(datetime.now(UTC)),
            "date_sent": None,
        }
        self.taken.append(message)
        self.arrived.set()
        return message

    async def listed(self, request: Request) -> Response:
        self.asked += 1
        if misfit := self._misfit(request, b""):
            return misfit
        to = request.query_params.get("To")
        found = [one for one in reversed(self.taken) if one["to"] == to]
        return JSONResponse({"messages": found, "page": 0, "page_size": 1000, "next_page_uri": None})

    async def _messages(self, request: Request) -> Response:
        return await (self.create(request) if request.method == "POST" else self.listed(request))

    @property
    def app(self) -> Starlette:
        return Starlette(routes=[Route(MESSAGES, self._messages, methods=["GET", "POST"])])


def _error(status: int, code: int) -> Response:
    more = f"https://www.twilio.com/docs/errors/{code}"
    words = {"code": code, "message": "It quotes +12025550143.", "more_info": more, "status": status}
    return JSONResponse(words, status)


@asynccontextmanager
async def fake_twilio() -> AsyncIterator[FakeTwilio]:
    """Serve it on a port of its own until the block ends."""
    fake = FakeTwilio()
    async with listening(fake.app) as fake.url:
        yield fake
    assert fake.misfits == []
