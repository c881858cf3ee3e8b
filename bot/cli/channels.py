"""`heard channels`: which channels are configured, whether their providers agree, and telling them what they need."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from telegram import Bot
    from twilio.rest import Client

    from bot.core.phrases import Phrasebook
    from bot.settings import Settings

channels = typer.Typer(help="See the channels that are configured, and set them up.", no_args_is_help=True)


@channels.command()
def show() -> None:
    """Say what is configured, and ask the providers whether they know the same. Nothing is changed."""
    from bot.settings import read_settings

    settings = read_settings()
    typer.echo("SMS and WhatsApp (Twilio)")
    for line in _twilio(settings):
        typer.echo(f"  {line}")
    typer.echo("Telegram")
    for line in asyncio.run(_telegram(settings)):
        typer.echo(f"  {line}")


@channels.command()
def telegram(
    remove: Annotated[
        bool,
        typer.Option(
            "--remove", help="Have Telegram send nothing any more, so that it can be asked instead."
        ),
    ] = False,
) -> None:
    """Tell Telegram where to send messages, and which commands people see in the bot's menu, in each language."""
    from bot.settings import read_settings

    for line in asyncio.run(_set_up(read_settings(), remove=remove)):
        typer.echo(line)


@channels.command()
def twilio() -> None:
    """Tell Twilio where to send what comes to our numbers, codes and services."""
    from bot.channels.twilio_set_up import set_webhooks
    from bot.errors import SettingsError
    from bot.settings import read_settings

    settings = read_settings()
    if settings.public_url is None or not settings.senders:
        raise SettingsError("HEARD_PUBLIC_URL and TWILIO_FROM are needed to set Twilio's webhooks")
    for line in set_webhooks(_client(settings), settings.senders, settings.public_url):
        typer.echo(line)


@channels.command()
def whatsapp() -> None:
    """Make the templates for buttons on WhatsApp at Twilio, where they are not there yet, and say what to set."""
    from bot.channels.whatsapp_set_up import make_templates, written
    from bot.settings import read_settings

    typer.echo(f"TWILIO_CONTENT={written(make_templates(_client(read_settings())))}")


def _client(settings: "Settings") -> "Client":
    from bot.channels.twilio_rest import make_client
    from bot.errors import SettingsError

    if settings.twilio_account_sid is None or settings.twilio_auth_token is None:
        raise SettingsError("TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are needed to ask Twilio")
    token = settings.twilio_auth_token.get_secret_value()
    return make_client(settings.twilio_account_sid, token, settings.twilio_api_url)


def _twilio(settings: "Settings") -> list[str]:
    from bot.channels import Channel

    if settings.twilio_auth_token is None or settings.public_url is None:
        return ["not configured: it takes TWILIO_AUTH_TOKEN and HEARD_PUBLIC_URL"]
    from bot.channels.twilio_set_up import address_of, describe
    from bot.errors import SettingsError

    if not settings.senders:
        return [
            f'"a message comes in" at Twilio has to be {address_of(settings.public_url)} (HTTP POST)',
            "replies only: TWILIO_FROM is not set",
        ]
    buttons = "with buttons" if settings.contents else "no buttons yet: heard channels whatsapp makes them"
    whatsapp = (
        [f"WhatsApp: {buttons}"] if any(one.carries(Channel.WHATSAPP) for one in settings.senders) else []
    )
    try:
        return [*describe(_client(settings), settings.senders, settings.public_url), *whatsapp]
    except SettingsError as error:
        return [str(error)]


async def _telegram(settings: "Settings") -> list[str]:
    from telegram.error import TelegramError

    from bot.channels.telegram.client import close
    from bot.channels.telegram.set_up import describe
    from bot.wiring import telegram_bot

    bot = telegram_bot(settings)
    if bot is None:
        return ["not configured: it takes TELEGRAM_TOKEN, and TELEGRAM_SECRET for its webhook"]
    try:
        return await describe(bot, settings.public_url)
    except TelegramError as error:
        return [f"Telegram does not answer, or not to this token: {type(error).__name__}"]
    finally:
        await close(bot)


async def _set_up(settings: "Settings", *, remove: bool) -> list[str]:
    from telegram.error import TelegramError

    from bot.channels.telegram.client import close
    from bot.channels.telegram.set_up import remove_webhook, set_webhook
    from bot.errors import SettingsError
    from bot.wiring import telegram_bot

    bot = telegram_bot(settings)
    if bot is None:
        raise SettingsError("TELEGRAM_TOKEN is missing: @BotFather gives it")
    try:
        if remove:
            await remove_webhook(bot)
            return ["Telegram sends nothing any more. It can be asked: heard serve --telegram polling"]
        if settings.public_url is None or settings.telegram_secret is None:
            raise SettingsError("HEARD_PUBLIC_URL and TELEGRAM_SECRET are needed to set Telegram's webhook")
        address = await set_webhook(bot, settings.public_url, settings.telegram_secret.get_secret_value())
        languages = await _name_commands(bot, settings)
    except TelegramError as error:
        raise SettingsError(f"Telegram does not take this: {type(error).__name__}") from None
    finally:
        await close(bot)
    return [f"Telegram sends messages to {address}.", f"People see the commands in: {', '.join(languages)}."]


async def _name_commands(bot: "Bot", settings: "Settings") -> list[str]:
    from bot.channels.telegram.set_up import set_commands
    from bot.flowfiles.folder import load_flows

    flows = load_flows(settings.flows, settings.locales)
    books: dict[str, Phrasebook] = {
        language: book for one in flows.questionnaires for language, book in one.phrasebooks.items()
    }
    return await set_commands(bot, books.values())
