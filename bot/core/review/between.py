"""What one consultation takes from another of the same folder: people write to all of them on one number.

A word that joins, or tells what led somebody there, has one meaning for whoever sends it.
"""

from collections.abc import Iterator, Mapping, Sequence

from bot.core.folding import fold
from bot.core.outreach.sources import Source, code_taken
from bot.core.phrases import Phrasebook
from bot.core.problems import Path, Problem
from bot.core.questionnaire import Questionnaire
from bot.core.replies.matching import key
from bot.core.replies.taken import Taken, taken_words
from bot.core.review.wordings import keyword_taken


def shared_keyword_faults(questionnaires: Sequence[Questionnaire]) -> Iterator[Problem]:
    """Yield keywords that join two consultations, or are the bot's own in a language of another one.

    Each path begins with the id of the consultation that it is told of: of two, the later one.
    """
    joins: dict[str, str] = {}
    for questionnaire in questionnaires:
        taken = _taken_elsewhere(questionnaire, questionnaires)
        for language, words in questionnaire.keywords.items():
            for position, word in enumerate(words):
                path: Path = (questionnaire.id, "keywords", language, position)
                other = joins.setdefault(fold(word), questionnaire.id)
                if other != questionnaire.id:
                    message = f"'{word}' joins '{other}' already."
                    remedy = "Give each consultation words of its own."
                    yield Problem("shared-keyword", path, message, remedy)
                elif (meaning := taken.get(key(word))) is not None:
                    yield keyword_taken(word, path, str(meaning))


def shared_code_faults(questionnaires: Sequence[Questionnaire]) -> Iterator[Problem]:
    """Yield codes of sources that another consultation has as a keyword or a code, or that its people steer with.

    Paths begin as those of `shared_keyword_faults`.
    """
    joins = {
        fold(word): one.id for one in questionnaires for words in one.keywords.values() for word in words
    }
    gives: dict[str, str] = {}
    for questionnaire in questionnaires:
        sources = _sources(questionnaire)
        taken = _taken_elsewhere(questionnaire, questionnaires) if sources else {}
        for place, one in enumerate(sources):
            path: Path = (questionnaire.id, "sources", place, "code")
            code = fold(one.code)
            joined, given = joins.get(code), gives.setdefault(code, questionnaire.id)
            if joined not in (None, questionnaire.id):
                yield code_taken(one, path, f"a keyword of '{joined}'")
            elif given != questionnaire.id:
                yield code_taken(one, path, f"a code of '{given}'")
            elif (meaning := taken.get(code)) is not None:
                yield code_taken(one, path, str(meaning))


def _taken_elsewhere(
    questionnaire: Questionnaire, questionnaires: Sequence[Questionnaire]
) -> Mapping[str, Taken]:
    """Return the bot's words in the languages that other consultations have and this one has not.

    Its own languages are looked at with the consultation itself.
    """
    books: dict[str, Phrasebook] = {}
    for other in questionnaires:
        books |= other.phrasebooks
    own = taken_words(questionnaire.phrasebooks.values())
    return {
        word: meaning
        for word, meaning in taken_words(
            book for language, book in books.items() if language not in questionnaire.phrasebooks
        ).items()
        if word not in own
    }


def _sources(questionnaire: Questionnaire) -> Sequence[Source]:
    return questionnaire.outreach.sources if questionnaire.outreach else ()
