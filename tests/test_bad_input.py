"""What no provider should send, at each webhook of the whole application: refused or passed over, and not stored."""

import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.app import build
from bot.settings import read_settings
from bot.web import LARGEST_BODY_BYTES
from tests.support.bot_api import SECRET
from tests.support.bot_api import TOKEN as BOT_TOKEN
from tests.support.intake import PEPPER, SEALING_KEY, stored
from tests.support.served import served
from tests.support.webhooks import PUBLIC_URL, TOKEN, form, signature, signed

ROOT = Path(__file__).parents[1]
SMS, RECEIPT, TELEGRAM = "/webhooks/twilio", "/webhooks/twilio/status", "/webhooks/telegram"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": SECRET}
UPDATE = {
    "update_id": 7,
    "message": {
        "message_id": 3,
        "date": 1_772_452_800,
        "chat": {"id": 4400, "type": "private", "first_name": "Ada"},
        "from": {"id": 4400, "is_bot": False, "first_name": "Ada"},
        "text": "CLINIC",
    },
}


@pytest.fixture
async def web(monkeypatch: pytest.MonkeyPatch, database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    environment = {
        "DATABASE_URL": database_url,
        "HEARD_PUBLIC_URL": PUBLIC_URL,
        "HEARD_FLOWS": str(ROOT / "flows"),
        "HEARD_LOCALES": str(ROOT / "locales"),
        "HEARD_SEALING_KEYS": SEALING_KEY,
        "HEARD_ADDRESS_PEPPER": PEPPER,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TELEGRAM_TOKEN": BOT_TOKEN,
        "TELEGRAM_SECRET": SECRET,
        "TELEGRAM_API_URL": "http://127.0.0.1:9",
    }
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    async with served(build(read_settings())) as client:
        yield client


class Bad(NamedTuple):
    """A request, and the status that it gets."""

    name: str
    status: int
    path: str
    body: bytes
    headers: Mapping[str, str] = {}
    method: str = "POST"


def by_twilio(fields: dict[str, str], path: str = SMS, **headers: str) -> dict[str, str]:
    return {**FORM, "X-Twilio-Signature": signature(fields, PUBLIC_URL + path), **headers}


def update(**changed: Any) -> bytes:
    return json.dumps({**UPDATE, **changed}).encode()


def text_of(words: str) -> bytes:
    return update(message={**UPDATE["message"], "text": words})  # type: ignore[dict-item]


GENUINE = form("CLINIC")
BODY = urlencode(GENUINE).encode()
RECEIVED = {"MessageSid": "SM" + "1" * 32, "MessageStatus": "delivered"}
DEEP = b'{"update_id": 1, "message": ' + b"[" * 30_000 + b"]" * 30_000 + b"}"

FORGED = {**FORM, "X-Twilio-Signature": signature(GENUINE, token="another")}

REFUSED = [
    Bad("sms: not signed", 403, SMS, BODY, FORM),
    Bad("sms: an empty signature", 403, SMS, BODY, {**FORM, "X-Twilio-Signature": ""}),
    Bad(
        "sms: signed with another token",
        403,
        SMS,
        BODY,
        {**FORM, "X-Twilio-Signature": signature(GENUINE, token="x")},
    ),
    Bad("sms: signed for another path", 403, SMS, BODY, by_twilio(GENUINE, RECEIPT)),
    Bad("sms: a word changed", 403, SMS, BODY.replace(b"CLINIC", b"STOP"), by_twilio(GENUINE)),
    Bad("sms: a field added", 403, SMS, BODY + b"&Body=STOP", by_twilio(GENUINE)),
    Bad("sms: truncated", 403, SMS, BODY[:-40], by_twilio(GENUINE)),
    Bad("sms: a signature that is no ASCII", 403, SMS, BODY, {**FORM, "X-Twilio-Signature": "ñ"}),
    Bad("sms: nothing at all", 403, SMS, b"", FORM),
    Bad("sms: bytes that are no UTF-8", 403, SMS, b"Body=%ff%fe\xff\xfe", by_twilio(GENUINE)),
    Bad("sms: a megabyte", 413, SMS, b"Body=" + b"a" * 1_000_000, by_twilio(GENUINE)),
    Bad("sms: a million fields", 413, SMS, b"&".join([b"a=1"] * 200_000), FORM),
    Bad("sms: ten thousand fields", 403, SMS, b"&".join([b"a=1"] * 10_000), FORM),
    Bad("sms: JSON", 403, SMS, b'{"Body": "CLINIC"}', {"Content-Type": "application/json"}),
    Bad("sms: GET", 405, SMS, b"", by_twilio({}), "GET"),
    Bad("sms: PUT", 405, SMS, BODY, by_twilio(GENUINE), "PUT"),
    Bad("sms: another path", 404, SMS + "/x", BODY, by_twilio(GENUINE)),
    Bad("receipt: not signed", 403, RECEIPT, urlencode(RECEIVED).encode(), FORM),
    Bad("receipt: signed for messages", 403, RECEIPT, urlencode(RECEIVED).encode(), by_twilio(RECEIVED)),
    Bad("receipt: a megabyte", 413, RECEIPT, b"a" * 1_000_000, FORM),
    Bad("receipt: no UTF-8", 403, RECEIPT, b"\xff\xfe", by_twilio(RECEIVED, RECEIPT)),
    Bad("receipt: GET", 405, RECEIPT, b"", {}, "GET"),
    Bad("telegram: without the secret", 403, TELEGRAM, update(), {"Content-Type": "application/json"}),
    Bad(
        "telegram: with another",
        403,
        TELEGRAM,
        update(),
        {**JSON, "X-Telegram-Bot-Api-Secret-Token": "guess"},
    ),
    Bad("telegram: a megabyte", 413, TELEGRAM, text_of("a" * 1_000_000), JSON),
    Bad("telegram: truncated", 400, TELEGRAM, update()[:-30], JSON),
    Bad("telegram: nothing at all", 400, TELEGRAM, b"", JSON),
    Bad("telegram: no UTF-8", 400, TELEGRAM, b'{"update_id": "\xff\xfe"}', JSON),
    Bad("telegram: a form", 400, TELEGRAM, BODY, {**JSON, **FORM}),
    Bad("telegram: thirty thousand brackets", 400, TELEGRAM, DEEP, JSON),
    Bad("telegram: GET", 405, TELEGRAM, b"", JSON, "GET"),
]
PASSED_OVER = [
    Bad("telegram: no object", 200, TELEGRAM, b"[1, 2, 3]", JSON),
    Bad(
        "telegram: an update of a kind to come",
        200,
        TELEGRAM,
        b'{"update_id": 9, "hologram": {"text": "a"}}',
        JSON,
    ),
    Bad("telegram: only a number", 200, TELEGRAM, b'{"update_id": 9}', JSON),
    Bad("telegram: a huge number", 200, TELEGRAM, b'{"update_id": %s}' % (b"9" * 4_000), JSON),
    Bad("telegram: a message without a chat", 200, TELEGRAM, update(message={"text": "a"}), JSON),
    Bad("telegram: a message that is a word", 200, TELEGRAM, update(message="CLINIC"), JSON),
    Bad("telegram: a poll", 200, TELEGRAM, b'{"update_id": 9, "poll": {"id": "1"}}', JSON),
]


async def test_nothing_of_it_is_stored(web: httpx.AsyncClient, engine: AsyncEngine) -> None:
    statuses: dict[str, int] = {}
    for bad in (*REFUSED, *PASSED_OVER):
        headers = {name: value.encode("utf-8") for name, value in bad.headers.items()}
        response = await web.request(bad.method, bad.path, content=bad.body, headers=headers)
        statuses[bad.name] = response.status_code
        assert len(response.content) < 200, bad.name
        assert b"Traceback" not in response.content, bad.name
    assert statuses == {bad.name: bad.status for bad in (*REFUSED, *PASSED_OVER)}
    for table in ("contacts", "inbound", "outbound", "interviews", "receipts"):
        assert await stored(engine, table, *_key(table)) == []


def _key(table: str) -> tuple[str, ...]:
    return ("provider_id",) if table == "receipts" else ("id",)


ODD_WORDS = {
    "NUL": ("CLI\0NIC", "CLINIC"),
    "control characters": ("\x01\x02\x1b[31mCLINIC\x7f", "\x01\x02\x1b[31mCLINIC\x7f"),
    "zero width": ("C\u200bL\u200dI\u2060NIC\ufeff", "C\u200bL\u200dI\u2060NIC\ufeff"),
    "bidi overrides": ("\u202eCINILC\u2066\u2069", "\u202eCINILC\u2066\u2069"),
    "half a character": ("CLINIC \ud83d", "CLINIC ?"),
    "markup": ("<b>CLINIC</b> _*[`&", "<b>CLINIC</b> _*[`&"),
    "nothing": ("", ""),
    "blanks": (" \u3000\n\t ", None),
}


@pytest.mark.parametrize("name", ODD_WORDS)
async def test_odd_words_are_stored_and_answered(
    name: str, web: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    """A person may write anything; JSON and forms carry it otherwise, but neither may fail."""
    said, kept = ODD_WORDS[name]
    if not any("\ud800" <= character <= "\udfff" for character in said):
        body, headers = signed(form(said))
        assert (await web.post(SMS, content=body, headers=headers)).status_code == 200
    response = await web.post(TELEGRAM, content=text_of(said), headers=JSON)
    assert response.status_code == 200
    bodies = await stored(engine, "inbound", "channel", "body")
    assert {channel for channel, _ in bodies} >= {"telegram"}
    if kept is not None:
        assert {body for _, body in bodies} == {kept}


async def test_a_long_text_is_cut_where_it_is_stored(web: httpx.AsyncClient, engine: AsyncEngine) -> None:
    """A hundred thousand bytes are more than a message has; the most that is taken in is one request's worth."""
    long = "ሀ" * 9_000
    body, headers = signed(form(long))
    assert len(body) > LARGEST_BODY_BYTES
    assert (await web.post(SMS, content=body, headers=headers)).status_code == 413
    assert (await web.post(TELEGRAM, content=text_of("a" * 100_000), headers=JSON)).status_code == 413
    assert await stored(engine, "inbound", "id") == []
    assert (await web.post(TELEGRAM, content=text_of("a" * 60_000), headers=JSON)).status_code == 200
    ((kept,),) = await stored(engine, "inbound", "body")
    assert kept == "a" * len(kept)
    assert len(kept) <= 5_000


async def test_a_replay_changes_nothing(web: httpx.AsyncClient, engine: AsyncEngine) -> None:
    """Whoever has caught a genuine request can send it again; nothing follows but the answer it had."""
    body, headers = signed(form("CLINIC"))
    answers = {(await web.post(SMS, content=body, headers=headers)).content for _ in range(3)}
    answers_in_chat = {(await web.post(TELEGRAM, content=update(), headers=JSON)).content for _ in range(3)}
    assert (len(answers), len(answers_in_chat)) == (1, 1)
    assert len(await stored(engine, "inbound", "id")) == 2
    assert len(await stored(engine, "interviews", "id")) == 2


words = st.text(max_size=40)
values = words | st.sampled_from(["\0", "\u202e", "9" * 400, "-1", "1e309", "null", "%00", "SM" + "0" * 32])
fields_of_a_form = st.dictionaries(
    st.sampled_from([*GENUINE, "NumMedia", "MediaUrl0", "ListId", "OptOutType"]) | words, values
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)
changed_messages = st.dictionaries(
    st.sampled_from([*UPDATE["message"], "voice", "photo", "location"]), anything
)  # type: ignore[misc]
FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FUZZ
@given(fields_of_a_form, st.sampled_from([SMS, RECEIPT]))
async def test_no_form_that_is_signed_fails(
    web: httpx.AsyncClient, fields: dict[str, str], path: str
) -> None:
    response = await web.post(
        path, content=urlencode(fields, errors="replace"), headers=by_twilio(fields, path)
    )
    assert response.status_code in (200, 204, 400)


@FUZZ
@given(st.binary(max_size=200), st.sampled_from([SMS, RECEIPT, TELEGRAM]))
async def test_no_bytes_fail(web: httpx.AsyncClient, body: bytes, path: str) -> None:
    headers = JSON if path == TELEGRAM else {**FORM, "X-Twilio-Signature": quote(body)[:40]}
    response = await web.post(path, content=body, headers=headers)
    assert response.status_code in ((200, 400) if path == TELEGRAM else (403,))


@FUZZ
@given(changed_messages, st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member"]))
async def test_no_update_fails(web: httpx.AsyncClient, changed: dict[str, Any], kind: str) -> None:
    sent = json.dumps({"update_id": 7, kind: {**UPDATE["message"], **changed}})  # type: ignore[dict-item]
    response = await web.post(TELEGRAM, content=sent.encode(), headers=JSON)
    assert response.status_code == 200
