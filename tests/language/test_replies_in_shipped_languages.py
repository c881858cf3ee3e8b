"""Structural: with the word lists as shipped, people of each language are understood."""

from datetime import date
from pathlib import Path

import pytest

from bot.core.phrases import (
    ALL,
    AND,
    AND_A_HALF,
    COMMANDS,
    DONT_KNOW,
    FILLERS,
    NO,
    NONE,
    NOT_SO,
    NUMBERS,
    ORDINALS,
    PREFER_NOT,
    SCALES,
    START,
    TODAY,
    TOMORROW,
    YES,
    YESTERDAY,
    Phrasebook,
    Words,
    forms,
)
from bot.core.questionnaire import ItemType
from bot.core.replies import Command, NotRead, Read, Reading, read_command, read_reply, read_yes_no
from bot.language.catalogues import load_phrasebook
from tests.support.replies import FUELS, choice, item
from tests.support.replies import TODAY as WRITTEN

LOCALES = Path(__file__).parents[2] / "locales"
COUNTS = tuple(choice(f"c{at}", f"Xyz{at}") for at in range(1, 21))


@pytest.fixture(params=sorted(path.parts[-3] for path in LOCALES.glob("*/LC_MESSAGES/bot.po")))
def phrasebook(request: pytest.FixtureRequest) -> Phrasebook:
    return load_phrasebook(LOCALES, request.param)


def read(kind: ItemType, text: str, phrasebook: Phrasebook) -> Reading:
    choices = COUNTS if kind.has_choices else ()
    return read_reply(item(kind, choices), choices, text, phrasebook, phrasebook.language, WRITTEN)


def test_yes_and_no(phrasebook: Phrasebook) -> None:
    assert {word: read_yes_no(word, phrasebook) for word in phrasebook.words(YES)} == dict.fromkeys(
        phrasebook.words(YES), True
    )
    assert {word: read_yes_no(word, phrasebook) for word in phrasebook.words(NO)} == dict.fromkeys(
        phrasebook.words(NO), False
    )


def test_commands(phrasebook: Phrasebook) -> None:
    meant = {
        word: Command(name)
        for name, words in {**COMMANDS, "start": START}.items()
        for word in phrasebook.words(words)
    }
    assert {word: read_command(word, phrasebook) for word in meant} == meant


def test_number_words(phrasebook: Phrasebook) -> None:
    for number, written in enumerate(phrasebook.words(NUMBERS)):
        for word in forms(written):
            assert read(ItemType.INTEGER, word, phrasebook) == Read(str(number))
            if number:
                assert read(ItemType.SELECT_ONE, word, phrasebook) == Read(f"c{number}")
                assert read(ItemType.SELECT_MULTIPLE, word, phrasebook) == Read(f"c{number}")


def test_places_in_a_list(phrasebook: Phrasebook) -> None:
    assert len(phrasebook.words(ORDINALS)) == 10
    for place, written in enumerate(phrasebook.words(ORDINALS), 1):
        for word in forms(written):
            assert read(ItemType.SELECT_ONE, word, phrasebook) == Read(f"c{place}"), word


def test_none_of_a_number(phrasebook: Phrasebook) -> None:
    for word in phrasebook.words(NONE):
        assert read(ItemType.INTEGER, word, phrasebook) == Read("0")


@pytest.mark.parametrize(
    ("name", "words"), [("none", NONE), ("dont_know", DONT_KNOW), ("refused", PREFER_NOT)]
)
def test_what_is_said_for_a_choice_whatever_its_label(
    name: str, words: Words, phrasebook: Phrasebook
) -> None:
    choices = (*COUNTS[:3], choice(name, "Abc"))
    for word in phrasebook.words(words):
        reading = read_reply(
            item(ItemType.SELECT_ONE, choices), choices, word, phrasebook, phrasebook.language, WRITTEN
        )
        assert reading == Read(name), word


def test_lists(phrasebook: Phrasebook) -> None:
    for word in phrasebook.words(AND):
        assert read(ItemType.SELECT_MULTIPLE, f"1 {word} 3", phrasebook) == Read("c1 c3")
    for word in phrasebook.words(ALL):
        every = " ".join(each.name for each in COUNTS)
        assert read(ItemType.SELECT_MULTIPLE, word, phrasebook) == Read(every)


def test_words_around_an_answer(phrasebook: Phrasebook) -> None:
    for word in phrasebook.words(FILLERS):
        assert read(ItemType.SELECT_ONE, f"{word} xyz2", phrasebook) == Read("c2")
        assert read(ItemType.INTEGER, f"{word} 6", phrasebook) == Read("6")


def test_words_that_change_an_answer(phrasebook: Phrasebook) -> None:
    for word in phrasebook.words(NOT_SO):
        assert isinstance(read(ItemType.SELECT_ONE, f"{word} xyz2", phrasebook), NotRead), word
        assert isinstance(read(ItemType.INTEGER, f"{word} 6", phrasebook), NotRead), word
    for word in phrasebook.words(SCALES):
        assert isinstance(read(ItemType.INTEGER, f"6 {word}", phrasebook), NotRead), word


def test_a_half_more(phrasebook: Phrasebook) -> None:
    for words in phrasebook.words(AND_A_HALF):
        assert read(ItemType.DECIMAL, f"2 {words}", phrasebook) == Read("2.5")


def test_days(phrasebook: Phrasebook) -> None:
    days = ((YESTERDAY, date(2026, 11, 22)), (TODAY, date(2026, 11, 23)), (TOMORROW, date(2026, 11, 24)))
    for words, day in days:
        for word in phrasebook.words(words):
            assert read(ItemType.DATE, word, phrasebook) == Read(day.isoformat())
    for name, month in phrasebook.months.items():
        assert read(ItemType.DATE, f"5 {name} 2025", phrasebook) == Read(f"2025-{month:02}-05")


def test_no_label_is_hidden_by_the_words_of_a_language(phrasebook: Phrasebook) -> None:
    asked = item(ItemType.SELECT_ONE, FUELS)
    for fuel in FUELS:
        reading = read_reply(asked, FUELS, fuel.label.source, phrasebook, phrasebook.language, WRITTEN)
        assert reading == Read(fuel.name)
