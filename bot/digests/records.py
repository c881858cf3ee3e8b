"""What a digest says: plain records, kept as JSON from when it is made until it is sent, and sent so by webhook."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

Count = int | None
"""How many; None where so few are not told of."""


class Code(StrEnum):
    """What one line of a digest says; `Line.values` and `Line.words` have what its sentence names."""

    RELEASED = "released"
    """Results were published, as release `number`."""
    DIFFERENCE_CAME = "difference_came"
    """Groups of `variable` differ notably on `item` (its `question`), which they did not in the release before."""
    DIFFERENCE_WENT = "difference_went"
    UNDERHEARD_CAME = "underheard_came"
    """`group` of `variable` is heard less than its share of the population now, at `percent` of it."""
    UNDERHEARD_WENT = "underheard_went"
    ANSWERED = "answered"
    """The finding `title` came to `state`, by `owner`; where it was passed on, `referred_to`."""

    ASKED_AGAIN = "asked_again"
    """In `language`, `percent` of questions had to be asked again; in the others `rest`."""
    LEFT_AT = "left_at"
    """At `item` (its `question`), `percent` of those asked left."""
    WORSE = "worse"
    """By `measure`, `group` of `variable` fares worse: `percent`, the rest `rest`."""
    OVERDUE = "overdue"
    """The finding `title` was to be answered by `due`, by `owner`."""
    WAITING = "waiting"
    """`number` people wrote something that a person is to read, and nobody has looked at it for more than a day."""


@dataclass(frozen=True, slots=True)
class Words:
    """Words of the consultation, or of who answers for it; `language` is BCP 47, None where nobody knows it."""

    text: str
    language: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of a digest: its code, and what is filled in.

    `values` are the same in every language: numbers, names of items and groups, dates as ISO 8601 has them. `words` are
    for people, under the name of the value that they stand for, or of what has no other.
    """

    code: Code
    values: Mapping[str, str | int] = field(default_factory=dict)
    words: Mapping[str, Words] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LanguageCount:
    """Interviews in one language, "" where none was chosen: rounded, and None where they are few."""

    language: str
    started: Count
    completed: Count
    new_started: Count
    new_completed: Count


@dataclass(frozen=True, slots=True)
class Digest:
    """What is new in a consultation after `since`, up to `until`; both are shown in `zone`.

    `language` is the one that it is told in; words of the consultation are in it where they were translated.
    `threshold` is what counts by language are withheld below, and `rounding` what they are rounded to.
    """

    consultation: str
    language: str
    title: Words
    since: datetime
    until: datetime
    zone: str
    started: int
    completed: int
    new_started: int
    new_completed: int
    languages: tuple[LanguageCount, ...]
    threshold: int
    rounding: int
    changes: tuple[Line, ...]
    warnings: tuple[Line, ...]
