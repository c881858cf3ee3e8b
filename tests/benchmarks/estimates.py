"""What estimates cost: a million interviews of ten items with one breakdown, and weights beside `balance`'s."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from bot.core.groups import Category
from bot.flowfiles.population import Margin
from bot.results.estimate import estimate
from bot.results.estimates.coding import Variable
from bot.results.weighting import weigh
from tests.benchmarks.figures import Figure
from tests.support.frames import BEGAN, COLUMNS, VILLAGE, Draw, drawn

LIMIT_SECONDS = 2.0
RAKED = Path(__file__).parents[1] / "data/raking.json"


def measure(_: Path, interviews: int = 1_000_000) -> list[Figure]:
    frame = drawn(Draw(interviews))
    seconds, worked = min(_seconds(lambda: _estimate(frame)) for _ in range(3))
    recorded = json.loads(RAKED.read_text("utf-8"))
    ours = min(_seconds(lambda: _weigh(recorded))[0] for _ in range(5))
    return [
        Figure(
            f"estimates of {interviews:,} interviews, ten items by gender",
            f"{seconds:.2f} s",
            f"{LIMIT_SECONDS:.0f} s",
            seconds <= LIMIT_SECONDS,
        ),
        Figure("the same, of one core's time", f"{worked:.2f} s"),
        Figure(
            "weights of 2,000 respondents to three margins, of what balance 0.23 took",
            f"{ours / recorded['seconds']:.2f}",
            "1.00",
            ours <= recorded["seconds"],
        ),
    ]


def _seconds(work: Callable[[], None]) -> tuple[float, float]:
    began, worked = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - worked


def _estimate(frame: pl.DataFrame) -> None:
    estimate(frame, VILLAGE, COLUMNS, at=BEGAN, groups=("gender",))


def _weigh(recorded: dict[str, object]) -> None:
    """Weigh as many respondents as balance did, a code each, as they come from a frame."""
    targets: dict[str, dict[str, float]] = recorded["targets"]  # type: ignore[assignment]
    cells: list[dict[str, object]] = recorded["cells"]  # type: ignore[assignment]
    counts = [int(str(cell["n"])) for cell in cells]
    variables = [
        Variable(
            name,
            None,
            tuple(map(Category, shares)),
            np.repeat([list(shares).index(str(cell[name])) + 1 for cell in cells], counts),
        )
        for name, shares in targets.items()
    ]
    told, _weights = weigh(variables, [Margin(name, shares, "", 0) for name, shares in targets.items()])
    assert told.applied
