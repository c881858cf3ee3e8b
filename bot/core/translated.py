"""How far a consultation has come in each of its languages, and which of them people are offered."""

from collections.abc import Collection
from dataclasses import replace

from bot.core.questionnaire import Questionnaire, Text


def own_texts(questionnaire: Questionnaire) -> tuple[Text, ...]:
    """Return the texts that the consultation itself has for respondents, each once, in the order of its file."""
    texts: dict[str, Text] = {}
    for text in questionnaire.texts():
        if not text.is_bots:
            texts.setdefault(text.context, text)
    return tuple(texts.values())


def untranslated(questionnaire: Questionnaire, language: str) -> tuple[Text, ...]:
    """Return the texts that people who read a language get in the source wording."""
    if language == questionnaire.languages[0]:
        return ()
    return tuple(text for text in own_texts(questionnaire) if language not in text.translations)


def is_translated_enough(questionnaire: Questionnaire, language: str) -> bool:
    """Return whether a language has as many texts as the organiser wants of one that is offered."""
    share, count = questionnaire.translated_share, len(own_texts(questionnaire))
    return share is None or (count - len(untranslated(questionnaire, language))) / count >= share


def offered_in(questionnaire: Questionnaire, languages: Collection[str]) -> Questionnaire:
    """Return the questionnaire in these of its languages alone: no other is in its menu or has keywords."""
    return replace(
        questionnaire,
        languages=tuple(one for one in questionnaire.languages if one in languages),
        keywords={one: words for one, words in questionnaire.keywords.items() if one in languages},
        phrasebooks={one: book for one, book in questionnaire.phrasebooks.items() if one in languages},
    )
