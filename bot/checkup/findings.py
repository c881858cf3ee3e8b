"""What was looked at, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum

IN_DEMO = "Run: make run, or heard serve --demo. It makes what is missing."


class Mark(StrEnum):
    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `remedy` says what to do, where there is something to do."""

    group: str
    mark: Mark
    text: str
    remedy: str = ""


def how_many(number: int, what: str) -> str:
    """Return a number of things as a person would write it."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"
