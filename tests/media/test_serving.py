"""Pictures and sounds on their whole way: a webhook in, a file on the disk, its name out of `heard export`."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.app import build
from bot.cli import app
from bot.settings import Settings, read_settings
from bot.working import build_work
from tests.media.test_answers import VOICE
from tests.support.bot_api import SECRET, Person, bot_api
from tests.support.bot_api import TOKEN as BOT_TOKEN
from tests.support.databases import opened
from tests.support.fake_twilio import ACCOUNT
from tests.support.intake import PEPPER, SEALING_KEY, stored
from tests.support.media_host import gives, media_host, media_url, photo
from tests.support.served import served
from tests.support.webhooks import PUBLIC_URL, TOKEN, form, signed

ROOT = Path(__file__).parents[2]
STOVES = """
consultation: stoves
title: Stoves
languages: [en]
keywords: {en: [STOVES]}
consent: We ask for a photo of your stove. You may stop any time.
items:
  - {name: stove, type: image, label: Please photograph your stove.}
thanks: Thank you.
"""
SOUND = "  - {name: sound, type: audio, label: Say how it burns.}\n"


@asynccontextmanager
async def working(settings: Settings, database_url: str) -> AsyncIterator[None]:
    """Have `heard work` do its work where serving does not do it."""
    if database_url.startswith("sqlite"):
        yield
        return
    async with opened(database_url) as engine:
        work = build_work(settings, engine)
        task = asyncio.create_task(work.run())
        try:
            yield
        finally:
            work.stop()
            await task


async def test_a_picture_by_mms(database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    flows, kept = tmp_path / "flows", tmp_path / "media"
    flows.mkdir()
    (flows / "stoves.yaml").write_text(STOVES, encoding="utf-8")
    came = asyncio.Event()
    async with media_host() as host:

        async def give(writer: asyncio.StreamWriter) -> None:
            await gives(photo(), "image/jpeg")(writer)
            came.set()

        host.next.append(give)
        environment = {
            "DATABASE_URL": database_url,
            "HEARD_PUBLIC_URL": PUBLIC_URL,
            "HEARD_FLOWS": str(flows),
            "HEARD_LOCALES": str(ROOT / "locales"),
            "HEARD_MEDIA": str(kept),
            "HEARD_SEALING_KEYS": SEALING_KEY,
            "HEARD_ADDRESS_PEPPER": PEPPER,
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_FROM": "+12025550100",
            "TWILIO_API_URL": host.url,
        }
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        settings = read_settings()
        sent = {"NumMedia": "1", "MediaUrl0": media_url(), "MediaContentType0": "image/jpeg"}
        async with working(settings, database_url), served(build(settings)) as web:
            for number, fields in enumerate((form("STOVES"), form("1"), form("", **sent), form("", **sent))):
                fields["MessageSid"] = f"MM{min(number, 2):032x}"
                body, headers = signed(fields)
                told = await web.post("/webhooks/twilio", content=body, headers=headers)
                assert told.status_code == 200
            assert "Thank you." in told.text, "a second delivery gets another reply"
            async with asyncio.timeout(30):
                await came.wait()
    # Who stops settles first what is in hand.
    async with opened(database_url) as engine:
        ((status, file),) = await stored(engine, "media", "status", "file")
    assert status == "stored"
    assert [one.name for one in kept.iterdir()] == [file]
    (row,) = await exported(tmp_path)
    assert row["stove"] == file
    assert "twilio" not in str(row)


async def exported(folder: Path) -> list[dict[str, str]]:
    """Return the rows of `heard export`."""
    written = folder / "answers.csv"
    command = ["export", "stoves", "--output", str(written)]
    result = await asyncio.to_thread(CliRunner().invoke, app, command)
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(io.StringIO(written.read_text("utf-8-sig"))))


async def test_a_picture_and_a_voice_by_telegram(
    database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    flows, kept = tmp_path / "flows", tmp_path / "media"
    flows.mkdir()
    (flows / "stoves.yaml").write_text(STOVES.replace("thanks:", f"{SOUND}thanks:"), encoding="utf-8")
    monkeypatch.setattr("bot.media.fetching.POLL_S", 0.02)
    async with bot_api() as api:
        environment = {
            "DATABASE_URL": database_url,
            "HEARD_FLOWS": str(flows),
            "HEARD_LOCALES": str(ROOT / "locales"),
            "HEARD_MEDIA": str(kept),
            "HEARD_SEALING_KEYS": SEALING_KEY,
            "HEARD_ADDRESS_PEPPER": PEPPER,
            "TELEGRAM_TOKEN": BOT_TOKEN,
            "TELEGRAM_SECRET": SECRET,
            "TELEGRAM_API_URL": api.url,
        }
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        settings = read_settings()
        api.files |= {"large": photo(), "voice": VOICE}
        ada = Person(api, 4400)
        sizes = [
            {"file_id": one, "file_unique_id": one, "width": 9, "height": 9} for one in ("small", "large")
        ]
        voice = {"file_id": "voice", "file_unique_id": "voice", "duration": 3, "file_size": len(VOICE)}
        async with working(settings, database_url), served(build(settings)) as web, asyncio.timeout(30):
            for update in (ada.says("STOVES"), ada.says("yes"), ada.says(photo=sizes), ada.says(voice=voice)):
                assert (await api.deliver(web, update)).status_code == 200
            assert api.sent[-1]["text"] == "Thank you."
            while len(api.given) < 2:
                api.changed.clear()
                await api.changed.wait()
    async with opened(database_url) as engine:
        found = await stored(engine, "media", "kind", "status", "file")
    assert {(kind, status) for kind, status, _ in found} == {("image", "stored"), ("audio", "stored")}
    files = {kind: file for kind, _, file in found}
    assert {one.name for one in kept.iterdir()} == set(files.values())
    (row,) = await exported(tmp_path)
    assert (row["stove"], row["sound"]) == (files["image"], files["audio"])
