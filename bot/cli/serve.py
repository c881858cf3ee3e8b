"""`heard serve`: the web process."""

import asyncio
import gc
from ipaddress import ip_address
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.settings import Settings

LOOPBACK = "127.0.0.1"
# The platforms that read a Procfile reach the process from outside its container.
EVERYWHERE = "0.0.0.0"  # noqa: S104


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
) -> None:
    """Take in messages, answer them and store what was said."""
    import uvicorn

    from bot.app import build, prepare

    host = host or (LOOPBACK if demo else EVERYWHERE)
    settings = _demo_settings(host, port) if demo else _settings()
    port = port or settings.port
    _log()
    app = build(settings, demo=demo)
    asyncio.run(prepare(settings, migrates=demo))
    if demo:
        _welcome(host, port)
    _settle()
    uvicorn.run(
        app,
        host=host,
        port=port,
        loop="auto",
        http="httptools",
        ws="none",
        lifespan="on",
        # Nothing here asks who a request came from: Twilio's signature is over HEARD_PUBLIC_URL.
        proxy_headers=False,
        # Twilio waits 15 seconds for an answer; after that nobody hears it.
        timeout_graceful_shutdown=15,
        # A line for each message would say when each person wrote, and costs more than the routing does.
        access_log=False,
        log_config=None,
        server_header=False,
    )


def _log() -> None:
    from bot.logs import configure

    configure()


def _settle() -> None:
    """Take what stands by now out of the garbage collector's sight, for none of it goes before the process does.

    Walking through it held up messages for 70 ms now and then: one in a hundred waited three times as long.
    """
    gc.collect()
    gc.freeze()


def _settings() -> "Settings":
    from bot.settings import read_settings

    return read_settings()


def _demo_settings(host: str, port: int | None) -> "Settings":
    from bot.demo_keys import DEMO_KEYS, make_demo_keys
    from bot.settings import DemoSettings, read_settings

    if make_demo_keys():
        typer.echo(f"Keys for trials were made in {DEMO_KEYS}; only you can read them.")
    settings = read_settings(DemoSettings)
    address = settings.public_url or _address(host, port or settings.port)
    return settings.model_copy(update={"public_url": address})


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
