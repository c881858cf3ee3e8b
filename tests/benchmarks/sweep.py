"""Throughput and latency against load: both stores, one and two server processes, from 1 phone to 256.

The kernel spreads servers, databases and load over the machine's cores as it likes.
"""

from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.load import Order
from tests.benchmarks.picture import Point
from tests.benchmarks.servers import CORES, heard, load, serving, store

PHONES = (1, 4, 16, 64, 256)
SERVED_BY = (("SQLite", 1), ("PostgreSQL", 1), ("PostgreSQL", 2))
"""SQLite has one writing process."""
SECONDS = 5.0


def sweep(folder: Path) -> Iterator[Point]:
    """Yield what was measured, one load after the other."""
    for name, processes in SERVED_BY:
        (folder / f"{name}{processes}").mkdir()
        with (
            store(name, folder / f"{name}{processes}", CORES) as settings,
            serving([*heard(), "--processes", str(processes)], settings, "/health", CORES) as server,
        ):
            load(settings, Order(server.port, 64, 300, first=1_000_000_000), CORES)
            for number, phones in enumerate(PHONES):
                order = Order(server.port, phones, seconds=SECONDS, first=number * 1_000_000)
                one = load(settings, order, CORES)
                yield Point(name, processes, phones, one.rate, one.median_ms, one.p99_ms)
