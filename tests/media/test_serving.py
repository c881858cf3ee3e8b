"""A picture by MMS on its whole way: a signed webhook in, a file on the disk, its name out of `heard export`."""

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
    written = tmp_path / "answers.csv"
    command = ["export", "stoves", "--output", str(written)]
    result = await asyncio.to_thread(CliRunner().invoke, app, command)
    assert result.exit_code == 0, result.output
    text = written.read_text("utf-8-sig")
    assert [row["stove"] for row in csv.DictReader(io.StringIO(text))] == [file]
    assert "twilio" not in text
