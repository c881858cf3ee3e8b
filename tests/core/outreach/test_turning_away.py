"""Who is turned away when a quota is full: nobody, but where the organiser demands it, and then at that answer."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.core.interview.records import Ending, Interview, Stage
from bot.core.outreach.definition import define_outreach
from bot.core.outreach.quotas.records import Cell, Quotas
from bot.core.outreach.quotas.turning import Full, full, places_changed
from bot.core.outreach.records import Outreach
from bot.core.prompts.records import SMS
from bot.core.reception import Consultations, Correspondent, Incoming, consultations, receive
from tests.support.consultations import questionnaire

TRIAL = questionnaire(
    """
    - name: gender
      type: select_one
      label: What are you?
      choices: [{name: woman, label: Woman}, {name: man, label: Man}]
    - {name: age, type: integer, label: How old are you?, required: false}
    - {name: water, type: text, label: What about the water?}
    """,
    "groups: [{name: age, bands: [18, 40]}]\nscreened_out: We have heard enough people like you. Thank you.",
)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def quotas(*cells: dict[str, Any]) -> Quotas:
    read = define_outreach({"quotas": {"cells": [*cells]}}, TRIAL)
    assert isinstance(read, Outreach), read
    assert read.quotas is not None
    return read.quotas


GENDER = {"by": "gender", "targets": {"woman": 2, "man": 2}}
CROSSED = {
    "by": ["gender", "age"],
    "targets": {"woman": {"<18": "open", "18-39": 1, "40+": "open"}, "man": "open"},
}
WOMEN_FULL = {Cell("gender", ("woman",)): 2}


def talk(known: Consultations, *said: str, interview: Interview | None = None) -> tuple[Interview, str]:
    """Return the interview after some messages, and the last reply."""
    person = Correspondent(current="trial" if interview else None)
    interviews = {"trial": interview} if interview else {}
    reply = ""
    for minute, text in enumerate(said):
        outcome = receive(known, person, interviews, Incoming(NOON + timedelta(minutes=minute), text), 7, SMS)
        person, interviews = outcome.correspondent, {**interviews, **outcome.interviews}
        reply = outcome.prompts[-1].text
    return interviews["trial"], reply


def with_full(known: Full) -> Consultations:
    return replace(consultations([TRIAL]), full={"trial": known})


def turning(*cells: dict[str, Any], held: dict[Cell, int] = WOMEN_FULL) -> Consultations:
    demanded = quotas(*({**one, "full": "turn_away"} for one in cells)).turning_away()
    return with_full(full(demanded, held))


def test_who_answers_into_a_full_cell_is_thanked_and_recorded() -> None:
    interview, reply = talk(turning(GENDER), "TRIAL", "1", "woman")
    assert (interview.stage, interview.ending) == (Stage.ENDED, Ending.SCREENED_OUT)
    assert interview.answers["gender"].value == "woman"
    assert reply == "We have heard enough people like you. Thank you."


def test_who_writes_again_after_it_is_told_the_same() -> None:
    _, reply = talk(turning(GENDER), "TRIAL", "1", "woman", "hello")
    assert reply == "We have heard enough people like you. Thank you."


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (turning(GENDER), ["man"]),
        # A cell without a target takes as many as come, and a crossing is not decided by half of it.
        (turning(CROSSED, held={Cell("gender, age", ("man", "40+")): 900}), ["man", "50"]),
        (turning(CROSSED, held={Cell("gender, age", ("woman", "18-39")): 1}), ["woman"]),
        # Who would rather not say is in no cell.
        (turning(CROSSED, held={Cell("gender, age", ("woman", "18-39")): 1}), ["woman", "SKIP"]),
        (turning(GENDER, held={Cell("gender", ("woman",)): 1}), ["woman"]),
        # Without the demand nobody is turned away, however full it is.
        (with_full(full(quotas(GENDER).turning_away(), {Cell("gender", ("woman",)): 99})), ["woman"]),
        (consultations([TRIAL]), ["woman"]),
    ],
)
def test_the_others_go_on(known: Consultations, said: list[str]) -> None:
    interview, _ = talk(known, "TRIAL", "1", *said)
    assert (interview.stage, interview.ending) == (Stage.ITEMS, None)


def test_a_crossing_is_decided_by_its_last_answer() -> None:
    known = turning(CROSSED, held={Cell("gender, age", ("woman", "18-39")): 1})
    interview, _ = talk(known, "TRIAL", "1", "woman", "30")
    assert interview.ending is Ending.SCREENED_OUT


def test_who_has_a_place_keeps_it_when_the_cell_fills() -> None:
    let_in, _ = talk(turning(GENDER, held={}), "TRIAL", "1", "woman")
    interview, _ = talk(turning(GENDER), "30", "dry", interview=let_in)
    assert interview.ending is Ending.COMPLETE


def test_the_same_answer_given_again_does_not_lose_the_place() -> None:
    let_in, _ = talk(turning(GENDER, held={}), "TRIAL", "1", "woman")
    interview, _ = talk(turning(GENDER), "BACK", "woman", interview=let_in)
    assert interview.ending is None


def test_who_goes_back_into_a_full_cell_is_turned_away() -> None:
    let_in, _ = talk(turning(GENDER), "TRIAL", "1", "man")
    interview, _ = talk(turning(GENDER), "BACK", "woman", interview=let_in)
    assert interview.ending is Ending.SCREENED_OUT


def test_places_are_taken_by_the_answer_moved_by_another_and_given_back_by_stop() -> None:
    counted = quotas(GENDER, CROSSED)
    woman, man = Cell("gender", ("woman",)), Cell("gender", ("man",))
    known = consultations([TRIAL])
    before, _ = talk(known, "TRIAL", "1")
    answered, _ = talk(known, "woman", interview=before)
    changed, _ = talk(known, "BACK", "man", interview=answered)
    stopped, _ = talk(known, "STOP", interview=changed)
    complete, _ = talk(known, "30", "dry", interview=changed)
    moves = [
        places_changed(counted, *one) for one in ((before, answered), (answered, changed), (changed, stopped))
    ]
    assert [{cell: by for cell, by in one.items() if by} for one in moves] == [
        {woman: 1},
        {woman: -1, man: 1},
        {man: -1},
    ]
    assert +places_changed(counted, None, complete) == {man: 1, Cell("gender, age", ("man", "18-39")): 1}
