"""Who has read a catalogue as a native speaker: a line of the comment at its top."""

import re
from dataclasses import dataclass
from datetime import date

UNREVIEWED = "Not yet reviewed by a native speaker."
"""Stands in a catalogue's head until somebody signs."""
_SIGNED = re.compile(r"# Reviewed by a native speaker: (?P<by>.*\S), (?P<on>\d{4}-\d{2}-\d{2})\.?")
_SAYS_SO = re.compile(r"#\s*reviewed\b", re.IGNORECASE)
_SAYS_NOT = re.compile(r"not (yet )?reviewed", re.IGNORECASE)

FORM = "# Reviewed by a native speaker: NAME, YYYY-MM-DD"
"""How a reviewer signs: one line for each of them, in place of the one that says that nobody has."""


@dataclass(frozen=True, slots=True)
class Review:
    """Who signed, and when."""

    by: str
    on: date


def review_of(header: str) -> Review | None:
    """Return the latest review that a catalogue's head tells of; None where there is none, or it says so still."""
    if _SAYS_NOT.search(header):
        return None
    signed = [review for line in header.splitlines() if (review := _signed(line))]
    return max(signed, key=lambda review: review.on, default=None)


def is_review_unclear(header: str) -> bool:
    """Return whether a head tells of a review that does not count: in another form, or beside a line that denies it."""
    told = [line for line in header.splitlines() if _SAYS_SO.match(line)]
    return any(_signed(line) is None for line in told) or bool(told and _SAYS_NOT.search(header))


def _signed(line: str) -> Review | None:
    found = _SIGNED.fullmatch(line.strip())
    try:
        return Review(found["by"], date.fromisoformat(found["on"])) if found else None
    except ValueError:
        return None
