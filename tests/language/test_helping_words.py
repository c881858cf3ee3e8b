"""The words of workers in every shipped language: each means one thing, wherever it may be sent."""

from itertools import combinations
from pathlib import Path

import pytest

from bot.core.phrases import (
    ASSIST,
    COMMANDS,
    ENGLISH,
    FINISHED,
    NEXT_PERSON,
    NO,
    SKIP,
    START,
    UNDO,
    YES,
)
from bot.core.replies.matching import folded_words, key
from bot.language.catalogues import load_phrasebook

LOCALES = Path(__file__).parents[2] / "locales"
LANGUAGES = ["en", *sorted(one.name for one in LOCALES.iterdir() if one.is_dir())]
HELPING = (ASSIST, NEXT_PERSON, UNDO, FINISHED)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_of_a_worker_means_one_thing(language: str) -> None:
    book = load_phrasebook(LOCALES, language)
    for one, other in combinations(HELPING, 2):
        assert not folded_words(book, one) & folded_words(book, other)
    for one in HELPING:
        for other in (*(words for words in COMMANDS.values() if words != SKIP), START, YES, NO):
            assert not folded_words(book, one) & folded_words(book, other), (one.context, other.context)
    # The word that is shown for skipping a question skips it, also where somebody is helped.
    assert key(book.shown(SKIP)) not in folded_words(book, NEXT_PERSON)
    assert key(ENGLISH.shown(SKIP)) not in folded_words(book, NEXT_PERSON)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_of_a_worker_can_be_typed(language: str) -> None:
    book = load_phrasebook(LOCALES, language)
    for one in HELPING:
        assert all(key(word) for word in book.words(one))
        assert len(book.shown(one)) <= 16
