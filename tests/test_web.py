"""The webhook, health and readiness over a real ASGI client; what is refused reaches nothing."""

import json
import logging
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from urllib.parse import urlencode

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message

from bot.channels import Address, Channel, InboundMessage
from bot.channels.twilio import Twilio
from bot.core.prompts.records import Button, Prompt
from bot.errors import MessageFailed, Overloaded, TimedOut, Unreachable
from bot.logs import Structured
from bot.web import LARGEST_BODY_BYTES, Outbox, application
from tests.support.metrics import Change, read_samples
from tests.support.webhooks import NUMBER, PUBLIC_URL, TOKEN, URL, form, signature, signed

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PATH = "/webhooks/twilio"
WORDS = "a word that only this person wrote"


class RecordingIntake:
    """Takes every message in, and answers with what it was given, or with a failure."""

    def __init__(self, *prompts: Prompt, failure: Exception | None = None, full: bool = False) -> None:
        self.received: list[InboundMessage] = []
        self._prompts = prompts
        self._failure = failure
        self._full = full

    def turns_away(self) -> bool:
        return self._full

    async def receive(self, message: InboundMessage) -> Sequence[Prompt]:
        self.received.append(message)
        if self._failure is not None:
            raise self._failure
        return self._prompts


@asynccontextmanager
async def client(
    intake: RecordingIntake,
    *reasons: str,
    pages: Sequence[Route] = (),
    outbox: Outbox | None = None,
    inbox: Outbox | None = None,
) -> AsyncIterator[httpx.AsyncClient]:
    async def unready() -> Sequence[str]:
        return reasons

    app = application(
        intake,
        [Twilio(TOKEN, PUBLIC_URL)],
        unready,
        outbox=outbox,
        inbox=inbox,
        pages=pages,
        now=lambda: AT,
    )
    # As it is behind a proxy: the host and scheme of the request are not those that Twilio signs.
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://10.0.0.7:8000") as opened:
        yield opened


STATUS = f"https://heard.example/webhooks/twilio/status?in_reply_to=SM{'0' * 32}"


async def test_a_message_is_taken_in_and_answered() -> None:
    intake = RecordingIntake(
        Prompt("Welcome & hello.", (Button("Yes", "consent=1"),)), Prompt("What do you cook with?")
    )
    body, headers = signed(form("ENERGY"))
    async with client(intake) as web:
        response = await web.post(PATH, content=body, headers=headers)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "text/xml; charset=utf-8")
    assert response.text == (
        '<?xml version="1.0" encoding="UTF-8"?><Response>'
        f'<Message statusCallback="{STATUS}&amp;position=0">Welcome &amp; hello.</Message>'
        f'<Message statusCallback="{STATUS}&amp;position=1">What do you cook with?</Message></Response>'
    )
    assert intake.received == [
        InboundMessage(Channel.SMS, Address(NUMBER), "SM" + "0" * 32, AT, text="ENERGY", to="+12025550100")
    ]


async def test_nothing_to_say_is_an_empty_response() -> None:
    body, headers = signed(form("STOP"))
    intake = RecordingIntake()
    async with client(intake) as web:
        response = await web.post(PATH, content=body, headers=headers)
    assert response.text == '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
    assert intake.received[0].answered_by_carrier


GENUINE = signature(form())


@pytest.mark.parametrize(
    ("body", "signed_with"),
    [
        pytest.param(urlencode(form()), None, id="no signature"),
        pytest.param(urlencode(form()), "", id="empty signature"),
        pytest.param(urlencode(form()), signature(form(), token="f" * 32), id="another token"),
        pytest.param(
            urlencode(form()), signature(form(), URL.replace("https", "http")), id="scheme of the request"
        ),
        pytest.param(
            urlencode(form()), signature(form(), f"http://10.0.0.7:8000{PATH}"), id="address of the request"
        ),
        pytest.param(urlencode(form("changed")), GENUINE, id="another text"),
        pytest.param(urlencode({**form(), "From": "+12025550199"}), GENUINE, id="another number"),
        pytest.param(urlencode(form()) + "&Body=x", GENUINE, id="a second text"),
        pytest.param("", GENUINE, id="nothing"),
    ],
)
async def test_what_is_not_signed_reaches_nothing(body: str, signed_with: str | None) -> None:
    intake = RecordingIntake(Prompt("never said"))
    headers = {} if signed_with is None else {"X-Twilio-Signature": signed_with}
    async with client(intake) as web:
        response = await web.post(PATH, content=body, headers=headers)
    assert response.status_code == 403
    assert response.text == "This is not signed by Twilio for this server.\n"
    assert intake.received == []


async def test_a_form_without_a_sender_is_refused() -> None:
    intake = RecordingIntake()
    body, headers = signed(form(From=""))
    async with client(intake) as web:
        response = await web.post(PATH, content=body, headers=headers)
    assert (response.status_code, response.text) == (400, "From is missing or not a phone number\n")
    assert intake.received == []


async def test_size_is_limited() -> None:
    intake = RecordingIntake(Prompt("taken"))
    room = LARGEST_BODY_BYTES - len(urlencode(form(Extra="")))
    async with client(intake) as web:
        for length, status in ((room, 200), (room + 1, 413)):
            body, headers = signed(form(Extra="x" * length))
            assert (await web.post(PATH, content=body, headers=headers)).status_code == status
    assert len(intake.received) == 1


async def test_a_body_may_come_in_parts() -> None:
    intake = RecordingIntake()
    body, headers = signed(form("ENERGY"))

    async def parts() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 7):
            yield body[start : start + 7]

    async with client(intake) as web:
        assert (await web.post(PATH, content=parts(), headers=headers)).status_code == 200
    assert [message.text for message in intake.received] == ["ENERGY"]


async def test_who_hangs_up_in_the_middle_leaves_nothing(caplog: pytest.LogCaptureFixture) -> None:
    intake = RecordingIntake()
    body, headers = signed(form())
    arriving: Iterator[Message] = iter(
        [{"type": "http.request", "body": body, "more_body": True}, {"type": "http.disconnect"}]
    )

    async def receive() -> Message:
        return next(arriving)

    async def send(message: Message) -> None:
        """Nobody is there to hear it."""

    async def unready() -> Sequence[str]:
        return ()

    scope = {
        "type": "http",
        "method": "POST",
        "path": PATH,
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }
    caplog.set_level(logging.INFO, "bot.web")
    await application(intake, [Twilio(TOKEN, PUBLIC_URL)], unready)(scope, receive, send)
    assert intake.received == []
    assert caplog.messages == ["a request ended before it was all there"]


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (MessageFailed("ValueError at bot/intake/talk.py:1 in take"), "failed"),
        (Unreachable("OperationalError outside of Heard"), "unreachable"),
        (TimedOut("the database takes too long"), "timed_out"),
        (Overloaded("too many messages of this sender are waiting"), "overloaded"),
    ],
)
async def test_a_failure_asks_twilio_to_send_again(failure: MessageFailed, reason: str) -> None:
    change = Change()
    body, headers = signed(form())
    async with client(RecordingIntake(failure=failure)) as web:
        response = await web.post(PATH, content=body, headers=headers)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert response.text == "Please send this again.\n"
    assert change.of("heard_messages_refused_total", reason=reason) == 1


async def test_where_there_is_no_room_nothing_is_read_or_checked() -> None:
    change = Change()
    sent: list[Message] = []

    async def receive() -> Message:
        raise AssertionError("the body was asked for")

    async def send(message: Message) -> None:
        sent.append(message)

    async def unready() -> Sequence[str]:
        return ()

    app = application(RecordingIntake(full=True), [Twilio(TOKEN, PUBLIC_URL)], unready)
    await app({"type": "http", "method": "POST", "path": PATH, "headers": []}, receive, send)
    assert [part.get("status") for part in sent] == [503, None]
    assert dict(sent[0]["headers"])[b"retry-after"] == b"5"
    assert sent[1]["body"] == b"Please send this again.\n"
    assert change.of("heard_messages_refused_total", reason="overloaded") == 1
    assert change.of("heard_webhook_seconds_count") == 0


async def test_a_flood_of_forgeries_is_a_line_and_not_thousands(caplog: pytest.LogCaptureFixture) -> None:
    change = Change()
    async with client(RecordingIntake()) as web:
        for _ in range(50):
            assert (await web.post(PATH, content="Body=x")).status_code == 403
    assert len(caplog.messages) == 1
    assert change.of("heard_messages_refused_total", reason="signature") == 50


async def test_lines_name_the_request_and_the_message(caplog: pytest.LogCaptureFixture) -> None:
    lines: list[str] = []

    class Collected(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(Structured().format(record))

    handler = Collected()
    logging.getLogger("bot.web").addHandler(handler)
    try:
        body, headers = signed(form(sid="SM" + "7" * 32))
        async with client(RecordingIntake(failure=MessageFailed("KeyError at bot/core"))) as web:
            await web.post(PATH, content=body, headers={**headers, "X-Request-Id": "proxy-1f"})
    finally:
        logging.getLogger("bot.web").removeHandler(handler)
    (line,) = map(json.loads, lines)
    del line["time"]
    assert line == {
        "level": "error",
        "logger": "bot.web",
        "event": "a message was not taken in: KeyError at bot/core",
        "request": "proxy-1f",
        "message": "SM" + "7" * 32,
    }


# --- metrics


async def test_metrics_are_told_in_prometheus_text() -> None:
    change = Change()
    body, headers = signed(form())

    async def outbox() -> Mapping[str, int]:
        return {"queued": 3, "uncertain": 1}

    async def inbox() -> Mapping[str, int]:
        return {"open": 2, "overdue_urgent": 1}

    async with client(RecordingIntake(), outbox=outbox, inbox=inbox) as web:
        await web.post(PATH, content=body, headers=headers)
        response = await web.get("/metrics")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    samples = read_samples(response.text)
    assert samples["heard_outbox_messages", frozenset({("state", "queued")})] == 3
    assert samples["heard_outbox_messages", frozenset({("state", "uncertain")})] == 1
    assert samples["heard_inbox_cases", frozenset({("state", "overdue_urgent")})] == 1
    assert change.of("heard_webhook_seconds_count") == 1
    for reason in (
        "signature",
        "unreadable",
        "too_large",
        "overloaded",
        "failed",
        "unreachable",
        "timed_out",
    ):
        assert ("heard_messages_refused_total", frozenset({("reason", reason)})) in samples


async def test_metrics_are_told_where_the_outbox_cannot_be_counted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def outbox() -> Mapping[str, int]:
        raise OSError(f"no connection for {NUMBER}")

    async with client(RecordingIntake(), outbox=outbox) as web:
        response = await web.get("/metrics")
    assert response.status_code == 200
    assert "heard_messages_received_total" in response.text
    assert "heard_outbox_messages" not in response.text
    (line,) = caplog.messages
    assert line.startswith("the outbox could not be counted: OSError at bot/web.py:")


@pytest.mark.parametrize(
    ("fields", "extra", "reason"),
    [({"From": ""}, "", "unreadable"), ({}, "x" * LARGEST_BODY_BYTES, "too_large")],
)
async def test_what_is_no_message_is_counted(fields: dict[str, str], extra: str, reason: str) -> None:
    change = Change()
    body, headers = signed({**form(), **fields, "Extra": extra})
    async with client(RecordingIntake()) as web:
        await web.post(PATH, content=body, headers=headers)
    assert change.of("heard_messages_refused_total", reason=reason) == 1


async def test_twilio_posts() -> None:
    async with client(RecordingIntake()) as web:
        assert (await web.get(PATH)).status_code == 405
        assert (await web.post("/webhooks/another")).status_code == 404


async def test_health_and_readiness() -> None:
    async with client(RecordingIntake()) as web:
        health, ready = await web.get("/health"), await web.get("/ready")
    assert (health.status_code, health.json()) == (200, {"alive": True})
    assert (ready.status_code, ready.json()) == (200, {"ready": True})


async def test_what_is_not_ready_is_said() -> None:
    async with client(RecordingIntake(), "the database does not answer", "no consultation is open") as web:
        health, ready = await web.get("/health"), await web.get("/ready")
    assert health.status_code == 200
    assert (ready.status_code, ready.json()) == (
        503,
        {"ready": False, "reasons": ["the database does not answer", "no consultation is open"]},
    )


async def test_no_other_site_may_read_what_is_answered() -> None:
    async with client(RecordingIntake()) as web:
        response = await web.get("/health", headers={"Origin": "https://elsewhere.example"})
    assert "Access-Control-Allow-Origin" not in response.headers


# --- privacy: neither numbers nor words show


def fails(_: Request) -> Response:
    raise ValueError(f"cannot store {WORDS} of {NUMBER}")


@pytest.mark.parametrize(
    ("intake", "path", "fields", "status"),
    [
        pytest.param(RecordingIntake(Prompt("Thanks.")), PATH, {}, 200, id="answered"),
        pytest.param(RecordingIntake(), PATH, {"AccountSid": "forged"}, 403, id="rejected"),
        pytest.param(RecordingIntake(), PATH, {"MessageSid": "", "SmsSid": ""}, 400, id="unreadable"),
        pytest.param(
            RecordingIntake(failure=MessageFailed("ValueError at bot/intake.py")), PATH, {}, 503, id="failed"
        ),
        pytest.param(
            RecordingIntake(failure=ValueError(f"{WORDS} {NUMBER}")), PATH, {}, 500, id="raised in the intake"
        ),
        pytest.param(RecordingIntake(), "/fails", {}, 500, id="raised in a page"),
    ],
)
async def test_neither_numbers_nor_words_show(
    intake: RecordingIntake, path: str, fields: dict[str, str], status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    body, headers = signed({**form(WORDS), **fields})
    if fields.get("AccountSid") == "forged":
        headers["X-Twilio-Signature"] = GENUINE
    async with client(intake, pages=[Route("/fails", fails, methods=["POST"])]) as web:
        response = await web.post(path, content=body, headers=headers)
        measured = (await web.get("/metrics")).text
    assert response.status_code == status
    shown = [
        response.text,
        measured,
        repr(intake.received),
        caplog.text,
        *(repr(vars(one)) for one in caplog.records),
    ]
    for private in (WORDS, WORDS.replace(" ", "+"), NUMBER, NUMBER[1:], TOKEN):
        assert not [text for text in shown if private in text]
    if status >= 400:
        assert "bot.web" in {record.name for record in caplog.records}
