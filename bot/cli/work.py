"""`heard work`: the worker process, which sends what waits in the outbox."""

import asyncio
import signal
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.settings import Settings


def work(
    metrics_port: Annotated[
        int | None,
        typer.Option(
            min=1, max=65535, help="Tell metrics on this port of 127.0.0.1, at /metrics.", show_default=False
        ),
    ] = None,
) -> None:
    """Send what waits in the outbox, until it is told to stop. On SQLite, heard serve does this itself."""
    from bot.logs import configure
    from bot.settings import read_settings

    settings = read_settings()
    configure()
    if metrics_port is not None:
        from bot.metrics import serve_alone

        serve_alone(metrics_port)
    asyncio.run(_work(settings))


async def _work(settings: "Settings") -> None:
    from bot.errors import SettingsError
    from bot.store.database import connect
    from bot.store.schema import require_head
    from bot.working import build_work

    engine = connect(settings.database_url.get_secret_value())
    try:
        if engine.dialect.name == "sqlite":
            raise SettingsError(
                "on SQLite one process writes, so heard serve sends what waits in the outbox; "
                "heard work is for PostgreSQL"
            )
        worker = build_work(settings, engine)
        await require_head(engine)
        loop = asyncio.get_running_loop()
        for ending in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(ending, worker.stop)
        told = ". ".join(worker.tasks)
        typer.echo(f"{told}. Ctrl-C ends it, once what is in hand is settled.", err=True)
        await worker.run()
    finally:
        await engine.dispose()
