"""What is reached over HTTP: the channels' webhooks, and whether the server is alive, ready and well."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Lifespan, Receive, Scope, Send

from bot import logs, metrics
from bot.channels import InboundMessage
from bot.channels.doors import Answer, Door, ReceiptDoor, Turned
from bot.channels.receipts import RANKS, Receipt
from bot.core.prompts.records import Prompt
from bot.errors import MessageFailed, Overloaded, TimedOut, Unreachable
from bot.intake.failures import failed

log = logging.getLogger(__name__)

LARGEST_BODY_BYTES = 65_536
RETRY_AFTER_S = 5
REFUSALS_PER_S = 1_000
"""Requests refused unread in a second, while too many messages wait; a refusal costs about 40 microseconds."""
SAMPLES_WITHIN_S = 2.0
"""Seconds that the store has to tell what is in it; metrics are most wanted when it does not answer."""


class Receipts(Protocol):
    """Where receipts go: `bot.intake.receipts.Receipts`."""

    async def take(self, receipt: Receipt, /) -> None: ...


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
    doors: Sequence[Door],
    unready: Unready,
    *,
    receipt_doors: Sequence[ReceiptDoor] = (),
    receipts: Receipts | None = None,
    warnings: Warnings = tuple,
    outbox: Outbox | None = None,
    inbox: Outbox | None = None,
    pages: Sequence[BaseRoute] = (),
    lifespan: Lifespan[Starlette] | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> ASGIApp:
    """Return the web application; `pages` are further routes of it. `outbox` and `inbox` are counted for its metrics.

    `receipts` takes what comes in by `receipt_doors`.
    """

    async def ready(_: Request) -> Response:
        reasons = await unready()
        if reasons:
            return JSONResponse({"ready": False, "reasons": list(reasons)}, status_code=503)
        # Not a refusal: who balances load would take a server out of service that works.
        told = list(warnings())
        return JSONResponse({"ready": True, "warnings": told} if told else {"ready": True})

    async def measured(_: Request) -> Response:
        # Told by content type alone: Starlette would add a charset that is there already.
        counted = await _counted(outbox, "outbox", sparing), await _counted(inbox, "inbox", sparing)
        return Response(metrics.exposition(*counted), headers={"Content-Type": metrics.CONTENT_TYPE})

    sparing = logs.Sparing(log)
    webhooks: dict[str, Webhook | ReceiptWebhook] = {door.path: Webhook(intake, door, now) for door in doors}
    if receipts is not None:
        webhooks |= {door.receipt_path: ReceiptWebhook(receipts, door, now) for door in receipt_doors}
    routes = [
        *(Route(path, webhook, methods=["POST"]) for path, webhook in webhooks.items()),
        Route("/health", _health),
        Route("/ready", ready),
        Route("/metrics", measured),
        *pages,
    ]
    return Entrance(Starlette(routes=routes, lifespan=lifespan), webhooks)


async def _health(_: Request) -> Response:
    return JSONResponse({"alive": True})


async def _counted(box: Outbox | None, name: str, sparing: logs.Sparing) -> Mapping[str, int] | None:
    if box is None:
        return None
    try:
        async with asyncio.timeout(SAMPLES_WITHIN_S):
            return await box()
    except Exception as error:
        # Whatever it is that the driver raises; what this process counts itself is told all the same.
        sparing.tell(name, logging.WARNING, f"the {name} could not be counted: {failed(error)}")
        return None


async def _send(answer: Answer, send: Send) -> None:
    headers = [
        (b"content-type", answer.content_type),
        (b"content-length", b"%d" % len(answer.body)),
        *answer.headers,
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


_TOO_LARGE = Answer(413, b"This is too large for a message.\n")
_BROKEN = Answer(500, b"Internal Server Error")
_AGAIN = Answer(503, b"Please send this again.\n", headers=((b"retry-after", b"%d" % RETRY_AFTER_S),))

_REASONS: Mapping[type[MessageFailed], str] = {
    Overloaded: "overloaded",
    TimedOut: "timed_out",
    Unreachable: "unreachable",
}


class Paced:
    """Lets so many through in a second: at once where that is enough, else one after the other.

    Clients that ask again the moment they are refused would otherwise have the event loop to themselves: refusing
    24,000 requests a second left the queue so little of it that what waited there timed out, was sent again, and the
    server never got out of it.
    """

    def __init__(self, per_second: float) -> None:
        self._between = 1 / per_second
        self._next = 0.0

    async def take_turn(self) -> None:
        """Return when it is the caller's turn."""
        now = asyncio.get_running_loop().time()
        # What was not used in the last second may be used at once.
        self._next = max(self._next, now - 1.0) + self._between
        if self._next > now:
            await asyncio.sleep(self._next - now)


class Webhook:
    """A channel's requests: a message in, its answer out."""

    def __init__(self, intake: Intake, door: Door, now: Callable[[], datetime]) -> None:
        self._intake = intake
        self._door = door
        self._now = now
        self._sparing = logs.Sparing(log)
        self._refusals = Paced(REFUSALS_PER_S)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._intake.turns_away():
            # Before anything is read or checked: what is refused must cost nearly nothing, or refusing it is
            # what the server drowns in.
            metrics.refused["overloaded"]()
            await self._refusals.take_turn()
            await _send(_AGAIN, send)
            return
        began = time.perf_counter()
        try:
            answer = await self._answer(scope, receive)
        except ClientDisconnect:
            raise
        except Exception as error:
            log.error("a request failed: %s", failed(error))
            answer = _BROKEN
        await _send(answer, send)
        metrics.webhook_took(time.perf_counter() - began)

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        body = await _body(receive)
        if body is None:
            metrics.refused["too_large"]()
            return _TOO_LARGE
        message = self._door.open(body, scope["headers"], self._now())
        if isinstance(message, Turned):
            metrics.refused[message.reason]()
            self._sparing.tell(message.reason, logging.WARNING, message.told)
            return message.answer
        if isinstance(message, Answer):
            return message
        request = logs.current.get()
        if request is not None:
            request.message = message.provider_id
        try:
            prompts = await self._intake.receive(message)
        except MessageFailed as failure:
            self._count(failure)
            # Sent again, it counts once all the same.
            return _AGAIN
        return self._door.answer(message, prompts)

    def _count(self, failure: MessageFailed) -> None:
        reason = _REASONS.get(type(failure), "failed")
        metrics.refused[reason]()
        # The intake itself tells that it is overloaded, or the database gone, and for how long.
        if reason in ("failed", "timed_out"):
            self._sparing.tell(str(failure), logging.ERROR, f"a message was not taken in: {failure}")


class ReceiptWebhook:
    """A channel's receipts: one in, nothing but thanks out."""

    def __init__(self, receipts: Receipts, door: ReceiptDoor, now: Callable[[], datetime]) -> None:
        self._receipts = receipts
        self._door = door
        self._now = now
        self._sparing = logs.Sparing(log)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await _send(await self._answer(scope, receive), send)

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        body = await _body(receive)
        if body is None:
            return _TOO_LARGE
        receipt = self._door.open_receipt(body, scope["headers"], scope.get("query_string", b""), self._now())
        if isinstance(receipt, Turned):
            metrics.refused[receipt.reason]()
            self._sparing.tell(receipt.reason, logging.WARNING, receipt.told)
            return receipt.answer
        try:
            await self._receipts.take(receipt)
        except MessageFailed as failure:
            metrics.refused["failed"]()
            self._sparing.tell("receipt", logging.ERROR, f"a receipt was not stored: {failure}")
            return _AGAIN
        metrics.receipt(receipt.status if receipt.status in RANKS else "other", receipt.error)
        if receipt.alert is not None:
            self._sparing.tell(receipt.alert, logging.ERROR, receipt.alert)
        return Answer(204)


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

    def __init__(self, app: ASGIApp, webhooks: Mapping[str, ASGIApp]) -> None:
        self._app = app
        self._webhooks = webhooks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        token = logs.current.set(logs.Request(scope["headers"]))
        # Most requests by far are messages: routing and its two layers of error handling would cost each of them
        # more than reading it does.
        webhook = self._webhooks.get(scope["path"]) if scope["method"] == "POST" else None
        try:
            await (webhook or self._app)(scope, receive, send)
        except ClientDisconnect:
            log.info("a request ended before it was all there")
        except Exception as error:
            log.error("a request failed: %s", failed(error))
        finally:
            logs.current.reset(token)
