"""Where the time of one message goes: the stacks of a server under load, sampled by py-spy and sorted into parts."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.benchmarks.load import Order
from tests.benchmarks.servers import STORES, heard, load, loading, measured, serving, store

SECONDS = 12
RATE = 400

PARTS: Mapping[str, tuple[str, ...]] = {
    "asking PostgreSQL (asyncpg)": ("asyncpg/",),
    "commit": ("do_commit (",),
    "storing": ("Exchange.store (bot/", "AddressSeal.seal (bot/"),
    "loading": ("Exchange.load (bot/",),
    "deciding (`step`, pace, texts)": ("Intake._answer (bot/", "Talk.take (bot/"),
    "beginning (lock, connection)": (
        "_begin (bot/store/database.py",
        "_begin_impl (",
        "get_driver_connection",
    ),
    "signature": ("RequestValidator.",),
    "response": ("twiml (bot/", "Answer.send (bot/"),
    "form and message": ("bot/channels/twilio.py", "_body (bot/", "AddressPepper.hash (bot/"),
    "HTTP (uvicorn, httptools)": ("HttpToolsProtocol.", "RequestResponseCycle."),
    "handing over to the database's thread": ("run_in_executor", "concurrent/futures", "_ThreadTransaction"),
    "queueing (the intake's own)": ("bot/intake/",),
    "the rest (event loop, counting, logging)": ("",),
}
"""The first part whose words stand in a stack has the sample; the last takes what is left."""

IDLE = (
    "_worker (concurrent/futures/thread.py",
    "_connection_worker_thread (aiosqlite/",
    "wait (threading.py",
    "Runner.run (asyncio/runners.py",
)
"""Where a thread with nothing to do stands, innermost. uvloop waits there for sockets, and reads and writes them."""


def measure(folder: Path) -> str:
    """Return the shares of both stores as a table in Markdown."""
    shares = {}
    for name in STORES:
        (folder / name).mkdir()
        shares[name] = _profile(name, folder / name)
    lines = [f"| part | {' | '.join(STORES)} |", f"| --- {'| --: ' * len(STORES)}|"]
    for part in sorted(PARTS, key=lambda part: -shares[STORES[0]][part]):
        lines.append(f"| {part} | {' | '.join(f'{shares[name][part]:.0%}' for name in STORES)} |")
    return "\n".join(lines)


def _profile(name: str, folder: Path) -> Mapping[str, float]:
    raw = folder / "stacks.txt"
    with store(name, folder) as settings, serving(heard(), settings, "/health") as server:
        load(settings, Order(server.port, 64, 300, first=1_000_000))
        with loading(settings, Order(server.port, 64, seconds=SECONDS + 3)) as phones:
            command = [
                *(str(Path(sys.executable).parent / "py-spy"), "record", "--pid", str(server.pid)),
                *("--duration", str(SECONDS), "--rate", str(RATE), "--format", "raw", "--output", str(raw)),
                "--full-filenames",
            ]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            measured(phones)
    return sort(raw.read_text(encoding="utf-8").splitlines())


def sort(stacks: Iterable[str]) -> Mapping[str, float]:
    """Return each part's share of the samples, of lines like `outer (file:1);inner (file:2) 17`."""
    found: Counter[str] = Counter()
    for line in stacks:
        stack, _, count = line.rpartition(" ")
        frames = [_short(frame) for frame in stack.split(";")]
        if any(frames[-1].startswith(idle) for idle in IDLE):
            continue
        whole = ";".join(frames)
        part = next(name for name, words in PARTS.items() if any(word in whole for word in words))
        found[part] += int(count)
    return {name: found[name] / found.total() for name in PARTS}


def _short(frame: str) -> str:
    """Return a frame with its file as it is imported, wherever that is installed."""
    name, _, file = frame.partition(" (")
    for root in ("site-packages/", "/lib/python3.11/", "/bot/"):
        _, found, after = file.rpartition(root)
        if found:
            return f"{name} ({'bot/' if root == '/bot/' else ''}{after}"
    return frame
