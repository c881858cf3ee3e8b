"""Servers in processes of their own, each on a core of its own, as long as they are measured."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet

HERE = Path(__file__).parent
CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, LOAD_CORE = CORES[0], CORES[-1]


def environment(folder: Path) -> dict[str, str]:
    """Return what both servers and the load need to know, with keys made for this run."""
    return {
        **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
        "PYTHONPATH": str(HERE.parents[1]),
        "DATABASE_URL": f"sqlite:///{folder / 'heard.db'}",
        "HEARD_PUBLIC_URL": "https://heard.example",
        "HEARD_FLOWS": str(HERE / "flows"),
        "HEARD_LOCALES": str(HERE.parents[1] / "locales"),
        "HEARD_SEALING_KEYS": Fernet.generate_key().decode(),
        "HEARD_ADDRESS_PEPPER": "a pepper that seasons nothing but measurements",
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": "0123456789abcdef0123456789abcdef",
        "TWILIO_FROM": "+12025550100",
    }


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


def on(core: int) -> list[str]:
    """Return what stands before a command that is to have one core; taskset becomes the command, with its id."""
    return ["taskset", "--cpu-list", str(core)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(command: list[str], settings: dict[str, str], path: str) -> Iterator[Server]:
    """Run a server on the first core until the block ends; it counts as started when `path` answers."""
    port = free_port()
    began = time.perf_counter()
    process = subprocess.Popen(
        [*on(SERVER_CORE), *command, "--port", str(port)],
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
    return [sys.executable, "-m", "bot.cli", "serve"]


def bare() -> list[str]:
    return [
        *(sys.executable, "-m", "uvicorn", "tests.benchmarks.bare:app"),
        *("--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning"),
    ]


def load(
    server: Server, settings: dict[str, str], interviews: int, offset: int = 0, connections: int = 64
) -> dict[str, float]:
    """Return what the phones measured, on the last core."""
    numbers = [str(number) for number in (server.port, connections, interviews, offset)]
    finished = subprocess.run(
        [*on(LOAD_CORE), sys.executable, "-m", "tests.benchmarks.load", *numbers],
        env=settings,
        capture_output=True,
        text=True,
        check=True,
    )
    measured: dict[str, float] = json.loads(finished.stdout)
    return measured
