"""What one `step` costs on a questionnaire of 20 items, without store or network."""

import statistics
import time
from pathlib import Path

from bot.core.interview.records import Joined, Said
from bot.core.interview.step import begin, step
from tests.benchmarks.figures import Figure
from tests.support.consultations import NOON, questionnaire

LIMIT_MICROSECONDS = 50
INTERVIEWS = 200

TWENTY_ITEMS = questionnaire(
    """
- {name: district, type: select_one, label: "Which district?", choices: [
    {name: north, label: North}, {name: south, label: South}, {name: east, label: East}, {name: west, label: West}]}
- {name: people, type: integer, label: "How many live with you?", constraint: . > 0 and . < 40}
- {name: farms, type: select_one, label: "Do you farm?", choices: [{name: y, label: Yes}, {name: n, label: No}]}
"""
    + "".join(
        f"""
- {{name: use_{number}, type: select_one, label: "How often, {number}?", relevant: "${{farms}} = 'y'", choices: [
    {{name: often, label: Often}}, {{name: rarely, label: Rarely}}, {{name: never, label: Never}}]}}
- {{name: cost_{number}, type: decimal, label: "What does it cost, {number}?", relevant: "${{use_{number}}} != 'never'",
    constraint: . >= 0}}
"""
        for number in range(8)
    )
    + "- {name: wish, type: text, label: What would you change}\n"
)
REPLIES = ["1", "2", "4", "1", *["1", "2.5"] * 8, "more rain"]


def measure(_: Path) -> list[Figure]:
    seconds: list[float] = []
    for seed in range(INTERVIEWS):
        interview, _effects = step(TWENTY_ITEMS, begin(TWENTY_ITEMS, seed, NOON), Joined(NOON))
        for reply in REPLIES:
            began = time.perf_counter()
            interview, _effects = step(TWENTY_ITEMS, interview, Said(NOON, reply))
            seconds.append(time.perf_counter() - began)
        assert interview.ending == "complete"
    median = statistics.median(seconds) * 1e6
    slow = statistics.quantiles(seconds, n=100)[98] * 1e6
    return [
        Figure(
            "step, 20 items: median",
            f"{median:.0f} us",
            f"{LIMIT_MICROSECONDS} us",
            median <= LIMIT_MICROSECONDS,
        ),
        Figure("step, 20 items: 99th percentile", f"{slow:.0f} us"),
    ]
