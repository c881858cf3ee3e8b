"""References: what conditions and texts speak of, and what they get wrong."""

import pytest

from bot.core.expressions import Expression, Scope, compile_expression
from bot.core.review import review
from tests.support.consultations import NOON, questionnaire

BEFORE = """\
- {name: age, type: integer, label: "How old are you?"}
- name: needs
  type: select_multiple
  label: What do you need?
  choices: [{name: water, label: Water}, {name: light, label: Light}]
- name: town
  type: select_one
  label: Which town?
  choices: [{name: a, label: Aba, state: ab}, {name: b, label: Bida, state: ni}]
- {name: about, type: note, label: "About you."}
- name: visits
  type: repeat
  label: Visit
  repeat_max: 3
  items:
    - {name: cost, type: integer, label: "What did it cost?"}
"""
ASKED = "- {{name: last, type: text, label: {label!r}, {key}: {value!r}}}\n"
AFTER = '- {name: later, type: text, label: "And then?"}\n'


def told(key: str = "relevant", value: str = "${age} > 1", label: str = "Why?") -> set[tuple[str, str]]:
    """Return what is told of the sixth item, by code and key; neighbours and costs are others' to tell."""
    text = BEFORE + ASKED.format(key=key, value=value, label=label) + AFTER
    found = {
        (problem.code, str(problem.path[-1]))
        for problem in review(questionnaire(text))
        if problem.path[1:2] == (5,)
    }
    return {(code, key) for code, key in found if code not in ("unreachable", "never-accepted")}


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("${age} > 17", None),
        ("${agee} > 17", "unknown-reference"),
        ("${later} = 'x'", "refers-ahead"),
        ("${last} = 'x'", "cycle"),
        ("${about} = 'x'", "no-answer"),
        ("age > 17", "bare-word"),
        ("selected(${needs}, 'water')", None),
        ("selected(${needs}, 'watr')", "unknown-choice"),
        ("${town} = 'a'", None),
        ("${town} != 'c'", "unknown-choice"),
        ("${town} = ''", None),
        ("${cost} > 5", "any-round"),
        ("(${cost}) > 5 and ${age} > 1", "any-round"),
        ("not(${cost} > 5)", "any-round"),
        ("${cost} + 1 > 5", "inside-repeat"),
        ("sum(${cost}) > 5", None),
        ("sum(${cost} * 2) > 5", "inside-repeat"),
        ("${visits} > 1", "no-answer"),
        ("count(${visits}) > 1", None),
        ("indexed-repeat(${cost}, ${visits}, 1) > 5", None),
    ],
)
def test_conditions(condition: str, code: str | None) -> None:
    assert told("relevant", condition) == ({(code, "relevant")} if code else set())


@pytest.mark.parametrize("key", ["constraint", "eligible", "screen_out"])
def test_conditions_on_the_answer_may_name_the_item(key: str) -> None:
    assert told(key, "${last} != 'x'") == set()


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("You are ${age}. Why?", None),
        ("You are ${ago}. Why?", "unknown-reference"),
        ("You said ${later}. Why?", "refers-ahead"),
        ("It cost ${cost}. Why?", "which-round"),
    ],
)
def test_texts(label: str, code: str | None) -> None:
    assert told(label=label) == ({(code, "label")} if code else set())


@pytest.mark.parametrize(
    ("heading", "codes"),
    [
        ("move: 't.me/ExampleBot?start=${code}'", set()),
        ("move: 't.me/ExampleBot?start=${cod}'", {"unknown-reference"}),
        ("thanks: Your code was ${code}.", {"unknown-reference"}),
    ],
)
def test_only_the_text_that_tells_where_to_go_on_has_a_code(heading: str, codes: set[str]) -> None:
    found = review(questionnaire(AFTER, heading))
    assert {problem.code for problem in found if problem.path in (("move",), ("thanks",))} == codes


def test_both_faults_of_an_item_are_told() -> None:
    assert told("relevant", "${cost} > 5 or ${cost} * 2 > ${cost} + 1") == {
        ("any-round", "relevant"),
        ("inside-repeat", "relevant"),
    }


@pytest.mark.parametrize(
    "calculation",
    [
        *("${cost}", "${cost} * 2", "-${cost}", "(${cost}) + 1", "string(${cost})", "round(${cost}, 1)"),
        *(
            "coalesce(${cost}, 1)",
            "if(${age} = '', ${cost}, 1)",
            "sum(${cost} * 2)",
            "concat('a', ${cost} + 1)",
        ),
        *("${cost} = 7", "if(${cost} = 7, 1, 2)", "if((${cost}) > 7, 1, 2)"),
        *(
            "sum(${cost})",
            "sum(coalesce(${cost}, 1))",
            "max(1, ${cost})",
            "concat(${cost})",
            "join(' ', ${cost})",
        ),
        *("count-selected(${cost})", "selected-at(${cost}, 1)", "selected(${cost}, '9')"),
    ],
)
def test_only_the_first_round_is_told_where_the_others_make_no_difference(calculation: str) -> None:
    compiled = compile_expression(calculation)
    assert isinstance(compiled, Expression)
    outcomes = {
        compiled.text(Scope(lookup={"cost": rounds, "age": ""}.__getitem__, now=NOON, seed=0))
        for rounds in (("5",), ("5", "7"), ("5", "9"))
    }
    items = f"{BEFORE}- {{name: last, type: calculate, calculation: {calculation!r}}}\n{AFTER}"
    found = {problem.code for problem in review(questionnaire(items)) if problem.path[1:2] == (5,)}
    assert ("inside-repeat" in found) is (len(outcomes) == 1)


def test_within_a_repeat_its_own_round_is_meant() -> None:
    text = """\
    - name: visits
      type: repeat
      label: Visit
      repeat_max: 3
      items:
        - {name: cost, type: integer, label: "What did it cost?"}
        - {name: why, type: text, label: "Why ${cost}?", relevant: "${cost} > 5"}
    """
    assert {problem.code for problem in review(questionnaire(text))} == set()


@pytest.mark.parametrize(
    ("condition", "code"),
    [("state = 'ab'", None), ("stat = 'ab'", "unknown-column"), ("name = 'a'", None)],
)
def test_filters_speak_of_the_choices_keys(condition: str, code: str | None) -> None:
    text = f"""\
    - name: town
      type: select_one
      label: Which town?
      choices: [{{name: a, label: Aba, state: ab}}, {{name: b, label: Bida, state: ab}}]
      choice_filter: {condition}
    """
    told = {problem.code for problem in review(questionnaire(text))} - {"never-offered"}
    assert told == ({code} if code else set())
