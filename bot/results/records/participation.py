"""Who took part: how interviews ended, where people left, and what became of who was invited."""

from dataclasses import dataclass
from enum import StrEnum

from bot.core.disposition import Disposition
from bot.core.questionnaire import Text
from bot.results.records.figures import Count, Estimate, Share


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many interviews ended so; `aapor_code` is "" while they go on."""

    disposition: Disposition
    aapor_code: str
    count: Count


@dataclass(frozen=True, slots=True)
class Turnout:
    """How interviews went: of everybody, or of the people of one group.

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
    """`name` is a channel, a language's code, a source, or whether they were helped (`yes`, `no`).

    It is "" where no language was chosen, or no source is known.
    """

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
    by_help: tuple[GroupTurnout, ...] = ()
    """Of those who were helped to answer, and of those who answered alone; empty where nobody was helped."""
