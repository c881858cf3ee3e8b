"""Forms on paper: what they come to is what a conversation comes to, and all that is wrong is told."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from bot.core.interview.records import AnswerStatus, Ending, Interview
from bot.core.paper.filling import Form, fill, noon
from bot.core.paper.form import column_of, columns, on_paper
from bot.core.problems import Problem
from bot.core.questionnaire import ItemType, Questionnaire
from bot.demo_data import Crowd, hold, people
from bot.flowfiles.folder import load_flows
from tests.support.consultations import NOON, questionnaire

ROOT = Path(__file__).parents[3]
VILLAGE = on_paper(
    questionnaire(
        """
        - {name: age, type: integer, label: How old are you?, eligible: . >= 16, constraint: . < 120,
           constraint_message: "An age, like 34."}
        - name: home
          type: select_one
          label: Where is your home?
          randomize: true
          or_other: true
          choices: [{name: hill, label: On the hill}, {name: river, label: By the river}]
        - {name: flooded, type: acknowledge, label: We know of the flood., relevant: "${home} = 'river'"}
        - name: needs
          type: select_multiple
          label: What is needed?
          choices: [{name: road, label: A road}, {name: water, label: Clean water}, {name: clinic, label: A clinic}]
        - name: order
          type: rank
          label: Which comes first?
          choices: [{name: road, label: A road}, {name: water, label: Clean water}]
          relevant: selected(${needs}, 'road')
        - {name: rating, type: range, range: {start: 1, end: 5}, label: How good is it?, required: false}
        - {name: since, type: date, label: Since when?, required: false}
        - {name: wakes, type: time, label: When do you get up?, required: false}
        - {name: where, type: geopoint, label: Where?, required: false}
        - {name: house, type: image, label: A picture}
        - name: child
          type: repeat
          label: Child
          relevant: ${age} >= 18
          items:
            - {name: child_age, type: integer, label: How old is the child?, required: false}
            - {name: school, type: text, label: Which school?, required: false}
        - {name: twice, type: calculate, calculation: "${age} * 2"}
        - {name: wish, type: text, label: What else?, required: false}
        """,
        "report_back: true",
    )
)
DAY = noon(VILLAGE, date(2026, 3, 2))
GOOD: Mapping[str, str] = {"age": "34", "home": "hill", "needs": "water"}


def filled(answers: Mapping[str, str], *, agrees: bool = True, of: Questionnaire = VILLAGE) -> Interview:
    came = fill(of, Form("1", DAY, "en", agrees, answers), 7)
    assert isinstance(came, Interview), came
    return came


def values(interview: Interview) -> dict[str, str]:
    return {
        slot: one.value
        for slot, one in interview.answers.items()
        if one.relevant and one.status in (AnswerStatus.ANSWERED, AnswerStatus.CALCULATED)
    }


def told(answers: Mapping[str, str], *, agrees: bool = True) -> list[tuple[str, str]]:
    came = fill(VILLAGE, Form("1", DAY, "en", agrees, answers), 7)
    assert not isinstance(came, Interview)
    return [(one.code, one.place) for one in came]


def test_a_template_has_a_column_an_answer_and_a_round() -> None:
    assert [one.slot for one in columns(VILLAGE, 2)] == [
        *("age", "home", "home_other", "needs", "order", "rating", "since", "wakes", "where"),
        *("child_age[1]", "school[1]", "child_age[2]", "school[2]", "wish"),
    ]
    assert column_of(VILLAGE, "school[9]") is not None
    for wrong in (
        "school",
        "wish[1]",
        "school[0]",
        "school[x]",
        "house",
        "flooded",
        "child",
        "twice",
        "none",
    ):
        assert column_of(VILLAGE, wrong) is None


def test_a_form_is_an_interview_of_its_day() -> None:
    interview = filled({**GOOD, "wish": "a school"})
    assert values(interview) == {**GOOD, "child[1]": "no", "twice": "68", "wish": "a school"}
    assert (interview.ending, interview.consented_at, interview.started_at) == (Ending.COMPLETE, DAY, DAY)
    assert (interview.report_back, interview.menu) == (None, None)
    assert interview.answers["house"].status is AnswerStatus.GIVEN_UP
    assert interview.answers["rating"].status is AnswerStatus.SKIPPED


CELLS = [
    ("home", "river", "river"),
    ("home", "RIVER", "river"),
    ("home", "By the river", "river"),
    ("home", "2", "river"),
    ("home", "other: a boat", "other"),
    ("needs", "clinic road", "road clinic"),
    ("needs", "1, 3", "road clinic"),
    ("needs", "A road; A clinic", "road clinic"),
    ("needs", "road,clinic", "road clinic"),
    ("rating", "4", "4"),
    ("rating", "four", "4"),
    ("since", "2026-01-31", "2026-01-31"),
    ("since", "31/1/2026", "2026-01-31"),
    ("wakes", "05:30", "05:30"),
    ("wakes", "05:30:00", "05:30"),
    ("where", "6.52, 3.38", "6.52 3.38 0 0"),
    ("wish", "stop", "stop"),
    ("wish", "next", "next"),
    ("wish", "help", "help"),
]


@pytest.mark.parametrize(("slot", "cell", "value"), CELLS)
def test_a_cell_is_read_as_a_reply_is_and_never_as_a_command(slot: str, cell: str, value: str) -> None:
    order = {"order": "water road"} if slot == "needs" else {}
    assert values(filled({**GOOD, **order, slot: cell}))[slot] == value


def test_choices_are_numbered_as_the_file_has_them() -> None:
    """On paper everybody sees one order, whatever order a phone would show."""
    assert {values(filled({**GOOD, "home": "1"}, of=VILLAGE))["home"] for _ in range(5)} == {"hill"}


def test_rounds_go_on_as_long_as_anything_stands_in_one() -> None:
    interview = filled({**GOOD, "child_age[1]": "4", "school[3]": "St. Mary"})
    assert values(interview) | {"wish": ""} == {
        **GOOD,
        **{"child_age[1]": "4", "child[1]": "yes", "child[2]": "yes", "school[3]": "St. Mary"},
        **{"child[3]": "no", "twice": "68", "wish": ""},
    }


def test_who_did_not_agree_is_recorded_without_an_answer() -> None:
    assert (filled({}, agrees=False).ending, filled({}, agrees=False).answers) == (Ending.REFUSED, {})
    assert told(GOOD, agrees=False) == [("paper-no-consent", "age")]


def test_the_questions_end_for_who_is_not_among_those_asked() -> None:
    assert filled({"age": "12"}).ending is Ending.NOT_ELIGIBLE
    assert told({**GOOD, "age": "12"}) == [("paper-not-asked", "home"), ("paper-not-asked", "needs")]


FAULTS = [
    ({"age": ""}, [("paper-no-answer", "age")]),
    ({"age": "old"}, [("paper-number", "age")]),
    ({"age": "2.5"}, [("paper-number", "age")]),
    ({"age": "300"}, [("paper-constraint", "age")]),
    ({"home": "the moon"}, [("paper-choice", "home")]),
    ({"home": "4"}, [("paper-choice", "home")]),
    ({"needs": "road, the moon"}, [("paper-choices", "needs")]),
    ({"needs": "road"}, [("paper-no-answer", "order")]),
    ({"needs": "road", "order": "road"}, [("paper-rank", "order")]),
    ({"needs": "road", "order": "road road"}, [("paper-rank", "order")]),
    ({"order": "road water"}, [("paper-not-asked", "order")]),
    ({"rating": "9"}, [("paper-number", "rating")]),
    ({"since": "long ago"}, [("paper-moment", "since")]),
    ({"wakes": "early"}, [("paper-moment", "wakes")]),
    ({"home_other": "a boat"}, [("paper-not-asked", "home_other")]),
    ({"home": "other: a boat", "home_other": "a tent"}, [("paper-not-asked", "home_other")]),
    (
        {"age": "old", "home": "the moon", "rating": "9", "order": "road"},
        [("paper-number", "age"), ("paper-choice", "home"), ("paper-number", "rating")],
    ),
]


@pytest.mark.parametrize(("wrong", "problems"), FAULTS)
def test_all_that_is_wrong_with_a_form_is_told_and_no_cell_is_quoted(
    wrong: Mapping[str, str], problems: list[tuple[str, str]]
) -> None:
    assert told({**GOOD, **wrong}) == problems
    came = fill(VILLAGE, Form("1", DAY, "en", agrees=True, answers={**GOOD, **wrong}), 7)
    assert not isinstance(came, Interview)
    said = " ".join(one.message + one.remedy for one in came if isinstance(one, Problem))
    assert not [cell for cell in ("the moon", "long ago", "a tent", "300") if cell in said]


@cache
def shipped(name: str) -> Questionnaire:
    return load_flows(ROOT / "flows", ROOT / "locales").flows[name].questionnaire


@pytest.mark.parametrize("name", ["youth-voice", "service-feedback", "household-energy"])
def test_a_form_comes_to_what_a_conversation_came_to(name: str) -> None:
    """Whatever people answered in conversations, written on paper, is the same interview."""
    offered = shipped(name)
    crowd = Crowd(offered, 5, NOON)
    compared = 0
    for person in people(crowd, 30):
        talk = hold(crowd, person).interview
        given = {slot: one for slot, one in talk.answers.items() if one.relevant}
        unlike = {one.status for one in given.values()} - {
            *(AnswerStatus.ANSWERED, AnswerStatus.SKIPPED, AnswerStatus.CALCULATED, AnswerStatus.DEFAULT)
        }
        if talk.ending is not Ending.COMPLETE or unlike or talk.language is None:
            continue
        cells = {
            slot: one.value
            for slot, one in given.items()
            if one.status is AnswerStatus.ANSWERED and column_of(offered, slot) is not None
        }
        kept = (ItemType.REPEAT, ItemType.ACKNOWLEDGE)
        form = Form("1", talk.started_at, talk.language, agrees=True, answers=cells)
        came = fill(on_paper(offered), form, talk.seed)
        assert isinstance(came, Interview), (came, cells)
        assert came.ending is Ending.COMPLETE
        assert {
            slot: value
            for slot, value in values(came).items()
            if offered.item(slot.partition("[")[0]).type not in kept
        } == {
            slot: one.value
            for slot, one in given.items()
            if slot in cells or one.status is AnswerStatus.CALCULATED
        }
        compared += 1
    assert compared >= 3
