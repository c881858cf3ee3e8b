"""What results are: plain frozen records, for reports, digests, the terminal and the API alike.

Nothing here computes and nothing heavy is imported. All of it is JSON by msgspec, there and back. Shares are from 0 to
1. Intervals are at 95%. A value that cannot be had (a share of nobody, an interval of one number) is None, never 0.

A `Count` that is None is withheld, so that nobody is singled out by it: results are computed whole, and published
(`bot.results.publication`) with what is too small taken out, along with all that is computed from it.

Labels are `Text`s, so that a report can be in any language of the consultation; they are None where a name speaks for
itself or is the reader's to translate: a language's code, a channel, a band of ages.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from bot.core.disposition import Disposition
from bot.core.questionnaire import ItemType, Text
from bot.errors import DisclosureError
from bot.results.selection import Selection

# --- figures

Count = int | None
"""How many; None where that is withheld, never 0 in its place. Results that are not for the public hold all."""


def exact(count: Count) -> int:
    """Return a count of results that are whole.

    Raises:
        DisclosureError: it is withheld.
    """
    if count is None:
        raise DisclosureError("these results are withheld already; take whole ones")
    return count


@dataclass(frozen=True, slots=True)
class Interval:
    """From where to where a figure lies, at 95%: for these people, were they drawn by chance from a larger number."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Weighted:
    """A figure after weighting to census margins; it stands beside the unweighted one, never in its place.

    `effective` is Kish's effective number of respondents behind it: what the interval is computed with.
    """

    value: float
    interval: Interval | None
    effective: float


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `base`, both unweighted: people, or answers where the item is in a repeat."""

    count: Count
    base: Count
    share: float | None
    interval: Interval | None
    weighted: Weighted | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean or a median. A median has no weighted interval."""

    value: float
    interval: Interval | None
    weighted: Weighted | None = None


# --- items


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


# --- differences between groups


class Method(StrEnum):
    """How a difference between groups is tested."""

    CHI_SQUARE = "chi_square"
    PERMUTATION = "permutation"
    """The same statistic, its p counted over tables drawn by chance with the same totals: for small counts."""
    KRUSKAL_WALLIS = "kruskal_wallis"


class EffectSize(StrEnum):
    CRAMERS_V = "cramers_v"
    EPSILON_SQUARED = "epsilon_squared"


class Untested(StrEnum):
    """Why a breakdown has no test."""

    TOO_FEW = "too_few"
    """Fewer than two groups have enough answers."""
    ALL_ALIKE = "all_alike"
    """Everybody gave the same answer."""
    REPEATED = "repeated"
    """Its answers are rounds, which are not independent of each other."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Whether groups differ by more than noise. Tests are of unweighted answers.

    `choice` names the option that is tested on its own (select_multiple), else None. `n` and `groups` are those who
    went in: groups of too few stay out. `adjusted` is p adjusted for all tests of the results (Holm). `notable`:
    adjusted below 0.05, and the effect is not negligible.
    """

    method: Method
    choice: str | None
    n: int
    groups: int
    statistic: float
    freedom: int
    p: float
    adjusted: float
    effect_size: EffectSize
    effect: float
    notable: bool


@dataclass(frozen=True, slots=True)
class GroupResult:
    """What one group answered; `n` are its answers to the item.

    `choices` are in the order of the item's own; of a ranking, they are first places.
    """

    name: str
    label: Text | None
    n: Count
    choices: tuple[ChoiceResult, ...] = ()
    mean: Estimate | None = None
    median: Estimate | None = None


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One item by one group variable: `language`, `channel`, `came_by` or an item's name.

    Who is in no group is `not_stated`.
    """

    item: str
    variable: str
    label: Text | None
    groups: tuple[GroupResult, ...]
    not_stated: Count
    tests: tuple[Comparison, ...] = ()
    untested: Untested | None = None

    @property
    def notable(self) -> bool:
        return any(test.notable for test in self.tests)


# --- who took part


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many interviews ended so; `aapor_code` is "" while they go on."""

    disposition: Disposition
    aapor_code: str
    count: Count


@dataclass(frozen=True, slots=True)
class Turnout:
    """How interviews went: of everybody, or of those on one channel, in one language or of one source.

    `participation` is complete and partial interviews of those who wrote in, `completion` complete ones of complete,
    partial and broken-off ones. Neither counts interviews in progress, and participation not those for whom the
    consultation was not meant. Neither is a response rate: nobody knows of how many.
    """

    started: Count
    consented: Count
    outcomes: tuple[Outcome, ...]
    """Those that occur, in the order of `Disposition`."""
    participation: Share
    completion: Share

    def count(self, disposition: Disposition) -> Count:
        return next((one.count for one in self.outcomes if one.disposition is disposition), 0)


@dataclass(frozen=True, slots=True)
class GroupTurnout:
    """`name` is a channel, a language's code or a source; "" where no language was chosen, or no source is known."""

    name: str
    turnout: Turnout


@dataclass(frozen=True, slots=True)
class LeftAt:
    """At which item interviews were broken off: `left.count` of the `left.base` who were asked it."""

    item: str
    label: Text | None
    left: Share


@dataclass(frozen=True, slots=True)
class Duration:
    """Minutes from the first message to the last, of complete interviews; pauses count."""

    n: Count
    median: Estimate | None
    lower: float | None
    upper: float | None


class Unheard(StrEnum):
    """What became of somebody who was invited and never began an interview."""

    OPTED_OUT = "opted_out"
    NO_ANSWER = "no_answer"
    """The invitation is known to be on their phone."""
    NOT_KNOWN = "not_known"
    """It was sent, and nothing says whether it arrived: many networks do not tell."""
    UNDELIVERED = "undelivered"

    @property
    def aapor_code(self) -> str:
        """Return the code of the Standard Definitions, for surveys of specifically named persons."""
        return {"opted_out": "2.11", "no_answer": "2.20", "not_known": "3.19", "undelivered": "3.30"}[self]


@dataclass(frozen=True, slots=True)
class Invited:
    """How many people were invited, and what became of those who never began an interview."""

    people: int
    unheard: tuple[tuple[Unheard, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Response:
    """What is known of those who were invited.

    `rate` is AAPOR's response rate 2: complete and partial interviews, of all who were invited but for those whom the
    consultation is not for. Where others took part too (`is_mixed`), or only some are looked at, there is none: nobody
    knows how many could have.
    """

    unheard: tuple[tuple[Unheard, int], ...]
    rate: Share | None
    is_mixed: bool


@dataclass(frozen=True, slots=True)
class ReportBack:
    """Who wants to be told what came of it, of those who completed: `unsaid` were asked and sent no answer."""

    wanted: Count
    declined: Count
    unsaid: Count


@dataclass(frozen=True, slots=True)
class Participation:
    """Who took part. `invited` and `response` are None where nobody was invited: people came by themselves.

    `response` is the organiser's to know, and never published: few invitations of a kind would be told apart.

    `report_back` is None where people are not asked; it is the organiser's to know, and never published.
    """

    invited: int | None
    turnout: Turnout
    by_channel: tuple[GroupTurnout, ...]
    by_language: tuple[GroupTurnout, ...]
    left: tuple[LeftAt, ...]
    duration: Duration | None
    by_source: tuple[GroupTurnout, ...] = ()
    """Of those who came by a link or code with a source, and of all others; empty where nobody did."""
    report_back: ReportBack | None = None
    response: Response | None = None


# --- who was heard


@dataclass(frozen=True, slots=True)
class RepresentedGroup:
    """One group against the population.

    `heard` is its share of those who said what they are, `population` its share there, `ratio` the one by the other:
    0.5 is half as many as its share of the population. `needed` is how many more of this group alone would bring it to
    its share: 0 where there are enough, None where no number would do.
    """

    name: str
    label: Text
    heard: Share
    population: float
    ratio: float | None
    ratio_interval: Interval | None
    needed: int | None


@dataclass(frozen=True, slots=True)
class Representation:
    """One variable of the population file against those who consented.

    `dissimilarity` (0 to 1) is the share of people who would have to be others for the shares to be the population's.
    """

    variable: str
    label: Text | None
    stated: Count
    not_stated: Count
    groups: tuple[RepresentedGroup, ...]
    dissimilarity: float | None
    source: str
    year: int


@dataclass(frozen=True, slots=True)
class Collapsed:
    """Categories of a variable that were too small to be weighted alone, and were weighted as one."""

    variable: str
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Weighting:
    """How answers were weighted to census margins, or why they were not (`refused`).

    `design_effect` is Kish's, and `effective` the respondents over it. `least` and `most` are weights (mean 1);
    `trimmed` counts those held at a bound; `gap` is the largest difference left between a weighted share and its
    margin. All None or 0 where it was refused before it was tried.
    """

    variables: tuple[str, ...]
    respondents: Count
    not_stated: Count
    """Of these, who did not say what they are in one of the variables or more; that variable does not weight them."""
    refused: "Notice | None" = None
    design_effect: float | None = None
    effective: float | None = None
    least: float | None = None
    most: float | None = None
    trimmed: Count = 0
    gap: float | None = None
    sweeps: int = 0
    collapsed: tuple[Collapsed, ...] = ()

    @property
    def applied(self) -> bool:
        return self.refused is None


class Measure(StrEnum):
    """What may go worse for some people than for others."""

    CONSENT = "consent"
    """Said yes, of those who were asked and whose interview is over. Less is worse."""
    BREAK_OFF = "break_off"
    """Stopped or fell silent after consent, of those whose interview is over. More is worse."""
    ASK_AGAIN = "ask_again"
    """Questions that had to be asked again, of questions answered: the translation's fault, not the people's."""
    OPT_OUT = "opt_out"
    """Sent STOP after consent, of those who consented. More is worse."""


@dataclass(frozen=True, slots=True)
class GroupRate:
    """How one group fares. `rest` is the rate of all others. `adjusted` is p of the difference, adjusted for all
    comparisons of `Equity` (Holm). `worse`: adjusted below 0.05, in the bad direction, and not negligible."""

    name: str
    rate: Share
    rest: Share
    adjusted: float | None
    worse: bool


@dataclass(frozen=True, slots=True)
class EquityRate:
    """One measure by `language` or `channel`; `item` where it is of one question alone (only where one is worse)."""

    measure: Measure
    variable: str
    overall: Share
    groups: tuple[GroupRate, ...]
    item: str | None = None

    @property
    def worse(self) -> tuple[GroupRate, ...]:
        return tuple(group for group in self.groups if group.worse)


@dataclass(frozen=True, slots=True)
class Equity:
    """Whether the consultation served everybody alike."""

    rates: tuple[EquityRate, ...]

    @property
    def worse(self) -> tuple[tuple[EquityRate, GroupRate], ...]:
        return tuple((rate, group) for rate in self.rates for group in rate.worse)


# --- warnings


class NoticeCode(StrEnum):
    """What a reader has to know, by a stable code; `Notice.values` has what its sentence names."""

    NOBODY = "nobody"
    """Nobody is in the selection."""
    SELF_SELECTED = "self_selected"
    """People took part of themselves: figures are of them, not of the population. Always there."""
    FEW_RESPONDENTS = "few_respondents"
    """`n` consented, fewer than `least`: shares may turn with every person more; groups are not compared."""
    IN_PROGRESS = "in_progress"
    """`n` interviews are still going on."""
    TYPE_CHANGED = "type_changed"
    """Older versions asked `item` as another kind of question; those answers are in the exports alone."""
    ONLY_OLDER = "only_older"
    """Only older versions asked `item`; its answers are in the exports alone."""
    REPEATED = "repeated"
    """`item` is asked in rounds: its figures count rounds, and have no intervals."""
    GROUPS_TOO_SMALL = "groups_too_small"
    """`groups` of `variable` have fewer than `least` people, and are not tested."""
    WEIGHTED = "weighted"
    """Figures marked so are weighted to census margins of `variables`; the design effect is `design_effect`."""
    NOT_WEIGHTED_EMPTY = "not_weighted_empty"
    """Nobody is of `category` of `variable`, so nobody can stand for it."""
    NOT_WEIGHTED_DESIGN_EFFECT = "not_weighted_design_effect"
    """The weights would have a design effect of `design_effect`, over `most`, were they not held within bounds."""
    NOT_WEIGHTED_FEW = "not_weighted_few"
    """`n` consented, fewer than the `least` that weights need."""
    NOT_WEIGHTED_APART = "not_weighted_apart"
    """The weights came no nearer to the margins than `gap`."""
    COLLAPSED = "collapsed"
    """`categories` of `variable` were weighted as one."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence for the reader: its code, and what is filled in."""

    code: NoticeCode
    values: Mapping[str, str | int | float] = field(default_factory=dict)


# --- the whole


@dataclass(frozen=True, slots=True)
class Results:
    """Everything that a consultation comes to, as things stood at a moment.

    `selected` are the interviews that `selection` let through, `consented` those of them whose answers count.
    """

    consultation: str
    title: Text
    version: str
    at: datetime
    selection: Selection
    selected: Count
    consented: Count
    participation: Participation
    items: tuple[ItemResult, ...]
    breakdowns: tuple[Breakdown, ...]
    representation: tuple[Representation, ...]
    weighting: Weighting | None
    equity: Equity
    notices: tuple[Notice, ...]

    def item(self, name: str) -> ItemResult:
        """Return an item's result; KeyError where there is none."""
        return {one.name: one for one in self.items}[name]

    def breakdowns_of(self, item: str) -> tuple[Breakdown, ...]:
        return tuple(one for one in self.breakdowns if one.item == item)
