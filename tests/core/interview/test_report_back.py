"""Whether somebody wants to be told what came of it: asked after the thanks, where the consultation says so."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core.interview.records import (
    AskReportBack,
    Chose,
    Corrected,
    Ending,
    Interview,
    Joined,
    Left,
    Menu,
    Pressed,
    Said,
    Shared,
    Stage,
    Tell,
)
from bot.core.interview.step import begin, step
from bot.core.phrases import ALREADY_DONE, EDIT_NOT_TAKEN, REPORT_BACK_NO, REPORT_BACK_YES, THANKS, UNCLEAR
from bot.core.prompts.records import SMS, TELEGRAM, Button
from bot.core.prompts.rendering import render
from bot.core.questionnaire import Questionnaire
from tests.support.consultations import NOON, questionnaire

ITEMS = '- {name: age, type: integer, label: "How old are you?"}'
OF = questionnaire(ITEMS, "report_back: true")
ASK = (AskReportBack(),)
YES, NO = Tell(REPORT_BACK_YES, {"stop": "STOP"}), Tell(REPORT_BACK_NO)


def at_the_end(of: Questionnaire = OF) -> tuple[Interview, Any]:
    interview, _ = step(of, begin(of, seed=7, at=NOON), Joined(NOON))
    interview, _ = step(of, interview, Said(NOON, "1"))
    return step(of, interview, Said(NOON, "34"))


def after(*messages: str) -> tuple[Interview, Any]:
    interview, effects = at_the_end()
    for message in messages:
        interview, effects = step(OF, interview, Said(NOON, message))
    return interview, effects


def test_it_is_asked_with_the_thanks_and_the_interview_is_complete() -> None:
    interview, effects = at_the_end()
    assert (interview.stage, interview.ending, interview.menu) == (
        Stage.ENDED,
        Ending.COMPLETE,
        Menu.REPORT_BACK,
    )
    assert interview.report_back is None
    assert effects == (Tell(THANKS), *ASK)


def test_it_is_not_asked_where_the_consultation_does_not_say_so() -> None:
    of = questionnaire(ITEMS)
    interview, effects = at_the_end(of)
    assert (interview.menu, effects) == (None, (Tell(THANKS),))
    interview, effects = step(of, interview, Pressed(NOON, ":report_back=yes"))
    assert interview.report_back is None


@pytest.mark.parametrize(
    ("messages", "wants", "said"),
    [
        (["1"], True, (YES,)),
        (["Yes"], True, (YES,)),
        (["ok"], True, (YES,)),
        (["2"], False, (NO,)),
        (["no"], False, (NO,)),
        (["skip"], False, (NO,)),
        (["thanks to you"], None, (Tell(UNCLEAR), *ASK)),
        (["thanks to you", "1"], True, (YES,)),
        (["thanks to you", "bye bye"], False, (NO,)),
        (["yse"], None, (Tell(UNCLEAR), *ASK)),
        (["back"], None, ASK),
        (["restart"], None, None),
        (["restart", "2"], None, ASK),
        (["1", "restart", "1", "35"], True, (Tell(THANKS),)),
        (["restart", "1", "35"], None, (Tell(THANKS), *ASK)),
        (["help", "1"], True, (YES,)),
        (["1", "2"], True, (Tell(ALREADY_DONE, {"restart": "RESTART"}),)),
    ],
)
def test_replies(messages: list[str], wants: bool | None, said: Any) -> None:
    interview, effects = after(*messages)
    assert interview.report_back is wants
    assert said is None or effects == said
    assert interview.answers["age"].value in ("34", "35")


def test_buttons_answer_it_then_and_later() -> None:
    interview, _ = at_the_end()
    interview, effects = step(OF, interview, Pressed(NOON, ":report_back=yes"))
    assert (interview.report_back, interview.menu, effects) == (True, None, (YES,))
    interview, effects = step(OF, interview, Pressed(NOON, ":report_back=no"))
    assert (interview.report_back, effects) == (False, (NO,))
    begun, _ = step(OF, begin(OF, seed=7, at=NOON), Joined(NOON))
    assert step(OF, begun, Pressed(NOON, ":report_back=yes"))[0].report_back is None


def test_whoever_comes_back_before_they_said_so_is_asked_again() -> None:
    interview, _ = at_the_end()
    assert step(OF, interview, Joined(NOON))[1] == ASK
    stopped, _ = step(OF, interview, Said(NOON, "stop"))
    assert (stopped.menu, stopped.ending, stopped.report_back) == (None, Ending.COMPLETE, None)
    assert step(OF, stopped, Joined(NOON))[1] == ASK
    assert step(OF, interview, Left(NOON))[0].report_back is None


def test_another_language_or_a_picture_leaves_the_question_open() -> None:
    interview, _ = at_the_end()
    spoken, effects = step(OF, interview, Chose(NOON, "en"))
    assert (spoken.menu, effects) == (Menu.REPORT_BACK, ASK)
    shown, effects = step(OF, interview, Shared(NOON, "image", "https://example.org/1"))
    assert (shown.menu, effects[-1]) == (Menu.REPORT_BACK, ASK[0])


def test_an_edit_of_the_last_answer_corrects_it_and_an_edit_of_the_reply_does_not() -> None:
    interview, _ = at_the_end()
    corrected, effects = step(OF, interview, Corrected(NOON, "43"))
    assert (corrected.answers["age"].value, effects) == ("43", (Tell(THANKS), *ASK))
    for reply in ("1", "thanks to you"):
        replied, _ = step(OF, interview, Said(NOON, reply))
        edited, effects = step(OF, replied, Corrected(NOON, "2"))
        assert edited.answers["age"].value == "34"
        assert effects[0] == Tell(EDIT_NOT_TAKEN, {"back": "BACK"})


def test_how_it_looks() -> None:
    interview, effects = at_the_end()
    (sms,) = render(OF, interview, effects, SMS, NOON)
    asked = "Shall we tell you what came of it? Send 1 for yes, 2 for no."
    assert (sms.text, sms.buttons) == (
        f"That was the last question. Thank you for your answers.\n{asked}",
        (),
    )
    (telegram,) = render(OF, interview, effects, TELEGRAM, NOON)
    assert telegram.buttons == (Button("Yes", ":report_back=yes"), Button("No", ":report_back=no"))
    assert replace(telegram, buttons=()).text.endswith(asked)
