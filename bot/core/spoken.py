"""Which language somebody writes: what their own words tell, the surest evidence first.

A wrong guess speaks to people in a language that is not theirs; so nothing is guessed where the evidence is thin, and
a numbered menu asks.
"""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from bot.core.folding import fold
from bot.core.limits import LIMITS
from bot.core.phrases import COMMANDS, ENGLISH, NO, START, YES, Phrasebook
from bot.core.questionnaire import Questionnaire

Detect = Callable[[str, Sequence[str]], Sequence[tuple[str, float]]]
"""Returns how likely a text is of each of some languages, the likeliest first; nothing where that cannot be told.

It may raise that it is not loaded yet: nothing is decided then, and the same message is decided on again later.
"""

SURE = 0.9
"""From this probability on, a detector is right in 99 of 100 short texts (measured: docs/benchmarks.md)."""
LEAST_LETTERS = 4
"""Fewer tell a detector nothing: "ok" and "no" are in every language."""
SURE_ENOUGH_TO_OFFER = 0.97
WORDS_TO_OFFER = 4
"""One short reply in another language is often only a borrowed word."""


def cannot_tell(text: str, among: Sequence[str]) -> Sequence[tuple[str, float]]:
    """Return nothing: the detector of who has none."""
    del text, among
    return ()


def script_of(text: str) -> str | None:
    """Return the script of most letters of a text, as Unicode names it (`LATIN`, `ETHIOPIC`); None without letters."""
    letters = Counter(
        unicodedata.name(character, "").partition(" ")[0]
        for character in text[: LIMITS.text_length]
        if character.isalpha()
    )
    return max(letters, key=lambda script: letters[script]) if letters else None


def language_of(
    books: Mapping[str, Phrasebook], asked: Iterable[Questionnaire], text: str, detect: Detect
) -> str | None:
    """Return the language of `books` that a text is in, by script, by the bot's and the questions' own words, by a
    detector; None where they leave it open.
    """
    script = script_of(text)
    if script is None:
        return None
    written_so = [language for language, book in books.items() if book.script == script]
    if len(written_so) == 1 and script != "LATIN":
        return written_so[0]
    said = fold(text)
    meant = {language for language, book in books.items() if said in _own_words(book, language, asked)}
    if meant:
        return meant.pop() if len(meant) == 1 else None
    return _detected(text, written_so, detect, SURE)


def offers_to_speak(
    questionnaire: Questionnaire, language: str | None, text: str, detect: Detect
) -> str | None:
    """Return the language of a questionnaire, another than the one spoken, that a longer text surely is in."""
    others = [one for one in questionnaire.languages if one != language]
    if not others or len(text.split()) < WORDS_TO_OFFER:
        return None
    found = _detected(text, questionnaire.languages, detect, SURE_ENOUGH_TO_OFFER)
    return found if found in others else None


def named_language(questionnaire: Questionnaire, text: str) -> str | None:
    """Return the language whose name a whole text is, in whatever language the name is written."""
    said = fold(text)
    for language in questionnaire.languages:
        book = questionnaire.phrasebook(language)
        if said in map(fold, (book.autonym, *book.names)):
            return language
    return None


def language_words(questionnaire: Questionnaire) -> Mapping[str, str]:
    """Return the languages of a consultation by their code, their own name and the names that others have for them."""
    words: dict[str, str] = {}
    for language in questionnaire.languages:
        book = questionnaire.phrasebook(language)
        for word in (language, book.autonym, *book.names):
            words.setdefault(fold(word), language)
    return words


def listed_language(words: Mapping[str, str], written: str) -> str | None:
    """Return the language that a cell of a list says, by `language_words`; None where it says none of them."""
    folded = fold(written)
    # A locale as phones write it, sw_KE, is its language.
    return words.get(folded) or words.get(folded.partition(" ")[0])


def in_likely_order(languages: Sequence[str], hints: Sequence[str]) -> tuple[str, ...]:
    """Return languages with those first that somebody's phone or app suggests.

    A hint decides nothing: who writes from abroad, or has a phone in another language, is who is usually missed.
    """
    hinted = [language for hint in hints for language in languages if language.partition("-")[0] == hint]
    return tuple(dict.fromkeys((*hinted, *languages)))


def _detected(text: str, among: Sequence[str], detect: Detect, sure: float) -> str | None:
    if len(among) < 2 or sum(map(str.isalpha, text)) < LEAST_LETTERS:
        return None
    ranked = detect(text[: LIMITS.text_length], among)
    return ranked[0][0] if ranked and ranked[0][1] >= sure else None


def _own_words(book: Phrasebook, language: str, asked: Iterable[Questionnaire]) -> set[str]:
    """Return what can be answered in a language: yes, no, the commands, its name, and the choices of the questions."""
    lists = [YES, NO, START, *COMMANDS.values()]
    # English words are everybody's: they tell English only from a language's own list.
    words = [word for one in lists for word in (ENGLISH if language == "en" else book).words(one)]
    words += [book.autonym, *book.names]
    for questionnaire in asked:
        for node in questionnaire.nodes:
            for choice in node.item.choices:
                texts = (choice.label,) if choice.sms_label is None else (choice.label, choice.sms_label)
                words += [text.into(language) for text in texts]
                words += choice.aliases.get(language, ())
    return set(map(fold, words)) - {""}
