"""What people type: words that are told apart, and that neither the carrier nor the bot takes for itself."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.outreach.coupons import make_coupons, shown_coupon
from bot.core.outreach.records import Outreach
from bot.core.outreach.sources import Source
from bot.core.phrases import Phrasebook
from bot.core.questionnaire import Questionnaire
from bot.core.review import review, review_all, review_all_sources
from bot.language.catalogues import load_phrasebook
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
        ("4839 2715", "keyword-is-number"),
        ("BACK", "taken-by-command"),
        ("Move", "taken-by-command"),
        ("PASS ON", "taken-by-command"),
        ("ASSIST", "taken-by-command"),
        ("UNDO", "taken-by-command"),
        ("YES", "taken-by-command"),
        ("Idk", "taken-by-command"),
        ("SEVEN", "taken-by-command"),
        ("English", "taken-by-command"),
        (shown_coupon(make_coupons(1, 1)[0]), "taken-by-command"),
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


LOCALES = Path(__file__).parents[3] / "locales"
SWAHILI = load_phrasebook(LOCALES, "sw")


def joined_by(name: str, keyword: str, *codes: str, books: tuple[Phrasebook, ...] = ()) -> Questionnaire:
    """Return a consultation in English, and in the languages of some phrasebooks, with sources of these codes."""
    found = questionnaire(
        '- {name: a, type: text, label: "Why?"}',
        heading=f"consultation: {name}\nkeywords: {{en: ['{keyword}']}}",
    )
    sources = tuple(Source(code.lower(), code, code) for code in codes)
    spoken = {**found.phrasebooks, **{book.language: book for book in books}}
    return replace(found, phrasebooks=spoken, outreach=Outreach(name, sources=sources))


def test_no_keyword_steers_another_consultation() -> None:
    """ACHA stops an interview in Swahili: as a keyword it would take people from one consultation to another."""
    one, other = joined_by("fire", "ACHA"), joined_by("water", "WATER", books=(SWAHILI,))
    assert review_all([one]) == ()
    (problem,) = review_all([one, other])
    assert (problem.code, problem.path) == ("taken-by-command", ("fire", "keywords", "en", 0))
    assert problem.message == (
        "'ACHA' is a word that steers every consultation (sw): who sends it means that."
    )
    # In its own language, it is told with the consultation itself.
    own = joined_by("fire", "ACHA", books=(SWAHILI,))
    assert review_all([own, other]) == ()
    assert "taken-by-command" in {one.code for one in review(own)}


@pytest.mark.parametrize(
    ("codes", "others", "what"),
    [
        (["CLINIC4"], ["MARKET"], None),
        (["MAJI"], [], "a keyword of 'water'"),
        (["CLINIC4"], ["CLINIC4"], None),  # told of the later one
        (["ENDELEA"], [], "a word that steers every consultation (sw)"),
        (["NDIYO"], [], "an answer (sw)"),
        (["KISWAHILI"], [], "the name of a language (sw)"),
    ],
)
def test_a_code_means_nothing_to_another_consultation(
    codes: list[str], others: list[str], what: str | None
) -> None:
    one, other = joined_by("fire", "FIRE", *codes), joined_by("water", "MAJI", *others, books=(SWAHILI,))
    found = {problem.path: problem.message for problem in review_all_sources([one, other])}
    told = {("fire", "sources", 0, "code"): f"'{codes[0]}' is {what}: who sends it means that."}
    twice = {("water", "sources", 0, "code"): "'CLINIC4' is a code of 'fire': who sends it means that."}
    assert found == (told if what else twice if codes == others else {})
