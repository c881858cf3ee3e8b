"""What the API shows besides what was published as it stands: consultations with their releases, and findings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.core.findings import Change, Finding, FindingState
from bot.store.releases import Listed


@dataclass(frozen=True, slots=True)
class ShownRelease:
    """One release. What was withdrawn is not shown any more."""

    number: int
    released_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class ShownConsultation:
    """One consultation: its title in the first of its languages, and what was published of it, the oldest first."""

    id: str
    title: str
    languages: Sequence[str]
    releases: Sequence[ShownRelease]


@dataclass(frozen=True, slots=True)
class ShownConsultations:
    """The consultations that a token is for."""

    consultations: Sequence[ShownConsultation]


@dataclass(frozen=True, slots=True)
class ShownChange:
    """What was answered to a finding, when, and by whom it is answered for; `told` counts people who were told so."""

    state: FindingState
    at: datetime
    owner: str
    due: date | None
    reason: str | None
    referred_to: str | None
    done_on: date | None
    told: int


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """One finding with all that was answered to it, the oldest first."""

    id: int
    title: str
    state: FindingState
    is_overdue: bool
    changes: Sequence[ShownChange]


@dataclass(frozen=True, slots=True)
class ShownFindings:
    """The findings of a consultation."""

    findings: Sequence[ShownFinding]


def shown_release(listed: Listed) -> ShownRelease:
    return ShownRelease(listed.number, listed.released_at, listed.withdrawn_at)


def shown_finding(finding: Finding, today: date) -> ShownFinding:
    """Return a finding without the names of those who wrote it down."""
    changes = tuple(map(_change, finding.changes))
    return ShownFinding(finding.id, finding.title, finding.now.state, finding.is_overdue(today), changes)


def _change(one: Change) -> ShownChange:
    return ShownChange(
        one.state, one.at, one.owner, one.due, one.reason, one.referred_to, one.done_on, one.told.people
    )
