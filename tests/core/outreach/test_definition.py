"""What an outreach file may say, and every fault of one that does not."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from bot.core.outreach.definition import define_outreach
from bot.core.outreach.records import Outreach
from bot.core.outreach.rewards import Rewards
from tests.support.consultations import questionnaire

TRIAL = questionnaire("- {name: age, type: integer, label: How old are you?}")
WHOLE: dict[str, Any] = {
    "sending": {
        "signed": "Water office",
        "hours": "08:30-18:00",
        "days": ["mon", "fri"],
        "not_on": ["2026-12-25"],
        "country": "KE",
    },
    "invitation": {
        "wordings": [
            {"name": "plain", "text": "Tell us about your water. Send YES."},
            {"name": "kind", "text": "Your village counts. Send YES.", "sms_text": "You count. Send YES."},
        ],
        "expires_after_days": 7,
    },
    "reminders": {"most": 1, "after_days": 2, "invited": "Still time to tell us.", "paused": "Go on?"},
    "help": {
        "line": "Call 116",
        "hours": "From 9 to 17.",
        "text": "We read this.",
        "words": {"en": ["the guard"]},
    },
}


SIGNED = {"sending": {"signed": "Water office"}}


def test_a_whole_file_is_read() -> None:
    read = define_outreach(WHOLE, TRIAL)
    assert isinstance(read, Outreach)
    assert (read.hours.opens, read.hours.closes, read.hours.days) == (time(8, 30), time(18), {0, 4})
    assert (read.hours.excluded, read.country) == ({date(2026, 12, 25)}, "KE")
    assert read.invitation is not None
    assert read.invitation.expires_after == timedelta(days=7)
    assert read.help is not None
    assert (read.help.words, read.help.urgent) == ({"en": ("the guard",)}, {})
    assert [text.context for text in read.texts()] == [
        "outreach.sending.signed",
        "outreach.invitation.plain.text",
        "outreach.invitation.kind.text",
        "outreach.invitation.kind.sms_text",
        "outreach.reminders.invited",
        "outreach.reminders.paused",
        "outreach.help.text",
        "outreach.help.hours",
        "outreach.help.line",
    ]


REWARDS: dict[str, Any] = {
    "amount": "50",
    "currency": "KES",
    "hook": "https://pay.example/airtime",
    "budget": 100_000,
    "for": "completed",
    "discloses_number": True,
}


def test_rewards_are_read() -> None:
    read = define_outreach({"rewards": REWARDS}, TRIAL)
    assert isinstance(read, Outreach)
    assert read.rewards == Rewards(50_000_000, "KES", "https://pay.example/airtime", 100_000_000_000)
    local = define_outreach({"rewards": {**REWARDS, "hook": "http://127.0.0.1:8080/airtime"}}, TRIAL)
    assert isinstance(local, Outreach)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"amount": 0}, "bad-amount"),
        ({"amount": "-5"}, "bad-amount"),
        ({"amount": "fifty"}, "bad-amount"),
        ({"budget": True}, "bad-amount"),
        ({"currency": "Shilling"}, "bad-currency"),
        ({"hook": "http://pay.example/airtime"}, "bad-hook"),
        ({"hook": "https://user:secret@pay.example/"}, "bad-hook"),
        ({"hook": "https://pay.example:port/"}, "bad-hook"),
        ({"hook": 5}, "bad-hook"),
        ({"for": "referred"}, "wrong-value"),
        ({"discloses_number": False}, "number-not-disclosed"),
        ({"discloses_number": "yes"}, "number-not-disclosed"),
    ],
)
def test_rewards_that_cannot_be(changed: dict[str, Any], code: str) -> None:
    found = define_outreach({"rewards": {**REWARDS, **changed}}, TRIAL)
    assert isinstance(found, tuple)
    (place,) = changed
    assert [(problem.code, problem.place) for problem in found] == [(code, f"rewards.{place}")]
    assert found[0].remedy
    assert "secret" not in found[0].message + found[0].remedy


def test_a_number_is_disclosed_only_where_that_is_written() -> None:
    found = define_outreach(
        {"rewards": {key: value for key, value in REWARDS.items() if key != "discloses_number"}}, TRIAL
    )
    assert isinstance(found, tuple)
    assert [problem.place for problem in found] == ["rewards.discloses_number"]


def test_a_misspelt_key_of_rewards_is_told() -> None:
    found = define_outreach({"rewards": {**REWARDS, "fore": "completed"}}, TRIAL)
    assert isinstance(found, tuple)
    assert found[0].remedy == "Write for."


def test_an_empty_file_invites_and_reminds_nobody() -> None:
    assert define_outreach({}, TRIAL) == Outreach("trial")


@pytest.mark.parametrize(
    ("given", "code", "place"),
    [
        ({"sending": {"hours": "19:00-09:00"}}, "bad-hours", "sending.hours"),
        ({"sending": {"hours": "9-19"}}, "bad-hours", "sending.hours"),
        ({"sending": {"hours": "25:00-26:00"}}, "bad-hours", "sending.hours"),
        ({"sending": {"days": []}}, "out-of-bounds", "sending.days"),
        ({"sending": {"days": ["someday"]}}, "wrong-value", "sending.days[0]"),
        ({"sending": {"not_on": ["25.12.2026"]}}, "bad-date", "sending.not_on[0]"),
        ({"sending": {"country": "Kenya"}}, "bad-country", "sending.country"),
        ({"sending": {"hour": "09:00-19:00"}}, "unknown-key", "sending.hour"),
        (
            {"invitation": {"wordings": [{"name": "a", "text": "A"}]}},
            "unsigned-messages",
            "sending",
        ),
        ({"reminders": {"most": 1}}, "unsigned-messages", "sending"),
        ({"invitation": {"wordings": []}}, "out-of-bounds", "invitation.wordings"),
        ({"invitation": {"wordings": [{"name": "a"}]}}, "missing-key", "invitation.wordings[0].text"),
        (
            {**SIGNED, "invitation": {"wordings": [{"name": "a", "text": "A"}, {"name": "a", "text": "B"}]}},
            "duplicate-name",
            "invitation.wordings[1].name",
        ),
        ({"reminders": {"most": 9}}, "out-of-bounds", "reminders.most"),
        ({"reminder": {}}, "unknown-key", "reminder"),
    ],
)
def test_faults_are_told_at_their_place(given: dict[str, Any], code: str, place: str) -> None:
    found = define_outreach(given, TRIAL)
    assert isinstance(found, tuple)
    assert [(problem.code, problem.place) for problem in found] == [(code, place)]
    assert all(problem.remedy for problem in found)


def test_a_misspelt_key_is_told_with_the_right_one() -> None:
    found = define_outreach({"sending": {"hour": "09:00-19:00"}, "reminder": {}}, TRIAL)
    assert isinstance(found, tuple)
    assert [problem.remedy for problem in found] == ["Write hours.", "Write reminders."]
