"""What somebody is sent: who writes and how to stop are in it, in their language or not at all."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.outreach.records import Outreach
from bot.core.outreach.wording import message_text
from bot.core.phrases import ENGLISH, Phrasebook
from bot.core.questionnaire import Text
from bot.language.catalogues import load_phrasebook

LOCALES = Path(__file__).parents[3] / "locales"
SIGNED = Text("outreach.sending.signed", "Water office", {"sw": "Ofisi ya maji", "ur": "دفتر آب"})
OURS = Outreach("trial", signed=SIGNED)


def text(source: str, **translations: str) -> Text:
    return Text("outreach.invitation.plain.text", source, translations)


@pytest.mark.parametrize(
    ("words", "language", "sent"),
    [
        (
            text("Tell us about your water. Send YES."),
            "en",
            "Water office: Tell us about your water. Send YES. For no more messages, send STOP.",
        ),
        # Who says it all is left alone, however it is spelt; curly quotes make no SMS dear.
        (
            text("The WATER OFFICE’s 5 questions: send YES, or STOP."),
            "en",
            "The WATER OFFICE's 5 questions: send YES, or STOP.",
        ),
        # "stop" amid a sentence tells nobody how to.
        (
            text("Water office: let us stop the leaks. Send YES."),
            "en",
            "Water office: let us stop the leaks. Send YES. For no more messages, send STOP.",
        ),
        (
            text("Water", sw="Tuambie kuhusu maji."),
            "sw",
            "Ofisi ya maji: Tuambie kuhusu maji. Usipotaka ujumbe tena, tuma ACHA.",
        ),
        (
            text("Water", sw="Ofisi ya maji: tuambie. ACHA kama hutaki."),
            "sw",
            "Ofisi ya maji: tuambie. ACHA kama hutaki.",
        ),
        (text("Water", sw="Ofisi ya maji: tuambie. STOP?"), "sw", "Ofisi ya maji: tuambie. STOP?"),
        # "بند" is "closed" too, and Urdu has no capitals.
        (
            text("Water", ur="دفتر آب: پانی بند ہے؟"),
            "ur",
            "دفتر آب: پانی بند ہے؟ اگر پیغام نہ چاہیں تو بند بھیجیں۔",
        ),
        (text("Water", ur="دفتر آب: پانی؟ «بند» بھیجیں۔"), "ur", "دفتر آب: پانی؟ «بند» بھیجیں۔"),
        (text("Water"), "sw", None),
        (text("Water", fr="Eau"), "fr", None),
    ],
)
def test_who_writes_and_how_to_stop(words: Text, language: str, sent: str | None) -> None:
    book = load_phrasebook(LOCALES, language)
    assert message_text(OURS, words, book) == sent


def test_nobody_is_written_to_in_another_language_than_theirs() -> None:
    ours = replace(OURS, language="sw")
    english: Phrasebook = ENGLISH
    assert message_text(ours, text("Tuambie."), english) is None
    assert message_text(replace(OURS, signed=None), text("Hello"), english) is None
