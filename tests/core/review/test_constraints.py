"""Constraints that no value meets: told where that is certain, and never where it is only too hard to see."""

import pytest

from bot.core.review import review
from tests.support.consultations import questionnaire

RANGE = "type: range, range: {start: 0, end: 1000000, step: 1}"


def is_told(kind: str, constraint: str) -> bool:
    text = f'- {{name: a, {kind}, label: "How many?", constraint: "{constraint}"}}'
    problems = review(questionnaire(text))
    return "never-accepted" in {problem.code for problem in problems}


@pytest.mark.parametrize(
    ("kind", "constraint", "told"),
    [
        ("type: integer", ". > 120 and . < 5", True),
        ("type: integer", ". > 5 and . < 6", True),
        ("type: decimal", ". > 5 and . < 6", False),
        ("type: range, range: {start: 1, end: 5}", ". > 5", True),
        ("type: range, range: {start: 1, end: 5}", ". >= 5", False),
        # Too many steps, too large or too fine a number to try everything.
        (RANGE, ". > 5000", False),
        ("type: integer", ". > 100000000000000", False),
        ("type: decimal", ". > 0.0001 and . < 0.0002", False),
    ],
)
def test_a_constraint_that_nothing_meets(kind: str, constraint: str, told: bool) -> None:
    assert is_told(kind, constraint) is told
