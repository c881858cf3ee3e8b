"""When somebody who is silent is reminded, and when they are left alone: one table."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.outreach.hours import Hours
from bot.core.outreach.reminding import (
    GRACE,
    Kind,
    Over,
    Remind,
    ReminderTerms,
    Silence,
    Wait,
    next_kind,
    next_step,
)

SINCE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SAID = {
    Kind.INVITED: {"en": "Still time.", "sw": "Bado."},
    Kind.PAUSED: {"en": "Go on?"},
    Kind.LAST: {"en": "We write no more."},
}
TERMS = ReminderTerms(Hours(time(9), time(19)), 2, 3 * DAY, 14 * DAY, SAID)
WITHOUT_LAST = replace(TERMS, said={kind: said for kind, said in SAID.items() if kind is not Kind.LAST})


def silent(kind: Kind = Kind.INVITED, **fields: Any) -> Silence:
    return Silence(kind, SINCE, **{"language": "en", "time_zones": "Africa/Accra", **fields})


def evening(day: float) -> datetime:
    return (SINCE + day * DAY).replace(hour=19)


@pytest.mark.parametrize(
    ("terms", "one", "days", "step"),
    [
        # Too soon; then once; then the last word is kept for the end.
        (TERMS, silent(), 0, Wait(SINCE + 3 * DAY)),
        (TERMS, silent(), 2.99, Wait(SINCE + 3 * DAY)),
        (TERMS, silent(), 3, Remind(Kind.INVITED, "Still time.", evening(3))),
        (TERMS, silent(number=1, last_at=SINCE + 3 * DAY), 5, Wait(SINCE + 14 * DAY)),
        (
            TERMS,
            silent(number=1, last_at=SINCE + 3 * DAY),
            14,
            Remind(Kind.LAST, "We write no more.", evening(14)),
        ),
        (
            TERMS,
            silent(number=2, last_at=SINCE + 14 * DAY, ended_at=SINCE + 14 * DAY),
            15,
            Over(has_expired=True),
        ),
        # Without a last word, two reminders at their distance, and then nothing.
        (WITHOUT_LAST, silent(number=1, last_at=SINCE + 3 * DAY), 5, Wait(SINCE + 6 * DAY)),
        (
            WITHOUT_LAST,
            silent(number=1, last_at=SINCE + 3 * DAY),
            6,
            Remind(Kind.INVITED, "Still time.", evening(6)),
        ),
        (WITHOUT_LAST, silent(number=2, last_at=SINCE + 6 * DAY), 9, Wait(SINCE + 14 * DAY)),
        (WITHOUT_LAST, silent(number=2, last_at=SINCE + 6 * DAY), 14, Over(has_expired=True)),
        # In the middle.
        (TERMS, silent(Kind.PAUSED), 3, Remind(Kind.PAUSED, "Go on?", evening(3))),
        (TERMS, silent(Kind.PAUSED, language="sw"), 3, Wait(SINCE + 14 * DAY)),
        # Another language gets its own words or none, at the end too.
        (TERMS, silent(language="sw"), 3, Remind(Kind.INVITED, "Bado.", evening(3))),
        (
            TERMS,
            silent(language="sw", number=1, last_at=SINCE + 3 * DAY),
            6,
            Remind(Kind.INVITED, "Bado.", evening(6)),
        ),
        (TERMS, silent(language="sw", number=2, last_at=SINCE + 6 * DAY), 14, Over(has_expired=True)),
        (TERMS, silent(language="fr"), 3, Wait(SINCE + 14 * DAY)),
        (TERMS, silent(language=None), 14, Over(has_expired=True)),
        # Nothing but within the hours, wherever they may be.
        (TERMS, silent(), 3.5, Wait(SINCE + 4 * DAY)),
        (
            TERMS,
            silent(time_zones="Africa/Accra America/New_York"),
            3,
            Wait(SINCE + 3 * DAY + timedelta(hours=5)),
        ),
        (TERMS, silent(time_zones=None), 3, Over()),
        (replace(TERMS, hours=Hours(days=frozenset())), silent(), 3, Over()),
        # Never so close to the end that the last word would come on its heels.
        (replace(TERMS, most=3), silent(number=1, last_at=SINCE + 12 * DAY), 13, Wait(SINCE + 14 * DAY)),
        (replace(TERMS, most=3), silent(number=1, last_at=SINCE + 12 * DAY), 14, Wait(SINCE + 15 * DAY)),
        # Those who were silent long before reminding began are left in peace.
        (TERMS, silent(), 14, Remind(Kind.LAST, "We write no more.", evening(14))),
        (TERMS, silent(), 21, Over(has_expired=True)),
        (TERMS, silent(), 400, Over(has_expired=True)),
        # Nobody is reminded at all; and at most once.
        (replace(TERMS, most=0), silent(), 3, Wait(SINCE + 14 * DAY)),
        (replace(TERMS, most=0), silent(), 14, Over(has_expired=True)),
        (replace(TERMS, most=1), silent(), 3, Wait(SINCE + 14 * DAY)),
        # Whoever wrote after the last word, and left off again, was told that we write no more.
        (
            replace(TERMS, most=3),
            silent(Kind.PAUSED, number=1, last_at=SINCE - DAY, ended_at=SINCE - DAY),
            3,
            Over(has_expired=True),
        ),
    ],
)
def test_what_follows_a_silence(
    terms: ReminderTerms, one: Silence, days: float, step: Remind | Wait | Over
) -> None:
    assert next_step(terms, one, SINCE + days * DAY) == step


@given(
    most=st.integers(0, 3),
    after=st.integers(1, 30),
    expires=st.integers(1, 40),
    has_last=st.booleans(),
    days=st.frozensets(st.integers(0, 6), min_size=1),
    kind=st.sampled_from([Kind.INVITED, Kind.PAUSED]),
)
def test_however_it_is_set_nobody_hears_more_often_or_sooner_than_is_allowed(
    most: int, after: int, expires: int, has_last: bool, days: frozenset[int], kind: Kind
) -> None:
    said = SAID if has_last else WITHOUT_LAST.said
    terms = ReminderTerms(Hours(days=days), most, after * DAY, expires * DAY, said)
    one, now, heard, foretold = silent(kind), SINCE, [], []
    for _ in range(200):
        step = next_step(terms, one, now)
        foretold.append(next_kind(terms, one, now))
        if isinstance(step, Over):
            break
        if isinstance(step, Wait):
            assert step.until > now
            now = step.until
            continue
        assert terms.hours.closing_in_all(now, [ZoneInfo("Africa/Accra")]) == step.expires_at
        heard.append((step.kind, now))
        # What comes next was told as long as it was next.
        assert set(foretold) == {step.kind}
        foretold.clear()
        ended = now if step.kind is Kind.LAST else one.ended_at
        one = replace(one, number=one.number + 1, last_at=now, ended_at=ended)
    else:
        raise AssertionError("it never ends")
    assert set(foretold) == {None}
    assert len(heard) <= most
    moments = [SINCE, *(at for _, at in heard)]
    assert all(later - sooner >= after * DAY for sooner, later in pairwise(moments))
    assert all(kind is not Kind.LAST for kind, _ in heard[:-1])
    assert all(at < SINCE + expires * DAY + GRACE for _, at in heard)
