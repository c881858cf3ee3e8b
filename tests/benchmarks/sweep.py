"""Throughput and latency against load: both stores, one and two server processes, from 1 phone to 256.

The kernel spreads servers, databases and load over the machine's cores as it likes.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from tests.benchmarks.load import Order
from tests.benchmarks.picture import Point
from tests.benchmarks.servers import CORES, Settings, heard, load, serving, store

PHONES = (1, 4, 16, 64, 256)
SERVED_BY = (("SQLite", 1), ("PostgreSQL", 1), ("PostgreSQL", 2))
"""SQLite has one writing process."""
SECONDS = 5.0


def sweep(folder: Path) -> Iterator[Point]:
    """Yield what was measured, one load after the other."""
    for name, processes in SERVED_BY:
        (folder / f"{name}{processes}").mkdir()
        with ExitStack() as running:
            settings = running.enter_context(store(name, folder / f"{name}{processes}", CORES))
            ports = [_start(running, settings) for _ in range(processes)]
            load(settings, Order(ports, 64, 300, first=1_000_000_000), CORES)
            for number, phones in enumerate(PHONES):
                order = Order(ports, phones, seconds=SECONDS, first=number * 1_000_000)
                one = load(settings, order, CORES)
                yield Point(name, processes, phones, one.rate, one.median_ms, one.p99_ms)


def _start(running: ExitStack, settings: Settings) -> int:
    return running.enter_context(serving(heard(), settings, "/health", CORES)).port
