"""Texts as SMS before anybody is asked, for whoever reviews them or counts what they cost."""

from datetime import UTC, datetime

from bot.core.interview.offered import offered_days
from bot.core.interview.records import (
    Answer,
    AnswerStatus,
    AskConsent,
    AskReportBack,
    Effect,
    Interview,
    Show,
    Tell,
)
from bot.core.interview.slots import slot_of
from bot.core.phrases import REPORT_BACK_YES, STOP, THANKS
from bot.core.prompts.questions import question
from bot.core.prompts.records import SMS
from bot.core.prompts.rendering import write, write_together
from bot.core.prompts.writer import Writer
from bot.core.questionnaire import Item, ItemType, Questionnaire


def sms_text(questionnaire: Questionnaire, item: Item, language: str, *, is_first: bool = True) -> str:
    """Return an asked item or a note as one SMS, with all choices listed, whatever a filter would leave.

    As the first question it says how to reply to a list, which later ones leave out. The answers that a label repeats
    are not counted.
    """
    writer = _writer(questionnaire, language, is_first=is_first)
    node = questionnaire.nodes[questionnaire.positions[item.name]]
    around = (*node.repeats, item.name) if item.type is ItemType.REPEAT else node.repeats
    rounds = (1,) * len(around)
    days = offered_days(writer.ground, node, rounds) if item.type is ItemType.DATE else ()
    return question(writer, slot_of(item.name, rounds), item, item.choices, days).text


def consent_text(questionnaire: Questionnaire, language: str) -> str:
    """Return the question for consent as SMS."""
    return write(_writer(questionnaire, language), AskConsent()).text


def closing_text(questionnaire: Questionnaire, language: str) -> str:
    """Return what a complete interview ends with, as SMS."""
    writer = _writer(questionnaire, language)
    thanks: Effect = Show(questionnaire.thanks) if questionnaire.thanks else Tell(THANKS)
    asked = (AskReportBack(),) if questionnaire.report_back else ()
    return write_together(writer, (thanks, *asked)).text


def promise_text(questionnaire: Questionnaire, language: str) -> str:
    """Return what is said, as SMS, to who wants to be told what came of the consultation."""
    writer = _writer(questionnaire, language)
    return write(writer, Tell(REPORT_BACK_YES, {"stop": writer.phrasebook.shown(STOP)})).text


_SOME_DAY = datetime(2026, 9, 30, tzinfo=UTC)
"""When the messages are written whose length is counted: the day stands in the example of a date, or in its list."""


def _writer(questionnaire: Questionnaire, language: str, *, is_first: bool = True) -> Writer:
    moment = _SOME_DAY
    before = {} if is_first else {"": Answer("", AnswerStatus.SKIPPED, moment, language)}
    interview = Interview(
        questionnaire.id, questionnaire.version, 0, moment, moment, language=language, answers=before
    )
    return Writer(questionnaire, interview, SMS, moment)
