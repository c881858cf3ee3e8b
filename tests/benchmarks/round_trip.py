"""An SMS in, its reply out, with a durable commit between: against an application that only checks and answers.

The server has one core, and so has the load. PostgreSQL shares the server's core: in the field it has its own.
"""

import statistics
from pathlib import Path

from tests.benchmarks.figures import Figure
from tests.benchmarks.load import Measured, Order
from tests.benchmarks.servers import STORES, Server, Settings, bare, heard, load, serving, store

LEAST_SHARE_OF_BARE = {"SQLite": 0.30, "PostgreSQL": 0.20}
MOST_P99_MS = 50
PHONES = 64
INTERVIEWS = 3_000
WARM_UP = 300
RUNS = 3


def measure(folder: Path) -> list[Figure]:
    """Return the figures of the median of some runs, each of which has the bare application beside both stores."""
    runs: dict[str, list[Measured]] = {name: [] for name in ("bare", *STORES)}
    for run in range(RUNS):
        for name, measured in runs.items():
            place = folder / f"{run}-{name}"
            place.mkdir()
            is_bare = name == "bare"
            with (
                store("SQLite" if is_bare else name, place) as settings,
                serving(bare() if is_bare else heard(), settings, "/health") as server,
            ):
                measured.append(_rate(server, settings))
    peer = [one.rate for one in runs["bare"]]
    figures = [Figure("bare application", f"{statistics.median(peer):,.0f} messages/s")]
    for name in STORES:
        figures += _figures(name, runs[name], peer)
    return figures


def _rate(server: Server, settings: Settings) -> Measured:
    load(settings, Order(server.port, PHONES, WARM_UP, first=1_000_000))
    return load(settings, Order(server.port, PHONES, INTERVIEWS))


def _figures(name: str, ours: list[Measured], peer: list[float]) -> list[Figure]:
    # Each against the bare rate of its own run: a machine that is busy with something else slows both.
    share = statistics.median(one.rate / bare for one, bare in zip(ours, peer, strict=True))
    p99 = statistics.median(one.p99_ms for one in ours)
    rate, median = (
        statistics.median(one.rate for one in ours),
        statistics.median(one.median_ms for one in ours),
    )
    least = LEAST_SHARE_OF_BARE[name]
    return [
        Figure(f"{name}: round trip, durable", f"{rate:,.0f} messages/s, median {median:.1f} ms"),
        Figure(f"{name}: share of the bare rate", f"{share:.2f}", f"{least:.2f}", share >= least),
        Figure(
            f"{name}: 99th percentile, {PHONES} phones",
            f"{p99:.0f} ms",
            f"{MOST_P99_MS} ms",
            p99 <= MOST_P99_MS,
        ),
    ]
