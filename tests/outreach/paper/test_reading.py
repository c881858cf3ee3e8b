"""Rows of a spreadsheet as forms."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import count

import pytest

from bot.core.paper.form import on_paper
from bot.core.problems import Problem
from bot.outreach.paper.reading import Heading, Ready, read_forms, read_heading
from tests.support.consultations import questionnaire
from tests.support.phrasebooks import FRENCH

OFFERED = on_paper(
    questionnaire(
        """
        - {name: age, type: integer, label: How old are you?}
        - {name: sound, type: audio, label: Sing!, required: false}
        - {name: wish, type: text, label: What else?, required: false}
        """,
        "languages: [en]",
    )
)
HEADING = ("Form", "date", "CONSENT", "age", "wish")
TODAY = date(2026, 3, 2)


def read(*rows: Sequence[str], heading: Sequence[str] = HEADING) -> list[Ready | tuple[Problem, ...]]:
    known = read_heading(OFFERED, heading)
    assert isinstance(known, Heading)
    return list(read_forms(OFFERED, known, enumerate(rows, 2), TODAY, count(1)))


def codes(one: Ready | tuple[Problem, ...]) -> list[tuple[str, str, int | None]]:
    assert not isinstance(one, Ready)
    return [(problem.code, problem.place, problem.line) for problem in one]


def test_a_row_is_a_form() -> None:
    [one] = read(("17", "2026-02-28", "yes", "34", "a school"))
    assert isinstance(one, Ready)
    assert (one.row, one.number) == (2, "17")
    assert one.interview.started_at.date() == date(2026, 2, 28)
    assert {slot: answer.value for slot, answer in one.interview.answers.items() if answer.value} == {
        "age": "34",
        "wish": "a school",
    }


def test_remarks_are_passed_over_and_cells_may_be_missing() -> None:
    found = read(("# question", "", "", "How old?"), ("17", "2026-02-28 00:00:00", "Y", "34"))
    assert [isinstance(one, Ready) for one in found] == [True]


def test_all_that_is_wrong_with_a_row_is_told_with_its_place() -> None:
    found = read(
        ("1", "2026-02-28", "yes", "34"),
        ("", "28/2/2026", "", "old"),
        ("1", "2026-03-03", "no", ""),
        ("x" * 41, "2026-02-28", "maybe", "34"),
    )
    assert isinstance(found[0], Ready)
    assert [codes(one) for one in found[1:]] == [
        [
            *(("paper-form", "form", 3), ("paper-date", "date", 3)),
            *(("paper-consent", "consent", 3), ("paper-number", "age", 3)),
        ],
        [("paper-form-twice", "form", 4), ("paper-date-late", "date", 4)],
        [("paper-form-length", "form", 5), ("paper-consent", "consent", 5)],
    ]


def test_what_a_form_says_makes_its_digest() -> None:
    forms = read(
        ("1", "2026-02-28", "yes", "34", ""),
        ("2", "2026-02-28", "y", " 34 "),
        ("3", "2026-02-28", "yes", "35"),
        ("4", "2026-02-27", "yes", "34"),
    )
    digests = [one.digest for one in forms if isinstance(one, Ready)]
    assert digests[0] == digests[1]
    assert len(set(digests)) == 3


@pytest.mark.parametrize(
    ("heading", "problems"),
    [
        (("form", "date", "age", "wish"), [("paper-no-column", "consent")]),
        (("form", "date", "consent", "wish"), [("paper-no-column", "age")]),
        ((*HEADING, "wish"), [("paper-same-column", "wish")]),
        ((*HEADING, "wihs"), [("paper-unknown-column", "Write wish.")]),
        ((*HEADING, "sound"), [("paper-unknown-column", "typed in")]),
        ((*HEADING, "name of person"), [("paper-unknown-column", "Take the column out")]),
        ((*HEADING, ""), []),
    ],
)
def test_columns_are_those_of_the_questions(heading: Sequence[str], problems: list[tuple[str, str]]) -> None:
    found = read_heading(OFFERED, heading)
    told = [] if isinstance(found, Heading) else found
    assert len(told) == len(problems)
    for one, (code, words) in zip(told, problems, strict=True):
        assert one.code == code
        assert words in one.message + one.remedy


def test_consent_is_read_in_the_language_of_the_form() -> None:
    both = on_paper(
        questionnaire(
            "- {name: age, type: integer, label: How old are you?}",
            "languages: [en, fr]",
            {"en": OFFERED.phrasebooks["en"], "fr": replace(FRENCH, names=("French",))},
        )
    )
    heading = read_heading(both, ("form", "date", "language", "consent", "age"))
    assert isinstance(heading, Heading)
    rows = [
        ("1", "2026-02-28", "fr", "oui", "34"),
        ("2", "2026-02-28", "en", "oui", "34"),
        ("3", "2026-02-28", "", "no"),
        *((word, "2026-02-28", word, "oui", "34") for word in ("French", "FRANCAIS", "fr_CM")),
        ("7", "2026-02-28", "Frankish", "oui", "34"),
    ]
    french, english, none, *named, unknown = read_forms(both, heading, enumerate(rows, 2), TODAY, count(1))
    assert isinstance(french, Ready)
    assert french.interview.language == "fr"
    assert codes(english) == [("paper-consent", "consent", 3)]
    assert codes(none) == [("paper-language", "language", 4)]
    # As in a list of recipients: by any name, and as phones write it.
    assert [isinstance(one, Ready) and one.interview.language for one in named] == ["fr", "fr", "fr"]
    assert ("paper-language", "language", 8) in codes(unknown)
