"""What Telegram has to be told once: where to send updates, and which commands to show."""

from collections.abc import Iterable

from telegram import Bot, BotCommand

from bot.channels.telegram.door import PATH
from bot.channels.telegram.updates import ALLOWED
from bot.core.phrases import BACK, HELP_WORDS, LANGUAGE, PAUSE, RESTART, SKIP, STOP, Phrasebook, Words

_COMMANDS: tuple[tuple[str, Words], ...] = (
    ("back", BACK),
    ("skip", SKIP),
    ("help", HELP_WORDS),
    ("language", LANGUAGE),
    ("pause", PAUSE),
    ("restart", RESTART),
    ("stop", STOP),
)
"""Commands have Latin names everywhere; what they are called in a language stands beside them."""

_ENGLISH = "en"


async def describe(bot: Bot, public_url: str | None) -> list[str]:
    """Return what Telegram knows of a bot, a line each.

    Raises:
        TelegramError: it does not answer, or does not know the token.
    """
    us = await bot.get_me()
    webhook = await bot.get_webhook_info()
    lines = [f"people write to @{us.username}, or follow https://t.me/{us.username}?start=CONSULTATION"]
    wanted = f"{public_url.rstrip('/')}{PATH}" if public_url else None
    if not webhook.url:
        lines.append(
            "Telegram sends nothing: heard channels telegram sets it, or heard serve --telegram polling asks"
        )
    elif webhook.url == wanted:
        lines.append(f"Telegram sends messages to {webhook.url}")
    else:
        lines.append(
            "Telegram sends messages elsewhere than to HEARD_PUBLIC_URL: heard channels telegram sets it"
        )
    if webhook.pending_update_count:
        lines.append(f"{webhook.pending_update_count} messages wait at Telegram")
    if webhook.last_error_date is not None:
        lines.append(
            f"the last failure was at {webhook.last_error_date:%Y-%m-%d %H:%M} UTC: {webhook.last_error_message}"
        )
    return lines


async def set_webhook(bot: Bot, public_url: str, secret: str) -> str:
    """Have updates sent to this server, with a secret that proves where they come from; return the address."""
    address = f"{public_url.rstrip('/')}{PATH}"
    await bot.set_webhook(address, secret_token=secret, allowed_updates=list(ALLOWED))
    return address


async def remove_webhook(bot: Bot) -> None:
    """Have no updates sent; those that wait are kept for whoever asks."""
    await bot.delete_webhook(drop_pending_updates=False)


async def set_commands(bot: Bot, books: Iterable[Phrasebook]) -> list[str]:
    """Show the commands, each with what it is called in a language; return the languages.

    Telegram takes languages of two letters (ISO 639-1) alone; people of others see the English words.
    """
    told: list[str] = []
    for book in books:
        language = book.language.partition("-")[0]
        if len(language) != 2 or language in told:
            continue
        commands = [BotCommand(name, book.shown(words)) for name, words in _COMMANDS]
        if language == _ENGLISH:
            await bot.set_my_commands(commands)
        await bot.set_my_commands(commands, language_code=language)
        told.append(language)
    return told
