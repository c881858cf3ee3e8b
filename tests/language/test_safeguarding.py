"""The lists of words that tell of harm: whole in every language we speak, and silent about everything else."""

import re
from itertools import chain
from pathlib import Path

import pytest

from bot.core.phrases import ENGLISH
from bot.core.safeguarding import Urgency, faulty, folded_for_lookout, lookout
from bot.demo_data.words import VOICES
from bot.language.catalogues import PHRASES, WORD_LISTS, load_phrasebook
from bot.language.pofiles import read_catalogue
from bot.language.safeguarding import WordList, languages, word_list

ROOT = Path(__file__).parents[2]
LOCALES = ROOT / "locales"
SPOKEN = sorted({"en", *(path.parts[-3] for path in LOCALES.glob("*/LC_MESSAGES/bot.po"))})
LISTS = ROOT / "bot" / "language" / "safeguarding"
SIGNED = re.compile(r"^# Reviewed by a native speaker: \S.*, \d{4}-\d{2}-\d{2}$", re.MULTILINE)


def list_of(language: str) -> WordList:
    listed = word_list(language)
    assert listed is not None
    return listed


def test_there_is_a_list_in_every_language_that_the_bot_speaks() -> None:
    assert sorted(languages()) == SPOKEN
    assert word_list("tlh") is None
    assert word_list("pt-BR") == word_list("pt")


@pytest.mark.parametrize("language", SPOKEN)
def test_a_list_is_whole_and_finds_itself(language: str) -> None:
    listed = list_of(language)
    assert len(listed.urgent) >= 10
    assert len(listed.sensitive) >= 10
    for phrase in chain(listed.urgent, listed.sensitive):
        assert faulty(phrase) is None, phrase
    assert not {*listed.urgent} & {*listed.sensitive}
    found = lookout(listed.entries())
    for phrase, urgency in listed.entries():
        told = found.find(folded_for_lookout(phrase.replace("*", "")))
        assert told is Urgency.URGENT or told is urgency, phrase
    told = lookout((phrase, Urgency.URGENT) for phrase in listed.revealing)
    assert all(told.find(folded_for_lookout(phrase.replace("*", ""))) for phrase in listed.revealing)


@pytest.mark.parametrize("language", SPOKEN)
def test_a_list_says_that_nobody_has_reviewed_it_or_who_has(language: str) -> None:
    head = (LISTS / f"{language}.yaml").read_text(encoding="utf-8").split("urgent:")[0]
    assert "not yet reviewed by a native speaker" in head or SIGNED.search(head)


def test_nothing_that_is_said_here_otherwise_is_found() -> None:
    """Neither by its own language's list nor by any other's: what the bot says, what people send, all translations."""
    found = lookout(entry for language in SPOKEN for entry in list_of(language).entries())
    said: list[str] = []
    for language in SPOKEN:
        book = ENGLISH if language == "en" else load_phrasebook(LOCALES, language)
        said += [book.say(phrase) for phrase in PHRASES if "{" not in phrase.english]
        said += [word for words in WORD_LISTS for word in book.words(words)]
    for path in sorted(LOCALES.glob("*/LC_MESSAGES/*.po")):
        said += [str(message.string) for message in read_catalogue(path) if message.id and message.string]
    assert [text for text in said if found.find(folded_for_lookout(text))] == []


def test_made_up_answers_set_off_nothing() -> None:
    found = lookout(entry for language in SPOKEN for entry in list_of(language).entries())
    said = [
        text
        for voice in VOICES.values()
        for text in (*voice.pleas, *voice.praise, *voice.reasons, *voice.puzzled)
    ]
    assert [text for text in said if found.find(folded_for_lookout(text))] == []
