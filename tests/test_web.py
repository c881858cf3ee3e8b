"""The webhook, health and readiness over a real ASGI client; what is refused reaches nothing."""

import logging
from collections.abc import AsyncIterator, Iterator, Sequence
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
from bot.core.prompts import Button, Prompt
from bot.errors import MessageFailed
from bot.web import LARGEST_BODY_BYTES, application
from tests.support.webhooks import NUMBER, PUBLIC_URL, TOKEN, URL, form, signature, signed

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PATH = "/webhooks/twilio"
WORDS = "a word that only this person wrote"


class RecordingIntake:
    """Takes every message in, and answers with what it was given, or with a failure."""

    def __init__(self, *prompts: Prompt, failure: Exception | None = None) -> None:
        self.received: list[InboundMessage] = []
        self._prompts = prompts
        self._failure = failure

    def turns_away(self) -> bool:
        return False

    async def receive(self, message: InboundMessage) -> Sequence[Prompt]:
        self.received.append(message)
        if self._failure is not None:
            raise self._failure
        return self._prompts


@asynccontextmanager
async def client(
    intake: RecordingIntake, *reasons: str, pages: Sequence[Route] = ()
) -> AsyncIterator[httpx.AsyncClient]:
    async def unready() -> Sequence[str]:
        return reasons

    app = application(intake, Twilio(TOKEN, PUBLIC_URL), unready, pages=pages, now=lambda: AT)
    # As it is behind a proxy: the host and scheme of the request are not those that Twilio signs.
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://10.0.0.7:8000") as opened:
        yield opened


async def test_a_message_is_taken_in_and_answered() -> None:
    intake = RecordingIntake(
        Prompt("Welcome & hello.", (Button("Yes", "consent=1"),)), Prompt("What do you cook with?")
    )
    body, headers = signed(form("ENERGY"))
    async with client(intake) as web:
        response = await web.post(PATH, content=body, headers=headers)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "text/xml; charset=utf-8")
    assert response.text == (
        '<?xml version="1.0" encoding="UTF-8"?><Response><Message>Welcome &amp; hello.</Message>'
        "<Message>What do you cook with?</Message></Response>"
    )
    assert intake.received == [
        InboundMessage(Channel.SMS, Address(NUMBER), "SM" + "0" * 32, AT, text="ENERGY")
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
    await application(intake, Twilio(TOKEN, PUBLIC_URL), unready)(scope, receive, send)
    assert intake.received == []
    assert caplog.messages == ["a request ended before it was all there"]


async def test_a_failure_asks_twilio_to_send_again() -> None:
    intake = RecordingIntake(failure=MessageFailed("OperationalError outside of Heard"))
    body, headers = signed(form())
    async with client(intake) as web:
        response = await web.post(PATH, content=body, headers=headers)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert response.text == "Please send this again.\n"


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
    assert response.status_code == status
    shown = [response.text, repr(intake.received), caplog.text, *(repr(vars(one)) for one in caplog.records)]
    for private in (WORDS, WORDS.replace(" ", "+"), NUMBER, NUMBER[1:], TOKEN):
        assert not [text for text in shown if private in text]
    if status >= 400:
        assert "bot.web" in {record.name for record in caplog.records}
