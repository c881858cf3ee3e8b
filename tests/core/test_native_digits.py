"""Numbers in the digits that readers of a language expect, and plain ones where native ones would cost."""

from dataclasses import replace

import pytest

from bot.core.interview.records import (
    Answer,
    AnswerStatus,
    AskConsent,
    AskItem,
    Effect,
    Interview,
    Stage,
    Tell,
)
from bot.core.phrases import CONSENT_ANSWER, ENGLISH, TWO_READINGS, Phrasebook
from bot.core.prompts.records import SMS, TELEGRAM, Button, Form, Prompt
from bot.core.prompts.rendering import render
from bot.core.questionnaire import ItemType, Questionnaire
from bot.core.replies import Ambiguous, NotRead, Read
from bot.language.cldr import conventions
from tests.support.consultations import NOON, questionnaire
from tests.support.replies import FUELS, item, read

BENGALI = replace(ENGLISH, language="bn", digits="০১২৩৪৫৬৭৮৯")
ITEMS = """
- {name: water, type: select_one, label: "%(label)s",
   choices: [{name: tap, label: Tap 4G}, {name: well, label: Well}]}
- {name: order, type: rank, label: "%(label)s",
   choices: [{name: a, label: A}, {name: b, label: B}, {name: c, label: C}]}
- {name: score, type: range, label: "%(label)s", range: {start: 0, end: 10, step: 0.5}}
- {name: day, type: date, label: "%(label)s"}
- {name: seen, type: text, label: "%(label)s ${score} ${day} 0155501"}
"""


def shown(effect: Effect, form: Form, label: str = "জল?") -> Prompt:
    of: Questionnaire = questionnaire(
        ITEMS % {"label": label}, "languages: [bn]\nkeywords: {bn: [WATER]}", {"bn": BENGALI}
    )
    answers = {
        "score": Answer("7.5", AnswerStatus.ANSWERED, NOON, "bn"),
        "day": Answer("2026-03-05", AnswerStatus.ANSWERED, NOON, "bn"),
    }
    held = Interview("trial", "1", 1, NOON, NOON, language="bn", stage=Stage.ITEMS, answers=answers)
    (prompt,) = render(of, held, [effect], form, NOON)
    return prompt


@pytest.mark.parametrize(
    ("slot", "text"),
    [
        ("water", "জল?\n১. Tap 4G\n২. Well"),
        ("order", "জল?\n১. A\n২. B\n৩. C\nSend the numbers in order, best first, like ৩ ১ ২."),
        ("score", "জল?\nSend a number from ০ to ১০."),
        ("day", "জল?\nPlease send a date, like ২৮/২/২০২৬."),
        ("seen", "জল? ৭.৫ ৫ March ২০২৬ 0155501"),
    ],
)
def test_numbers_of_the_bot_are_native_and_those_of_the_organiser_as_written(slot: str, text: str) -> None:
    assert shown(AskItem(slot), SMS).text == text


def test_sentences_of_the_bot() -> None:
    assert shown(AskConsent(), TELEGRAM).text == "May we ask you a few questions?"
    assert BENGALI.say(CONSENT_ANSWER) == "Send ১ to start, ২ to say no."


def test_an_sms_in_plain_letters_keeps_plain_digits() -> None:
    assert shown(AskItem("water"), SMS, "Water?").text == "Water?\n1. Tap 4G\n2. Well"
    assert shown(AskConsent(), SMS).text.endswith("Send 1 to start, 2 to say no.")
    told = Tell(TWO_READINGS, {"first": "১ Tap", "second": "২ Well"})
    assert shown(told, SMS).text == "Do you mean 1 Tap or 2 Well?"
    assert shown(told, TELEGRAM).text == "Do you mean ১ Tap or ২ Well?"


def test_buttons_stay_as_they_are() -> None:
    assert shown(AskItem("water"), TELEGRAM).buttons == (
        Button("Tap 4G", "water=tap"),
        Button("Well", "water=well"),
    )


@pytest.mark.parametrize("text", ["2", "২", "२", "٢"])
def test_digits_of_any_script_answer(text: str) -> None:
    assert read(item(ItemType.SELECT_ONE, FUELS), text, book=BENGALI) == Read("charcoal")


def test_what_is_said_back_is_native() -> None:
    fuel = read(item(ItemType.SELECT_ONE, FUELS), "not gas", book=BENGALI)
    assert isinstance(fuel, NotRead)
    assert fuel.values == {"choice": "৪ LPG", "reply": "৪"}
    assert read(item(ItemType.INTEGER), "5 or 6", book=BENGALI) == Ambiguous("৫", "৬")
    assert read(item(ItemType.SELECT_MULTIPLE, FUELS), "1-3", book=BENGALI) == Ambiguous("১, ২, ৩", "১, ৩")
    assert read(item(ItemType.TIME), "7", book=BENGALI) == Ambiguous("০৭:০০", "১৯:০০")


@pytest.mark.parametrize(
    ("language", "digits"),
    [
        *[(one, "0123456789") for one in ("en", "ar", "hi", "ur", "am", "sw")],
        ("ar-EG", "٠١٢٣٤٥٦٧٨٩"),
        ("bn", "০১২৩৪৫৬৭৮৯"),
        ("fa", "۰۱۲۳۴۵۶۷۸۹"),
        ("my", "၀၁၂၃၄၅၆၇၈၉"),
        ("ne", "०१२३४५६७८९"),
    ],
)
def test_the_digits_are_those_of_cldr(language: str, digits: str) -> None:
    known = conventions(language)
    assert known is not None
    assert known.digits == digits


def test_a_book_that_no_cldr_made_has_plain_digits() -> None:
    assert Phrasebook("xx", {}, {}, "xx").in_digits("12") == "12"
