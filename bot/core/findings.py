"""What a consultation found, who has to answer it until when, and what was answered: heard, and then what came of it.

The states are those by which public bodies answer consultations, "you said, we did": each finding is accepted, in part
or whole, rejected with a reason, referred to whom it is a matter for, and at last done. That an answer is due within 12
weeks is a rule of the UK Government's Consultation Principles (2018).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import median

WEEKS_TO_ANSWER = 12


class FindingState(StrEnum):
    """What was answered to a finding so far."""

    HEARD = "heard"
    ACCEPTED = "accepted"
    PARTLY = "partly"
    REJECTED = "rejected"
    REFERRED = "referred"
    """It is a matter for somebody else, who is named."""
    DONE = "done"


FOLLOWING = {
    FindingState.HEARD: frozenset(FindingState) - {FindingState.HEARD},
    FindingState.ACCEPTED: frozenset(FindingState) - {FindingState.HEARD, FindingState.ACCEPTED},
    FindingState.PARTLY: frozenset(FindingState) - {FindingState.HEARD, FindingState.PARTLY},
    FindingState.REFERRED: frozenset(FindingState) - {FindingState.HEARD},
    FindingState.REJECTED: frozenset({FindingState.ACCEPTED, FindingState.PARTLY, FindingState.REFERRED}),
    FindingState.DONE: frozenset({FindingState.ACCEPTED, FindingState.PARTLY}),
}
"""What may follow each state. What was answered is never only heard again; what was rejected is accepted before it is
done, and what is done may turn out not to be."""

SETTLED = frozenset({FindingState.REJECTED, FindingState.DONE})
"""States in which nothing is owed any more."""


@dataclass(frozen=True, slots=True)
class Told:
    """How many messages of a change were queued to people, and what became of them; the rest is on its way.

    `sent` went out and nothing more is known of it: not every channel says when a message has arrived.
    """

    people: int = 0
    sent: int = 0
    delivered: int = 0
    failed: int = 0

    def __add__(self, other: "Told") -> "Told":
        return Told(
            self.people + other.people,
            self.sent + other.sent,
            self.delivered + other.delivered,
            self.failed + other.failed,
        )


@dataclass(frozen=True, slots=True)
class Change:
    """One state that a finding came to: when, by whom, and what was answered.

    `number` counts from 1, the registration. `owner` is who answers for it from then on, `due` by when: an answer while
    it is only heard, what was promised after that; None where nothing is owed. `done_on` is the day when it was done.
    `languages` are those in which there are words for the people who answered.
    """

    number: int
    state: FindingState
    at: datetime
    by: str
    owner: str
    due: date | None = None
    reason: str | None = None
    referred_to: str | None = None
    done_on: date | None = None
    languages: tuple[str, ...] = ()
    told: Told = Told()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that people said in a consultation and that somebody has to answer, with all its changes, oldest first.

    `counted_from` is the day from which the weeks to answer it run.
    """

    id: int
    consultation: str
    title: str
    counted_from: date
    changes: tuple[Change, ...]

    @property
    def now(self) -> Change:
        """What it has come to."""
        return self.changes[-1]

    @property
    def answered_at(self) -> datetime | None:
        """When it was answered first; None while it is only heard."""
        return next((one.at for one in self.changes if one.state is not FindingState.HEARD), None)

    @property
    def days_to_answer(self) -> int | None:
        """The days from `counted_from` to the first answer; None while there is none."""
        return (self.answered_at.date() - self.counted_from).days if self.answered_at else None

    @property
    def told(self) -> Told:
        return sum((one.told for one in self.changes), Told())

    def is_overdue(self, today: date) -> bool:
        """Return whether an answer, or what was promised in one, is owed since before this day."""
        return self.now.state not in SETTLED and self.now.due is not None and self.now.due < today


@dataclass(frozen=True, slots=True)
class FindingsSummary:
    """How a consultation was answered. `overdue` are the findings that are, the longest owed first.

    `share_answered` is from 0 to 1, `median_days` from `counted_from` to the first answer, of those that have one; both
    None where there are none to count.
    """

    findings: int
    answered: int
    share_answered: float | None
    median_days: float | None
    within_weeks: int
    """How many were answered within `WEEKS_TO_ANSWER`."""
    overdue: tuple[Finding, ...]
    told: Told


def summarise(findings: Sequence[Finding], today: date) -> FindingsSummary:
    """Return how a consultation was answered, as things stand on a day."""
    days = [one.days_to_answer for one in findings if one.days_to_answer is not None]
    overdue = [one for one in findings if one.is_overdue(today)]
    return FindingsSummary(
        findings=len(findings),
        answered=len(days),
        share_answered=len(days) / len(findings) if findings else None,
        median_days=float(median(days)) if days else None,
        within_weeks=sum(one <= WEEKS_TO_ANSWER * 7 for one in days),
        overdue=tuple(sorted(overdue, key=lambda one: (one.now.due or today, one.id))),
        told=sum((one.told for one in findings), Told()),
    )


def due_by(counted_from: date) -> date:
    """Return by when a finding has to be answered where nobody says otherwise."""
    return counted_from + timedelta(weeks=WEEKS_TO_ANSWER)


def change_faults(before: Change | None, after: Change) -> tuple[str, ...]:
    """Return every reason why a change cannot follow another (None: the registration); none where it can."""
    return tuple(_faults(before, after))


def _faults(before: Change | None, after: Change) -> Iterator[str]:
    if not after.owner.strip():
        yield "Somebody has to answer for it: name an owner."
    if after.state is FindingState.REFERRED and not after.referred_to:
        yield "Say to whom it is referred."
    if after.state is not FindingState.REFERRED and after.referred_to:
        yield f"Only what is referred is so to somebody, not what is {after.state}."
    if after.state is FindingState.REJECTED and not after.reason:
        yield "Give the reason: who answered is owed one."
    if after.state in SETTLED and after.due is not None:
        yield f"What is {after.state} is not due any more."
    if (after.state is FindingState.DONE) is (after.done_on is None):
        yield "A day on which it was done belongs to what is done, and to that alone."
    elif after.done_on is not None and after.done_on > after.at.date():
        yield "The day on which it was done has not come yet."
    yield from _sequence_faults(before, after)


def _sequence_faults(before: Change | None, after: Change) -> Iterator[str]:
    if before is None:
        if after.state is not FindingState.HEARD or after.due is None:
            yield "A finding is heard first, with a day by which it is to be answered."
        return
    if after.state is before.state:
        if (after.owner, after.due, after.referred_to) == (before.owner, before.due, before.referred_to):
            yield f"It is {before.state} already."
        elif after.due != before.due and not after.reason:
            yield "Give the reason why it is due on another day."
    elif after.state not in FOLLOWING[before.state]:
        yield f"What is {before.state} can become {_listed(FOLLOWING[before.state])}, not {after.state}."
    elif before.state in _ANSWERED and after.state in _DECISIONS and not after.reason:
        yield f"Give the reason why what was {before.state} is {after.state} now."


_DECISIONS = frozenset({FindingState.ACCEPTED, FindingState.PARTLY, FindingState.REJECTED})
_ANSWERED = _DECISIONS | {FindingState.DONE}


def _listed(states: Iterable[FindingState]) -> str:
    chosen = set(states)
    *some, last = [str(state) for state in FindingState if state in chosen]
    return f"{', '.join(some)} or {last}" if some else last
