"""Who is invited now, of those whose turn it is: what speaks against it, and chance that can be repeated."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.outreach.campaigns import Lane, Terms, Words
from bot.core.outreach.choosing import (
    Candidate,
    Decision,
    Hold,
    Invite,
    LeaveOut,
    PutOff,
    Reason,
    Steered,
    Steering,
    Wait,
    by_turn,
    choose,
    is_open,
    next_opening,
)
from bot.core.outreach.drawing import turn_of, wording_of
from bot.core.outreach.hours import Hours
from bot.core.outreach.spoken import language_for

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # 15:00 in Nairobi, 07:00 in New York
EVENING = datetime(2026, 3, 2, 16, 0, tzinfo=UTC)
LANE = Lane("+12025550100", "Africa/Nairobi")
SAID = {"plain": {"en": Words("Come. STOP.", 1), "sw": Words("Karibu. STOP.", 2)}}
TERMS = Terms(Hours(time(9), time(19)), SAID, (LANE,), 10)
SOMEBODY = Candidate(1, 11, 5, "plain", 0, "en", "Africa/Nairobi")


def one(**fields: Any) -> Candidate:
    return replace(SOMEBODY, **fields)


@pytest.mark.parametrize(
    ("candidate", "decision"),
    [
        (one(), Invite(one(), LANE.sender, "en", SAID["plain"]["en"], EVENING)),
        (
            one(language="sw"),
            Invite(one(language="sw"), LANE.sender, "sw", SAID["plain"]["sw"], EVENING),
        ),
        (one(opted_out=True), LeaveOut(one(opted_out=True), Reason.OPTED_OUT)),
        (one(is_interviewed=True), LeaveOut(one(is_interviewed=True), Reason.INTERVIEWED)),
        (one(is_gone=True), LeaveOut(one(is_gone=True), Reason.GONE)),
        (one(language=None), LeaveOut(one(language=None), Reason.NO_LANGUAGE)),
        (one(language="fr"), LeaveOut(one(language="fr"), Reason.NO_WORDS)),
        (one(wording="new"), LeaveOut(one(wording="new"), Reason.NO_WORDS)),
        # In the middle of another consultation, and long silent in one.
        (
            one(answers_at=NOW - timedelta(days=2)),
            PutOff(one(answers_at=NOW - timedelta(days=2)), NOW + timedelta(days=5)),
        ),
        (
            one(answers_at=NOW - timedelta(days=7)),
            Invite(one(answers_at=NOW - timedelta(days=7)), LANE.sender, "en", SAID["plain"]["en"], EVENING),
        ),
        # A person of ours answers them.
        (one(is_attended=True), PutOff(one(is_attended=True), NOW + timedelta(hours=1))),
        # It is seven in the morning where the file says by now that they are; or maybe are.
        (
            one(time_zones="America/New_York"),
            PutOff(one(time_zones="America/New_York"), NOW + timedelta(hours=2)),
        ),
        (
            one(time_zones="Africa/Nairobi America/New_York"),
            PutOff(one(time_zones="Africa/Nairobi America/New_York"), NOW + timedelta(hours=2)),
        ),
    ],
)
def test_what_becomes_of_somebody_whose_turn_it_is(candidate: Candidate, decision: Decision) -> None:
    assert choose(TERMS, [candidate], NOW, 10) == [decision]


def test_the_room_of_the_sender_is_used_in_the_order_of_turns_and_the_rest_stay() -> None:
    people = [one(recipient_id=number, turn=100 - number, language="sw") for number in range(10)]
    decided = choose(TERMS, people, NOW, room=5)
    assert [decision.candidate.recipient_id for decision in decided] == [9, 8, 7]


def test_quotas_order_and_hold_those_alone_who_could_be_invited() -> None:
    seen: list[int] = []

    def steer(candidates: Any) -> Steered:
        seen.extend(candidate.recipient_id for candidate in candidates)
        full = [
            Hold(candidate, "women, 18 to 24: full")
            for candidate in candidates
            if candidate.recipient_id == 2
        ]
        return Steered([c for c in by_turn(candidates).order if c.recipient_id == 3], full)

    people = [one(recipient_id=number, opted_out=number == 4) for number in range(1, 5)]
    decided = choose(TERMS, people, NOW, 10, Steering(steer))
    assert seen == [1, 2, 3]
    assert {type(d).__name__: d.candidate.recipient_id for d in decided} == {
        "LeaveOut": 4,
        "Hold": 2,
        "Invite": 3,
    }


@pytest.mark.parametrize(
    ("now", "not_before", "at"),
    [
        (NOW, None, NOW),
        (NOW, NOW - timedelta(days=1), NOW),
        # At 18:00 in Nairobi, and when their own time has come.
        (EVENING, None, datetime(2026, 3, 3, 6, 0, tzinfo=UTC)),
        (NOW, NOW + timedelta(hours=1), NOW + timedelta(hours=1)),
        (NOW, EVENING, datetime(2026, 3, 3, 6, 0, tzinfo=UTC)),
    ],
)
def test_when_the_next_can_be_written_to(now: datetime, not_before: datetime | None, at: datetime) -> None:
    far = Lane(LANE.sender, "Pacific/Auckland")  # closed at all of these moments
    waits = [Wait(far, NOW + timedelta(days=3)), Wait(LANE, not_before)]
    assert next_opening(TERMS, waits, now) == (at, LANE)
    assert next_opening(TERMS, (), now) is None
    assert next_opening(replace(TERMS, hours=Hours(days=frozenset())), waits, now) is None


def test_no_hour_at_all_is_put_off_and_not_forgotten() -> None:
    never = replace(TERMS, hours=Hours(days=frozenset()))
    (decision,) = choose(never, [one()], NOW, 10)
    assert isinstance(decision, PutOff)
    assert decision.until > NOW + timedelta(days=300)
    assert not is_open(never, LANE, NOW)


@given(st.integers(0, 2**32 - 1), st.integers(1, 2**53))
def test_a_draw_is_the_same_whenever_it_is_drawn(seed: int, person: int) -> None:
    assert turn_of(seed, person) == turn_of(seed, person) < 2**63
    assert wording_of(seed, person, ["a", "b"]) in ("a", "b")


def test_chance_is_even_and_wording_does_not_hang_on_turn() -> None:
    drawn = [(turn_of(1, person), wording_of(1, person, ["a", "b", "c"])) for person in range(30_000)]
    assert all(9_600 < count < 10_400 for count in Counter(wording for _, wording in drawn).values())
    first = Counter(wording for _, wording in sorted(drawn)[:3_000])
    assert all(880 < count < 1_120 for count in first.values())
    assert len({turn for turn, _ in drawn}) == 30_000
    again = [turn_of(2, person) for person in range(1_000)]
    assert again != [turn for turn, _ in drawn[:1_000]]


@pytest.mark.parametrize(
    ("own", "listed", "spoken", "language"),
    [
        ("sw", "en", {"en", "sw"}, "sw"),
        ("fr", "en", {"en", "sw"}, "en"),
        (None, "en", {"en"}, "en"),
        (None, "fr", {"en"}, "fr"),
        (None, None, {"en"}, None),
    ],
)
def test_the_language_that_somebody_chose_themselves_goes_first(
    own: str | None, listed: str | None, spoken: set[str], language: str | None
) -> None:
    assert language_for(own, listed, spoken) == language
