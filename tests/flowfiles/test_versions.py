"""Versions: the same consultation has the same name, whatever it is typed like; a changed one has another."""

from pathlib import Path

import pytest

from bot.core.questionnaire import Questionnaire
from bot.flowfiles.folder import Flow, load_flows, rebuild
from bot.flowfiles.versions import document_of, parts_of, version_of

ROOT = Path(__file__).parents[2]
LOCALES = ROOT / "locales"
SHIPPED = sorted(file.stem for file in (ROOT / "flows").glob("*.yaml"))

DEFINITION = {
    "consultation": "trial",
    "title": "A trial",
    "languages": ["en", "fr"],
    "keywords": {"en": ["TRIAL"], "fr": ["ESSAI"]},
    "consent": "May we?",
    "items": [{"name": "wish", "type": "text", "label": "Your wish?"}],
}
FRENCH = {("wish.label", "Your wish?"): "Votre souhait ?", ("title", "A trial"): "Un essai"}


def version(definition: dict[str, object], french: dict[tuple[str, str], str], texts: Questionnaire) -> str:
    return version_of(document_of(definition, {"fr": french}, texts.texts()))


@pytest.fixture(scope="module")
def shipped() -> dict[str, Flow]:
    return dict(load_flows(ROOT / "flows", LOCALES).flows)


@pytest.fixture(scope="module")
def trial() -> Questionnaire:
    from bot.core.definition import define

    defined = define(DEFINITION)
    assert isinstance(defined, Questionnaire)
    return defined


def test_a_version_is_the_start_of_a_sha_256() -> None:
    assert version_of("") == "e3b0c44298fc1c14"


def test_the_document_is_canonical(trial: Questionnaire) -> None:
    document = document_of({"b": 1, "a": "é"}, {"fr": FRENCH}, trial.texts())
    assert document == (
        '{"definition":{"a":"é","b":1},"translations":{"fr":'
        '[["title","A trial","Un essai"],["wish.label","Your wish?","Votre souhait ?"]]}}'
    )


def test_the_order_of_keys_and_of_catalogue_entries_makes_no_version(trial: Questionnaire) -> None:
    turned = version(dict(reversed(DEFINITION.items())), dict(reversed(FRENCH.items())), trial)
    assert turned == version(DEFINITION, FRENCH, trial)


def test_what_no_text_uses_makes_no_version(trial: Questionnaire) -> None:
    old = {("wish.label", "What is your wish?"): "Quel est votre souhait ?"}
    assert version(DEFINITION, FRENCH | old, trial) == version(DEFINITION, FRENCH, trial)


def test_a_changed_text_or_translation_makes_a_version(trial: Questionnaire) -> None:
    retitled = {**DEFINITION, "title": "Trial"}
    reworded = FRENCH | {("wish.label", "Your wish?"): "Que souhaitez-vous ?"}
    versions = {
        version(DEFINITION, FRENCH, trial),
        version(retitled, FRENCH, trial),
        version(DEFINITION, reworded, trial),
    }
    assert len(versions) == 3


def test_parts_are_what_was_put_in(trial: Questionnaire) -> None:
    assert parts_of(document_of(DEFINITION, {"fr": FRENCH}, trial.texts())) == (DEFINITION, {"fr": FRENCH})


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_consultation_is_rebuilt_from_its_document_as_it_was(
    shipped: dict[str, Flow], name: str
) -> None:
    flow = shipped[name]
    rebuilt = rebuild(flow.document, LOCALES)
    assert rebuilt.version == flow.questionnaire.version == version_of(flow.document)
    assert list(rebuilt.texts()) == list(flow.questionnaire.texts())
    assert rebuilt == flow.questionnaire
