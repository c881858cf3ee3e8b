"""Telegram's webhook: the first reply travels back in the answer to it."""

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from telegram import Bot, Update
from telegram.error import TelegramError

from bot.channels import InboundMessage
from bot.channels.doors import Answer, Headers, Turned, header
from bot.channels.telegram.keyboards import parameters
from bot.channels.telegram.updates import Call, Received, SayInPrivate, read_update
from bot.core.prompts.records import Prompt

PATH = "/webhooks/telegram"

log = logging.getLogger(__name__)

_JSON = b"application/json"
_NOT_TELEGRAM = Answer(403, b"This is not Telegram.\n")
_NO_JSON = Answer(400, b"This is no update.\n")
# Anything but a success would bring the same update back, again and again.
_IGNORED = Answer(200)


class TelegramDoor:
    """The webhook of one bot: a `Door`."""

    path = PATH

    def __init__(self, bot: Bot, secret: str, say_in_private: SayInPrivate) -> None:
        """Take the bot, which makes calls beside; and the secret that setWebhook was told."""
        self._bot = bot
        self._name = bot_name(bot.token)
        self._secret = secret
        self._say_in_private = say_in_private
        self._under_way: set[asyncio.Task[None]] = set()

    def open(self, body: bytes, headers: Headers, at: datetime) -> InboundMessage | Answer | Turned:
        """Return the message in an update that comes from Telegram."""
        given = header(headers, b"x-telegram-bot-api-secret-token") or ""
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            told = "a webhook does not have Telegram's secret: TELEGRAM_SECRET has to be what `heard channels` set"
            return Turned("signature", _NOT_TELEGRAM, told)
        try:
            data = json.loads(body)
        except (ValueError, RecursionError):
            # Brackets within brackets, thousands deep, are no update either.
            return Turned("unreadable", _NO_JSON, "a webhook of Telegram's is no JSON")
        received = self._read(data, at)
        if received is None:
            return Turned(
                "unreadable", _IGNORED, "an update of Telegram's cannot be read, and is passed over"
            )
        self._call_beside(received.beside)
        if received.message is not None:
            return received.message
        return _answer(received.answer) if received.answer else _IGNORED

    def answer(self, message: InboundMessage, prompts: Sequence[Prompt]) -> Answer:
        """Return the call that sends the first prompt; the others wait in the outbox."""
        if not prompts:
            return _IGNORED
        return _answer(reply(message, prompts[0]))

    async def close(self) -> None:
        """Return when no call is under way any more."""
        await asyncio.gather(*self._under_way)

    def _read(self, data: object, at: datetime) -> Received | None:
        try:
            update = Update.de_json(data, None)  # type: ignore[arg-type]
            return read_update(update, self._name, at, self._say_in_private)
        except Exception as error:
            # Whatever a newer interface sends that the library cannot read. Never its text: it quotes the update.
            log.info("an update could not be read: %s", type(error).__name__)
            return None

    def _call_beside(self, calls: Sequence[Call]) -> None:
        for call in calls:
            task = asyncio.create_task(self._call(call))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def _call(self, call: Call) -> None:
        await make_beside(self._bot, call)


_METHODS: Mapping[str, Callable[..., Awaitable[Any]]] = {
    "answerCallbackQuery": Bot.answer_callback_query,
    "editMessageReplyMarkup": Bot.edit_message_reply_markup,
    "sendMessage": Bot.send_message,
}


async def make(bot: Bot, call: Call) -> Any:
    """Make a call, and return what Telegram answers.

    Raises:
        TelegramError: it was not taken, or no answer came.
    """
    return await _METHODS[call.method](bot, **call.parameters)


async def make_beside(bot: Bot, call: Call) -> bool:
    """Make a call for looks alone; return whether Telegram took it."""
    try:
        await make(bot, call)
    except TelegramError as error:
        log.info("%s was not taken: %s", call.method, type(error).__name__)
        return False
    return True


def reply(message: InboundMessage, prompt: Prompt) -> Call:
    """Return the call that sends a prompt to whoever wrote a message."""
    return Call("sendMessage", {"chat_id": int(message.address.reveal()), **parameters(prompt)})


def bot_name(token: str) -> str:
    """Return by which name a bot's messages are stored: `telegram:` and its id, which is no secret."""
    return f"telegram:{token.partition(':')[0]}"


def _answer(call: Call) -> Answer:
    body = json.dumps({"method": call.method, **call.parameters}, ensure_ascii=False).encode()
    return Answer(200, body, _JSON)
