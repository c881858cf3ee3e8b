"""What one question came to: who answered it, and how its answers lie."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum

from bot.core.questionnaire import ItemType, Text
from bot.results.records.figures import Count, Estimate, Share


class Reason(StrEnum):
    """Why an answer is missing."""

    SKIPPED = "skipped"
    DONT_KNOW = "dont_know"
    REFUSED = "refused"
    NOT_UNDERSTOOD = "not_understood"
    """The last try was not understood, and the words were kept."""
    GIVEN_UP = "given_up"
    """The last try was not understood, and the item says to go on."""
    LEFT = "left"
    """They were asked, and never answered anything any more."""
    WAITING = "waiting"
    """They were asked, and may still answer: the interview is in progress."""
    NOT_REACHED = "not_reached"
    """They left, or are still, before this item."""
    NOT_ASKED = "not_asked"
    """It was not for them."""


@dataclass(frozen=True, slots=True)
class Base:
    """Who stands behind an item: `consented` = `answered` + all of `missing`.

    `asked` leaves out only who was not asked or did not come as far. In a repeat all are rounds, not people, of the
    rounds that anybody had.
    """

    consented: Count
    asked: Count
    answered: Count
    missing: Mapping[Reason, Count] = field(default_factory=dict)
    """Only reasons that occur, in the order of `Reason`."""


@dataclass(frozen=True, slots=True)
class ChoiceResult:
    """One response option of a select; its share is of those who answered. Several can be taken in select_multiple."""

    name: str
    label: Text
    taken: Share


@dataclass(frozen=True, slots=True)
class RankedChoice:
    """One response option of a ranking.

    `first` counts first places. `points` is its normalised Borda score: the share of the other options that it
    stood above, averaged over those who placed it; from 0 (always last) to 1 (always first).
    """

    name: str
    label: Text
    placed: Count
    first: Share
    mean_place: Estimate | None
    points: float | None


@dataclass(frozen=True, slots=True)
class Bin:
    """One bar of a histogram, from `low` to `high`: both included of whole numbers and in the last bar, else `high`
    is the next bar's."""

    low: float
    high: float
    count: Count


@dataclass(frozen=True, slots=True)
class Numbers:
    """How numbers lie. `lower` and `upper` are the quartiles; `deviation` is the sample's, None of one number.

    `least` and `most` are what one person said: they are never published.
    """

    n: Count
    whole: bool
    mean: Estimate | None
    median: Estimate | None
    lower: float | None
    upper: float | None
    least: float | None
    most: float | None
    deviation: float | None
    bins: tuple[Bin, ...]


class Period(StrEnum):
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class DateBin:
    """`start` is the first day of the month or year."""

    start: date
    count: Count


@dataclass(frozen=True, slots=True)
class Dates:
    """How dates lie: by month, or by year where there would be too many months to look at; empty ones too.

    `first` and `last` are what one person said: they are never published.
    """

    n: Count
    first: date | None
    last: date | None
    period: Period
    bins: tuple[DateBin, ...]


@dataclass(frozen=True, slots=True)
class Times:
    """How times of day lie; `hours` are the 24 hours' counts.

    `first` and `last` are what one person said: they are never published.
    """

    n: Count
    first: time | None
    last: time | None
    hours: tuple[Count, ...]


class FileState(StrEnum):
    """What has become of a picture or sound that somebody sent."""

    KEPT = "kept"
    WAITING = "waiting"
    """It is still to be fetched."""
    NOT_KEPT = "not_kept"
    """It was refused, or cannot be had; exports say why."""
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class ItemResult:
    """One question. By its type it has `choices`, `ranking` (best first), `numbers`, `dates` or `times`.

    Pictures and sounds have `files`, only states that occur; words and places have their `base` alone. `repeated`: its
    answers are those of all rounds, and have no intervals, since the rounds of one person are alike.
    """

    name: str
    type: ItemType
    label: Text | None
    base: Base
    repeated: bool = False
    choices: tuple[ChoiceResult, ...] = ()
    ranking: tuple[RankedChoice, ...] = ()
    numbers: Numbers | None = None
    dates: Dates | None = None
    times: Times | None = None
    files: Mapping[FileState, Count] = field(default_factory=dict)
