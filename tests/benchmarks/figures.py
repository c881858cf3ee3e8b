"""What the measurements tell, and where it is written."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

DOCUMENT = Path(__file__).parents[2] / "docs" / "benchmarks.md"


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, against which limit. `holds` is None for a figure that only explains another."""

    what: str
    measured: str
    limit: str = ""
    holds: bool | None = None

    @property
    def verdict(self) -> str:
        return {None: "", True: "yes", False: "**no**"}[self.holds]


def table(figures: Iterable[Figure]) -> str:
    """Return the figures as a table in Markdown."""
    lines = ["| what | measured | limit | holds |", "| --- | --- | --- | --- |"]
    lines += [f"| {one.what} | {one.measured} | {one.limit} | {one.verdict} |" for one in figures]
    return "\n".join(lines)


def put(name: str, text: str, document: Path = DOCUMENT) -> None:
    """Write a text between the document's markers of this name, in place of what stood there.

    Raises:
        ValueError: it has no such markers.
    """
    before = document.read_text(encoding="utf-8")
    between = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    after, found = between.subn(lambda found: f"{found[1]}{text}\n{found[2]}", before)
    if not found:
        raise ValueError(f"{document.name} has no place for {name}")
    document.write_text(after, encoding="utf-8")
