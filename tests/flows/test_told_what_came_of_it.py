"""The loop closed: answered over the webhook, asked to be told, and told by SMS through Twilio; on each database."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from typer.testing import CliRunner

from bot.app import build
from bot.cli import app
from bot.outbox import SenderLine, Surroundings
from bot.outbox.drain import Drain
from bot.settings import read_settings
from bot.wiring import sender_lines
from tests.support.databases import opened
from tests.support.fake_twilio import ACCOUNT, FakeTwilio, fake_twilio
from tests.support.intake import PEPPER, SEALING_KEY
from tests.support.letters import SEAL
from tests.support.served import served
from tests.support.webhooks import PUBLIC_URL, TOKEN, form, signed

ROOT = Path(__file__).parents[2]
OURS = "+12025550100"
WANTS, DOES_NOT, LEFT = "+12025550143", "+12025550144", "+12025550145"
WELL = """
consultation: well
title: The well
languages: [en, sw]
keywords: {en: [WELL], sw: [KISIMA]}
consent: The water office asks one question. You may stop any time.
report_back: true
items:
  - {name: wish, type: text, label: What should be done about the well?}
thanks: Thank you.
"""
CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"
msgctxt "title"
msgid "The well"
msgstr "Kisima"
msgctxt "consent.ask"
msgid "The water office asks one question. You may stop any time."
msgstr "Ofisi ya maji inauliza swali moja. Unaweza kuacha wakati wowote."
msgctxt "wish.label"
msgid "What should be done about the well?"
msgstr "Nini kifanyike kuhusu kisima?"
msgctxt "thanks"
msgid "Thank you."
msgstr "Asante."
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> Path:
    (tmp_path / "well.yaml").write_text(WELL)
    catalogues = tmp_path / "locales/sw/LC_MESSAGES"
    catalogues.mkdir(parents=True)
    (catalogues / "well.po").write_text(CATALOGUE)
    (catalogues / "bot.po").write_bytes((ROOT / "locales/sw/LC_MESSAGES/bot.po").read_bytes())
    environment = {
        "DATABASE_URL": database_url,
        "HEARD_PUBLIC_URL": PUBLIC_URL,
        "HEARD_FLOWS": str(tmp_path),
        "HEARD_LOCALES": str(tmp_path / "locales"),
        "HEARD_SEALING_KEYS": SEALING_KEY,
        "HEARD_ADDRESS_PEPPER": PEPPER,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_FROM": OURS,
        # Nobody listens there: what is sent while answering would be an error.
        "TWILIO_API_URL": "http://127.0.0.1:9",
    }
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    return tmp_path


async def say(web: httpx.AsyncClient, who: str, *texts: str) -> str:
    """Send messages one after the other; return what was answered to the last."""
    told = ""
    for number, text in enumerate(texts):
        body, headers = signed(form(text, sid=f"SM{who[-4:]}{number:028x}", From=who, To=OURS))
        response = await web.post("/webhooks/twilio", content=body, headers=headers)
        assert response.status_code == 200
        told = "\n".join(one.text or "" for one in ElementTree.fromstring(response.content))
    return told


async def answer() -> None:
    async with served(build(read_settings())) as web:
        told = await say(web, WANTS, "KISIMA", "1", "Chimbeni")
        assert told == "Asante.\nTukuambie matokeo yake? Tuma 1 kwa ndiyo, 2 kwa hapana."
        promised = await say(web, WANTS, *("KISIMA", "1", "Chimbeni", "1"))
        assert promised == "Sawa. Tutakuambia. Ukibadilisha mawazo, tuma ACHA."
        await say(web, DOES_NOT, "WELL", "1", "Dig", "2")
        await say(web, LEFT, "WELL", "1", "Dig", "1", "stop")


async def sent(database_url: str, monkeypatch: pytest.MonkeyPatch) -> FakeTwilio:
    """Return Twilio after the outbox has sent what is due."""
    async with opened(database_url) as engine, fake_twilio() as twilio:
        monkeypatch.setenv("TWILIO_API_URL", twilio.url)
        (line,) = sender_lines(read_settings())
        await drained(engine, SenderLine(line.name, line.provider, 1_000.0))
        await line.provider.close()
        return twilio


async def drained(engine: AsyncEngine, line: SenderLine) -> None:
    async def no_rest(seconds: float) -> bool:
        return False

    work = Drain(engine, line, Surroundings(SEAL, lambda: datetime.now(UTC)), no_rest)
    while await work.turn():
        pass


def heard(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["findings", *arguments])
    assert result.exit_code == code, (result.output, result.exception)
    return " ".join((result.output + str(result.exception or "")).split())


def test_you_said_we_did(folder: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asyncio.run(answer())
    words = folder / "words.txt"
    registered = heard(
        *("add", "well", "--title", "The well is dry", "--owner", "Water office", "--closed", "2026-01-05"),
        *("--by", "amina"),
    )
    assert "Finding 1 is registered. Water office answers it by 2026-03-30." in registered
    assert "Give the reason" in heard("set", "1", "rejected", "--by", "amina", code=1)
    heard("set", "1", "accepted", "--due", "2026-06-01", "--by", "bintou", "--reason", "There is money.")
    words.write_text("en: We dig.\nfr: Nous creusons.\n")
    assert "'fr' is not among the consultation's languages." in heard("words", "1", str(words), code=1)
    words.write_text("en: You said the well is dry. We dig in May.\n")
    heard("words", "1", str(words))
    shown = heard("tell", "1")
    assert "0 people can be told." in shown
    assert "1 person: sent STOP." in shown
    assert "1 person: no words yet in the language they answered in (sw)." in shown
    words.write_text("sw: Mlisema kisima kimekauka. Tutachimba Mei.\n")
    assert "There are words in: en, sw." in heard("words", "1", str(words))
    shown = heard("tell", "1", "--price", "0.05")
    assert "1 person can be told." in shown
    assert "sms sw 1 1 1 0.05" in shown
    assert "heard findings tell 1 --yes 1" in shown
    assert "Messages to US (1 person) are held back until somebody allows that" in shown
    assert 'heard caps allow-country US --home --as "Your name"' in shown
    assert "nobody was told" in heard("tell", "1", "--yes", "2", code=1)
    assert asyncio.run(sent(database_url, monkeypatch)).taken == []
    nothing = ["caps", "set", "messages-a-day", "0", "--as", "amina", "--reason", "A day of mourning"]
    CliRunner().invoke(app, nothing)
    assert "The limit messages-a-day lets nothing through" in heard("tell", "1")
    CliRunner().invoke(app, ["caps", "set", "messages-a-day", "9", "--as", "amina", "--reason", "It is over"])
    queued = heard("tell", "1", "--yes", "1")
    assert "1 message is in the outbox. Not all of them can leave today, as told above." in queued
    assert "Messages to US (1 person) are held back" in queued
    assert "held back" not in heard("tell", "1")
    assert "1 person: told already." in heard("tell", "1")
    # Nobody has allowed messages to that country yet that people did not ask for.
    assert asyncio.run(sent(database_url, monkeypatch)).taken == []
    allowed = CliRunner().invoke(app, ["caps", "allow-country", "US", "--home", "--as", "amina"])
    assert "1 held message is tried again now." in allowed.output
    # They have had more replies today than the messages that go to anybody on one day.
    raised = ["caps", "set", "person-a-day", "10", "--as", "amina", "--reason", "They are waiting for it"]
    assert "it was 3." in CliRunner().invoke(app, raised).output
    twilio = asyncio.run(sent(database_url, monkeypatch))
    assert [(one["to"], one["from"], one["body"]) for one in twilio.taken] == [
        (WANTS, OURS, "Mlisema kisima kimekauka. Tutachimba Mei.")
    ]
    listed = heard("list", "well")
    assert "1 of 1 answered." in listed
    history = heard("show", "1")
    assert "1. heard" in history
    assert "2. heard -> accepted" in history
    assert "by bintou" in history
    assert "Told: 1 person; 0 arrived, 1 sent, 0 failed" in history
    assert WANTS not in history + listed + shown


def test_a_consultation_that_is_not_there_is_told(folder: Path, database_url: str) -> None:
    assert "no consultation has been served" in heard("list", "wel", code=1)
