"""What an outreach file may say, and every fault of one that does not."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from bot.core.outreach.definition import define_outreach
from bot.core.outreach.records import Outreach
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
}


SIGNED = {"sending": {"signed": "Water office"}}


def test_a_whole_file_is_read() -> None:
    read = define_outreach(WHOLE, TRIAL)
    assert isinstance(read, Outreach)
    assert (read.hours.opens, read.hours.closes, read.hours.days) == (time(8, 30), time(18), {0, 4})
    assert (read.hours.excluded, read.country) == ({date(2026, 12, 25)}, "KE")
    assert read.invitation is not None
    assert read.invitation.expires_after == timedelta(days=7)
    assert [text.context for text in read.texts()] == [
        "outreach.sending.signed",
        "outreach.invitation.plain.text",
        "outreach.invitation.kind.text",
        "outreach.invitation.kind.sms_text",
        "outreach.reminders.invited",
        "outreach.reminders.paused",
    ]


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
