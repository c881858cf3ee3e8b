"""An SMS in, its reply out, with a durable commit between: against an application that only checks and answers."""

import subprocess
import sys
from pathlib import Path

from tests.benchmarks.figures import Figure
from tests.benchmarks.servers import bare, environment, heard, load, serving

LEAST_SHARE_OF_BARE = 0.20
MOST_P99_MS = 80
INTERVIEWS = 4_000
WARM_UP = 200


def measure(folder: Path) -> list[Figure]:
    settings = environment(folder)
    with serving(bare(), settings, "/") as server:
        load(server, settings, WARM_UP)
        peer = load(server, settings, INTERVIEWS)
    subprocess.run(
        [sys.executable, "-m", "bot.cli", "migrate"], env=settings, check=True, stdout=subprocess.DEVNULL
    )
    with serving(heard(), settings, "/health") as server:
        load(server, settings, WARM_UP, offset=1_000_000)
        ours = load(server, settings, INTERVIEWS)
    share = ours["rate"] / peer["rate"]
    return [
        Figure("bare application", f"{peer['rate']:,.0f} messages/s, p99 {peer['p99_ms']:.1f} ms"),
        Figure(
            "SMS round trip, durable", f"{ours['rate']:,.0f} messages/s, median {ours['median_ms']:.1f} ms"
        ),
        Figure(
            "share of the bare rate",
            f"{share:.2f}",
            f"{LEAST_SHARE_OF_BARE:.2f}",
            share >= LEAST_SHARE_OF_BARE,
        ),
        Figure(
            "99th percentile, 64 phones",
            f"{ours['p99_ms']:.0f} ms",
            f"{MOST_P99_MS} ms",
            ours["p99_ms"] <= MOST_P99_MS,
        ),
    ]
