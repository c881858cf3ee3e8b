"""Lines about who looked at what, each sealed with the one before, so that none can be changed or taken out unseen.

A line names who looked, at which case and why: never what somebody wrote, and no number of theirs.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

BEGINNING = "0" * 64
"""What stands in place of the hash before the first line."""


class Act(StrEnum):
    """What somebody did."""

    REGISTERED = "registered"
    """Somebody was let in to the inbox."""
    REVOKED = "revoked"
    LOOKED = "looked"
    ANSWERED = "answered"
    CLOSED = "closed"
    REVEALED = "revealed"
    """They were shown the address."""
    REFUSED = "refused"
    """They tried what they may not."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One act. `subject` is the number of a case, or of a person let in; `detail` the reason, or the outcome."""

    at: datetime
    who: str
    act: Act
    consultation: str | None
    subject: int | None
    detail: str


@dataclass(frozen=True, slots=True)
class Line:
    """An entry in its place: its number from 1 without gaps, and the hashes before and of it."""

    number: int
    entry: Entry
    previous: str
    hash: str


def sealed(number: int, entry: Entry, previous: str) -> Line:
    """Return an entry as the line after the one with that hash."""
    return Line(number, entry, previous, _hash(number, entry, previous))


def broken_at(lines: Iterable[Line]) -> int | None:
    """Return the number of the first line that is not as it was written, or that does not follow the one before.

    None where all hold. Lines taken off the end are not seen by it: for that, somebody else keeps a hash.
    """
    previous = BEGINNING
    for number, line in enumerate(lines, 1):
        is_next = line.number == number and line.previous == previous
        if not is_next or line.hash != _hash(line.number, line.entry, line.previous):
            return number
        previous = line.hash
    return None


def _hash(number: int, entry: Entry, previous: str) -> str:
    said = [
        *(previous, number, entry.at.astimezone(UTC).isoformat(timespec="microseconds"), entry.who),
        *(entry.act.value, entry.consultation, entry.subject, entry.detail),
    ]
    content = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()
