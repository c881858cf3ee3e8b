"""What it costs to look through a message for words of harm, and how often they are found where there are none."""

import random
import time
from collections.abc import Iterator
from pathlib import Path

from bot.core.safeguarding import Lookout, folded_for_lookout, lookout
from bot.demo_data.words import VOICES, opinion
from bot.language.safeguarding import languages, word_list
from tests.benchmarks.figures import Figure
from tests.language.test_detection import texts

ANSWERS = 1_000
"""Made-up answers in each language."""
MOST_FALSE = 1.0
"""False alarms in a thousand answers: of a consultation of 10,000 people, ten that somebody reads for nothing."""
MICROSECONDS = {"1": 2, "not enough water, and the road is bad": 15}
"""By message: what looking through it may cost, with the lists of five languages, beside a step's 50."""
ROUNDS = 20_000
FIVE = ("en", "es", "fr", "sw", "ar")


def measure(_: Path) -> list[Figure]:
    figures = []
    five = _lookout(FIVE)
    for text, limit in MICROSECONDS.items():
        cost = min(_cost(five, text) for _ in range(3))
        what = f"looking through '{text}', lists of five languages"
        figures.append(Figure(what, f"{cost:.1f} us", f"{limit} us", cost <= limit))
    everything = _lookout(languages())
    longest = max(VOICES["en"].pleas, key=len) + ", " + ", ".join(VOICES["en"].reasons[:4])
    figures.append(
        Figure(
            f"the same of {len(longest.split())} words, lists of all {len(languages())} languages",
            f"{min(_cost(everything, longest) for _ in range(3)):.0f} us",
        )
    )
    answers = list(_answers())
    false = [text for text in answers if everything.find(folded_for_lookout(text))]
    a_thousand = 1_000 * len(false) / len(answers)
    figures.append(
        Figure(
            f"found in 1,000 made-up answers of {len(answers):,} that tell of no harm, with all lists",
            f"{a_thousand:.2f}",
            f"<= {MOST_FALSE:g}",
            a_thousand <= MOST_FALSE,
        )
    )
    declared = [one.text for one in texts()]
    told = [text for text in declared if everything.find(folded_for_lookout(text))]
    figures.append(
        Figure(
            f"found in 1,000 short texts of the declaration of human rights, of {len(declared):,}",
            f"{1_000 * len(told) / len(declared):.2f}",
        )
    )
    return figures


def _lookout(chosen: tuple[str, ...]) -> Lookout:
    lists = [found for language in chosen if (found := word_list(language))]
    return lookout(entry for one in lists for entry in one.entries())


def _cost(found: Lookout, text: str) -> float:
    """Return the microseconds that one look takes."""
    began = time.perf_counter()
    for _ in range(ROUNDS):
        folded = folded_for_lookout(text)
        if folded:
            found.find(folded)
    return (time.perf_counter() - began) / ROUNDS * 1e6


def _answers() -> Iterator[str]:
    drawn = random.Random(7)
    for voice in VOICES.values():
        for _ in range(ANSWERS):
            yield opinion(voice, 0.4, drawn)
