"""What messages cost: told in each language, with the letters that make them dear."""

import pytest

from bot.core.problems import Severity
from bot.core.review import review
from tests.support.consultations import questionnaire


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("a" * 306, None),
        ("a" * 307, "costs 3 SMS and may cost 2."),
        ("ç" * 135, "costs 3 SMS and may cost 2. Only ç keeps it from the cheaper alphabet of SMS (GSM-7)."),
        ("\u0434" * 134, None),
        ("\u0434" * 135, "costs 3 SMS and may cost 2. Only \u0434 keeps"),
    ],
)
def test_a_question_over_its_budget(label: str, said: str | None) -> None:
    problems = review(questionnaire(f"- {{name: a, type: text, label: {label}}}"))
    assert [problem.code for problem in problems] == (["over-budget"] if said else [])
    assert said is None or said in problems[0].message


def test_a_shorter_wording_for_sms_or_a_greater_budget_will_do() -> None:
    for key in ("sms_label: Why?", "sms_segments: 3"):
        assert review(questionnaire(f"- {{name: a, type: text, label: {'a' * 307}, {key}}}")) == ()


def test_many_questions_are_a_warning() -> None:
    items = "\n".join(f"- {{name: a{number}, type: text, label: Why {number}?}}" for number in range(11))
    (problem,) = review(questionnaire(items))
    assert (problem.code, problem.severity) == ("many-questions", Severity.WARNING)
    assert review(questionnaire(items.rsplit("\n", 1)[0])) == ()


def test_a_consultation_without_a_question() -> None:
    assert [one.code for one in review(questionnaire("- {name: a, type: note, label: Hello}"))] == [
        "asks-nothing"
    ]
