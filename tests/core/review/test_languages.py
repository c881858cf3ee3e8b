"""Translations: what a language lacks is told where the text stands, and which answers a translation lost."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from bot.core.phrases import ENGLISH
from bot.core.problems import Path, Severity
from bot.core.questionnaire import Questionnaire
from bot.core.review import review
from bot.language.catalogues import translate
from tests.support.consultations import questionnaire

OWN = {
    "title": "A trial",
    "consent.ask": "May we ask you a few questions?",
    "age.label": "How old are you?",
    "fuel.label": "At ${age}, what do you cook with?",
    "fuel.wood.label": "Firewood",
    "fuel.gas.label": "Gas",
    "thanks": "Thank you.",
}
"""Every text of the consultation, by its place in a catalogue."""

FRENCH = {
    "title": "Un essai",
    "consent.ask": "Pouvons-nous vous poser quelques questions ?",
    "age.label": "Quel âge avez-vous ?",
    "fuel.label": "À ${age} ans, avec quoi cuisinez-vous ?",
    "fuel.wood.label": "Bois",
    "fuel.gas.label": "Gaz",
    "thanks": "Merci.",
}

ITEMS = """\
- {name: age, type: integer, label: "How old are you?"}
- name: fuel
  type: select_one
  label: "At ${age}, what do you cook with?"
  choices: [{name: wood, label: Firewood}, {name: gas, label: Gas}]
"""


def translated(wordings: Mapping[str, str], language: str = "fr") -> Questionnaire:
    """Return the consultation in English, and in another language as far as the wordings go."""
    defined = questionnaire(
        ITEMS,
        heading=f"languages: [en, {language}]\nthanks: Thank you.",
        phrasebooks={"en": ENGLISH, language: replace(ENGLISH, language=language)},
    )
    found = {(context, OWN[context]): wording for context, wording in wordings.items()}
    return translate(defined, {language: found})


def told(wordings: Mapping[str, str]) -> set[tuple[str, Path]]:
    return {(problem.code, problem.path) for problem in review(translated(wordings))}


def without(*contexts: str) -> dict[str, str]:
    return {context: wording for context, wording in FRENCH.items() if context not in contexts}


def test_every_text_of_the_consultation_is_looked_at() -> None:
    assert {text.context: text.source for text in translated(FRENCH).texts()} == OWN


def test_a_whole_translation_is_no_problem() -> None:
    assert told(FRENCH) == set()


@pytest.mark.parametrize(
    ("context", "path"),
    [
        ("title", ("title",)),
        ("consent.ask", ("consent", "ask")),
        ("age.label", ("items", 0, "label")),
        ("fuel.label", ("items", 1, "label")),
        ("fuel.gas.label", ("items", 1, "choices", 1, "label")),
        ("thanks", ("thanks",)),
    ],
)
def test_a_missing_translation_is_told_at_its_text(context: str, path: Path) -> None:
    assert told(without(context)) == {("missing-translation", path)}


def test_a_few_missing_translations_are_told_one_by_one() -> None:
    missing = ("title", "age.label", "fuel.wood.label", "fuel.gas.label", "thanks")
    assert told(without(*missing)) == {
        ("missing-translation", ("title",)),
        ("missing-translation", ("items", 0, "label")),
        ("missing-translation", ("items", 1, "choices", 0, "label")),
        ("missing-translation", ("items", 1, "choices", 1, "label")),
        ("missing-translation", ("thanks",)),
    }


def test_many_missing_translations_are_told_as_one() -> None:
    (problem,) = review(translated({"title": "Un essai"}))
    assert (problem.code, problem.path) == ("missing-translation", ("languages",))
    assert problem.message.startswith("6 texts are not in 'fr' yet: ")
    assert "locales/fr/LC_MESSAGES/trial.po" in problem.remedy


def test_the_catalogue_is_named_as_it_stands_on_disk() -> None:
    (problem,) = review(translated(without("title"), "pt-BR"))
    assert problem.remedy == "Translate 'title' in locales/pt_BR/LC_MESSAGES/trial.po."


@pytest.mark.parametrize(
    ("wording", "named"),
    [
        ("À ${age} ans, avec quoi cuisinez-vous ?", None),
        ("Avec quoi cuisinez-vous, à ${age} ans, ${age} ?", None),
        ("Avec quoi cuisinez-vous ?", "${age}"),
        ("À ${fuel} ans, avec quoi cuisinez-vous ?", "${age}, ${fuel}"),
    ],
    ids=["moved", "twice", "lost", "another"],
)
def test_a_translation_quotes_the_same_answers(wording: str, named: str | None) -> None:
    problems = review(translated({**FRENCH, "fuel.label": wording}))
    assert [(problem.code, problem.path, problem.message) for problem in problems] == (
        [
            (
                "translation-differs",
                ("items", 1, "label"),
                f"The source and its translation into 'fr' do not both have {named}.",
            )
        ]
        if named
        else []
    )


@pytest.mark.parametrize(
    ("changed", "code", "path"),
    [
        ({"fuel.gas.label": "BOIS"}, "choices-alike", ("items", 1, "choices", 1, "label")),
        ({"fuel.wood.label": "Stop"}, "carrier-word", ("items", 1, "choices", 0, "label")),
        ({"age.label": "Âgé de " + "ê" * 150}, "over-budget", ("items", 0)),
    ],
    ids=["alike", "carrier", "dear"],
)
def test_what_is_fine_in_one_language_may_not_be_in_another(
    changed: dict[str, str], code: str, path: Path
) -> None:
    assert told({**FRENCH, **changed}) == {(code, path)}


NUMBERED = """\
- name: often
  type: select_one
  label: How often?
  choices: [{name: some, label: 1 to 3 times}, {name: many, label: 4 or more times}]
"""


def numbered(some: str, many: str) -> list[tuple[str, Path, str, Severity]]:
    defined = questionnaire(
        NUMBERED,
        "languages: [en, ar]",
        {"en": ENGLISH, "ar": replace(ENGLISH, language="ar", script="ARABIC")},
    )
    sources = {text.context: text.source for text in defined.texts()}
    wordings = {**dict.fromkeys(sources, "نص"), "often.some.label": some, "often.many.label": many}
    spoken = translate(defined, {"ar": {(place, sources[place]): said for place, said in wordings.items()}})
    return [(one.code, one.path, one.language, one.severity) for one in review(spoken)]


def test_a_choice_keeps_its_number_in_digits_of_any_script() -> None:
    assert numbered("من ١ إلى ٣ مرات", "٤ مرات أو أكثر") == []
    place = ("items", 0, "choices", 1, "label")
    assert numbered("من ١ إلى ٣ مرات", "٥ مرات أو أكثر") == [
        ("number-differs", place, "ar", Severity.WARNING)
    ]


def test_choices_that_differ_in_the_script_of_their_digits_read_the_same() -> None:
    found = numbered("1 3 4 مرات", "١ ٣ ٤ مرات")
    assert ("choices-alike", ("items", 0, "choices", 1, "label"), "ar", Severity.ERROR) in found


def test_letters_that_only_look_right_are_told_in_every_language() -> None:
    changed = translated({**FRENCH, "fuel.gas.label": "Gаz"})
    (problem,) = review(replace(changed, keywords={"en": ("TRIАL",)}, languages=("en",)))
    assert (problem.code, problem.path) == ("disguised-letters", ("keywords", "en", 0))
    assert told({**FRENCH, "fuel.gas.label": "Gаz"}) == {
        ("disguised-letters", ("items", 1, "choices", 1, "label"))
    }
