"""Answers shown again: dates and lists as the language has them, and words that run the other way kept together."""

from dataclasses import replace

import pytest

from bot.core.interview.records import Answer, AnswerStatus, AskItem, Interview, Stage
from bot.core.phrases import ENGLISH, Phrasebook
from bot.core.prompts.records import SMS, TELEGRAM, Form
from bot.core.prompts.rendering import render
from bot.core.saying import END, ISOLATE, isolated, said_date, said_list
from bot.language.cldr import conventions
from tests.support.consultations import NOON, questionnaire

THREE = ("a", "b", "c")


def book(language: str) -> Phrasebook:
    known = conventions(language)
    assert known is not None
    return replace(
        ENGLISH,
        language=language,
        right_to_left=known.right_to_left,
        dated=known.dated,
        month_names=known.month_names,
        lists=known.lists,
    )


@pytest.mark.parametrize(
    ("language", "date", "listed"),
    [
        ("en", "2 March 2026", "a, b, and c"),
        ("en-US", "March 2, 2026", "a, b, and c"),
        ("es", "2 de marzo de 2026", "a, b y c"),
        ("fr", "2 mars 2026", "a, b et c"),
        ("sw", "2 Machi 2026", "a, b na c"),
        ("ar", "2 مارس 2026", "a وb وc"),
        ("am", "2 ማርች 2026", "a፣ b እና c"),
        ("uk", "2 березня 2026 р.", "a, b і c"),
        ("zu", "2 Mashi 2026", "a, b, ne-c"),
        ("yo", "2 Oṣù Ẹrẹ̀nà 2026", "a, b àti c"),
    ],
)
def test_dates_and_lists(language: str, date: str, listed: str) -> None:
    assert said_date("2026-03-02", book(language)) == date
    assert said_list(THREE, book(language)) == listed


def test_a_list_of_any_length() -> None:
    assert [said_list(tuple("abcd")[:length], book("sw")) for length in range(5)] == [
        "",
        "a",
        "a na b",
        "a, b na c",
        "a, b, c na d",
    ]


def test_what_is_no_date_stays() -> None:
    assert said_date("some day in March", ENGLISH) == "some day in March"


@pytest.mark.parametrize(
    ("value", "in_right_to_left", "apart"),
    [
        ("WATER", True, True),
        ("WATER", False, False),
        ("ماء", True, False),
        ("ماء", False, True),
        ("12", True, False),
        ("", True, False),
        ("3 WATER ماء", True, True),
    ],
)
def test_what_runs_the_other_way_is_kept_together(value: str, in_right_to_left: bool, apart: bool) -> None:
    shown = f"{ISOLATE}{value}{END}" if apart else value
    assert isolated(value, in_right_to_left=in_right_to_left) == shown


@pytest.mark.parametrize(("form", "apart"), [(TELEGRAM, True), (SMS, False)], ids=["telegram", "sms"])
def test_an_answer_in_a_question(form: Form, apart: bool) -> None:
    items = """
    - {name: town, type: text, label: Which town}
    - {name: wish, type: text, label: "What does ${town} need?"}
    """
    heading = "languages: [ar]\nkeywords: {ar: [WATER]}"
    asked = questionnaire(items, heading, {"ar": book("ar")})
    answers = {"town": Answer("Enugu", AnswerStatus.ANSWERED, NOON, "ar", raw="Enugu")}
    interview = Interview(
        "trial", "1", 1, NOON, NOON, language="ar", stage=Stage.ITEMS, at="wish", answers=answers
    )
    (prompt,) = render(asked, interview, [AskItem("wish")], form, NOON)
    town = f"{ISOLATE}Enugu{END}" if apart else "Enugu"
    assert prompt.text == f"What does {town} need?"
