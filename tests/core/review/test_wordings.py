"""What people type: words that are told apart, and that neither the carrier nor the bot takes for itself."""

import pytest

from bot.core.review import review, review_all
from tests.support.consultations import questionnaire


def told(*labels: str, kind: str = "select_one") -> set[tuple[str, int]]:
    """Return what is told of choices with these labels, by code and choice."""
    choices = ", ".join(f"{{name: c{number}, label: {label!r}}}" for number, label in enumerate(labels))
    items = f"- {{name: a, type: {kind}, label: Which?, choices: [{choices}]}}"
    return {(problem.code, int(problem.path[3])) for problem in review(questionnaire(items))}


@pytest.mark.parametrize(
    ("labels", "found"),
    [
        (("Firewood", "Gas"), set()),
        (("Firewood", "FIREWOOD!"), {("choices-alike", 1)}),
        (("café", "Cafe"), {("choices-alike", 1)}),
        (("Stop", "Leave it"), {("carrier-word", 0)}),
        (("Info", "Money"), {("carrier-word", 0)}),
        (("Stop the pump", "Keep it"), set()),
        (("Back", "Forward"), {("taken-by-command", 0)}),
        (("2", "3"), {("cannot-be-typed", 0)}),  # a 3 is no number of a choice, and can be nothing else
        (("Every 2 days", "Every day"), set()),
        (("Yes", "No"), set()),
    ],
)
def test_choices(labels: tuple[str, ...], found: set[tuple[str, int]]) -> None:
    assert told(*labels) == found


@pytest.mark.parametrize(("length", "found"), [(57, set()), (58, {"button-too-long"})])
def test_names_fit_a_button(length: int, found: set[str]) -> None:
    choices = f"[{{name: {'c' * length}, label: A}}, {{name: b, label: B}}]"
    items = f"- {{name: a_name, type: select_one, label: Which?, choices: {choices}}}"
    assert {problem.code for problem in review(questionnaire(items))} == found


@pytest.mark.parametrize(
    ("keyword", "code"),
    [
        ("WATER", None),
        ("STOP", "carrier-word"),
        ("START", "carrier-word"),
        ("12", "keyword-is-number"),
        ("BACK", "taken-by-command"),
        ("STOPWATCH", None),
    ],
)
def test_keywords(keyword: str, code: str | None) -> None:
    text = '- {name: a, type: text, label: "Why?"}'
    found = review(questionnaire(text, heading=f"keywords: {{en: ['{keyword}']}}"))
    assert {(problem.code, problem.path) for problem in found} == (
        {(code, ("keywords", "en", 0))} if code else set()
    )


def test_a_keyword_joins_one_consultation() -> None:
    text = '- {name: a, type: text, label: "Why?"}'
    one, other = questionnaire(text), questionnaire(text, heading="consultation: second")
    assert [(problem.code, problem.path) for problem in review_all([one, other])] == [
        ("shared-keyword", ("second", "keywords", "en", 0))
    ]
