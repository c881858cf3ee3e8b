"""How fast answers are exported, and whether a million respondents take more memory than a hundred thousand.

Every export is a process of its own, as `heard export` is; its processor time is measured, of which another process on
the machine takes nothing, and the most memory that it held. Its start, which is the same for any number, is left out.
"""

import asyncio
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.store.database import connect
from bot.store.reading import count
from tests.benchmarks.figures import Figure

ROOT = Path(__file__).parents[2]
TOWN = ROOT / "tests" / "benchmarks" / "neighbourhood"
ITEMS = 10
START, FEW = 10_000, 100_000
LEAST_RATE = 100_000
"""Answers a second, as many as the consultation has items for each respondent."""
MOST_MORE = 0.5
"""Share by which memory may grow when there are ten times as many respondents."""
FORMATS = {"csv": True, "jsonl": False, "parquet": True, "xlsx": False, "sav": False, "dta": False}
"""Formats, and whether their memory has a limit at a million; not those that are made in memory, or slow to write."""


@dataclass(frozen=True, slots=True)
class Taken:
    seconds: float
    megabytes: float


def measure(folder: Path, many: int) -> list[Figure]:
    stores = {size: _made(folder, size) for size in sorted({START, FEW, many})}
    return [figure for kind in FORMATS for figure in _of(folder, stores, kind, many)]


def _of(folder: Path, stores: dict[int, dict[str, str]], kind: str, many: int) -> Iterator[Figure]:
    few = _export(folder, stores[FEW], kind)
    small = _export(folder, stores[START], kind)
    rate = (FEW - START) * ITEMS / (few.seconds - small.seconds)
    limited = kind in ("csv", "parquet")
    yield Figure(
        f"{kind}: {FEW:,} respondents",
        f"{rate:,.0f} answers/s of processor time, {few.megabytes:,.0f} MB",
        f">= {LEAST_RATE:,} answers/s" if limited else "",
        rate >= LEAST_RATE if limited else None,
    )
    if many == FEW or not FORMATS[kind]:
        return
    most = _export(folder, stores[many], kind)
    rate = (many - FEW) * ITEMS / (most.seconds - few.seconds)
    grown = most.megabytes / few.megabytes - 1
    yield Figure(
        f"{kind}: {many:,} respondents",
        f"{rate:,.0f} answers/s of processor time, {most.megabytes:,.0f} MB ({grown:+.0%})",
        f">= {LEAST_RATE:,} answers/s, +{MOST_MORE:.0%}",
        rate >= LEAST_RATE and grown <= MOST_MORE,
    )


def _made(folder: Path, size: int) -> dict[str, str]:
    """Return the settings of a store with so many interviews of the town."""
    settings = {
        **{"PATH": os.environ["PATH"], "DATABASE_URL": f"sqlite:///{folder}/{size}.db"},
        "HEARD_LOCALES": str(TOWN / "locales"),
    }
    run_to_end(settings, "migrate")
    places = ("--flows", str(TOWN), "--locales", str(TOWN / "locales"))
    run_to_end(
        settings, "demo-data", "neighbourhood", *places, "--interviews", str(size), "--until", "2026-03-01"
    )
    assert asyncio.run(_stored(settings["DATABASE_URL"])) == size
    return settings


async def _stored(url: str) -> int:
    engine = connect(url)
    try:
        return await count(engine, "neighbourhood")
    finally:
        await engine.dispose()


def _export(folder: Path, settings: dict[str, str], kind: str) -> Taken:
    file = folder / f"answers.{kind}"
    taken = run_to_end(settings, "export", "neighbourhood", "--format", kind, "--output", str(file))
    file.unlink()
    return taken


def run_to_end(settings: dict[str, str], *command: str) -> Taken:
    """Run a command of Heard's to its end, and return what the system says that it took."""
    with open(os.devnull, "wb") as silent:
        process = os.posix_spawn(
            sys.executable,
            [sys.executable, "-m", "bot.cli", *command],
            settings,
            file_actions=[
                (os.POSIX_SPAWN_DUP2, silent.fileno(), 1),
                (os.POSIX_SPAWN_DUP2, silent.fileno(), 2),
            ],
        )
    _, status, used = os.wait4(process, 0)
    assert os.waitstatus_to_exitcode(status) == 0, command
    return Taken(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
