"""Telegram through the whole application, in both directions, against a Bot API on loopback; on each database."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.app import build
from bot.channels.telegram.client import close, make_bot
from bot.channels.telegram.polling import Polling
from bot.channels.telegram.sending import TelegramProvider
from bot.outbox import SenderLine, Surroundings
from bot.outbox.drain import Drain
from bot.settings import Settings, read_settings
from bot.store.reading import interviews
from tests.support.bot_api import SECRET, TOKEN, BotApi, Garbage, Person, Refuses, bot_api, fault
from tests.support.intake import NOON, PEPPER, SEALING_KEY, stored
from tests.support.letters import SEAL, contact, letter, put
from tests.support.served import served

ROOT = Path(__file__).parents[1]
ADA = 4_503_599_627_370_495  # ids have up to 52 bits
NAME = "telegram:123456789"
VILLAGE = """
consultation: village
title: The village
languages: [en]
keywords: {en: [VILLAGE]}
consent: The office asks 4 short questions. You may stop any time.
items:
  - {name: age, type: integer, label: How old are you?, constraint: . < 120}
  - name: needs
    type: select_multiple
    label: What is needed?
    choices: [{name: water, label: Water}, {name: light, label: Light}, {name: road, label: A road}]
  - {name: place, type: geopoint, label: Where do you live?}
  - {name: path, type: image, label: Send a picture of the path., required: false}
thanks: Thank you.
"""


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with bot_api() as served_api:
        yield served_api


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database_url: str, api: BotApi) -> Settings:
    (tmp_path / "village.yaml").write_text(VILLAGE)
    environment = {
        "DATABASE_URL": database_url,
        "HEARD_FLOWS": str(tmp_path),
        "HEARD_LOCALES": str(ROOT / "locales"),
        "HEARD_SEALING_KEYS": SEALING_KEY,
        "HEARD_ADDRESS_PEPPER": PEPPER,
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_SECRET": SECRET,
        "TELEGRAM_API_URL": api.url,
    }
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    return read_settings()


def said(api: BotApi) -> str:
    return str(api.sent[-1]["text"])


async def answers(engine: AsyncEngine) -> dict[str, str]:
    (held,) = [one async for one in interviews(engine, "village")]
    return {one.slot: one.value for one in held.answers if one.relevant}


async def held(engine: AsyncEngine) -> Any:
    (one,) = [one async for one in interviews(engine, "village")]
    return one


async def test_a_whole_interview(settings: Settings, engine: AsyncEngine, api: BotApi) -> None:
    ada = Person(api, ADA)
    async with served(build(settings)) as web:

        async def sends(update: dict[str, Any]) -> str:
            assert (await api.deliver(web, update)).status_code == 200
            return said(api)

        assert await sends(ada.says("/start village_radio-7")) == (
            "The office asks 4 short questions. You may stop any time."
        )
        assert await sends(ada.presses("Yes")) == "How old are you?"
        assert (await sends(ada.says("34"))).startswith("What is needed?")
        shown = api.sent[-1]
        for label in ("Water", "A road", "Light", "Light"):
            await sends(ada.presses(label, shown))
        labels = [row[0]["text"] for row in shown["reply_markup"]["inline_keyboard"]]
        assert labels == ["✅ Water", "▫️ Light", "✅ A road", "Done"]
        assert (await sends(ada.presses("Done", shown))).startswith("Where do you live?")
        assert api.sent[-1]["reply_markup"]["keyboard"][0][0]["request_location"] is True
        await sends(ada.says(location={"latitude": 6.524379, "longitude": 3.379206}))
        photo = {"file_id": "AgAC", "file_unique_id": "u", "width": 9, "height": 9}
        assert await sends(ada.says(photo=[photo])) == "Thank you."
    one = await held(engine)
    assert (one.channel, one.ending) == ("telegram", "complete")
    assert await answers(engine) == {
        "age": "34",
        "needs": "water road",
        "place": "6.52 3.38 0 0",
        "path": "AgAC",
    }
    methods = [method for method, _ in api.calls]
    assert methods.count("answerCallbackQuery") == 6
    assert not [call for call in api.calls if fault(*call)]


async def begin(api: BotApi, web: httpx.AsyncClient, ada: Person, *messages: str) -> None:
    for text in ("/start village", "yes", *messages):
        await api.deliver(web, ada.says(text))


async def test_the_same_update_again_has_the_same_answer(
    settings: Settings, engine: AsyncEngine, api: BotApi
) -> None:
    ada = Person(api, ADA)
    async with served(build(settings)) as web:
        await begin(api, web, ada)
        update = ada.says("34")
        first, second = await api.deliver(web, update), await api.deliver(web, update)
        assert first.content == second.content
    assert len(await stored(engine, "inbound", "id")) == 3


async def test_an_edit_corrects_the_last_answer_and_no_earlier_one(
    settings: Settings, engine: AsyncEngine, api: BotApi
) -> None:
    ada = Person(api, ADA)
    async with served(build(settings)) as web:
        await begin(api, web, ada)
        typed = ada.says("43")
        await api.deliver(web, typed)
        await api.deliver(web, ada.edits(typed, "34"))
        assert said(api).startswith("What is needed?")
        assert await answers(engine) == {"age": "34"}
        await api.deliver(web, ada.says("water"))
        await api.deliver(web, ada.edits(typed, "35"))
        assert said(api).startswith("Your answers stay as they were. To change one, send BACK.")
    assert await answers(engine) == {"age": "34", "needs": "water"}


async def test_a_button_of_an_earlier_question_answers_nothing(
    settings: Settings, engine: AsyncEngine, api: BotApi
) -> None:
    ada = Person(api, ADA)
    async with served(build(settings)) as web:
        await begin(api, web, ada)
        await api.deliver(web, ada.says("34"))
        old = dict(api.sent[-1])
        await api.deliver(web, ada.says("water"))
        await api.deliver(web, ada.presses("Done", old))
        assert said(api).startswith("That button is for an earlier question.")
    assert await answers(engine) == {"age": "34", "needs": "water"}


async def test_who_blocks_the_bot_has_stopped_until_they_start(
    settings: Settings, engine: AsyncEngine, api: BotApi
) -> None:
    ada = Person(api, ADA)
    async with served(build(settings)) as web:
        await begin(api, web, ada)
        assert (await api.deliver(web, ada.blocks())).content == b""
        (opted_out,) = await stored(engine, "contacts", "opted_out_at")
        assert opted_out[0] is not None
        shown = len(api.sent)
        await api.deliver(web, ada.says("34"))
        assert len(api.sent) == shown, "somebody who had stopped was written to"
        await api.deliver(web, ada.says("/start"))
        assert said(api).endswith("How old are you?")
    assert await stored(engine, "contacts", "opted_out_at") == [(None,)]


@pytest.mark.parametrize("secret", [None, "wrong"])
async def test_without_the_secret_nothing_is_stored(
    settings: Settings, engine: AsyncEngine, api: BotApi, secret: str | None
) -> None:
    async with served(build(settings)) as web:
        response = await api.deliver(web, Person(api, ADA).says("VILLAGE"), secret)
        assert response.status_code == 403
    assert await stored(engine, "inbound", "id") == []


async def test_neither_words_nor_ids_are_logged(
    settings: Settings, api: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    ada = Person(api, ADA)
    with caplog.at_level(logging.DEBUG, logger="bot"):
        async with served(build(settings)) as web:
            await begin(api, web, ada, "my words are mine")
            await api.deliver(web, ada.says("9", video={"x": 1}))
            await api.deliver(web, ada.blocks())
    assert str(ADA) not in caplog.text
    assert "my words" not in caplog.text
    assert TOKEN not in caplog.text


async def test_long_texts_come_in_parts_the_first_in_the_answer(
    settings: Settings, engine: AsyncEngine, api: BotApi, tmp_path: Path
) -> None:
    sentence = "This is what the office wants you to know before you answer. "
    notes = "".join(
        f"  - {{name: note{number}, type: note, label: '{sentence * 32}', sms_label: Please read.}}\n"
        for number in range(3)
    )
    (tmp_path / "village.yaml").write_text(VILLAGE.replace("items:\n", f"items:\n{notes}"))
    ada = Person(api, ADA)
    async with served(build(settings)) as web:
        await begin(api, web, ada)
        first = said(api)
    assert len(first) <= 4_096
    assert first.endswith(".")
    parts = (await stored(engine, "outbound", "body", "position", "status", "sender", "priority"))[1:]
    assert [part[1] for part in parts] == [0, 1]
    assert parts[0][0] == first
    assert parts[0][2:] == ("replied", None, None)
    # On SQLite the server itself may have sent it by now.
    assert parts[1][2] in ("queued", "sent")
    assert parts[1][3:] == (NAME, 0)
    assert parts[1][0].endswith("How old are you?")
    assert " ".join(part[0] for part in parts).count(sentence.strip()) == 96, "something of it was lost"


async def test_polling_takes_what_webhooks_would(
    settings: Settings, engine: AsyncEngine, api: BotApi
) -> None:
    ada = Person(api, ADA)
    async with served(build(settings, polls=True)):
        for update in (ada.says("/start village"), ada.says("yes"), ada.says("34")):
            api.changed.clear()
            shown = len(api.sent)
            api.queue(update)
            async with asyncio.timeout(20):
                while len(api.sent) == shown:
                    api.changed.clear()
                    await api.changed.wait()
        assert said(api).startswith("What is needed?")
        api.changed.set()
    assert await answers(engine) == {"age": "34"}


async def test_an_update_that_was_not_taken_in_is_asked_for_again(api: BotApi) -> None:
    from bot.errors import MessageFailed

    bot = make_bot(TOKEN, api.url)
    taken: list[str] = []

    async def take(message: Any) -> list[Any]:
        taken.append(message.text)
        if len(taken) == 1:
            raise MessageFailed("the database is away")
        return []

    polling = Polling(bot, take, lambda language: "")
    api.queue(Person(api, ADA).says("hello"))
    with pytest.raises(MessageFailed):
        await polling.once(0)
    await polling.once(0)
    await polling.once(0)
    await close(bot)
    assert taken == ["hello", "hello"]


# --- out of the outbox


Send = Callable[[], Drain]


@pytest.fixture
async def drain(engine: AsyncEngine, api: BotApi) -> AsyncIterator[Drain]:
    bot = make_bot(TOKEN, api.url)

    async def no_rest(_: float) -> bool:
        return False

    line = SenderLine(NAME, TelegramProvider(bot), 1_000.0)
    yield Drain(engine, line, Surroundings(SEAL, lambda: NOON, lambda: 0.0), no_rest)
    await close(bot)


async def waiting(engine: AsyncEngine, *people: int) -> None:
    from bot.channels import Channel

    for person in people:
        who = await contact(engine, person, Channel.TELEGRAM)
        await put(engine, letter(who, f"to {person}", sender=NAME, due_at=NOON))


async def states(engine: AsyncEngine) -> list[Any]:
    return sorted(await stored(engine, "outbound", "status", "error"), key=repr)


async def test_what_waits_is_sent(engine: AsyncEngine, api: BotApi, drain: Drain) -> None:
    await waiting(engine, 1, 2)
    await drain.turn()
    assert sorted(one["text"] for one in api.sent) == ["to 1", "to 2"]
    assert await states(engine) == [("sent", None)] * 2


@pytest.mark.parametrize(
    ("behaviour", "state", "error"),
    [
        pytest.param(Refuses(403, "Forbidden: bot was blocked by the user"), "failed", "403", id="blocked"),
        pytest.param(Refuses(400, "Bad Request: chat not found"), "failed", "400", id="no such chat"),
        pytest.param(
            Refuses(400, "Bad Request: group chat was upgraded", {"migrate_to_chat_id": -5}),
            "failed",
            "migrated",
            id="migrated",
        ),
        pytest.param(Refuses(429, "Too Many Requests", {"retry_after": 30}), "queued", "429", id="too many"),
        pytest.param(Garbage(), "uncertain", "NetworkError", id="gateway"),
    ],
)
async def test_what_telegram_refuses(
    engine: AsyncEngine, api: BotApi, drain: Drain, behaviour: Any, state: str, error: str
) -> None:
    await waiting(engine, 1)
    api.next.append(behaviour)
    await drain.turn()
    assert await states(engine) == [(state, error)]
    opted_out = await stored(engine, "contacts", "opted_out_at")
    assert (opted_out != [(None,)]) is (error == "403")


async def test_a_bot_that_is_told_to_wait_waits_with_everything(
    engine: AsyncEngine, api: BotApi, drain: Drain
) -> None:
    await waiting(engine, 1, 2, 3)
    api.next.extend([Refuses(429, "Too Many Requests", {"retry_after": 30})] * 3)
    await drain.turn()
    calls = len(api.calls)
    assert not await drain.turn()
    assert len(api.calls) == calls
    assert {row[0] for row in await stored(engine, "outbound", "status")} == {"queued"}
    assert datetime.now(UTC) > NOON
