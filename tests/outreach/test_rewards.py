"""What becomes of a reward after each answer of whoever pays it."""

from datetime import datetime, timedelta

import pytest

from bot.channels.sending import Accepted, Deferred, Delivery, Refused, Unclear
from bot.core.retrying import MOST_ATTEMPTS
from bot.outreach.rewards import ERASED, after_paying, without_number
from bot.store.outreach.rewards.records import RewardAttempt
from tests.support.intake import NOON

SOON = NOON + timedelta(seconds=15)


def attempt(number: int = 1, *, was_sent: bool = False) -> RewardAttempt:
    started = NOON - timedelta(minutes=1)
    return RewardAttempt(5, number, started, was_sent, "water", "reward_1", 50_000_000, "KES", NOON, "sealed")


@pytest.mark.parametrize(
    ("delivery", "state", "due_at", "after_doubt"),
    [
        pytest.param(Accepted("reward_1"), "confirmed", None, "confirmed", id="paid"),
        pytest.param(Deferred("409"), "confirmed", None, "confirmed", id="paid before"),
        pytest.param(Deferred("500"), "sent", SOON, "sent", id="who knows"),
        pytest.param(Deferred("503"), "sent", SOON, "sent", id="a proxy says so"),
        pytest.param(Deferred("302"), "sent", SOON, "sent", id="elsewhere"),
        pytest.param(Deferred("ReadTimeout"), "sent", SOON, "sent", id="no answer"),
        pytest.param(Deferred("RemoteProtocolError"), "sent", SOON, "sent", id="broken off"),
        pytest.param(Unclear("KeyError"), "sent", SOON, "sent", id="a fault of ours"),
        pytest.param(Deferred("ConnectError"), "reserved", SOON, "sent", id="nobody there"),
        pytest.param(Deferred("name not known"), "reserved", SOON, "sent", id="no name"),
        pytest.param(Deferred("no sealing key"), "reserved", SOON, "sent", id="no key"),
        pytest.param(Deferred("401"), "reserved", SOON, "sent", id="not let in"),
        pytest.param(Deferred("402"), "reserved", SOON, "sent", id="their account is empty"),
        pytest.param(Deferred("429"), "reserved", SOON, "sent", id="busy"),
        pytest.param(Refused("address"), "reserved", SOON, "sent", id="may not be reached"),
        pytest.param(Deferred("422"), "failed", None, "sent", id="no such number"),
        pytest.param(Refused("410"), "failed", None, "sent", id="gone"),
    ],
)
def test_after_paying(delivery: Delivery, state: str, due_at: datetime | None, after_doubt: str) -> None:
    settled = after_paying(attempt(), delivery, NOON, chance=0.0)
    assert (settled.id, settled.started_at, settled.at) == (5, NOON - timedelta(minutes=1), NOON)
    assert (settled.state, settled.due_at) == (state, due_at)
    # What may have been paid before is never taken for unpaid.
    assert after_paying(attempt(2, was_sent=True), delivery, NOON, 0.0).state == after_doubt


def test_what_is_not_clear_after_a_day_waits_for_a_person() -> None:
    last = after_paying(attempt(MOST_ATTEMPTS, was_sent=True), Deferred("500"), NOON, 0.0)
    assert (last.state, last.due_at) == ("sent", None)
    refused = after_paying(attempt(2, was_sent=True), Deferred("422"), NOON, 0.0)
    assert (refused.state, refused.due_at) == ("sent", None)


def test_what_was_surely_not_paid_is_tried_for_as_long_as_it_takes() -> None:
    later = after_paying(attempt(500), Deferred("ConnectError"), NOON, 0.0)
    assert (later.state, later.due_at) == ("reserved", NOON + timedelta(hours=3))


def test_who_is_erased_has_no_number() -> None:
    assert (without_number(attempt(), NOON).state, without_number(attempt(), NOON).error) == (
        "refused",
        ERASED,
    )
    assert without_number(attempt(was_sent=True), NOON).state == "sent"
