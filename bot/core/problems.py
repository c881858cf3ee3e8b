"""What is wrong with a consultation file: where, what, and what to write instead."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

Path = tuple[str | int, ...]
"""Keys and list positions from the top of a file to a value: `("items", 2, "choices", 0, "label")`."""


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a consultation.

    `code` is stable, for programs and searches; `message` says what is wrong and `remedy` what to write
    instead, both for an organiser who does not program. `file` and `line` (from 1) are filled in by whoever
    read the file; the core knows only `path`. `language` is that whose wording is at fault, where it is one's alone.
    """

    code: str
    path: Path
    message: str
    remedy: str
    severity: Severity = Severity.ERROR
    file: str = ""
    line: int | None = None
    language: str = ""

    @property
    def place(self) -> str:
        """Return `items[2].choices[0].label`, as an organiser reads it."""
        written = ""
        for step in self.path:
            written += f"[{step}]" if isinstance(step, int) else f".{step}" if written else step
        return written


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that `name` was probably meant to be, or None when none is near."""
    found = process.extractOne(
        name, list(known), scorer=DamerauLevenshtein.normalized_similarity, score_cutoff=0.6
    )
    return found[0] if found else None
