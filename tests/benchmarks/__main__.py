"""`make bench`: the measurements, printed, and written into docs/benchmarks.md.

`make bench BENCH="steps round_trip"` makes some of them; `--full` takes as long, and as many interviews, as the
limits speak of.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console

from tests.benchmarks import (
    campaign,
    dataset,
    disclosure,
    drivers,
    estimates,
    exports,
    figures,
    growth,
    invitations,
    languages,
    overload,
    picture,
    process,
    quotas,
    recipients,
    report,
    rewards,
    round_trip,
    safeguarding,
    shares,
    steps,
    sweep,
)
from tests.benchmarks.figures import DOCUMENT, Figure

PICTURE = DOCUMENT.parent / "images" / "benchmarks"


def main() -> int:
    given = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    given.add_argument("names", nargs="*", metavar="measurement", help=", ".join(_measurements(full=False)))
    given.add_argument(
        "--full", action="store_true", help="60 s of overload, 1,000,000 interviews and invitations"
    )
    chosen = given.parse_args()
    measurements = _measurements(full=chosen.full)
    if unknown := set(chosen.names) - measurements.keys():
        given.error(f"there is no measurement {', '.join(sorted(unknown))}")
    console, failed = Console(), False
    for name in chosen.names or measurements:
        with tempfile.TemporaryDirectory() as folder, console.status(f"measuring {name}"):
            found = measurements[name](Path(folder))
        told = found if isinstance(found, str) else figures.table(found)
        figures.put(name, told)
        console.print(f"{name}\n{told}\n", markup=False, soft_wrap=True)
        failed |= not isinstance(found, str) and any(one.holds is False for one in found)
    return 1 if failed else 0


def _measurements(*, full: bool) -> dict[str, Callable[[Path], Sequence[Figure] | str]]:
    return {
        "steps": steps.measure,
        "safeguarding": safeguarding.measure,
        "estimates": estimates.measure,
        "round_trip": round_trip.measure,
        "process": process.measure,
        "report": report.measure,
        "shares": shares.measure,
        "sweep": _sweep,
        "overload": lambda folder: overload.measure(folder, 60.0 if full else 15.0),
        "growth": lambda folder: growth.measure(folder, 1_000_000 if full else 100_000),
        "drivers": drivers.measure,
        "invitations": lambda folder: invitations.measure(folder, 1_000_000 if full else 100_000),
        "campaign": lambda folder: campaign.measure(folder, 100_000 if full else 2_000),
        "languages": languages.measure,
        "disclosure": disclosure.measure,
        "quotas": quotas.measure,
        "dataset": lambda folder: dataset.measure(folder, 1_000_000 if full else 100_000),
        "rewards": rewards.measure,
        "recipients": lambda folder: recipients.measure(folder, 1_000_000 if full else 100_000),
        "exports": lambda folder: exports.measure(folder, 1_000_000 if full else exports.FEW),
    }


def _sweep(folder: Path) -> str:
    points = list(sweep.sweep(folder))
    picture.draw(points, PICTURE)
    return picture.table(points)


sys.exit(main())
