"""Asking Telegram for updates, where it cannot reach this machine: a laptop, a trial."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

from telegram import Bot, Update
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from bot.channels import InboundMessage
from bot.channels.telegram.door import bot_name, make, make_beside, reply
from bot.channels.telegram.sending import seconds
from bot.channels.telegram.updates import ALLOWED, Call, SayInPrivate, read_update
from bot.core.prompts.records import Prompt
from bot.errors import MessageFailed

log = logging.getLogger(__name__)

HELD_S = 30
"""How long Telegram holds a question for updates while there are none."""

AFTER_A_FAULT_S = 3.0

Take = Callable[[InboundMessage], Awaitable[Sequence[Prompt]]]


class Polling:
    """Takes updates one by one. One that was not taken in, or not answered, is asked for again: none is lost."""

    def __init__(self, bot: Bot, take: Take, say_in_private: SayInPrivate) -> None:
        self._bot = bot
        self._take = take
        self._say_in_private = say_in_private
        self._next: int | None = None
        self._is_told = False

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            try:
                await self.once()
                self._is_told = False
            except (TelegramError, MessageFailed) as error:
                if not self._is_told:
                    log.error("updates of Telegram's cannot be had or taken in: %s", type(error).__name__)
                self._is_told = True
                await asyncio.sleep(seconds(error) if isinstance(error, RetryAfter) else AFTER_A_FAULT_S)

    async def once(self, held_s: int = HELD_S) -> None:
        """Ask once, and take what comes.

        Raises:
            TelegramError: Telegram did not answer, or did not take a reply.
            MessageFailed: a message could not be stored.
        """
        updates = await self._bot.get_updates(
            offset=self._next, timeout=held_s, allowed_updates=list(ALLOWED), read_timeout=held_s + 10
        )
        for update in updates:
            await self._handle(update)
            self._next = update.update_id + 1

    async def _handle(self, update: Update) -> None:
        received = read_update(update, bot_name(self._bot.token), datetime.now(UTC), self._say_in_private)
        for call in received.beside:
            await make_beside(self._bot, call)
        if received.answer is not None:
            await make_beside(self._bot, received.answer)
        if received.message is not None:
            prompts = await self._take(received.message)
            for prompt in prompts[:1]:
                await self._say(reply(received.message, prompt))

    async def _say(self, call: Call) -> None:
        try:
            await make(self._bot, call)
        except (Forbidden, BadRequest) as error:
            # They have blocked us meanwhile; asking for the same update again would change nothing.
            log.warning("a reply was refused: %s", type(error).__name__)
