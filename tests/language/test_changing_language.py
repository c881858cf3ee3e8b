"""The language changes at any time, by the word for it or by a language's own name, and no answer is lost."""

from dataclasses import replace
from functools import cache

import pytest
import yaml

from bot.core.definition import define
from bot.core.interview.records import Menu
from bot.core.phrases import ENGLISH, LANGUAGE
from bot.core.prompts.records import SMS
from bot.core.questionnaire import Questionnaire
from bot.core.reception import Correspondent, Incoming, Outcome, consultations, receive
from bot.language.catalogues import load_phrasebook, load_translations, translate
from tests.language.test_whole_interviews import DATA, LANGUAGES, ROOT
from tests.support.consultations import NOON

OTHERS = [language for language in LANGUAGES if language != "en"]

SPELLINGS = [
    *[("ar", said) for said in ("العربية", "عربي", "arabi", "Arabic")],
    *[("hi", said) for said in ("हिन्दी", "हिंदी", "hindi", "HINDI")],
    *[("ur", said) for said in ("اردو", "urdu", "Urdu")],
    *[("bn", said) for said in ("বাংলা", "bangla", "Bengali")],
    *[("am", said) for said in ("አማርኛ", "amarigna", "Amharic")],
    *[("ru", said) for said in ("русский", "russkiy", "Russian")],
    *[("uk", said) for said in ("українська", "ukrainska", "Ukrainian")],
    *[("es", said) for said in ("español", "espanol", "Spanish")],
    *[("pt", said) for said in ("português", "portugues", "Portuguese")],
    *[("fr", said) for said in ("français", "francais", "French")],
    *[("sw", said) for said in ("Kiswahili", "swahili")],
    *[("yo", said) for said in ("Èdè Yorùbá", "yoruba")],
    *[("vi", said) for said in ("Tiếng Việt", "tieng viet", "Vietnamese")],
    *[("tl", said) for said in ("Tagalog", "Filipino", "Pilipino")],
    *[("so", said) for said in ("Soomaali", "somali", "af soomaali")],
    *[("ha", said) for said in ("Hausa", "hausa")],
    *[("zu", said) for said in ("isiZulu", "zulu")],
]


@cache
def everywhere() -> Questionnaire:
    """Return the consultation in every language that is shipped."""
    file = yaml.safe_load((DATA / "village-water.yaml").read_text())
    file |= {"languages": ["en", *OTHERS]}
    defined = define(file)
    assert isinstance(defined, Questionnaire), defined
    books = {one: ENGLISH if one == "en" else load_phrasebook(ROOT / "locales", one) for one in LANGUAGES}
    wordings = {one: load_translations(DATA / "locales", "village-water", one) for one in OTHERS}
    return replace(translate(defined, wordings), phrasebooks=books, version="1")


def after(*messages: str) -> Outcome:
    """Return what follows the last of somebody's messages, by SMS."""
    known = consultations([everywhere()])
    correspondent, interviews = Correspondent(), {}
    for message in messages:
        outcome = receive(known, correspondent, interviews, Incoming(NOON, message), 7, SMS)
        correspondent, interviews = outcome.correspondent, {**interviews, **outcome.interviews}
    return outcome


BEGUN = ("WATER", "English", "1", "2")
"""Who speaks English has agreed, and answered the first question."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_name_changes_it_and_keeps_the_answers(language: str) -> None:
    name = everywhere().phrasebook(language).autonym
    before, now = after(*BEGUN), after(*BEGUN, name)
    held = now.interviews["village-water"]
    assert held.language == language
    assert held.answers == before.interviews["village-water"].answers
    assert held.answers
    assert held.at == before.interviews["village-water"].at


@pytest.mark.parametrize(("language", "said"), SPELLINGS)
def test_it_is_known_by_other_spellings_too(language: str, said: str) -> None:
    assert after(*BEGUN, said).interviews["village-water"].language == language


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", ["first", "english"])
def test_its_word_for_it_opens_the_menu(language: str, place: str) -> None:
    book = everywhere().phrasebook(language)
    word = book.words(LANGUAGE)[0] if place == "first" else "LANGUAGE"
    held = after(*BEGUN, book.autonym, word).interviews["village-water"]
    assert held.menu is Menu.LANGUAGE
    assert held.answers
