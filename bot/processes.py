"""The server's processes: one alone, or several over one PostgreSQL, and how they end.

SIGTERM and Ctrl-C end Heard in order: no new requests are taken, those in hand are answered, and the exit code is 0.
"""

import gc
import logging
import multiprocessing
import os
import signal
import sys
import threading
import time
from dataclasses import dataclass
from socket import socket
from tempfile import TemporaryDirectory

import uvicorn
from starlette.types import ASGIApp
from uvicorn.supervisors import Multiprocess

from bot import logs, metrics
from bot.app import build
from bot.errors import HeardError
from bot.settings import read_settings

log = logging.getLogger(__name__)

APPLICATION = "bot.processes:application"
STARTUP_FAILURE = 3
"""uvicorn's exit code where it could not begin to serve; of one process among several, it ends all of them."""
AGAIN_AFTER_S = 5.0
"""How long a process that cannot start rests, before the next is started in its place."""


@dataclass(frozen=True, slots=True)
class Listening:
    """Where to listen."""

    host: str
    port: int


def serve_alone(app: ASGIApp, listening: Listening) -> None:
    """Serve in this process until it is told to stop. SystemExit where it could not begin to."""
    settle()
    server = uvicorn.Server(_config(app, listening))

    def end(*_: object) -> None:
        # uvicorn takes these signals while it serves, and raises them again once it has ended in order.
        if not server.should_exit:
            raise SystemExit(0)

    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, end)
    server.run()
    if not server.started:
        raise SystemExit(STARTUP_FAILURE)


def serve_together(processes: int, listening: Listening) -> None:
    """Serve the environment's settings in so many processes until told to stop; one that dies is replaced.

    SIGHUP replaces them one by one. SystemExit where they could not begin to serve.
    """
    config = _config(APPLICATION, listening, processes)
    with TemporaryDirectory(prefix="heard-metrics-") as folder:
        os.environ[metrics.FOLDER] = folder
        supervisor = _Supervisor(config, sockets=[config.bind_socket()])
        supervisor.run()
    if any(process.exitcode == STARTUP_FAILURE for process in supervisor.processes):
        raise SystemExit(STARTUP_FAILURE)


def application() -> ASGIApp:
    """Return the web application of the environment's settings, for one of several processes."""
    logs.configure()
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    try:
        app = build(read_settings())
    except HeardError as error:
        # They were good when all of this started. The other processes go on with what they know, and this one comes
        # when it is mended; tried without a rest, it would take the time that the others need.
        log.error("a process cannot start: %s", error)
        time.sleep(AGAIN_AFTER_S)
        sys.exit(1)
    settle()
    return app


def settle() -> None:
    """Take what stands by now out of the garbage collector's sight, for none of it goes before the process does.

    Walking through it held up messages for 70 ms now and then: one in a hundred waited three times as long.
    """
    gc.collect()
    gc.freeze()


class _Supervisor(Multiprocess):
    """uvicorn's own, which also leaves ended processes out of the metrics' sums, and listens no longer than they do."""

    def __init__(self, config: uvicorn.Config, sockets: list[socket]) -> None:
        super().__init__(config, sockets)
        self._counted: set[int] = set()

    def keep_subprocess_alive(self) -> None:
        super().keep_subprocess_alive()
        present = {process.pid for process in self.processes if process.pid is not None}
        for pid in self._counted - present:
            metrics.process_ended(pid)
        self._counted = present

    def terminate_all(self) -> None:
        # Held open here, the port would go on to take connections that nobody answers.
        for listening in self.sockets:
            listening.close()
        super().terminate_all()


def _end_with_parent() -> None:
    """End this process in order when the one that started it is gone: nobody could end it together with the others."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def _config(app: ASGIApp | str, listening: Listening, processes: int = 1) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        factory=isinstance(app, str),
        workers=processes,
        host=listening.host,
        port=listening.port,
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
