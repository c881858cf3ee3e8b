"""The whole application, on each database: a signed webhook in, TwiML out, answers stored."""

import asyncio
import io
import logging
import os
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import outbox
from bot.app import build, prepare
from bot.console.try_page import PERSON_COOKIE
from bot.errors import FlowsError, SettingsError
from bot.logs import Plain, Structured
from bot.settings import Settings, read_settings
from bot.store.migrating import migrate
from bot.store.reading import interviews
from tests.support.databases import Databases
from tests.support.intake import PEPPER, SEALING_KEY, stored
from tests.support.letters import SENDER, contact, letter, number, put
from tests.support.served import served
from tests.support.webhooks import NUMBER, PUBLIC_URL, TOKEN, form, signature, signed

LOCALES = Path(__file__).parents[1] / "locales"
NOBODY = "http://127.0.0.1:9"
"""Where no provider answers."""
WATER = """
consultation: water
title: Where the water comes from
languages: [en]
keywords: {en: [WATER]}
consent: The Water Office asks 2 short questions. You may stop any time.
items:
  - name: source
    type: select_one
    label: Where do you get water?
    choices:
      - {name: tap, label: Tap}
      - {name: well, label: Well}
  - name: change
    type: text
    label: What should change?
thanks: Thank you.
"""
WORDS = "the pump at Ọja market & its <queue>"
TALK = (
    (
        "WATER",
        "The Water Office asks 2 short questions. You may stop any time.\nSend 1 to start, 2 to say no.",
    ),
    ("1", "Where do you get water?\n1. Tap\n2. Well\nSend a number."),
    ("2", "What should change?"),
    (WORDS, "Thank you."),
)

Configure = Callable[..., Settings]


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database_url: str) -> Configure:
    """Sets the environment, and reads it: an empty variable is absent, `flows` are files by their names."""
    monkeypatch.chdir(tmp_path)

    def configured(flows: dict[str, str] | None = None, **changed: str) -> Settings:
        folder = tmp_path / "flows"
        folder.mkdir(exist_ok=True)
        for name, text in ({"water.yaml": WATER} if flows is None else flows).items():
            (folder / name).write_text(text)
        environment = {
            "DATABASE_URL": database_url,
            "HEARD_PUBLIC_URL": PUBLIC_URL,
            "HEARD_FLOWS": str(folder),
            "HEARD_LOCALES": str(LOCALES),
            "HEARD_SEALING_KEYS": SEALING_KEY,
            "HEARD_ADDRESS_PEPPER": PEPPER,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "PORT": "",
            **changed,
        }
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return read_settings()

    return configured


async def send(web: httpx.AsyncClient, text: str, number: int) -> httpx.Response:
    body, headers = signed(form(text, sid=f"SM{number:032d}"))
    return await web.post("/webhooks/twilio", content=body, headers=headers)


def said(response: httpx.Response) -> str:
    assert response.status_code == 200
    return "\n".join(message.text or "" for message in ElementTree.fromstring(response.content))


async def test_a_whole_interview_by_sms(configure: Configure, engine: AsyncEngine) -> None:
    async with served(build(configure())) as web:
        for number, (text, answer) in enumerate(TALK):
            assert said(await send(web, text, number)) == answer
    (held,) = [one async for one in interviews(engine, "water")]
    assert (held.channel, held.language, held.ending) == ("sms", "en", "complete")
    assert {one.slot: (one.value, one.raw) for one in held.answers} == {
        "source": ("well", "2"),
        "change": (WORDS, WORDS),
    }
    assert await stored(engine, "outbound", "body", "segments") == [(answer, 1) for _, answer in TALK]


async def test_a_second_delivery_has_the_same_reply_and_changes_nothing(
    configure: Configure, engine: AsyncEngine
) -> None:
    async with served(build(configure())) as web:
        for number, (text, _) in enumerate(TALK[:3]):
            first = await send(web, text, number)
        again = await send(web, TALK[2][0], 2)
    assert again.content == first.content
    assert len(await stored(engine, "inbound", "id")) == 3
    assert await stored(engine, "answers", "slot", "value") == [("source", "well")]


async def test_a_wrong_signature_stores_nothing(configure: Configure, engine: AsyncEngine) -> None:
    body, headers = signed(form("WATER"))
    async with served(build(configure())) as web:
        response = await web.post("/webhooks/twilio", content=body + b"&x=", headers=headers)
    assert response.status_code == 403
    assert await stored(engine, "contacts", "id") == []
    assert await stored(engine, "inbound", "id") == []


async def test_who_stops_is_not_answered_twice_and_stays_away(
    configure: Configure, engine: AsyncEngine
) -> None:
    async with served(build(configure())) as web:
        for number, text in enumerate(["WATER", "1", "Stop", "2"]):
            response = await send(web, text, number)
            assert (said(response) == "") == (number > 1)
    (contact,) = await stored(engine, "contacts", "opted_out_at")
    assert contact[0] is not None


async def test_curly_punctuation_costs_nothing_by_sms(configure: Configure, engine: AsyncEngine) -> None:
    curly = {"water.yaml": WATER.replace("Where do you get water?", "Where – at home – “do” you get water…?")}
    async with served(build(configure(curly))) as web:
        await send(web, "WATER", 1)
        plain = 'Where - at home - "do" you get water...?\n1. Tap\n2. Well\nSend a number.'
        assert said(await send(web, "1", 2)) == plain
    assert (await stored(engine, "outbound", "body", "segments"))[1] == (plain, 1)


async def test_an_interview_ends_on_the_version_it_began_on(configure: Configure) -> None:
    async with served(build(configure())) as web:
        await send(web, "WATER", 1)
        await send(web, "1", 2)
    changed = {"water.yaml": WATER.replace("What should change?", "What is good?")}
    async with served(build(configure(changed))) as web:
        assert said(await send(web, "2", 3)) == "What should change?"


async def test_ready_says_what_is_missing(configure: Configure, engine: AsyncEngine) -> None:
    async with served(build(configure())) as web:
        assert (await web.get("/ready")).json() == {"ready": True}
        await migrate(engine, "base")
        behind = await web.get("/ready")
    assert behind.status_code == 503
    assert behind.json() == {
        "ready": False,
        "reasons": ["the database has other tables than this version of Heard needs: run `heard migrate`"],
    }


async def test_without_a_consultation_it_is_not_ready(configure: Configure) -> None:
    async with served(build(configure(flows={}))) as web:
        ready = await web.get("/ready")
    assert (ready.status_code, ready.json()["reasons"]) == (503, ["there is no consultation in HEARD_FLOWS"])


async def test_with_a_broken_file_it_is_ready_still_and_says_what_to_do(configure: Configure) -> None:
    settings = configure()
    async with served(build(settings)) as web, asyncio.timeout(60):
        await send(web, "WATER", 1)
        (settings.flows / "water.yaml").write_text("consultation: [")
        os.kill(os.getpid(), signal.SIGHUP)
        while (await web.get("/ready")).json() == {"ready": True}:
            pass
        ready = await web.get("/ready")
        assert said(await send(web, "1", 2)) == TALK[1][1]
    assert ready.status_code == 200
    assert ready.json() == {
        "ready": True,
        "warnings": [
            "the changed consultation files are not used (water.yaml, line 1: yaml-syntax); what was offered before "
            "goes on. `heard check` tells what is wrong"
        ],
    }


async def test_a_worker_that_ended_is_told(
    configure: Configure, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    sender = {"TWILIO_ACCOUNT_SID": "AC" + "0" * 32, "TWILIO_FROM": "+12025550100"}
    address = await Databases("sqlite", str(tmp_path)).migrated()
    async with served(build(configure(DATABASE_URL=address, **sender))) as web:
        assert (await web.get("/ready")).json() == {"ready": True}
        (working,) = [one for one in asyncio.all_tasks() if "Work.run" in repr(one.get_coro())]
        working.cancel()
        await asyncio.wait([working])
        told = "nothing is sent from the outbox any more: restart Heard"
        assert (await web.get("/ready")).json() == {"ready": True, "warnings": [told]}
        assert said(await send(web, "WATER", 1)) == TALK[0][1]
    assert told in caplog.text


async def test_metrics_count_the_outbox(configure: Configure) -> None:
    async with served(build(configure())) as web:
        told = (await web.get("/metrics")).text
        assert 'heard_outbox_messages{state="failed"} 0.0' in told
        assert 'heard_inbox_cases{state="open"} 0.0' in told


def test_it_is_not_built_without_keys(configure: Configure) -> None:
    with pytest.raises(SettingsError) as missing:
        build(configure(HEARD_SEALING_KEYS="", TWILIO_AUTH_TOKEN=""))
    assert "HEARD_SEALING_KEYS: It is missing" in str(missing.value)
    assert "TWILIO_AUTH_TOKEN: It is missing" in str(missing.value)


def test_it_is_not_built_with_faulty_consultations(configure: Configure) -> None:
    with pytest.raises(FlowsError):
        build(configure({"water.yaml": WATER.replace("type: text", "type: words")}))


async def test_a_database_is_prepared_before_anything_is_served(
    configure: Configure, databases: Databases
) -> None:
    settings = configure(DATABASE_URL=await databases.empty())
    with pytest.raises(SettingsError, match="run `heard migrate`"):
        await prepare(settings, migrates=False)
    await prepare(settings, migrates=True)
    await prepare(settings, migrates=False)


# --- demo mode


async def test_the_chat_page_goes_the_same_way(configure: Configure, engine: AsyncEngine) -> None:
    async with served(build(configure(), demo=True)) as web:
        assert (await web.get("/")).headers["Location"] == "/try"
        assert (await web.get("/try")).status_code == 200
        for text, answer in TALK:
            assert (await web.post("/try/say", data={"text": text})).status_code == 303
            page = await web.get("/try")
            assert answer in unescape(page.text)
        assert WORDS in unescape(page.text)
        assert WORDS not in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert await stored(engine, "interviews", "channel", "ending") == [("page", "complete")]
    assert await stored(engine, "outbound", "segments") == [(None,)] * 4


async def test_what_was_pressed_is_shown_by_its_label(configure: Configure) -> None:
    async with served(build(configure(), demo=True)) as web:
        await web.get("/try")
        await web.post("/try/look", data={"look": "telegram"})
        await web.post("/try/say", data={"text": "WATER"})
        await web.post("/try/say", data={"button": ":consent=yes"})
        await web.post("/try/say", data={"button": "source=well"})
        page = await web.get("/try")
    assert ">Well</p>" in page.text
    assert "source=well" not in page.text


async def test_in_a_trial_the_page_is_the_phone_of_somebody_on_a_list(
    configure: Configure, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine.dialect.name == "postgresql":
        pytest.skip("a trial is on SQLite: on PostgreSQL another process sends")
    monkeypatch.setattr(outbox, "POLL_S", 0.01)
    person = await contact(engine, 1, sender=SENDER, current_consultation="water", language="en")
    async with served(build(configure(TWILIO_FROM=SENDER), demo=True)) as web:
        assert (await web.post("/try/phone", data={"number": "07700 900001"})).status_code == 400
        assert (await web.post("/try/phone", data={"number": " +44 7700 900001"})).status_code == 303
        page = await web.get("/try")
        assert "Nothing has come to this phone yet." in page.text
        assert "ends in 001" in page.text
        await put(engine, letter(person, "Come and talk.", due_at=datetime.now(UTC)))
        async with asyncio.timeout(60):
            while "Come and talk." not in page.text:
                page = await web.get("/try")
        await web.post("/try/say", data={"text": "what is it?"})
        page = await web.get("/try")
        assert TALK[0][1] in unescape(page.text)
        # Whoever sits there goes on as themselves.
        await web.post("/try/new")
        assert "Come and talk." not in (await web.get("/try")).text
    assert await stored(engine, "contacts", "id", "sender") == [(person, SENDER)]
    assert await stored(engine, "interviews", "channel", "contact_id") == [("sms", person)]


async def test_nobodys_phone_is_shown_where_messages_reach_people(
    configure: Configure, engine: AsyncEngine
) -> None:
    await put(engine, letter(await contact(engine, 1), "Come and talk.", due_at=datetime.now(UTC)))
    to_send = {"TWILIO_FROM": SENDER, "TWILIO_ACCOUNT_SID": f"AC{'0' * 32}", "TWILIO_API_URL": NOBODY}
    async with served(build(configure(**to_send), demo=True)) as web:
        assert (await web.post("/try/phone", data={"number": number(1)})).status_code == 404
        web.cookies.set(PERSON_COOKIE, number(1), path="/try")
        page = await web.get("/try")
    assert "phone number" not in page.text
    assert "Come and talk." not in page.text


async def test_there_is_no_chat_page_outside_demo_mode(configure: Configure) -> None:
    async with served(build(configure())) as web:
        assert (await web.get("/try")).status_code == 404


# --- pace


async def test_who_floods_is_not_answered_and_can_stop(configure: Configure, engine: AsyncEngine) -> None:
    async with served(build(configure())) as web:
        replies = [said(await send(web, f"WATER {'!' * n}", n)) for n in range(35)]
        assert replies[-1] == ""
        assert said(await send(web, "Stop", 100)) == ""
    assert len(await stored(engine, "inbound", "id")) == 36
    ((opted_out_at,),) = await stored(engine, "contacts", "opted_out_at")
    assert opted_out_at is not None


# --- privacy


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What a server writes to its log, as JSON and as a terminal shows it, down to every debugging line."""
    written = io.StringIO()
    handlers = []
    for formatter in (Structured(), Plain()):
        handler = logging.StreamHandler(written)
        handler.setFormatter(formatter)
        handlers.append(handler)
        logging.getLogger().addHandler(handler)
    yield written
    for handler in handlers:
        logging.getLogger().removeHandler(handler)


async def test_neither_numbers_nor_words_are_logged_even_for_debugging(
    configure: Configure, caplog: pytest.LogCaptureFixture, lines: io.StringIO
) -> None:
    caplog.set_level(logging.DEBUG)
    async with served(build(configure(), demo=True)) as web:
        for number, (text, _) in enumerate(TALK):
            await send(web, text, number)
        await web.get("/try")
        for text, _ in TALK:
            await web.post("/try/say", data={"text": text})
        await web.get("/try")
        await web.get("/ready")
        # What is refused or held has lines of its own.
        body, headers = signed(form(WORDS))
        await web.post("/webhooks/twilio", content=body + b"&x=", headers={**headers, "X-Request-Id": NUMBER})
        body, headers = signed(form(WORDS, sid=NUMBER))
        await web.post(
            "/webhooks/twilio", content=body, headers={**headers, "X-Request-Id": f"tel-{NUMBER[1:]}"}
        )
        for number in range(6):
            await send(web, WORDS, 200 + number)
        metrics = (await web.get("/metrics")).text
    assert '"rule":"repetition"' in lines.getvalue()
    assert "is not signed by Twilio" in lines.getvalue()
    assert "heard_messages_replied_total" in metrics
    shown = [
        caplog.text,
        *(repr(vars(record)) for record in caplog.records),
        lines.getvalue(),
        metrics,
    ]
    for private in (NUMBER, NUMBER[1:], WORDS, "Ọja", "pump", TOKEN, SEALING_KEY, PEPPER):
        assert not [text for text in shown if private in text]


async def receipt(web: httpx.AsyncClient, sid: str, status: str, query: str, **fields: str) -> httpx.Response:
    body = {"MessageSid": sid, "MessageStatus": status, "AccountSid": "AC" + "0" * 32, **fields}
    url = f"/webhooks/twilio/status?{query}" if query else "/webhooks/twilio/status"
    headers = {"X-Twilio-Signature": signature(body, PUBLIC_URL + url)}
    return await web.post(url, data=body, headers=headers)


async def test_receipts_find_the_reply_they_are_of(configure: Configure, engine: AsyncEngine) -> None:
    async with served(build(configure())) as web:
        answered = await send(web, "WATER", 1)
        (asked,) = ElementTree.fromstring(answered.content)
        query = asked.attrib["statusCallback"].partition("?")[2]
        for status in ("delivered", "sent"):
            assert (await receipt(web, "SMout", status, query)).status_code == 204
        assert (await receipt(web, "SMother", "undelivered", "", ErrorCode="30005")).status_code == 204
        told = (await web.get("/metrics")).text
    assert await stored(engine, "outbound", "provider_id", "status") == [("SMout", "delivered")]
    assert await stored(engine, "receipts", "provider_id", "status", "error") == [
        ("SMother", "undelivered", "30005"),
        ("SMout", "delivered", None),
    ]
    assert 'heard_receipts_total{status="delivered"}' in told


async def test_a_receipt_that_is_not_twilios_is_refused(configure: Configure, engine: AsyncEngine) -> None:
    async with served(build(configure())) as web:
        forged = {"MessageSid": "SM1", "MessageStatus": "delivered"}
        headers = {"X-Twilio-Signature": signature(forged)}
        response = await web.post("/webhooks/twilio/status?in_reply_to=SM2", data=forged, headers=headers)
        assert response.status_code == 403
        assert (await receipt(web, "SM 1", "delivered", "")).status_code == 400
        assert (await receipt(web, "SM1", "<b>", "")).status_code == 400
    assert await stored(engine, "receipts", "status") == []
