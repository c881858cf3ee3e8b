"""What is reached over HTTP: Twilio's webhook, and whether the server is alive, ready and well."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple, Protocol

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Lifespan, Receive, Scope, Send

from bot import logs, metrics
from bot.channels import InboundMessage
from bot.channels.twilio import PATH, Twilio, Unreadable, read_message, twiml
from bot.core.prompts import Prompt
from bot.errors import MessageFailed, Overloaded, TimedOut, Unreachable, WebhookRejected
from bot.intake.failures import failed

log = logging.getLogger(__name__)

LARGEST_BODY_BYTES = 65_536
RETRY_AFTER_S = 5
SAMPLES_WITHIN_S = 2.0
"""Seconds that the store has to tell what is in it; metrics are most wanted when it does not answer."""


class Intake(Protocol):
    """Where messages go: `bot.intake.Intake`."""

    def turns_away(self) -> bool: ...

    async def receive(self, message: InboundMessage, /) -> Sequence[Prompt]: ...


Unready = Callable[[], Awaitable[Sequence[str]]]
"""Returns why messages cannot be taken in now, for an operator; nothing where they can."""
Warnings = Callable[[], Sequence[str]]
"""Returns what an operator should look at, though messages can be taken in."""
Outbox = Callable[[], Awaitable[Mapping[str, int]]]
"""Returns how many messages are in each state in the outbox."""


def application(
    intake: Intake,
    twilio: Twilio,
    unready: Unready,
    *,
    warnings: Warnings = tuple,
    outbox: Outbox | None = None,
    pages: Sequence[BaseRoute] = (),
    lifespan: Lifespan[Starlette] | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> ASGIApp:
    """Return the web application; `pages` are further routes of it, `outbox` is asked whenever metrics are."""

    async def ready(_: Request) -> Response:
        reasons = await unready()
        if reasons:
            return JSONResponse({"ready": False, "reasons": list(reasons)}, status_code=503)
        # Not a refusal: who balances load would take a server out of service that works.
        told = list(warnings())
        return JSONResponse({"ready": True, "warnings": told} if told else {"ready": True})

    async def measured(_: Request) -> Response:
        # Told by content type alone: Starlette would add a charset that is there already.
        counted = await _counted(outbox, sparing)
        return Response(metrics.exposition(counted), headers={"Content-Type": metrics.CONTENT_TYPE})

    sparing = logs.Sparing(log)
    webhook = TwilioWebhook(intake, twilio, now)
    routes = [
        Route(PATH, webhook, methods=["POST"]),
        Route("/health", _health),
        Route("/ready", ready),
        Route("/metrics", measured),
        *pages,
    ]
    return Entrance(Starlette(routes=routes, lifespan=lifespan), webhook)


async def _health(_: Request) -> Response:
    return JSONResponse({"alive": True})


async def _counted(outbox: Outbox | None, sparing: logs.Sparing) -> Mapping[str, int] | None:
    if outbox is None:
        return None
    try:
        async with asyncio.timeout(SAMPLES_WITHIN_S):
            return await outbox()
    except Exception as error:
        # Whatever it is that the driver raises; what this process counts itself is told all the same.
        sparing.tell("outbox", logging.WARNING, f"the outbox could not be counted: {failed(error)}")
        return None


class Answer(NamedTuple):
    """What is sent back, whole."""

    status: int
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...] = ((b"content-type", b"text/plain; charset=utf-8"),)

    async def send(self, send: Send) -> None:
        length = (b"content-length", b"%d" % len(self.body))
        await send({"type": "http.response.start", "status": self.status, "headers": [length, *self.headers]})
        await send({"type": "http.response.body", "body": self.body})


_XML = ((b"content-type", b"text/xml; charset=utf-8"),)
_TOO_LARGE = Answer(413, b"This is too large for a message.\n")
_NOT_SIGNED = Answer(403, b"This is not signed by Twilio for this server.\n")
_BROKEN = Answer(500, b"Internal Server Error")
_AGAIN = Answer(
    503,
    b"Please send this again.\n",
    ((b"content-type", b"text/plain; charset=utf-8"), (b"retry-after", b"%d" % RETRY_AFTER_S)),
)

_REASONS: Mapping[type[MessageFailed], str] = {
    Overloaded: "overloaded",
    TimedOut: "timed_out",
    Unreachable: "unreachable",
}


class TwilioWebhook:
    """`POST /webhooks/twilio`: a message in, its answer out."""

    def __init__(self, intake: Intake, twilio: Twilio, now: Callable[[], datetime]) -> None:
        self._intake = intake
        self._twilio = twilio
        self._now = now
        self._sparing = logs.Sparing(log)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._intake.turns_away():
            # Before anything is read or checked: what is refused must cost nearly nothing, or refusing it is
            # what the server drowns in.
            metrics.refused["overloaded"]()
            await _AGAIN.send(send)
            return
        began = time.perf_counter()
        try:
            answer = await self._answer(scope, receive)
        except ClientDisconnect:
            raise
        except Exception as error:
            log.error("a request failed: %s", failed(error))
            answer = _BROKEN
        await answer.send(send)
        metrics.webhook_took(time.perf_counter() - began)

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        body = await _body(receive)
        if body is None:
            metrics.refused["too_large"]()
            return _TOO_LARGE
        try:
            fields = self._twilio.open(body, _signature(scope))
        except WebhookRejected as rejected:
            metrics.refused["signature"]()
            self._sparing.tell("signature", logging.WARNING, str(rejected))
            return _NOT_SIGNED
        message = read_message(fields, self._now())
        if isinstance(message, Unreadable):
            metrics.refused["unreadable"]()
            self._sparing.tell("unreadable", logging.WARNING, f"a webhook was refused: {message.reason}")
            return Answer(400, f"{message.reason}\n".encode())
        request = logs.current.get()
        if request is not None:
            request.message = message.provider_id
        try:
            prompts = await self._intake.receive(message)
        except MessageFailed as failure:
            self._count(failure)
            # Sent again, it counts once all the same.
            return _AGAIN
        return Answer(200, twiml(prompt.text for prompt in prompts), _XML)

    def _count(self, failure: MessageFailed) -> None:
        reason = _REASONS.get(type(failure), "failed")
        metrics.refused[reason]()
        # The intake itself tells that it is overloaded, or the database gone, and for how long.
        if reason in ("failed", "timed_out"):
            self._sparing.tell(str(failure), logging.ERROR, f"a message was not taken in: {failure}")


def _signature(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == b"x-twilio-signature":
            return bytes(value).decode("latin-1")
    return None


async def _body(receive: Receive) -> bytes | None:
    """Return the body of a request, or None where it is larger than any message."""
    body, more = b"", True
    while more:
        part = await receive()
        if part["type"] == "http.disconnect":
            raise ClientDisconnect
        body += part.get("body", b"")
        if len(body) > LARGEST_BODY_BYTES:
            return None
        more = part.get("more_body", False)
    return body


class Entrance:
    """Where every request comes in: log lines get to know it, and no error leaves with its own words.

    Those may quote what a person wrote. Starlette has answered 500 by then, and raises the error again for the
    server's log, which would have them.
    """

    def __init__(self, app: ASGIApp, webhook: ASGIApp) -> None:
        self._app = app
        self._webhook = webhook

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        token = logs.current.set(logs.Request(scope["headers"]))
        # Most requests by far are messages: routing and its two layers of error handling would cost each of them
        # more than reading it does.
        is_message = scope["path"] == PATH and scope["method"] == "POST"
        try:
            await (self._webhook if is_message else self._app)(scope, receive, send)
        except ClientDisconnect:
            log.info("a request ended before it was all there")
        except Exception as error:
            log.error("a request failed: %s", failed(error))
        finally:
            logs.current.reset(token)
