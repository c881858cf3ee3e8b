"""What can never happen is told where trying everything shows it, and nowhere else."""

import pytest

from bot.core.review import review
from tests.support.consultations import questionnaire

TOWN = """\
- {name: age, type: integer, label: "How old are you?", constraint: ". >= 0 and . <= 120"}
- name: town
  type: select_one
  label: Which town?
  choices: [{name: aba, label: Aba, state: ab}, {name: bida, label: Bida, state: ni}]
"""


def codes(items: str) -> set[str]:
    return {problem.code for problem in review(questionnaire(items))}


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("${town} = 'aba'", False),
        ("${town} = 'aba' and ${town} = 'bida'", True),
        ("${town} = 'aba' or ${town} = 'bida'", False),
        ("${age} > 150", False),  # a constraint elsewhere is taken on trust
        ("${age} > 5 and ${age} < 3", True),
        ("${age} > 17 and ${town} != 'aba' and ${town} != 'bida' and ${town} != ''", True),
        ("false()", True),
        ("today() > 0", False),
        ("random() > 2", False),
    ],
)
def test_items_that_are_never_asked(condition: str, told: bool) -> None:
    item = f'- {{name: why, type: text, label: "Why?", relevant: "{condition}"}}\n'
    assert ("unreachable" in codes(TOWN + item)) is told


def test_what_a_group_rules_out_nothing_in_it_brings_back() -> None:
    items = (
        TOWN
        + """\
- name: only_aba
  type: group
  relevant: ${town} = 'aba'
  items:
    - {name: why, type: text, label: "Why Aba?"}
    - {name: not_bida, type: text, label: "Why not Bida?", relevant: "${town} = 'bida'"}
"""
    )
    told = [problem for problem in review(questionnaire(items)) if problem.code == "unreachable"]
    assert [problem.path for problem in told] == [("items", 2, "items", 1, "relevant")]


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("state = 'ab'", {"never-offered"}),
        ("${town} = 'aba' and state = 'ab'", {"never-offered", "no-choices-left"}),
        ("(${town} = 'aba' and state = 'ab') or (${town} = 'bida' and state = 'ni')", set()),
    ],
)
def test_choices_that_are_never_offered(condition: str, told: set[str]) -> None:
    item = f"""\
- name: market
  type: select_one
  label: Which market?
  choices: [{{name: x, label: Ekeoha, state: ab}}, {{name: y, label: Landzun, state: ni}}]
  choice_filter: {condition}
"""
    assert codes(TOWN + item) == told


@pytest.mark.parametrize(("default", "told"), [("aba", False), ("abba", True), ("${age}", False)])
def test_defaults_that_are_no_answer(default: str, told: bool) -> None:
    item = f"""\
- name: second
  type: select_one
  label: And the second?
  default: {default}
  choices: [{{name: aba, label: Aba}}, {{name: bida, label: Bida}}]
"""
    assert ("bad-default" in codes(TOWN + item)) is told
