"""The same consultation on every channel that speaks HTTP, or on two of them: the same answers are stored."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.app import build
from bot.channels.twilio_rest import make_client
from bot.channels.whatsapp_set_up import make_templates, written
from bot.core.reception import read_code
from bot.settings import Settings, read_settings
from bot.store.reading import interviews
from bot.working import build_work
from tests.support import webhooks
from tests.support.bot_api import SECRET, BotApi, Person, bot_api
from tests.support.bot_api import TOKEN as BOT_TOKEN
from tests.support.fake_twilio import ACCOUNT
from tests.support.fake_twilio_content import Phone, fake_content
from tests.support.intake import PEPPER, SEALING_KEY
from tests.support.served import served

ROOT = Path(__file__).parents[1]
TALK = ("CLINIC", "yes", "in the last month", "up to two hours", "4", "no", "A doctor each day", "yes")
MOVE = "Go on in Telegram: t.me/ExampleBot?start=${code}"
ANSWERS = {
    "last_visit": "this_month",
    "waiting": "under_two_hours",
    "respect": "4",
    "asked_to_pay": "no",
    "change": "A doctor each day",
}


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with bot_api() as served_api:
        yield served_api


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, database_url: str, api: BotApi) -> Settings:
    environment = {
        "DATABASE_URL": database_url,
        "HEARD_PUBLIC_URL": webhooks.PUBLIC_URL,
        "HEARD_FLOWS": str(ROOT / "flows"),
        "HEARD_LOCALES": str(ROOT / "locales"),
        "HEARD_SEALING_KEYS": SEALING_KEY,
        "HEARD_ADDRESS_PEPPER": PEPPER,
        "TWILIO_AUTH_TOKEN": webhooks.TOKEN,
        "TELEGRAM_TOKEN": BOT_TOKEN,
        "TELEGRAM_SECRET": SECRET,
        "TELEGRAM_API_URL": api.url,
    }
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    return read_settings()


async def by_twilio(web: httpx.AsyncClient, text: str, number: int, sender: str) -> httpx.Response:
    fields = webhooks.form(text, sid=f"SM{number:032d}", From=sender)
    body, headers = webhooks.signed(fields)
    return await web.post("/webhooks/twilio", content=body, headers=headers)


async def by_page(web: httpx.AsyncClient, text: str, number: int) -> httpx.Response:
    if number == 0:
        # The page makes a person of its visitor.
        await web.get("/try")
    return await web.post("/try/say", data={"text": text})


@pytest.mark.parametrize("channel", ["sms", "whatsapp", "telegram", "page"])
async def test_the_answers_are_the_same(
    channel: str, settings: Settings, engine: AsyncEngine, api: BotApi
) -> None:
    ada = Person(api, 4400)
    async with served(build(settings, demo=True)) as web:
        for number, text in enumerate(TALK):
            match channel:
                case "sms":
                    response = await by_twilio(web, text, number, webhooks.NUMBER)
                case "whatsapp":
                    response = await by_twilio(web, text, number, f"whatsapp:{webhooks.NUMBER}")
                case "telegram":
                    response = await api.deliver(web, ada.says(text))
                case _:
                    response = await by_page(web, text, number)
            assert response.status_code in (200, 303)
    (held,) = [one async for one in interviews(engine, "service-feedback")]
    assert (held.channel, held.language, held.ending) == (channel, "en", "complete")
    assert {one.slot: one.value for one in held.answers} == ANSWERS


async def test_the_answers_are_the_same_by_whatsapp_with_buttons(
    settings: Settings, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.outbox.POLL_S", 0.01)
    async with fake_content() as twilio:
        client = make_client(ACCOUNT, webhooks.TOKEN, twilio.url)
        monkeypatch.setenv("TWILIO_CONTENT", written(await asyncio.to_thread(make_templates, client)))
        monkeypatch.setenv("TWILIO_ACCOUNT_SID", ACCOUNT)
        monkeypatch.setenv("TWILIO_FROM", "whatsapp:+12025550100")
        monkeypatch.setenv("TWILIO_API_URL", twilio.url)
        settings = read_settings().model_copy(update={"telegram_token": None})
        # On PostgreSQL the server itself sends nothing.
        work = build_work(settings, engine) if engine.dialect.name == "postgresql" else None
        working = asyncio.create_task(work.run()) if work else None
        pressed = 0
        async with served(build(settings)) as web:
            ada = Phone(twilio, web)
            shown = await ada.says("CLINIC")
            for text in TALK[1:]:
                label = next((one for one in shown.buttons if one.casefold() == text.casefold()), None)
                pressed += label is not None
                shown = await (ada.presses(label) if label else ada.says(text))
        if work and working:
            work.stop()
            await working
    (held,) = [one async for one in interviews(engine, "service-feedback")]
    assert (held.channel, held.language, held.ending) == ("whatsapp", "en", "complete")
    assert {one.slot: one.value for one in held.answers} == ANSWERS
    assert pressed >= 4


@pytest.mark.parametrize("by_link", [True, False], ids=["link", "typed"])
async def test_the_answers_are_the_same_by_sms_and_then_telegram(
    by_link: bool, settings: Settings, engine: AsyncEngine, api: BotApi, tmp_path: Path
) -> None:
    moving = Path(shutil.copytree(ROOT / "flows", tmp_path / "flows")) / "service-feedback.yaml"
    moving.write_text(f"{moving.read_text()}move: '{MOVE}'\n")
    for catalogue in shutil.copytree(ROOT / "locales", tmp_path / "locales").glob("*/*/service-feedback.po"):
        catalogue.write_text(f'{catalogue.read_text()}\nmsgctxt "move"\nmsgid "{MOVE}"\nmsgstr "→ {MOVE}"\n')
    here = {"flows": tmp_path / "flows", "locales": tmp_path / "locales"}
    ada = Person(api, 4400)
    async with served(build(settings.model_copy(update=here))) as web:
        for number, text in enumerate(TALK[:4]):
            await by_twilio(web, text, number, webhooks.NUMBER)
        told = (await by_twilio(web, "move", 8, webhooks.NUMBER)).text
        code = read_code(told)
        assert code is not None
        assert f"t.me/ExampleBot?start={code}" in told
        await api.deliver(web, ada.says(f"/start {code}" if by_link else code))
        assert api.sent[-1]["text"].startswith("Welcome back.")
        for text in TALK[4:]:
            await api.deliver(web, ada.says(text))
        assert "You went on in another app." in (await by_twilio(web, "5", 9, webhooks.NUMBER)).text
    (held,) = [one async for one in interviews(engine, "service-feedback")]
    assert (held.channel, held.language, held.ending) == ("sms", "en", "complete")
    assert {one.slot: one.value for one in held.answers} == ANSWERS
