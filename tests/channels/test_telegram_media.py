"""Files at Telegram: where they are is asked first, and neither the answer nor the token is told anywhere."""

import io
import logging
from collections.abc import AsyncIterator

import pytest

from bot.channels.media import Denied, Fetched, Fetching, Later, Limit
from bot.channels.telegram.client import make_bot
from bot.channels.telegram.media import TelegramMedia
from tests.support.bot_api import LARGEST_FILE, TOKEN, Behaviour, BotApi, Garbage, Refuses, bot_api

LIMIT = Limit(LARGEST_FILE, 20.0)


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with bot_api() as served:
        yield served


async def fetched(
    api: BotApi, file: str = "voice", token: str = TOKEN, limit: Limit = LIMIT
) -> tuple[Fetching, bytes]:
    into = io.BytesIO()
    source = TelegramMedia(make_bot(token, api.url))
    try:
        return await source.fetch(file, into, limit), into.getvalue()
    finally:
        await source.close()


async def test_a_file_is_fetched(api: BotApi) -> None:
    api.files["voice"] = b"OggS..."
    assert await fetched(api) == (Fetched(7), b"OggS...")


@pytest.mark.parametrize(
    ("behaviour", "came"),
    [
        pytest.param(
            Refuses(429, "Too Many Requests", {"retry_after": 30}), Later("429", 30.0), id="too many"
        ),
        pytest.param(Refuses(400, "Bad Request: file is too big"), Denied("too large"), id="too big"),
        pytest.param(Refuses(400, "Bad Request: invalid file_id"), Denied("400"), id="of another bot"),
        pytest.param(Refuses(403, "Forbidden"), Denied("403"), id="forbidden"),
        pytest.param(Refuses(401, "Unauthorized"), Later("401"), id="wrong token"),
        pytest.param(Garbage(502), Later("NetworkError"), id="breaks"),
    ],
)
async def test_what_its_errors_mean(api: BotApi, behaviour: Behaviour, came: Fetching) -> None:
    api.files["voice"] = b"OggS..."
    api.next.append(behaviour)
    assert await fetched(api) == (came, b"")


async def test_what_is_gone_is_asked_for_some_times(api: BotApi) -> None:
    assert (await fetched(api))[0] == Later("400", attempts=4)


async def test_what_is_larger_than_asked_for_is_not_read(api: BotApi) -> None:
    api.files["voice"] = b"a" * 100
    assert await fetched(api, limit=Limit(99, 20.0)) == (Denied("too large"), b"")
    assert api.given == []


async def test_without_a_connection_it_is_tried_later(api: BotApi) -> None:
    api.url = "http://127.0.0.1:9"
    came, _ = await fetched(api)
    assert came == Later("NetworkError")


async def test_the_token_is_told_nowhere(api: BotApi, caplog: pytest.LogCaptureFixture) -> None:
    api.files["voice"] = b"OggS..."
    with caplog.at_level(logging.INFO):
        await fetched(api)
        api.files.clear()
        await fetched(api)
    # Only the stand-in, a server in the same process, writes down what it was asked.
    told = [record.getMessage() for record in caplog.records if record.name != "uvicorn.access"]
    assert TOKEN.partition(":")[2] not in str(told)
