"""Texts that somebody gets in the source language, counted as they are shown."""

from dataclasses import replace

import pytest

from bot.core.interview.records import AskConsent, AskItem, Effect, Show, ShowNote, Tell
from bot.core.interview.step import begin
from bot.core.phrases import ENGLISH, UNCLEAR
from bot.core.prompts.records import SMS, TELEGRAM, Form
from bot.core.prompts.rendering import render
from bot.core.questionnaire import Questionnaire, Text
from bot.core.wording import Untranslated
from bot.language.catalogues import translate
from tests.support.consultations import NOON, questionnaire
from tests.support.phrasebooks import SPANISH

ITEMS = """\
- name: fuel
  type: select_one
  label: What do you cook with at home?
  sms_label: What do you cook with?
  hint: Think of last week.
  choices: [{name: wood, label: Firewood}, {name: gas, label: Gas}, {name: none, label: Nothing}]
- {name: bye, type: note, label: Nearly done.}
- {name: why, type: text, label: Why?}
"""
WORDINGS = {
    "consent.ask": "¿Nos responde?",
    "fuel.label": "¿Con qué cocina en casa?",
    "fuel.wood.label": "Leña",
    "fuel.none.label": "Nada",
    "why.label": "¿Por qué?",
}


def spoken(share: str = "translated_share: 0.1") -> Questionnaire:
    defined = questionnaire(
        ITEMS, f"languages: [en, es]\n{share}\nthanks: Thank you.", {"en": ENGLISH, "es": SPANISH}
    )
    sources = {text.context: text.source for text in defined.texts()}
    return translate(defined, {"es": {(place, sources[place]): said for place, said in WORDINGS.items()}})


def shown(of: Questionnaire, effects: list[Effect], form: Form, language: str | None) -> Untranslated | None:
    held = replace(begin(of, seed=1, at=NOON), language=language)
    (prompt,) = render(of, held, effects, form, NOON)
    return prompt.untranslated


@pytest.mark.parametrize(
    ("effects", "form", "count"),
    [
        ([AskConsent()], SMS, 0),
        ([AskItem("why")], SMS, 0),
        ([Show(Text("thanks", "Thank you."))], SMS, 1),
        ([ShowNote("bye"), AskItem("why")], SMS, 1),
        ([AskItem("fuel")], SMS, 2),
        ([AskItem("fuel")], TELEGRAM, 1),
        ([AskItem("fuel", again=1)], TELEGRAM, 1),
        ([AskItem("fuel", again=2)], TELEGRAM, 2),
        ([Tell(UNCLEAR), AskItem("why")], SMS, 0),
    ],
    ids=[
        *(
            "consent",
            "whole",
            "ending",
            "note",
            "sms-label-and-gas",
            "gas",
            "asked-again",
            "with-hint",
            "bots",
        ),
    ],
)
def test_what_is_shown_in_the_source_language_is_counted(
    effects: list[Effect], form: Form, count: int
) -> None:
    assert shown(spoken(), effects, form, "es") == (Untranslated("trial", "es", count) if count else None)


@pytest.mark.parametrize("language", ["en", None])
def test_the_source_language_and_none_yet_are_no_lack(language: str | None) -> None:
    assert shown(spoken(), [AskItem("fuel")], SMS, language) is None


def test_a_choice_without_a_translation_stands_among_the_others() -> None:
    of = spoken()
    (prompt,) = render(of, replace(begin(of, 1, NOON), language="es"), [AskItem("fuel")], TELEGRAM, NOON)
    assert [button.label for button in prompt.buttons] == ["Leña", "Gas", "Nada"]
