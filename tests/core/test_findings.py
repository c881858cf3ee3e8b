"""What may become of a finding, when it is overdue, and how a consultation was answered."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.core.findings import (
    FOLLOWING,
    Change,
    Finding,
    FindingState,
    Told,
    change_faults,
    due_by,
    summarise,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
START = date(2026, 1, 5)
DUE = date(2026, 3, 30)
HEARD = Change(1, FindingState.HEARD, NOON, "amina", "Water office", DUE)
NEEDS: dict[str, dict[str, Any]] = {
    "rejected": {"reason": "There is no money."},
    "referred": {"referred_to": "the district"},
    "done": {"done_on": date(2026, 3, 1)},
}


def became(state: str, before: Change = HEARD, **fields: Any) -> Change:
    """Return the change to a state, with what it needs."""
    given = {"owner": before.owner, "reason": "It is so.", **NEEDS.get(state, {}), **fields}
    return Change(before.number + 1, FindingState(state), NOON, "amina", **given)


def finding(*changes: Change, number: int = 1, counted_from: date = START) -> Finding:
    return Finding(number, "trial", "The well is dry", counted_from, changes)


@pytest.mark.parametrize("before", FindingState)
@pytest.mark.parametrize("after", FindingState)
def test_what_may_follow(before: FindingState, after: FindingState) -> None:
    stood = HEARD if before is FindingState.HEARD else became(before)
    follows = after in FOLLOWING[before] and after is not before
    faults = change_faults(stood, became(after, stood, due=stood.due if after is before else None))
    if after is before:
        assert faults == (f"It is {before} already.",)
    else:
        assert (faults == ()) is follows
        assert follows or str(after) in faults[0]


def test_nothing_that_was_answered_is_only_heard_again() -> None:
    assert not any(FindingState.HEARD in following for following in FOLLOWING.values())
    faults = change_faults(became("rejected"), became("done", reason=None))
    assert faults == ("What is rejected can become accepted, partly or referred, not done.",)


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        (None, HEARD, None),
        (None, replace(HEARD, due=None), "A finding is heard first"),
        (None, became("accepted"), "A finding is heard first"),
        (None, replace(HEARD, owner=" "), "name an owner"),
        (HEARD, became("rejected", reason=None), "Give the reason"),
        (HEARD, became("rejected", reason=""), "Give the reason"),
        (HEARD, became("referred", referred_to=None), "Say to whom"),
        (HEARD, became("accepted", referred_to="the district"), "Only what is referred"),
        (HEARD, became("accepted", reason=None), None),
        (HEARD, became("accepted", reason=None, due=DUE), None),
        (HEARD, became("rejected", due=DUE), "is not due any more"),
        (HEARD, became("done", done_on=None), "A day on which it was done"),
        (HEARD, became("accepted", done_on=date(2026, 3, 1)), "A day on which it was done"),
        (HEARD, became("done", done_on=date(2026, 3, 3)), "has not come yet"),
        (became("accepted"), became("rejected"), None),
        (became("accepted"), became("partly", reason=None), "why what was accepted is partly now"),
        (became("done"), became("accepted", reason=None), "why what was done is accepted now"),
        (became("referred"), became("accepted", reason=None), None),
        (became("accepted"), became("done", reason=None), None),
        (HEARD, became("heard", due=DUE, owner="Roads", reason=None), None),
        (HEARD, became("heard", due=DUE + timedelta(days=9), reason=None), "due on another day"),
        (HEARD, became("heard", due=DUE + timedelta(days=9)), None),
        (became("referred"), became("referred", referred_to="the province"), None),
    ],
)
def test_what_a_change_needs(before: Change | None, after: Change, fault: str | None) -> None:
    faults = change_faults(before, after)
    assert faults == () if fault is None else fault in " ".join(faults)


def test_every_fault_is_told_at_once() -> None:
    assert len(change_faults(HEARD, became("rejected", owner="", reason=None, due=DUE))) == 3


@pytest.mark.parametrize(
    ("changes", "today", "is_overdue"),
    [
        ((HEARD,), DUE, False),
        ((HEARD,), DUE + timedelta(days=1), True),
        ((HEARD, became("accepted")), DUE + timedelta(days=1), False),
        ((HEARD, became("accepted", due=date(2026, 6, 1))), date(2026, 6, 2), True),
        ((HEARD, became("rejected")), date(2030, 1, 1), False),
        ((HEARD, became("done")), date(2030, 1, 1), False),
    ],
)
def test_overdue_is_what_is_owed_since_before_today(
    changes: tuple[Change, ...], today: date, is_overdue: bool
) -> None:
    assert finding(*changes).is_overdue(today) is is_overdue


def test_an_answer_is_due_after_twelve_weeks() -> None:
    assert due_by(START) == DUE


def test_how_a_consultation_was_answered() -> None:
    quick = finding(HEARD, replace(became("accepted"), told=Told(10, 2, 7, 1)))
    late = finding(HEARD, became("rejected"), number=2, counted_from=date(2025, 11, 1))
    open_ = finding(replace(HEARD, told=Told(5, 0, 5, 0)), number=3)
    longer_open = finding(replace(HEARD, due=START), number=4)
    summary = summarise([quick, late, open_, longer_open], DUE + timedelta(days=1))
    assert (quick.days_to_answer, late.days_to_answer, open_.days_to_answer) == (56, 121, None)
    assert (summary.findings, summary.answered, summary.share_answered) == (4, 2, 0.5)
    assert (summary.median_days, summary.within_weeks) == (88.5, 1)
    assert [one.id for one in summary.overdue] == [4, 3]
    assert summary.told == Told(15, 2, 12, 1)


def test_without_findings_nothing_is_counted() -> None:
    summary = summarise([], DUE)
    assert (summary.share_answered, summary.median_days, summary.overdue, summary.told) == (
        None,
        None,
        (),
        Told(),
    )
