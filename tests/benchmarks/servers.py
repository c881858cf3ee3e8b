"""Servers and their databases in processes of their own, as long as they are measured."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
from cryptography.fernet import Fernet

from tests.benchmarks.load import Measured, Order
from tests.support.databases import postgresql

HERE = Path(__file__).parent
CORES = sorted(os.sched_getaffinity(0))
FIRST, LAST = CORES[:1], CORES[-1:]
"""A core for what is measured, and one for the load."""
STORES = ("SQLite", "PostgreSQL")

Settings = dict[str, str]


@contextmanager
def store(name: str, folder: Path, cores: Sequence[int] = FIRST) -> Iterator[Settings]:
    """Yield what the servers and the load need to know, with a new and migrated store, and keys made for this run.

    PostgreSQL runs on these cores, and is as durable as it is out of the box.
    """
    with ExitStack() as running:
        address = f"sqlite:///{folder / 'heard.db'}"
        if name == "PostgreSQL":
            server = running.enter_context(postgresql(durable=True))
            server.confine(cores)
            address = server.address
        settings = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            "PYTHONPATH": str(HERE.parents[1]),
            "DATABASE_URL": address,
            "HEARD_PUBLIC_URL": "https://heard.example",
            "HEARD_FLOWS": str(HERE / "flows"),
            "HEARD_LOCALES": str(HERE.parents[1] / "locales"),
            "HEARD_SEALING_KEYS": Fernet.generate_key().decode(),
            "HEARD_ADDRESS_PEPPER": "a pepper that seasons nothing but measurements",
            "TWILIO_AUTH_TOKEN": "0123456789abcdef0123456789abcdef",
        }
        command = [sys.executable, "-m", "bot.cli", "migrate"]
        subprocess.run(command, env=settings, check=True, stdout=subprocess.DEVNULL)
        yield settings


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    pid: int
    seconds_to_start: float

    @property
    def resident_megabytes(self) -> float:
        status = Path(f"/proc/{self.pid}/status").read_text()
        kilobytes = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(kilobytes.split()[1]) / 1024


def on(cores: Sequence[int]) -> list[str]:
    """Return what stands before a command that is to have these cores; taskset becomes the command, with its id."""
    return ["taskset", "--cpu-list", ",".join(map(str, cores))]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(
    command: list[str], settings: Settings, path: str, cores: Sequence[int] = FIRST
) -> Iterator[Server]:
    """Run a server until the block ends; it counts as started when `path` answers."""
    port = free_port()
    began = time.perf_counter()
    process = subprocess.Popen(
        [*on(cores), *command, "--port", str(port)],
        env=settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not _answers(port, path):
            if process.poll() is not None or time.perf_counter() - began > 30:
                raise RuntimeError(f"the server did not start: {' '.join(command)}")
            time.sleep(0.01)
        yield Server(port, process.pid, time.perf_counter() - began)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _answers(port: int, path: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=1):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def heard() -> list[str]:
    return [sys.executable, "-m", "bot.cli", "serve", "--host", "127.0.0.1"]


def bare() -> list[str]:
    return [
        *(sys.executable, "-m", "uvicorn", "tests.benchmarks.bare:app"),
        *("--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning"),
    ]


@contextmanager
def loading(
    settings: Settings, order: Order, cores: Sequence[int] = LAST
) -> Iterator[subprocess.Popen[bytes]]:
    """Run phones until the block ends, at the latest; see `measured`."""
    command = [*on(cores), sys.executable, "-m", "tests.benchmarks.load", msgspec.json.encode(order).decode()]
    process = subprocess.Popen(command, env=settings, stdout=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def measured(process: subprocess.Popen[bytes]) -> Measured:
    """Return what the phones have measured, when they have finished."""
    told, _ = process.communicate()
    if process.returncode:
        raise RuntimeError("the load failed; what it said stands above")
    return msgspec.json.decode(told, type=Measured)


def load(settings: Settings, order: Order, cores: Sequence[int] = LAST) -> Measured:
    """Return what came of an order."""
    with loading(settings, order, cores) as process:
        return measured(process)
