"""The channels of these settings, wired: what comes in by webhook or by asking, and what carries messages out."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from bot.channels import CARRIAGES
from bot.channels.doors import Door, ReceiptDoor
from bot.channels.nowhere import Nowhere
from bot.channels.senders import Sender
from bot.channels.twilio import STATUS_PATH, Twilio
from bot.core.phrases import ENGLISH, IN_PRIVATE
from bot.core.questionnaire import Questionnaire
from bot.errors import SettingsError
from bot.outbox import SenderLine, Surroundings, Worker
from bot.settings import Serving, Settings, sealing, sending
from bot.store.database import Database
from bot.store.vault import AddressSeal

if TYPE_CHECKING:
    from telegram import Bot

    from bot.channels.telegram.door import TelegramDoor
    from bot.channels.telegram.polling import Polling, Take

Offered = Callable[[], Mapping[str, Questionnaire]]


class Channels:
    """The channels that people reach this process by."""

    def __init__(self, settings: Settings, needed: Serving, offered: Offered, *, polls: bool) -> None:
        """Wire them; `polls` has Telegram asked for updates instead of awaiting its webhooks.

        Raises:
            SettingsError: something that a channel needs is missing, or what sending needs besides.
        """
        self.doors: list[Door] = []
        self.receipt_doors: list[ReceiptDoor] = []
        self._closing: list[Callable[[], Awaitable[None]]] = []
        self._offered = offered
        self._bot = telegram_bot(settings)
        self._polls = polls
        if needed.twilio is not None:
            if settings.contents:
                # What has buttons leaves from the outbox.
                sending(settings)
            token = needed.twilio.auth_token.get_secret_value()
            twilio = Twilio(token, needed.twilio.public_url, settings.senders, settings.contents)
            self.doors.append(twilio)
            self.receipt_doors.append(twilio)
        if polls and self._bot is None:
            raise SettingsError("TELEGRAM_TOKEN is missing: there is no bot to ask updates for")
        if self._bot is not None and not polls:
            door = _telegram_door(settings, self._bot, self._say_in_private)
            self.doors.append(door)
            self._closing.append(door.close)

    def polling(self, take: "Take") -> "Polling | None":
        """Return what asks Telegram for updates, where this process does."""
        if not self._polls or self._bot is None:
            return None
        from bot.channels.telegram.polling import Polling  # noqa: PLC0415

        return Polling(self._bot, take, self._say_in_private)

    async def close(self) -> None:
        """Close connections to providers."""
        for closing in self._closing:
            await closing()
        if self._bot is not None:
            from bot.channels.telegram.client import close  # noqa: PLC0415

            await close(self._bot)

    def _say_in_private(self, language: str | None) -> str:
        books = (book for one in self._offered().values() for book in one.phrasebooks.values())
        wanted = (language or "").partition("-")[0]
        return next((book for book in books if book.language == wanted), ENGLISH).say(IN_PRIVATE)


def telegram_bot(settings: Settings) -> "Bot | None":
    """Return the bot of these settings."""
    if settings.telegram_token is None:
        return None
    # Telegram's library costs memory and time that a process without a bot can do without.
    from bot.channels.telegram.client import make_bot  # noqa: PLC0415

    return make_bot(settings.telegram_token.get_secret_value(), settings.telegram_api_url)


def _telegram_door(
    settings: Settings, bot: "Bot", say_in_private: Callable[[str | None], str]
) -> "TelegramDoor":
    from bot.channels.telegram.door import TelegramDoor  # noqa: PLC0415

    if settings.telegram_secret is None:
        raise SettingsError(
            "TELEGRAM_SECRET is missing: without it, anybody could pretend to be Telegram. Or have Telegram asked "
            "for messages: heard serve --telegram polling"
        )
    return TelegramDoor(bot, settings.telegram_secret.get_secret_value(), say_in_private)


def build_worker(settings: Settings, engine: Database, lines: Sequence[SenderLine]) -> Worker:
    """Return the worker that drains these senders.

    Raises:
        SettingsError: the keys that open addresses are missing, or there is no sender at all.
    """
    if not lines:
        raise SettingsError(
            "there is nothing to send from: set TELEGRAM_TOKEN, or TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and "
            "TWILIO_FROM"
        )
    return Worker(engine, lines, Surroundings(AddressSeal(sealing(settings).get_secret_value())))


def sender_names(settings: Settings) -> frozenset[str]:
    """Return the names of our senders."""
    names = {sender.name for sender in settings.senders}
    if settings.telegram_token is not None:
        from bot.channels.telegram.door import bot_name  # noqa: PLC0415

        names.add(bot_name(settings.telegram_token.get_secret_value()))
    return frozenset(names)


def _rate(name: str, senders: Sequence[Sender], settings: Settings) -> float:
    """Return how many units a second one of our numbers sends: SMS segments, unless it sends no SMS."""
    (first, *others) = [CARRIAGES[one.channel].per_second for one in senders if one.name == name]
    return settings.sms_per_second if first is None or None in others else first


def is_trial(settings: Settings) -> bool:
    """Return whether there is nothing in the settings of a demo that carries messages to people."""
    return settings.twilio_account_sid is None and settings.telegram_token is None


def trial_lines(settings: Settings) -> Sequence[SenderLine]:
    """Return our numbers in a trial: what they send is brought to nobody."""
    names = dict.fromkeys(sender.name for sender in settings.senders)
    return [SenderLine(name, Nowhere(), settings.sms_per_second) for name in names]


def sender_lines(settings: Settings) -> Sequence[SenderLine]:
    """Return our senders, each with the provider that carries its messages."""
    lines: list[SenderLine] = []
    needed = sending(settings)
    if needed is not None:
        # So does Twilio's client.
        from bot.channels.twilio_rest import TwilioRest  # noqa: PLC0415

        token = needed.twilio_auth_token.get_secret_value()
        callback = f"{settings.public_url.rstrip('/')}{STATUS_PATH}" if settings.public_url else None
        twilio = TwilioRest(
            needed.twilio_account_sid,
            token,
            settings.twilio_api_url,
            status_callback=callback,
            contents=settings.contents,
        )
        # A number that serves SMS and WhatsApp is one line: one worker at a time writes to a person from it.
        names = dict.fromkeys(sender.name for sender in needed.senders)
        lines += [SenderLine(name, twilio, _rate(name, needed.senders, settings)) for name in names]
    bot = telegram_bot(settings)
    if bot is not None:
        from bot.channels.telegram.door import bot_name  # noqa: PLC0415
        from bot.channels.telegram.sending import PER_SECOND, TelegramProvider  # noqa: PLC0415

        lines.append(SenderLine(bot_name(bot.token), TelegramProvider(bot), PER_SECOND))
    return lines
