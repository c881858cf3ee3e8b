"""Reading a consultation's interviews in columns: how long, in how much memory, and beside pandas on the same store."""

import asyncio
import json
import os
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.core.questionnaire import Questionnaire
from bot.flowfiles.folder import load_flows
from bot.results.dataset import read_dataset
from bot.store.database import connect
from bot.store.migrating import migrate
from tests.benchmarks.figures import Figure

NEIGHBOURHOOD = Path(__file__).parent / "neighbourhood"
LIMIT_SECONDS = 10.0
LIMIT_MEGABYTES = 1_500
ENDED = datetime(2026, 11, 1, tzinfo=UTC)
ALL = """
    SELECT i.respondent_id, i.channel, i.language, i.ending, a.slot, a.value, a.status
    FROM interviews AS i JOIN answers AS a ON a.interview_id = i.id WHERE a.relevant
"""


def measure(folder: Path, interviews: int = 100_000) -> list[Figure]:
    file = folder / "heard.db"
    fill(file, interviews)
    ours, theirs = (_read_by(reader, file) for reader in ("heard", "pandas"))
    share = interviews / 1_000_000
    return [
        Figure(
            f"{interviews:,} interviews of ten items read into columns, a million's share",
            f"{ours['seconds']:.2f} s",
            f"{LIMIT_SECONDS * share:.1f} s",
            ours["seconds"] <= LIMIT_SECONDS * share,
        ),
        Figure("the same, of all cores' time", f"{ours['worked']:.2f} s"),
        Figure(
            "memory at its most",
            f"{ours['megabytes']:.0f} MB",
            f"{LIMIT_MEGABYTES} MB",
            ours["megabytes"] <= LIMIT_MEGABYTES,
        ),
        Figure(
            "of what pandas.read_sql takes to read the same answers",
            f"{ours['seconds'] / theirs['seconds']:.2f}",
            "1.00",
            ours["seconds"] <= theirs["seconds"],
        ),
    ]


def fill(file: Path, interviews: int) -> None:
    """Make a database with as many interviews of the consultation of ten items."""
    asyncio.run(_migrated(file))
    flows = ("--flows", str(NEIGHBOURHOOD), "--locales", str(NEIGHBOURHOOD / "locales"))
    command = (sys.executable, "-m", "bot.cli", "demo-data", "neighbourhood", *flows)
    subprocess.run(
        [*command, "--interviews", str(interviews), "--until", f"{ENDED:%Y-%m-%d}"],
        env={**os.environ, "DATABASE_URL": f"sqlite:///{file}"},
        check=True,
        capture_output=True,
    )


async def _migrated(file: Path) -> None:
    engine = connect(f"sqlite:///{file}")
    await migrate(engine)
    await engine.dispose()


def _read_by(reader: str, file: Path) -> dict[str, Any]:
    """Return what a process of its own needed to read the store."""
    command = (sys.executable, "-m", "tests.benchmarks.dataset", reader, str(file))
    told: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return told


def neighbourhood() -> Questionnaire:
    return load_flows(NEIGHBOURHOOD, NEIGHBOURHOOD / "locales").flows["neighbourhood"].questionnaire


async def _read(file: Path) -> None:
    from bot.results.frame import whole

    engine = connect(f"sqlite:///{file}")
    dataset = await read_dataset(
        engine, "neighbourhood", [neighbourhood()], ENDED, with_status=True, with_words=False
    )
    frame = await whole(dataset)
    assert frame.height == dataset.size
    await engine.dispose()


def _read_with_pandas(file: Path) -> None:
    import sqlite3

    import pandas as pd

    with sqlite3.connect(file) as connection:
        assert len(pd.read_sql(ALL, connection))


if __name__ == "__main__":
    # Loaded before the clock starts, for both.
    if sys.argv[1] == "heard":
        import bot.results.frame  # noqa: F401
    else:
        import pandas  # noqa: F401
    neighbourhood()
    began, worked = time.perf_counter(), time.process_time()
    if sys.argv[1] == "heard":
        asyncio.run(_read(Path(sys.argv[2])))
    else:
        _read_with_pandas(Path(sys.argv[2]))
    print(  # noqa: T201
        json.dumps(
            {
                "seconds": time.perf_counter() - began,
                "worked": time.process_time() - worked,
                "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        )
    )
