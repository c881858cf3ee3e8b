"""`heard channels show` and `heard channels twilio`, against an account on loopback."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
from typer.testing import CliRunner

from bot.channels.twilio_set_up import RETRIES
from bot.cli import app
from bot.errors import SettingsError
from tests.support.fake_twilio import ACCOUNT, TOKEN
from tests.support.fake_twilio_numbers import NUMBER, SERVICE, SHORT_CODE, FakeNumbers, fake_numbers

HERE = "https://heard.example/webhooks/twilio"
SENDERS = f"{NUMBER},KE:{SHORT_CODE},GB:HEARD,UG:{SERVICE},whatsapp:+12025550101"


@pytest.fixture
async def twilio(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeNumbers]:
    async with fake_numbers() as fake:
        for name, value in {
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_API_URL": fake.url,
            "TWILIO_FROM": SENDERS,
            "HEARD_PUBLIC_URL": "https://heard.example",
        }.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("TELEGRAM_TOKEN", raising=False)
        yield fake


async def heard(*arguments: str) -> list[str]:
    run = CliRunner()
    result = await asyncio.to_thread(run.invoke, app, ["channels", *arguments], catch_exceptions=False)
    assert TOKEN not in result.output
    return [line.strip() for line in result.output.splitlines()]


async def test_what_twilio_does_not_do_yet_is_told(twilio: FakeNumbers) -> None:
    assert await heard("show") == [
        "SMS and WhatsApp (Twilio)",
        "the account is active",
        f"{NUMBER}: Twilio sends messages nowhere: heard channels twilio sets it",
        f"{SHORT_CODE}: Twilio sends messages elsewhere than to HEARD_PUBLIC_URL: heard channels twilio sets it",
        "HEARD: a name; nobody can answer it, so hold no consultation on it",
        f"{SERVICE}: Twilio sends messages nowhere: heard channels twilio sets it",
        "WhatsApp +12025550101: its webhook is set in Twilio's console, at Messaging > Senders > WhatsApp senders",
        "WhatsApp: no buttons yet: heard channels whatsapp makes them",
        "Telegram",
        "not configured: it takes TELEGRAM_TOKEN, and TELEGRAM_SECRET for its webhook",
    ]
    assert twilio.changes == []


async def test_twilio_is_told_where_to_send(twilio: FakeNumbers) -> None:
    next(iter(twilio.numbers.values()))["sms_application_sid"] = "AP" + "1" * 32
    told = await heard("twilio")
    assert told[0] == f"{NUMBER}: Twilio sends messages to {HERE}"
    of_number = {
        **{"SmsUrl": HERE + RETRIES, "SmsMethod": "POST"},
        **{"SmsFallbackUrl": HERE, "SmsFallbackMethod": "POST"},
    }
    assert [changed for _, changed in twilio.changes] == [
        {**of_number, "SmsApplicationSid": ""},
        of_number,
        {
            **{"InboundRequestUrl": HERE + RETRIES, "InboundMethod": "POST"},
            **{"FallbackUrl": HERE, "FallbackMethod": "POST", "UseInboundWebhookOnNumber": "false"},
        },
    ]
    shown = await heard("show")
    assert [line for line in shown if line.endswith("Twilio sends messages here")] == [
        f"{one}: Twilio sends messages here" for one in (NUMBER, SHORT_CODE, SERVICE)
    ]
    again = await heard("twilio")
    assert again[0] == f"{NUMBER}: Twilio sent messages here already"
    assert len(twilio.changes) == 3


async def test_a_trial_is_told(twilio: FakeNumbers) -> None:
    twilio.kind = "Trial"
    assert "for trial: it writes only to numbers that were verified" in " ".join(await heard("show"))


async def test_a_number_of_somebody_else_is_refused(
    twilio: FakeNumbers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWILIO_FROM", "+12025550199")
    assert "+12025550199: none of this account's" in await heard("show")
    with pytest.raises(SettingsError, match="none of this account's"):
        await heard("twilio")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"TWILIO_AUTH_TOKEN": "f" * 32}, "or not to this account: (20003|HTTP 401)"),
        ({"TWILIO_API_URL": "http://127.0.0.1:9"}, "or not to this account: ConnectionError"),
        ({"TWILIO_ACCOUNT_SID": ""}, "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are needed"),
    ],
)
async def test_what_is_wrong_is_told_in_a_sentence(
    twilio: FakeNumbers, monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], said: str
) -> None:
    for name, value in changed.items():
        if value:
            monkeypatch.setenv(name, value)
        else:
            monkeypatch.delenv(name)
    assert re.search(said, " ".join(await heard("show")))
    with pytest.raises(SettingsError, match=said):
        await heard("twilio")


async def test_without_an_address_or_senders_nothing_is_set(
    twilio: FakeNumbers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TWILIO_FROM")
    with pytest.raises(SettingsError, match="HEARD_PUBLIC_URL and TWILIO_FROM are needed"):
        await heard("twilio")
    assert "replies only: TWILIO_FROM is not set" in await heard("show")
