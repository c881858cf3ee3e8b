"""`heard channels`, against a Bot API on loopback."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.support import commands
from tests.support.bot_api import SECRET, TOKEN, BotApi, bot_api

PUBLIC_URL = "https://heard.example"


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with bot_api() as served_api:
        yield served_api


async def heard(api: BotApi, *arguments: str, **changed: str) -> tuple[int, str]:
    environment = {
        "HEARD_PUBLIC_URL": PUBLIC_URL,
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_SECRET": SECRET,
        "TELEGRAM_API_URL": api.url,
        "TWILIO_AUTH_TOKEN": "0123456789abcdef0123456789abcdef",
        **changed,
    }
    given = {name: value for name, value in environment.items() if value}
    ended = await asyncio.to_thread(commands.heard, "channels", *arguments, **given)
    told = ended.stdout + ended.stderr
    assert TOKEN not in told
    assert SECRET not in told
    return ended.returncode, told


async def test_telegram_is_told_where_to_send_and_what_to_show(api: BotApi) -> None:
    code, told = await heard(api, "telegram")
    assert code == 0
    assert told == (
        "Telegram sends messages to https://heard.example/webhooks/telegram.\n"
        "People see the commands in: en, ig, es, fr, sw, ar.\n"
    )
    assert api.webhook["secret_token"] == SECRET
    assert api.webhook["allowed_updates"] == ["message", "edited_message", "callback_query", "my_chat_member"]
    assert {one["command"]: one["description"] for one in api.commands["sw"]}["back"] == "RUDI"
    assert api.commands[""] == api.commands["en"]
    _, told = await heard(api, "show")
    assert "Telegram sends messages to https://heard.example/webhooks/telegram" in told
    assert "@heard_bot" in told


async def test_what_telegram_does_not_know_is_told(api: BotApi) -> None:
    _, told = await heard(api, "show")
    assert (
        '"a message comes in" at Twilio has to be https://heard.example/webhooks/twilio (HTTP POST)' in told
    )
    assert "Telegram sends nothing: heard channels telegram sets it" in told
    api.webhook["url"] = "https://elsewhere.example/webhooks/telegram"
    _, told = await heard(api, "show")
    assert "elsewhere than to HEARD_PUBLIC_URL" in told


async def test_asking_instead(api: BotApi) -> None:
    api.webhook["url"] = "https://heard.example/webhooks/telegram"
    code, told = await heard(api, "telegram", "--remove")
    assert (code, api.webhook) == (0, {})
    assert "heard serve --telegram polling" in told


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"TELEGRAM_TOKEN": ""}, "TELEGRAM_TOKEN is missing"),
        ({"TELEGRAM_SECRET": ""}, "HEARD_PUBLIC_URL and TELEGRAM_SECRET are needed"),
        ({"TELEGRAM_API_URL": "http://127.0.0.1:9"}, "Telegram does not take this: NetworkError"),
    ],
)
async def test_what_is_missing_is_told_in_a_sentence(api: BotApi, changed: dict[str, str], said: str) -> None:
    code, told = await heard(api, "telegram", **changed)
    assert code == 1
    assert said in told
    assert "Traceback" not in told
