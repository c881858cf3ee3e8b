"""Messages that Telegram carries out of the outbox, and what its errors mean."""

from collections.abc import Collection
from datetime import datetime, timedelta

import httpx
from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.channels.sending import Absent, Accepted, Deferred, Delivery, OutboundMessage, Refused, Unclear
from bot.channels.telegram.client import close
from bot.channels.telegram.keyboards import parameters
from bot.core.prompts.records import Prompt

PER_SECOND = 25.0
"""Messages a second to all people together; Telegram's own limit is about 30 (https://core.telegram.org/bots/faq)."""

_NO_CONNECTION_S = 10.0
_WRONG_TOKEN_S = 60.0


class TelegramProvider:
    """One bot."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def send(self, message: OutboundMessage) -> Delivery:
        """Hand a message to Telegram."""
        chat_id = int(message.to.reveal())
        try:
            sent = await self._bot.send_message(chat_id, **parameters(Prompt(message.text, message.buttons)))
        except TelegramError as error:
            return meaning_of(error)
        return Accepted(f"{self._bot.token.partition(':')[0]}-{sent.message_id}")

    async def find(
        self, message: OutboundMessage, since: datetime, known: Collection[str]
    ) -> Accepted | Absent | Unclear:
        """Return that it cannot be known: a bot cannot read what it has sent."""
        return Unclear("Telegram does not say")

    async def close(self) -> None:
        """Close the connections to Telegram."""
        await close(self._bot)


def seconds(error: RetryAfter) -> float:
    """Return for how many seconds Telegram wants to be left in peace."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def meaning_of(error: TelegramError) -> Delivery:
    """Return what an error of Telegram's client says about the message that it was raised for."""
    match error:
        case RetryAfter():
            return Deferred("429", seconds(error))
        case Forbidden():
            # Blocked, or an account that is gone: nobody reads there, and writing on would be held against the bot.
            return Refused("403", opted_out=True)
        case InvalidToken():
            return Deferred("401", _WRONG_TOKEN_S)
        case ChatMigrated():
            # A group that became a supergroup; Heard talks with one person at a time.
            return Refused("migrated")
        case BadRequest():
            return Refused("400")
        case TimedOut():
            cause = error.__cause__
            never_sent = isinstance(cause, httpx.ConnectTimeout | httpx.PoolTimeout)
            return Deferred("no connection", _NO_CONNECTION_S) if never_sent else Unclear("TimedOut")
        case NetworkError():
            never_sent = isinstance(error.__cause__, httpx.ConnectError)
            return Deferred("no connection", _NO_CONNECTION_S) if never_sent else Unclear("NetworkError")
        case _:
            return Unclear(type(error).__name__)
