"""A date with few days to choose from is asked with them; "today" is the day where the consultation is held."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.interview.records import AskItem, Interview, Pressed, Said, Stage
from bot.core.interview.step import step
from bot.core.phrases import Phrasebook
from bot.core.prompts.records import SMS, TELEGRAM, Button, Form, Prompt
from bot.core.prompts.rendering import render
from bot.core.questionnaire import Questionnaire
from bot.language.catalogues import load_phrasebook
from tests.support.consultations import questionnaire

LOCALES = Path(__file__).parents[3] / "locales"
LANGUAGES = ("en", *sorted(path.parts[-3] for path in LOCALES.glob("*/LC_MESSAGES/bot.po")))
TUESDAY = datetime(2026, 11, 24, 12, tzinfo=UTC)
FEW = ". <= today() and . >= today() - 3"
DAY = '- {{name: day, type: date, label: "When did you last fetch water?", constraint: "{constraint}"{more}}}'


def asking(
    constraint: str = FEW, heading: str = "", more: str = "", books: dict[str, Phrasebook] | None = None
) -> Questionnaire:
    return questionnaire(DAY.format(constraint=constraint, more=more), heading, books)


def held(at: datetime, language: str = "en") -> Interview:
    return Interview("trial", "trial-1", 1, at, at, language=language, stage=Stage.ITEMS, at="day")


def shown(of: Questionnaire, at: datetime, form: Form = SMS, language: str = "en") -> Prompt:
    (prompt,) = render(of, held(at, language), [AskItem("day")], form, at)
    return prompt


def answered(of: Questionnaire, text: str, at: datetime = TUESDAY, language: str = "en") -> str | None:
    moved, _ = step(of, held(at, language), Said(at, text))
    return moved.answers["day"].value if "day" in moved.answers else None


def test_the_days_are_listed_by_their_number() -> None:
    assert shown(asking(), TUESDAY).text == (
        "When did you last fetch water?\n24. today\n23. yesterday\n22. Sunday\n21. Saturday\nSend a number."
    )


def test_on_a_chat_they_are_buttons() -> None:
    assert shown(asking(), TUESDAY, TELEGRAM).buttons == (
        Button("Today 24", "day=2026-11-24"),
        Button("Yesterday 23", "day=2026-11-23"),
        Button("Sunday 22", "day=2026-11-22"),
        Button("Saturday 21", "day=2026-11-21"),
    )


@pytest.mark.parametrize(
    ("said", "day"),
    [
        *[("24", "2026-11-24"), ("22", "2026-11-22"), ("22.", "2026-11-22"), ("the 22nd", "2026-11-22")],
        *[("Sunday please", "2026-11-22"), ("SUN", "2026-11-22"), ("yesterday", "2026-11-23")],
        *[("21/11/2026", "2026-11-21"), ("٢٢", "2026-11-22")],
        # A place in the list, a day that is not in it, one that is still to come.
        *[("1", None), ("20", None), ("Monday week", None), ("Friday", None), ("25", None)],
    ],
)
def test_replies(said: str, day: str | None) -> None:
    assert answered(asking(), said) == day


@pytest.mark.parametrize(
    "constraint",
    [
        ". <= today()",  # born at any time
        ". >= today() and . <= today() + 365",
        ". <= today() and . >= today() - 7",  # eight days: two would be called by one weekday
        ". >= '1990-01-01' and . <= '1990-01-04'",  # few, and not near: nobody calls them by the weekday
    ],
)
def test_a_date_of_many_days_is_typed(constraint: str) -> None:
    assert shown(asking(constraint), TUESDAY).text.endswith("Please send a date, like 24/11/2026.")


def test_a_number_means_the_same_day_after_midnight() -> None:
    evening, morning = datetime(2026, 11, 24, 23, 58, tzinfo=UTC), datetime(2026, 11, 25, 0, 3, tzinfo=UTC)
    assert "24. today" in shown(asking(), evening).text
    assert answered(asking(), "24", morning) == "2026-11-24"


def test_a_button_of_a_day_that_is_not_offered_is_no_answer() -> None:
    pressed, _ = step(asking(), held(TUESDAY), Pressed(TUESDAY, "day=2026-11-22"))
    assert pressed.answers["day"].value == "2026-11-22"
    forged, _ = step(asking(), held(TUESDAY), Pressed(TUESDAY, "day=2020-01-01"))
    assert "day" not in forged.answers


def test_another_calendar_has_its_own_numbers() -> None:
    of = asking(more=", calendar: ethiopian")
    # 24 November 2026 is 15 Hidar 2019.
    assert shown(of, TUESDAY).text.splitlines()[1:3] == ["15. today", "14. yesterday"]
    assert answered(of, "13") == "2026-11-22"


@pytest.mark.parametrize(
    ("zone", "at", "today"),
    [
        ("Asia/Manila", datetime(2026, 11, 24, 16, 30, tzinfo=UTC), "2026-11-25"),
        ("America/Bogota", datetime(2026, 11, 25, 4, 30, tzinfo=UTC), "2026-11-24"),
        ("UTC", datetime(2026, 11, 24, 23, 30, tzinfo=UTC), "2026-11-24"),
    ],
)
def test_today_is_the_day_where_it_is_held(zone: str, at: datetime, today: str) -> None:
    of = asking(heading=f"time_zone: {zone}")
    assert answered(of, "today", at) == today
    assert shown(of, at).text.splitlines()[1] == f"{int(today[-2:])}. today"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_names_the_days_and_reads_their_names(language: str) -> None:
    books = {language: load_phrasebook(LOCALES, language)}
    heading = f"languages: [{language}]\nkeywords: {{{language}: [TRIAL]}}"
    of = asking(". <= today() and . >= today() - 6", heading, books=books)
    _, *listed, _ = shown(of, TUESDAY, language=language).text.splitlines()
    assert len(listed) == 7
    for away, line in enumerate(listed):
        number, name = line.split(". ", 1)
        day = (TUESDAY - timedelta(days=away)).date().isoformat()
        assert [answered(of, said, language=language) for said in (number, name)] == [day, day], line
