"""How often each detector is right on short texts, how fast, and what it costs to have it."""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bot.core.spoken import SURE
from bot.language.detection import DETECTORS, Detector, open_detector
from tests.benchmarks.figures import Figure
from tests.language.test_detection import SHIPPED, Text, texts

LENGTHS = {"1-3 words": range(1, 4), "4-8 words": range(4, 9)}
RIGHT = {"1-3 words": 0.93, "4-8 words": 0.99}
"""Shares of texts, when it has to answer."""
PRECISE = 0.99
PER_SECOND = 15_000
MEMORY_MB = 100
SECONDS = 2.0

_LOADING = """
import json, time, psutil
from bot.language.detection import open_detector
here = psutil.Process()
detector, before = open_detector({name!r}), here.memory_info().rss
began = time.perf_counter()
detector.rank("good morning to all of you", ("en", "es", "fr"))
print(json.dumps([time.perf_counter() - began, (here.memory_info().rss - before) / 1e6]))
"""


def measure(folder: Path) -> list[Figure]:
    del folder
    return [figure for name in DETECTORS for figure in _of(name)]


def _of(name: str) -> list[Figure]:
    detector, is_ours = open_detector(name), name == next(iter(DETECTORS))
    known = [one for one in SHIPPED if one in detector.languages]
    told = [figure for length in LENGTHS for figure in _accuracy(name, detector, known, length, is_ours)]
    rate = _rate(detector, known)
    loaded = subprocess.run(
        [sys.executable, "-c", _LOADING.format(name=name)], capture_output=True, text=True, check=True
    )
    seconds, megabytes = json.loads(loaded.stdout)
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
            f"{name}: memory that the first detection adds",
            f"{megabytes:.0f} MB, in {seconds:.2f} s",
            f"<= {MEMORY_MB} MB" if is_ours else "",
            megabytes <= MEMORY_MB if is_ours else None,
        ),
    ]


def _accuracy(
    name: str, detector: Detector, known: Sequence[str], length: str, is_ours: bool
) -> list[Figure]:
    asked = [one for one in texts() if one.words in LENGTHS[length]]
    told = [(one, detector.rank(one.text, known)) for one in asked]
    right = sum(bool(ranked) and ranked[0][0] == one.language for one, ranked in told) / len(asked)
    sure: list[tuple[Text, str]] = [
        (one, ranked[0][0]) for one, ranked in told if ranked and ranked[0][1] >= SURE
    ]
    precise = sum(one.language == guess for one, guess in sure) / len(sure)
    return [
        Figure(
            f"{name}: right at {length}, when it has to answer",
            f"{right:.1%}",
            f">= {RIGHT[length]:.0%}" if is_ours else "",
            right >= RIGHT[length] if is_ours else None,
        ),
        Figure(
            f"{name}: right at {length}, where it is sure (p >= {SURE})",
            f"{precise:.1%} of the {len(sure) / len(asked):.0%} that it answers",
            f">= {PRECISE:.0%}" if is_ours else "",
            precise >= PRECISE if is_ours else None,
        ),
    ]


def _rate(detector: Detector, known: Sequence[str]) -> float:
    asked = [one.text for one in texts()]
    detector.rank(asked[0], known)
    began, count = time.perf_counter(), 0
    while time.perf_counter() - began < SECONDS:
        for text in asked[:50]:
            detector.rank(text, known)
        count += 50
    return count / (time.perf_counter() - began)
