"""A whole interview in each language, by somebody who knows no other: not one word of another language is said."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from bot.core.definition import define
from bot.core.folding import digits
from bot.core.interview.records import Ending, Interview
from bot.core.phrases import ENGLISH, NO, REPORT_BACK, STOP, Phrasebook
from bot.core.prompts.records import SMS, TELEGRAM, Form
from bot.core.questionnaire import Questionnaire
from bot.core.reception import Consultations, Correspondent, Incoming, consultations, receive
from bot.core.segments import count_segments, plain_punctuation
from bot.language.catalogues import PHRASES, WORD_LISTS, load_phrasebook, load_translations, translate
from tests.support.consultations import NOON

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data" / "village-water"
ANSWERS = {"source": "well", "problems": "dirty far", "paid": "no", "wish": ""}
LANGUAGES = sorted(path.stem for path in (DATA / "talks").glob("*.txt"))
WRITTEN = datetime(2026, 11, 23, 12, tzinfo=UTC)


def lines_of(language: str) -> list[str]:
    """Return what the person writes."""
    listed = (DATA / "talks" / f"{language}.txt").read_text().splitlines()
    return [line for line in listed if line and not line.startswith("#")]


def in_two_languages(language: str, keyword: str) -> Questionnaire:
    """Return the consultation in English, its source, and in this language."""
    file = yaml.safe_load((DATA / "village-water.yaml").read_text())
    if language != "en":
        file |= {"languages": ["en", language], "keywords": {**file["keywords"], language: [keyword]}}
    defined = define(file)
    assert isinstance(defined, Questionnaire), defined
    books = {
        one: ENGLISH if one == "en" else load_phrasebook(ROOT / "locales", one) for one in defined.languages
    }
    wordings = {
        one: load_translations(DATA / "locales", "village-water", one)
        for one in defined.languages
        if one != "en"
    }
    return replace(translate(defined, wordings), phrasebooks=books, version="1")


def words(text: str) -> set[str]:
    """Return the words of a text, without signs around them."""
    return {word for word in re.split(r"[\s\d.,:;!?()…،؛؟۔।፡።፣፤፦¿¡«»“”\"/]+", text.casefold()) if word}


def words_of(questionnaire: Questionnaire, book: Phrasebook) -> set[str]:
    """Return every word that may be said in a language: those of its texts, and the names of the languages."""
    wordings = [text.into(book.language) for text in questionnaire.texts()]
    said = [book.sentences.get(phrase.context, phrase.english) for phrase in PHRASES]
    shown = [book.words(listed)[0] for listed in WORD_LISTS]
    names = [one.autonym for one in questionnaire.phrasebooks.values()]
    return set().union(*map(words, (*wordings, *said, *shown, *names, "ok")))


def person(known: Consultations, form: Form, lines: list[str]) -> tuple[list[str], Interview, Correspondent]:
    """Return what somebody is answered to each line, and what is stored after the last."""
    correspondent, interviews, heard = Correspondent(), dict[str, Interview](), list[str]()
    for line in lines:
        outcome = receive(known, correspondent, interviews, Incoming(NOON, line), 7, form)
        correspondent, interviews = outcome.correspondent, {**interviews, **outcome.interviews}
        heard.append("\n".join(prompt.text for prompt in outcome.prompts))
    return heard, interviews["village-water"], correspondent


@pytest.mark.parametrize("form", [SMS, TELEGRAM], ids=["sms", "telegram"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_from_the_first_message_to_the_goodbye(language: str, form: Form) -> None:
    lines = lines_of(language)
    questionnaire = in_two_languages(language, lines[0])
    book = questionnaire.phrasebook(language)
    heard, interview, _ = person(consultations([questionnaire]), form, lines[:-4])
    assert interview.language == language
    assert interview.ending is Ending.COMPLETE
    values = {slot: answer.value for slot, answer in interview.answers.items()}
    assert 4 <= int(values.pop("people")) <= 9
    assert values == ANSWERS
    heard, _, left = person(consultations([questionnaire]), form, lines[:-2])
    assert left.opted_out
    heard, _, back = person(consultations([questionnaire]), form, lines)
    assert not back.opted_out
    # To whoever has stopped nothing is said, until they come back.
    assert [line for line, said in zip(lines, heard, strict=True) if not said] == [lines[-2]]
    assert words("\n".join(heard)) - words_of(questionnaire, book) == set()


@pytest.mark.parametrize("reply", ["1", "2"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_whether_to_be_told_what_came_of_it(language: str, reply: str) -> None:
    """It costs one SMS to ask and one to promise, and says how to take it back."""
    lines = lines_of(language)
    questionnaire = replace(in_two_languages(language, lines[0]), report_back=True)
    book = questionnaire.phrasebook(language)
    heard, interview, _ = person(consultations([questionnaire]), SMS, [*lines[:-4], reply])
    assert (interview.ending, interview.report_back) == (Ending.COMPLETE, reply == "1")
    asked = book.say(REPORT_BACK)
    assert heard[-2].endswith(f"\n{asked}")
    assert {"1", "2"} <= set(digits(asked))
    assert count_segments(plain_punctuation(asked)).segments == 1
    assert count_segments(plain_punctuation(heard[-1])).segments == 1
    assert (book.shown(STOP) in heard[-1]) is (reply == "1")


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_nothing_is_left_in_english(language: str) -> None:
    questionnaire = in_two_languages(language, lines_of(language)[0])
    book = questionnaire.phrasebook(language)
    same = [one.context for one in PHRASES if book.sentences[one.context] == one.english]
    # Some languages say "no" as English does.
    shared = {word.casefold() for word in book.words(NO)}
    texts = [one for one in questionnaire.texts() if one.source.casefold() not in shared]
    same += [one.context for one in texts if one.into(language) == one.source]
    assert same == []
