"""The calendar of a date, as a key of its own or as ODK names it."""

from typing import Any

import pytest

from bot.core.calendars import Calendar
from bot.core.definition import define
from bot.core.questionnaire import Questionnaire

HEADING = {
    "consultation": "trial",
    "title": "A trial",
    "languages": ["en"],
    "keywords": {"en": ["TRIAL"]},
    "consent": "May we?",
}


def defined(**keys: Any) -> Questionnaire | list[tuple[str, str]]:
    result = define({**HEADING, "items": [{"name": "q", "type": "date", "label": "When?", **keys}]})
    return (
        result if isinstance(result, Questionnaire) else [(problem.code, problem.place) for problem in result]
    )


@pytest.mark.parametrize(
    ("keys", "calendar"),
    [
        ({}, Calendar.GREGORIAN),
        ({"calendar": "gregorian"}, Calendar.GREGORIAN),
        ({"calendar": "ethiopian"}, Calendar.ETHIOPIAN),
        ({"calendar": "hijri"}, Calendar.HIJRI),
        ({"calendar": "solar_hijri"}, Calendar.SOLAR_HIJRI),
        ({"appearance": "ethiopian"}, Calendar.ETHIOPIAN),
        ({"appearance": "islamic"}, Calendar.HIJRI),
        ({"appearance": "persian"}, Calendar.SOLAR_HIJRI),
        ({"appearance": "islamic", "calendar": "hijri"}, Calendar.HIJRI),
    ],
)
def test_a_calendar(keys: dict[str, str], calendar: Calendar) -> None:
    questionnaire = defined(**keys)
    assert isinstance(questionnaire, Questionnaire)
    assert questionnaire.item("q").calendar is calendar


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ({"calendar": "julian"}, ("wrong-value", "items[0].calendar")),
        ({"appearance": "month-year"}, ("wrong-value", "items[0].appearance")),
        ({"appearance": "persian", "calendar": "hijri"}, ("wrong-value", "items[0].appearance")),
        ({"type": "text", "calendar": "hijri"}, ("key-not-for-type", "items[0].calendar")),
        ({"type": "text", "appearance": "persian"}, ("key-not-for-type", "items[0].appearance")),
    ],
)
def test_what_names_no_calendar(keys: dict[str, str], problem: tuple[str, str]) -> None:
    assert defined(**keys) == [problem]
