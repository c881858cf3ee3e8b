"""WhatsApp as an operator meets it: `heard channels whatsapp`, against Twilio on loopback, and the outbox."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.channels import Channel
from bot.channels.whatsapp import PANELS, read_contents
from bot.cli import app
from bot.errors import SettingsError
from bot.store.outbox import claim
from tests.support.databases import Databases, opened
from tests.support.fake_twilio import ACCOUNT, TOKEN
from tests.support.fake_twilio_content import PAGE, FakeContent, fake_content
from tests.support.intake import NOON
from tests.support.letters import SENDER, contact, letter, put


@pytest.fixture
async def twilio(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeContent]:
    async with fake_content() as fake:
        monkeypatch.setenv("TWILIO_ACCOUNT_SID", ACCOUNT)
        monkeypatch.setenv("TWILIO_AUTH_TOKEN", TOKEN)
        monkeypatch.setenv("TWILIO_API_URL", fake.url)
        yield fake


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, [*arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


async def heard(*arguments: str) -> str:
    return await asyncio.to_thread(run, *arguments)


async def test_the_templates_are_made_once(twilio: FakeContent) -> None:
    first = await heard("channels", "whatsapp")
    variable, _, contents = first.strip().partition("=")
    assert variable == "TWILIO_CONTENT"
    assert list(read_contents(contents)) == list(PANELS)
    assert set(read_contents(contents).values()) == set(twilio.contents)
    assert await heard("channels", "whatsapp") == first
    assert twilio.made == len(PANELS)
    assert len(PANELS) > 2 * PAGE


async def test_only_what_is_missing_is_made(twilio: FakeContent) -> None:
    first = await heard("channels", "whatsapp")
    twilio.contents.popitem()
    twilio.contents["HX" + "e" * 32] = {"sid": "HX" + "e" * 32, "friendly_name": "of the organiser's"}
    again = await heard("channels", "whatsapp")
    assert (again[:-34], twilio.made) == (first[:-34], len(PANELS) + 1)
    assert again != first


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        pytest.param(
            "TWILIO_AUTH_TOKEN", "f" * 32, "Twilio does not make the templates: HTTP 401", id="token"
        ),
        pytest.param("TWILIO_API_URL", "http://127.0.0.1:9", "ConnectionError", id="nobody there"),
        pytest.param("TWILIO_ACCOUNT_SID", "", "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN", id="no account"),
    ],
)
async def test_what_is_wrong_is_told(
    twilio: FakeContent, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, told: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError, match=told):
        await heard("channels", "whatsapp")
    assert twilio.made == 0


async def test_the_outbox_tells_why_a_letter_was_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = await Databases("sqlite", str(tmp_path)).migrated()
    async with opened(url) as engine:
        await put(engine, letter(await contact(engine, 1, Channel.WHATSAPP, last_inbound_at=NOON)))
        assert await claim(engine, SENDER, NOON + timedelta(days=1), 1) == []
    monkeypatch.setenv("DATABASE_URL", url)
    told = await heard("outbox", "list")
    assert "window closed" in told
    assert (
        "window closed means: WhatsApp allows free text for a day after the person's last message alone."
        in told
    )
