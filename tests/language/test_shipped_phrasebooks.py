"""Structural: every catalogue of the bot's own words that is shipped says everything, and can be understood."""

from itertools import combinations
from pathlib import Path

import pytest

from bot.core import phrases
from bot.core.folding import fold
from bot.core.phrases import COMMANDS, DONT_KNOW, NO, NUMBERS, PREFER_NOT, YES, Phrasebook, Words, split_words
from bot.language.catalogues import PHRASES, WORD_LISTS, load_phrasebook, placeholders
from bot.language.pofiles import catalogue_path, read_catalogue

LOCALES = Path(__file__).parents[2] / "locales"
LANGUAGES = sorted(path.parts[-3] for path in LOCALES.glob("*/LC_MESSAGES/bot.po"))


@pytest.fixture(params=LANGUAGES)
def phrasebook(request: pytest.FixtureRequest) -> Phrasebook:
    return load_phrasebook(LOCALES, request.param)


def understood(phrasebook: Phrasebook, words: Words) -> set[str]:
    """Return what is understood as a meaning: the language's words and the English ones, as they are compared."""
    return {fold(word) for word in (*phrasebook.words(words), *split_words(words.english))} - {""}


def test_these_languages_are_shipped() -> None:
    assert LANGUAGES == [
        "am",
        "ar",
        "bn",
        "es",
        "fr",
        "ha",
        "hi",
        "ig",
        "pt",
        "ru",
        "so",
        "sw",
        "tl",
        "uk",
        "ur",
        "vi",
        "yo",
        "zu",
    ]


def test_every_sentence_is_translated_with_its_placeholders(phrasebook: Phrasebook) -> None:
    found = {context: placeholders(wording) for context, wording in phrasebook.sentences.items()}
    assert found == {phrase.context: placeholders(phrase.english) for phrase in PHRASES}


def test_every_list_of_words_is_translated(phrasebook: Phrasebook) -> None:
    assert set(phrasebook.vocabulary) == {words.context for words in WORD_LISTS}
    assert [context for context, listed in phrasebook.vocabulary.items() if not listed] == []


@pytest.mark.parametrize("context", ["consent.answer", "repeat.another", "restart.confirm"])
def test_the_numbers_to_answer_with_stand_in_the_sentence(phrasebook: Phrasebook, context: str) -> None:
    digits = [character for character in phrasebook.sentences[context] if character.isdigit()]
    assert digits == ["1", "2"]


def test_numbers_run_from_zero_to_twenty(phrasebook: Phrasebook) -> None:
    assert len({fold(word) for word in phrasebook.words(NUMBERS)}) == 21


def test_yes_is_never_no(phrasebook: Phrasebook) -> None:
    assert understood(phrasebook, YES) & understood(phrasebook, NO) == set()


def test_no_word_is_two_commands_nor_a_command_and_a_yes_or_no(phrasebook: Phrasebook) -> None:
    lists = {name: understood(phrasebook, words) for name, words in COMMANDS.items()}
    lists |= {"start": understood(phrasebook, phrases.START)}
    lists |= {words.context: understood(phrasebook, words) for words in (YES, NO, DONT_KNOW, PREFER_NOT)}
    shared = {(a, b): lists[a] & lists[b] for a, b in combinations(lists, 2)}
    assert {pair: words for pair, words in shared.items() if words} == {}


def test_the_word_shown_for_a_command_is_not_empty(phrasebook: Phrasebook) -> None:
    shown = {name: phrasebook.words(words)[0] for name, words in COMMANDS.items()}
    assert [name for name, word in shown.items() if not fold(word)] == []


def test_the_shown_word_is_understood_in_capitals(phrasebook: Phrasebook) -> None:
    for words in (*COMMANDS.values(), phrases.START):
        assert fold(phrasebook.words(words)[0].upper()) in understood(phrasebook, words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_says_that_no_native_speaker_has_reviewed_it(language: str) -> None:
    header = read_catalogue(catalogue_path(LOCALES, language, "bot")).header_comment
    assert "not yet reviewed by a native speaker" in header
