"""How fast the web process is up, and what it holds in memory after 10,000 interviews."""

from pathlib import Path

from tests.benchmarks.figures import Figure
from tests.benchmarks.load import Order
from tests.benchmarks.servers import heard, load, serving, store

MOST_SECONDS = 2.0
MOST_MEGABYTES = 150
INTERVIEWS = 10_000


def measure(folder: Path) -> list[Figure]:
    with store("SQLite", folder) as settings, serving(heard(), settings, "/health") as server:
        at_start = server.resident_megabytes
        load(settings, Order(server.port, 64, INTERVIEWS))
        resident = server.resident_megabytes
    started = server.seconds_to_start
    return [
        Figure("web process: up in", f"{started:.2f} s", f"{MOST_SECONDS:.0f} s", started <= MOST_SECONDS),
        Figure("web process: memory at start", f"{at_start:.0f} MB"),
        Figure(
            "web process: after 10,000 interviews",
            f"{resident:.0f} MB",
            f"{MOST_MEGABYTES} MB",
            resident <= MOST_MEGABYTES,
        ),
    ]
