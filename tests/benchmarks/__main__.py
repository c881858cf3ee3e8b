"""`make bench`: every measurement in one run, as ratios, in a table to paste into docs/benchmarks.md."""

import platform
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from tests.benchmarks import process, round_trip, steps
from tests.benchmarks.figures import Figure


def main() -> int:
    console = Console()
    figures: list[Figure] = []
    for measure in track(
        (steps.measure, round_trip.measure, process.measure), "Measuring", console=Console(stderr=True)
    ):
        with tempfile.TemporaryDirectory() as folder:
            figures += measure(Path(folder))
    table = Table(title=f"Python {platform.python_version()}, {platform.machine()}")
    for heading in ("what", "measured", "limit", "holds"):
        table.add_column(heading)
    for figure in figures:
        table.add_row(
            figure.what,
            figure.measured,
            figure.limit,
            "" if figure.holds is None else "yes" if figure.holds else "NO",
        )
    console.print(table)
    return 0 if all(figure.holds is not False for figure in figures) else 1


sys.exit(main())
