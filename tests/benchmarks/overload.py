"""Ten times the phones that a server is sized for, and more than may wait, each of which asks again at once."""

import time
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.figures import Figure
from tests.benchmarks.load import Measured, Order
from tests.benchmarks.servers import STORES, Server, Settings, heard, load, loading, measured, serving, store

SUSTAINED = 64
CROWDS = (640, 4_096)
"""Ten times as many, who all find room to wait; and twice as many as may wait, of whom the rest are refused."""
LEAST_GOODPUT = 0.80
LEAST_RECOVERED = 0.80
MOST_MEGABYTES = 250
NORMAL_S = 8.0


@dataclass(frozen=True, slots=True)
class Overload:
    """A crowd between two normal loads; `resident` is the server's memory in MB each second of it."""

    before: Measured
    crowd: Measured
    after: Measured
    resident: list[float]

    @property
    def goodput(self) -> float:
        """Return what was answered each second in the second half, where all that can pile up has done so."""
        whole = self.crowd.by_second[:-1]
        half = whole[len(whole) // 2 :]
        return sum(half) / len(half)


def overload(server: Server, settings: Settings, phones: int, seconds: float, first: int) -> Overload:
    before = load(settings, Order(server.port, SUSTAINED, seconds=NORMAL_S, first=first))
    order = Order(server.port, phones, seconds=seconds, first=first + 10_000_000)
    resident = []
    with loading(settings, order) as crowd:
        while crowd.poll() is None:
            resident.append(server.resident_megabytes)
            time.sleep(1)
        told = measured(crowd)
    after = load(settings, Order(server.port, SUSTAINED, seconds=NORMAL_S, first=first + 20_000_000))
    return Overload(before, told, after, resident)


def measure(folder: Path, seconds: float) -> list[Figure]:
    figures = []
    for name in STORES:
        (folder / name).mkdir()
        with store(name, folder / name) as settings, serving(heard(), settings, "/health") as server:
            for number, phones in enumerate(CROWDS):
                ran = overload(server, settings, phones, seconds, number * 100_000_000)
                figures += _figures(f"{name}, {phones:,} phones", ran)
    return figures


def _figures(what: str, ran: Overload) -> list[Figure]:
    share, recovered = ran.goodput / ran.before.rate, ran.after.rate / ran.before.rate
    return [
        Figure(
            f"{what}: goodput of the second half",
            f"{ran.goodput:,.0f} messages/s, {share:.2f} of {SUSTAINED} phones'; {ran.crowd.refused:,} refusals",
            f"{LEAST_GOODPUT:.2f}",
            share >= LEAST_GOODPUT,
        ),
        Figure(
            f"{what}: memory",
            f"{ran.resident[0]:.0f} MB, at most {max(ran.resident):.0f} MB",
            f"{MOST_MEGABYTES} MB",
            max(ran.resident) <= MOST_MEGABYTES,
        ),
        Figure(
            f"{what}: afterwards",
            f"{ran.after.rate:,.0f} messages/s, p99 {ran.after.p99_ms:.0f} ms (before: {ran.before.p99_ms:.0f} ms)",
            f"{LEAST_RECOVERED:.2f} of before",
            recovered >= LEAST_RECOVERED,
        ),
    ]
