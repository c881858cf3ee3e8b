"""`heard serve`: the web process."""

import asyncio
from enum import StrEnum
from ipaddress import ip_address
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.settings import Settings

LOOPBACK = "127.0.0.1"
# The platforms that read a Procfile reach the process from outside its container.
EVERYWHERE = "0.0.0.0"  # noqa: S104


class TelegramMode(StrEnum):
    """How Telegram's messages come."""

    WEBHOOK = "webhook"
    POLLING = "polling"


def serve(
    demo: Annotated[
        bool, typer.Option("--demo", help="For trials on this machine: with a chat page, and keys made here.")
    ] = False,
    host: Annotated[
        str | None,
        typer.Option(
            help=f"The address to listen on. Default: {EVERYWHERE}, or {LOOPBACK} with --demo.",
            show_default=False,
        ),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=1, max=65535, help="The port to listen on. Default: PORT, or 8000.", show_default=False
        ),
    ] = None,
    processes: Annotated[
        int, typer.Option(min=1, max=64, help="How many processes share the work; for PostgreSQL.")
    ] = 1,
    telegram: Annotated[
        TelegramMode,
        typer.Option(help="Await Telegram's webhooks; or ask it for messages, on a machine it cannot reach."),
    ] = TelegramMode.WEBHOOK,
) -> None:
    """Take in messages, answer them and store what was said."""
    from bot.app import build, prepare
    from bot.processes import Listening, serve_alone, serve_together

    if demo and processes > 1:
        raise typer.BadParameter("--demo is for trials, which one process is enough for")
    polls = telegram is TelegramMode.POLLING
    if polls and processes > 1:
        raise typer.BadParameter("one process alone can ask Telegram for messages")
    host = host or (LOOPBACK if demo else EVERYWHERE)
    settings = _demo_settings(host, port) if demo else _settings()
    port = port or settings.port
    _log()
    if processes > 1:
        _require_postgresql(settings)
    # Built for several processes too: what would keep each of them from starting is told here, in a sentence.
    app = build(settings, demo=demo, polls=polls)
    asyncio.run(prepare(settings, migrates=demo))
    if demo:
        _welcome(host, port)
    if processes > 1:
        serve_together(processes, Listening(host, port))
    else:
        serve_alone(app, Listening(host, port))


def _require_postgresql(settings: "Settings") -> None:
    from bot.errors import SettingsError
    from bot.store.database import connect

    if connect(settings.database_url.get_secret_value()).dialect.name != "postgresql":
        raise SettingsError(
            "--processes is for PostgreSQL: an SQLite file takes one writer at a time, so that another process would "
            "only wait for the first. Set DATABASE_URL to postgresql://..., or leave --processes out."
        )


def _log() -> None:
    from bot.logs import configure

    configure()


def _settings() -> "Settings":
    from bot.settings import read_settings

    return read_settings()


def _demo_settings(host: str, port: int | None) -> "Settings":
    from bot.demo_keys import DEMO_KEYS, TRIAL_NUMBER, make_demo_keys
    from bot.settings import DemoSettings, read_settings

    if make_demo_keys():
        typer.echo(f"Keys for trials were made in {DEMO_KEYS}; only you can read them.")
    settings = read_settings(DemoSettings)
    address = settings.public_url or _address(host, port or settings.port)
    changed: dict[str, str | None] = {"public_url": address}
    if settings.twilio_account_sid is None:
        # A bot carries messages to people, and nothing of a trial goes beside it.
        changed["twilio_from"] = None if settings.telegram_token else settings.twilio_from or TRIAL_NUMBER
    return settings.model_copy(update=changed)


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _welcome(host: str, port: int) -> None:
    typer.echo(f"Try a consultation: {_address(host, port)}/try   (Ctrl-C ends Heard)")
    if not _is_loopback(host):
        typer.secho(
            "Whoever reaches this address can use the chat page; --demo is for trials, not for people's answers.",
            fg="yellow",
            err=True,
        )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
