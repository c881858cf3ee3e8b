"""What a report costs: that of a million interviews of ten items, with all breakdowns, in each format."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from bot.results.report.building import build
from bot.results.report.docx import write_docx
from bot.results.report.html import render
from bot.results.report.model import Document
from bot.results.report.pdf import write_pdf
from tests.benchmarks.figures import Figure
from tests.support.frames import Draw, drawn
from tests.support.reports import publication, results_of, translated, voice

LIMIT_SECONDS = 15.0
Made = TypeVar("Made")


def measure(_: Path, interviews: int = 1_000_000) -> list[Figure]:
    frame = drawn(Draw(interviews))
    estimated, results = _timed(lambda: results_of(frame))
    publish = publication(40, results=translated(results))
    building, document = _timed(lambda: build(publish, voice()))
    found = [
        Figure(
            f"estimates of {interviews:,} interviews, with all breakdowns and weights", f"{estimated:.2f} s"
        )
    ]
    writers: dict[str, Callable[[Document], object]] = {"HTML": render, "PDF": write_pdf, "DOCX": write_docx}
    for name, write in writers.items():
        written, _made = _timed(lambda write=write: write(document))  # type: ignore[misc]
        seconds = estimated + building + written
        told = f"{seconds:.2f} s"
        limit = f"{LIMIT_SECONDS:.0f} s"
        found.append(Figure(f"the same, and their report as {name}", told, limit, seconds <= LIMIT_SECONDS))
    return found


def _timed(make: Callable[[], Made]) -> tuple[float, Made]:
    begun = time.perf_counter()
    made = make()
    return time.perf_counter() - begun, made
