"""How often each detector is right on short texts, how fast, and what it costs to have it."""

import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.core.spoken import SURE
from bot.language.detection import DETECTORS, Detector, open_detector
from tests.benchmarks.figures import Figure
from tests.benchmarks.pieces import pieces, without_accents
from tests.language.test_detection import SHIPPED, Text, texts

LENGTHS = {"1-3 words": range(1, 4), "4-8 words": range(4, 9)}
RIGHT = {"1-3 words": 0.93, "4-8 words": 0.99}
"""Shares of the declaration's texts, when it has to answer."""
PRECISE = 0.99
PER_SECOND = 15_000
MEMORY_MB = 100
SECONDS = 2.0

_LOADING = """
import json, sys, time, psutil
import bot.app
from bot.language.detection import open_detector
here = psutil.Process()
detector, before = open_detector({name!r}), here.memory_info().rss
before_modules, began = set(sys.modules), time.perf_counter()
detector.rank("good morning to all of you", ("en", "es", "fr"))
loaded_before = [one for one in ("numpy", "py3langid", "langdetect") if one in before_modules]
print(json.dumps([loaded_before, time.perf_counter() - began, (here.memory_info().rss - before) / 1e6]))
"""


def measure(folder: Path) -> list[Figure]:
    del folder
    return [figure for name in DETECTORS for figure in _of(name)]


def _of(name: str) -> list[Figure]:
    detector, is_ours = open_detector(name), name == next(iter(DETECTORS))
    known = [one for one in SHIPPED if one in detector.languages]
    told = [figure for asked in _asked().items() for figure in _accuracy(detector, known, *asked, is_ours)]
    rate = _rate(detector, known)
    loaded = subprocess.run(
        [sys.executable, "-c", _LOADING.format(name=name)], capture_output=True, text=True, check=True
    )
    before, seconds, megabytes = json.loads(loaded.stdout)
    return [
        Figure(f"{name}: languages of the 18 that it knows", str(len(known))),
        *told,
        Figure(
            f"{name}: detections a second, one core",
            f"{rate:,.0f}",
            f">= {PER_SECOND:,}" if is_ours else "",
            rate >= PER_SECOND if is_ours else None,
        ),
        Figure(
            f"{name}: loaded before the first detection",
            ", ".join(before) or "nothing",
            "nothing" if is_ours else "",
            not before if is_ours else None,
        ),
        Figure(
            f"{name}: memory that the first detection adds",
            f"{megabytes:.0f} MB, in {seconds:.2f} s",
            f"<= {MEMORY_MB} MB" if is_ours else "",
            megabytes <= MEMORY_MB if is_ours else None,
        ),
    ]


def _asked() -> Mapping[str, Sequence[Text]]:
    """Return the texts to tell, by what they are."""
    declaration = {
        length: [one for one in texts() if one.words in words] for length, words in LENGTHS.items()
    }
    short = pieces(LENGTHS["1-3 words"])
    return {
        **declaration,
        "1-3 words of the catalogues": short,
        "1-3 words of the catalogues without accents": list(dict.fromkeys(map(without_accents, short))),
        "4-8 words of the catalogues": pieces(LENGTHS["4-8 words"]),
    }


def _accuracy(
    detector: Detector, known: Sequence[str], length: str, asked: Sequence[Text], is_ours: bool
) -> list[Figure]:
    told = [(one, detector.rank(one.text, known)) for one in asked]
    right = sum(bool(ranked) and ranked[0][0] == one.language for one, ranked in told) / len(asked)
    sure = [(one, ranked[0][0]) for one, ranked in told if ranked and ranked[0][1] >= SURE]
    precise = sum(one.language == guess for one, guess in sure) / len(sure)
    wanted = RIGHT.get(length) if is_ours else None
    return [
        Figure(
            f"{detector.name}: right at {length}, when it has to answer",
            f"{right:.1%}",
            f">= {wanted:.0%}" if wanted else "",
            right >= wanted if wanted else None,
        ),
        Figure(
            f"{detector.name}: right at {length}, where it is sure (p >= {SURE})",
            f"{precise:.1%} of the {len(sure) / len(asked):.0%} that it answers",
            f">= {PRECISE:.0%}" if is_ours else "",
            precise >= PRECISE if is_ours else None,
        ),
    ]


def _rate(detector: Detector, known: Sequence[str]) -> float:
    asked = [one.text for one in texts()]
    detector.rank(asked[0], known)
    # The core's own time: what others do on it meanwhile is none of the detector's.
    began, count = time.process_time(), 0
    while time.process_time() - began < SECONDS:
        for text in asked:
            detector.rank(text, known)
        count += len(asked)
    return count / (time.process_time() - began)
