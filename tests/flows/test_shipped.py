"""Structural: every consultation that is shipped is whole, in every language that it offers."""

from pathlib import Path

import pytest

from bot.cli.check import transcript_problems, transcripts_beside
from bot.core.folding import fold
from bot.core.phrases import STOP
from bot.core.questionnaire import BOT_CONTEXT, Questionnaire
from bot.flowfiles.folder import check_files, flow_files, load_flows
from bot.language.extraction import entries
from bot.language.pofiles import catalogue_path, read_catalogue

ROOT = Path(__file__).parents[2]
LOCALES = ROOT / "locales"
SHIPPED = {
    "household-energy": ("en", "ig"),
    "service-feedback": ("en", "es", "fr", "sw", "ar"),
    "youth-voice": ("en", "fr", "sw"),
}


@pytest.fixture(scope="module")
def shipped() -> dict[str, Questionnaire]:
    return {
        flow.questionnaire.id: flow.questionnaire
        for flow in load_flows(ROOT / "flows", LOCALES).flows.values()
    }


def test_nothing_is_wrong_with_any_of_them_but_that_the_form_is_long() -> None:
    found = check_files(flow_files(ROOT / "flows"), LOCALES).problems
    assert [(problem.code, Path(problem.file).name) for problem in found] == [
        ("many-questions", "household-energy.yaml")
    ]


def test_their_languages(shipped: dict[str, Questionnaire]) -> None:
    assert {name: questionnaire.languages for name, questionnaire in shipped.items()} == SHIPPED


@pytest.mark.parametrize("name", SHIPPED)
def test_translators_get_every_text_and_nothing_else(shipped: dict[str, Questionnaire], name: str) -> None:
    handed_out = {
        (entry.context, entry.wording) for entry in entries((ROOT / f"flows/{name}.yaml").read_bytes())
    }
    texts = {(text.context, text.source) for text in shipped[name].texts()}
    assert handed_out == {text for text in texts if not text[0].startswith(BOT_CONTEXT)}


@pytest.mark.parametrize("name", SHIPPED)
def test_every_text_is_translated(shipped: dict[str, Questionnaire], name: str) -> None:
    languages = set(SHIPPED[name][1:])
    assert [text.context for text in shipped[name].texts() if not languages <= set(text.translations)] == []


@pytest.mark.parametrize("name", SHIPPED)
def test_the_consent_says_how_to_stop_with_the_word_of_its_language(
    shipped: dict[str, Questionnaire], name: str
) -> None:
    consent = shipped[name].consent
    for language in SHIPPED[name]:
        word = fold(shipped[name].phrasebook(language).shown(STOP))
        for text in (consent.ask, consent.sms_ask):
            assert text is not None
            assert word in fold(text.into(language)).split(), (language, text.context)


@pytest.mark.parametrize("name", SHIPPED)
def test_catalogues_say_that_no_native_speaker_has_reviewed_them(name: str) -> None:
    for language in SHIPPED[name][1:]:
        header = read_catalogue(catalogue_path(LOCALES, language, name)).header_comment
        assert "ot yet reviewed by a native speaker" in header


@pytest.mark.parametrize("name", SHIPPED)
def test_its_transcripts_still_go_as_they_are_written(name: str) -> None:
    checked = check_files(flow_files(ROOT / "flows"), LOCALES)
    talks = transcripts_beside(checked.flows[name])
    assert list(transcript_problems(checked, talks)) == []
    ended = {line for talk in talks for line in talk.read_text(encoding="utf-8").splitlines()}
    assert len(talks) >= 2
    assert "= ended: complete" in ended
