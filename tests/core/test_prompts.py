"""What people see: each kind of question, as SMS and on Telegram."""

from dataclasses import replace

import pytest

from bot.core.interview.records import (
    AskConsent,
    AskItem,
    AskLanguage,
    Effect,
    Interview,
    Said,
    ShowNote,
    Tell,
)
from bot.core.interview.step import begin, step
from bot.core.phrases import ENGLISH, UNCLEAR
from bot.core.prompts.counted import consent_text, sms_text
from bot.core.prompts.records import SMS, TELEGRAM, Button, Form, Prompt, together
from bot.core.prompts.rendering import render
from bot.core.questionnaire import ItemType, Questionnaire
from tests.support.consultations import NOON, questionnaire
from tests.support.phrasebooks import SPANISH

ALL = questionnaire(
    """
    - {name: age, type: integer, label: "Your age?"}
    - {name: work, type: select_one, label: "What work do you do?", sms_label: "Your work?",
       hint: "The most of the time.",
       choices: [{name: farm, label: I farm, sms_label: Farm}, {name: trade, label: I trade, sms_label: Trade}]}
    - {name: region, type: select_one, label: "Which region?", appearance: minimal,
       choices: [{name: n, label: North}, {name: s, label: South}]}
    - {name: needs, type: select_multiple, label: "What is needed?", required: false,
       choices: [{name: water, label: Water}, {name: road, label: Roads}, {name: light, label: Light}]}
    - {name: order, type: rank, label: "Which first?",
       choices: [{name: water, label: Water}, {name: road, label: Roads}, {name: light, label: Light}]}
    - {name: score, type: range, label: "How good?", range: {start: 0, end: 1, step: 0.5}}
    - {name: rain, type: decimal, label: "How much rain?", default: 1}
    - {name: ready, type: acknowledge, label: "Ready?"}
    - {name: where, type: geopoint, label: "Where?"}
    - {name: photo, type: image, label: "A photo?"}
    - {name: voice, type: audio, label: "Your voice?"}
    - {name: note, type: note, label: "You are ${age} and need ${needs}."}
    - name: child
      type: repeat
      label: Child
      items: [{name: child_age, type: integer, label: "How old?"}]
    - {name: wish, type: text, label: "Your wish?"}
    - {name: rained, type: date, label: "When did it rain?"}
    - {name: feast, type: date, label: "Which day?", calendar: ethiopian}
    """,
    "consent: {ask: 'May we ask you some questions?', sms_ask: 'May we ask?'}",
)


def show(of: Questionnaire, effects: list[Effect], form: Form, interview: Interview | None = None) -> Prompt:
    held = interview or replace(begin(of, seed=1, at=NOON), language="en")
    (prompt,) = render(of, held, effects, form, NOON)
    return prompt


@pytest.mark.parametrize(
    ("slot", "sms"),
    [
        ("age", "Your age?"),
        ("work", "Your work?\n1. Farm\n2. Trade\nSend a number."),
        ("region", "Which region?\nSend the name."),
        (
            "needs",
            "What is needed?\n1. Water\n2. Roads\n3. Light\nSend all your numbers, like 1 3.\nOr send SKIP.",
        ),
        (
            "order",
            "Which first?\n1. Water\n2. Roads\n3. Light\nSend the numbers in order, best first, like 3 1 2.",
        ),
        ("score", "How good?\nSend a number from 0 to 1."),
        ("rain", "How much rain?\nOr send SKIP."),
        ("ready", "Ready?\nSend OK to go on."),
        ("where", "Where?\nSend your location or the name of the place."),
        ("photo", "A photo?\nSend a photo."),
        ("voice", "Your voice?\nSend a voice message."),
        ("child[1]", "Child: is there one more? Send 1 for yes, 2 for no."),
        ("child_age[2]", "How old?"),
        ("wish", "Your wish?"),
        ("rained", "When did it rain?\nPlease send a date, like 28/2/2026."),
        ("feast", "Which day?\nPlease send a date, like 23 Yekatit 2018."),
    ],
)
def test_each_question_as_sms(slot: str, sms: str) -> None:
    assert show(ALL, [AskItem(slot)], SMS) == Prompt(sms)


def test_every_kind_of_question_stands_in_that_table() -> None:
    asked = {node.item.type for node in ALL.nodes if node.item.type.is_asked}
    assert asked == {kind for kind in ItemType if kind.is_asked} - {ItemType.TIME}


def test_a_choice_on_telegram_is_a_button() -> None:
    assert show(ALL, [AskItem("work")], TELEGRAM) == Prompt(
        "What work do you do?", (Button("I farm", "work=farm"), Button("I trade", "work=trade"))
    )
    assert show(ALL, [AskItem("ready")], TELEGRAM).buttons == (Button("OK", "ready=OK"),)
    assert show(ALL, [AskItem("child[1]")], TELEGRAM).buttons == (
        Button("Yes", "child[1]=yes"),
        Button("No", "child[1]=no"),
    )


def test_several_choices_are_marked_and_sent_together() -> None:
    prompt = show(ALL, [AskItem("needs")], TELEGRAM)
    assert prompt.text == "What is needed?\nOr send SKIP."
    labels = [(button.label, button.data) for button in prompt.buttons]
    assert labels == [
        ("Water", "needs=water"),
        ("Roads", "needs=road"),
        ("Light", "needs=light"),
        ("Done", "needs="),
    ]
    assert prompt.marks_several
    assert not show(ALL, [AskConsent()], TELEGRAM).marks_several
    assert together([data for _, data in labels[:2]]) == "needs=water road"
    assert together(["needs=water"]) == "needs=water"
    assert together([]) == ""


def test_what_cannot_be_pressed_is_numbered_on_telegram_too() -> None:
    prompt = show(ALL, [AskItem("order")], TELEGRAM)
    assert "\n1. " in prompt.text
    assert prompt.buttons == ()


def test_consent() -> None:
    assert show(ALL, [AskConsent()], SMS) == Prompt("May we ask?\nSend 1 to start, 2 to say no.")
    assert show(ALL, [AskConsent()], TELEGRAM) == Prompt(
        "May we ask you some questions?", (Button("Yes", ":consent=yes"), Button("No", ":consent=no"))
    )


def test_languages_are_offered_in_their_own_names() -> None:
    of = replace(
        ALL, languages=("en", "es"), phrasebooks={"en": ENGLISH, "es": replace(SPANISH, autonym="Español")}
    )
    assert show(of, [AskLanguage()], SMS) == Prompt("Which language? Send a number.\n1. English\n2. Español")
    assert show(of, [AskLanguage()], TELEGRAM).buttons == (
        Button("English", ":language=en"),
        Button("Español", ":language=es"),
    )


def test_one_turn_is_one_message() -> None:
    effects: list[Effect] = [Tell(UNCLEAR), AskItem("age")]
    assert show(ALL, effects, SMS).text == "Sorry, I did not understand.\nYour age?"
    assert show(ALL, effects, TELEGRAM).text == "Sorry, I did not understand.\n\nYour age?"


def test_a_second_misunderstanding_brings_the_hint() -> None:
    assert "most of the time" not in show(ALL, [AskItem("work", again=1)], SMS).text
    assert "The most of the time." in show(ALL, [AskItem("work", again=2)], SMS).text


def test_answers_are_repeated_as_people_say_them() -> None:
    interview = replace(begin(ALL, seed=1, at=NOON), language="en")
    for text in ("1", "34", "1", "north", "2 3"):
        interview, _ = step(ALL, interview, Said(NOON, text))
    assert show(ALL, [ShowNote("note")], SMS, interview).text == "You are 34 and need Roads and Light."
    assert "Your answer was: I farm." in show(ALL, [AskItem("work", earlier=True)], SMS, interview).text


def test_the_reviewed_text_is_the_one_that_is_sent() -> None:
    for slot in ("work", "needs", "order", "child[1]"):
        item = ALL.item(slot.partition("[")[0])
        assert sms_text(ALL, item, "en") == show(ALL, [AskItem(slot)], SMS).text
    assert consent_text(ALL, "en") == show(ALL, [AskConsent()], SMS).text
