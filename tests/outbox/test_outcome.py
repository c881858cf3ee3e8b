"""What becomes of a message after each answer of a provider, and when it goes again."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.sending import Absent, Accepted, Deferred, Delivery, Refused, Unclear
from bot.core.retrying import MOST_ATTEMPTS, wait_after
from bot.outbox.outcome import after_asking, after_sending
from bot.outbox.pace import starts
from bot.store.sending import Attempt
from tests.support.intake import NOON

MINUTE = timedelta(minutes=1)


def attempt(number: int = 1) -> Attempt:
    return Attempt(5, number, NOON - MINUTE, 9, "sms", "sealed", "Hello", (), 1)


@pytest.mark.parametrize(
    ("delivery", "number", "status", "due_at", "counts"),
    [
        pytest.param(Accepted("SM1"), 1, "sent", None, True, id="taken"),
        pytest.param(Refused("21211"), 1, "failed", None, True, id="final"),
        pytest.param(Refused("21610", opted_out=True), 1, "failed", None, True, id="opted out"),
        pytest.param(Deferred("busy"), 1, "queued", NOON + timedelta(seconds=15), True, id="later"),
        pytest.param(Deferred("busy"), 3, "queued", NOON + timedelta(seconds=240), True, id="much later"),
        pytest.param(Deferred("busy"), MOST_ATTEMPTS, "failed", None, True, id="dead letter"),
        pytest.param(
            Deferred("20429", 5), MOST_ATTEMPTS, "queued", NOON + timedelta(seconds=5), False, id="pause"
        ),
        pytest.param(Unclear("500"), MOST_ATTEMPTS, "uncertain", NOON + MINUTE, True, id="not known"),
    ],
)
def test_after_sending(
    delivery: Delivery, number: int, status: str, due_at: datetime | None, counts: bool
) -> None:
    settled = after_sending(attempt(number), delivery, NOON, chance=0.0)
    assert (settled.id, settled.started_at, settled.at) == (5, NOON - MINUTE, NOON)
    assert (settled.status, settled.due_at, settled.counts) == (status, due_at, counts)
    assert settled.provider_id == getattr(delivery, "provider_id", None)
    assert settled.error == getattr(delivery, "code", None)
    assert settled.opted_out == getattr(delivery, "opted_out", False)


@pytest.mark.parametrize(
    ("found", "number", "status", "due_at"),
    [
        pytest.param(Accepted("SM1"), 1, "sent", None, id="was taken"),
        pytest.param(Absent(), 1, "queued", NOON + timedelta(seconds=15), id="never came"),
        pytest.param(Absent(), MOST_ATTEMPTS, "failed", None, id="never came, for the last time"),
        pytest.param(Unclear("500"), 1, "uncertain", NOON + 10 * MINUTE, id="still not known"),
    ],
)
def test_after_asking(
    found: Accepted | Absent | Unclear, number: int, status: str, due_at: datetime | None
) -> None:
    settled = after_asking(attempt(number), found, NOON, chance=0.0)
    assert (settled.status, settled.due_at) == (status, due_at)


chances = st.floats(0, 1, exclude_max=True)


@given(st.integers(1, 60), chances, chances)
def test_waits_grow_up_to_six_hours_and_scatter(attempts: int, chance: float, another: float) -> None:
    wait = wait_after(attempts, chance)
    assert timedelta(seconds=15) <= wait <= timedelta(hours=6)
    assert wait_after(attempts + 1, another) >= wait / 2
    assert wait_after(attempts, chance) == wait


@given(
    st.lists(st.integers(1, 7), max_size=30),
    st.floats(0.2, 200, allow_nan=False),
    st.floats(0, 1e6, allow_nan=False),
)
def test_a_sender_never_exceeds_its_rate(costs: list[int], rate: float, free_at: float) -> None:
    times, after = starts(costs, rate, free_at)
    assert len(times) == len(costs)
    assert times == sorted(times)
    assert after == pytest.approx(free_at + sum(costs) / rate)
    for earlier, later, cost in zip(times, times[1:], costs, strict=False):
        assert later - earlier == pytest.approx(cost / rate, abs=1e-6)
