"""What is reached over HTTP: Twilio's webhook, and whether the server is alive and ready."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Protocol

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Lifespan, Receive, Scope, Send

from bot.channels import InboundMessage
from bot.channels.twilio import PATH, Twilio, Unreadable, read_message, twiml
from bot.core.prompts import Prompt
from bot.errors import MessageFailed, WebhookRejected
from bot.intake.failures import failed

log = logging.getLogger(__name__)

LARGEST_BODY_BYTES = 65_536
RETRY_AFTER_S = 5


class Intake(Protocol):
    """Where messages go: `bot.intake.Intake`."""

    async def receive(self, message: InboundMessage, /) -> Sequence[Prompt]: ...


Unready = Callable[[], Awaitable[Sequence[str]]]
"""Returns why messages cannot be taken in now, for an operator; nothing where they can."""


def application(
    intake: Intake,
    twilio: Twilio,
    unready: Unready,
    *,
    pages: Sequence[BaseRoute] = (),
    lifespan: Lifespan[Starlette] | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> ASGIApp:
    """Return the web application; `pages` are further routes of it."""

    async def ready(_: Request) -> Response:
        reasons = await unready()
        if reasons:
            return JSONResponse({"ready": False, "reasons": list(reasons)}, status_code=503)
        return JSONResponse({"ready": True})

    routes = [
        # Most requests by far are this one: it stands first, and takes no Request object.
        Route(PATH, TwilioWebhook(intake, twilio, now), methods=["POST"]),
        Route("/health", _health),
        Route("/ready", ready),
        *pages,
    ]
    return Contained(Starlette(routes=routes, lifespan=lifespan))


async def _health(_: Request) -> Response:
    return JSONResponse({"alive": True})


class TwilioWebhook:
    """`POST /webhooks/twilio`: a message in, its answer out."""

    def __init__(self, intake: Intake, twilio: Twilio, now: Callable[[], datetime]) -> None:
        self._intake = intake
        self._twilio = twilio
        self._now = now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._respond(scope, receive)
        await response(scope, receive, send)

    async def _respond(self, scope: Scope, receive: Receive) -> Response:
        body = await _body(receive)
        if body is None:
            return _refused(413, "This is too large for a message.")
        try:
            fields = self._twilio.open(body, Headers(scope=scope).get("X-Twilio-Signature"))
        except WebhookRejected as rejected:
            log.warning("%s", rejected)
            return _refused(403, "This is not signed by Twilio for this server.")
        message = read_message(fields, self._now())
        if isinstance(message, Unreadable):
            log.warning("a webhook was refused: %s", message.reason)
            return _refused(400, message.reason)
        try:
            prompts = await self._intake.receive(message)
        except MessageFailed as failure:
            log.error("a message was not taken in: %s", failure)
            # Nothing of it is stored: sent again, it is taken in as if it were the first time.
            return _refused(503, "Please send this again.", {"Retry-After": str(RETRY_AFTER_S)})
        return Response(twiml(prompt.text for prompt in prompts), media_type="text/xml")


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


def _refused(status: int, reason: str, headers: dict[str, str] | None = None) -> Response:
    return PlainTextResponse(f"{reason}\n", status, headers)


class Contained:
    """Logs what the application raises, without the error's own words: they may quote what a person wrote.

    Starlette has answered 500 by then, and raises it again for the server's log, which would have them.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            await self._app(scope, receive, send)
        except ClientDisconnect:
            log.info("a request ended before it was all there")
        except Exception as error:
            log.error("a request failed: %s", failed(error))
