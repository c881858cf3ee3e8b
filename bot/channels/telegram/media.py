"""Pictures and sounds at Telegram, which tells by a file's id where it is for the next hour.

https://core.telegram.org/bots/api#getfile: up to 20 MB. The address has the bot's token in it, so it is neither kept
nor told anywhere.
"""

import httpx
from telegram import Bot
from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.channels.downloading import download, new_client
from bot.channels.media import READY_WITHIN_ATTEMPTS, Denied, Fetching, Later, Limit, Sink
from bot.channels.telegram.client import close
from bot.channels.telegram.sending import seconds


class TelegramMedia:
    """The pictures and sounds sent to one bot: a `MediaSource`."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._client = new_client()

    async def fetch(self, reference: str, into: Sink, limit: Limit) -> Fetching:
        """Write a file into a sink; `reference` is its `file_id`."""
        try:
            described = await self._bot.get_file(reference)
        except TelegramError as error:
            return _failed(error)
        if described.file_size is not None and described.file_size > limit.size:
            return Denied("too large")
        if described.file_path is None:
            return Later("no path", attempts=READY_WITHIN_ATTEMPTS)
        try:
            url = httpx.URL(described.file_path)
        except httpx.InvalidURL:
            return Denied("address")
        return await download(self._client, url, None, _nowhere_else, into, limit)

    async def close(self) -> None:
        """Close connections."""
        await self._client.aclose()
        await close(self._bot)


def _nowhere_else(url: httpx.URL) -> bool:
    """Telegram serves files itself: a redirect would take the token in the address along as its referrer."""
    del url
    return False


def _failed(error: TelegramError) -> Fetching:
    match error:
        case RetryAfter():
            return Later("429", seconds(error))
        case InvalidToken():
            # The operator can mend it.
            return Later("401")
        case BadRequest() if "too big" in error.message.lower():
            return Denied("too large")
        case BadRequest() if "temporarily" in error.message.lower():
            return Later("400", attempts=READY_WITHIN_ATTEMPTS)
        case BadRequest() | Forbidden():
            # An id of another bot's, or one that Telegram has forgotten.
            return Denied("400" if isinstance(error, BadRequest) else "403")
    # Its kind alone: its words may have the address.
    return Later(type(error).__name__)
