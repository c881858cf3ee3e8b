"""Words that the bot takes for itself: nobody can join a consultation with one, or say by one what led them there.

All of them, whether a consultation uses them or not. A keyword stands on posters for longer than a file stays as it is.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from bot.core.phrases import (
    ACKNOWLEDGE,
    ASSIST,
    COMMANDS,
    DONT_KNOW,
    ENGLISH,
    FINISHED,
    MOVE,
    NEXT_PERSON,
    NO,
    NONE,
    NUMBERS,
    PREFER_NOT,
    SHARE,
    START,
    UNDO,
    YES,
    Phrasebook,
    Words,
    forms,
)
from bot.core.replies.matching import key

_STEER = (*COMMANDS.values(), START, MOVE, SHARE, ASSIST, NEXT_PERSON, UNDO, FINISHED)
_ANSWER = (YES, NO, ACKNOWLEDGE, DONT_KNOW, PREFER_NOT, NONE, NUMBERS)


class Taken(NamedTuple):
    """What a word is to the bot, and in which language."""

    what: str
    language: str

    def __str__(self) -> str:
        return f"{self.what} ({self.language})"


def taken_words(books: Iterable[Phrasebook]) -> Mapping[str, Taken]:
    """Return what the bot takes each word for, by its key, in these languages and in English.

    What is understood in any language wherever nothing tells which one somebody writes is understood by everybody.
    """
    taken: dict[str, Taken] = {}
    for book in {"en": ENGLISH, **{one.language: one for one in books}}.values():
        for what, lists in (("a word that steers every consultation", _STEER), ("an answer", _ANSWER)):
            for word in _listed(book, lists):
                taken.setdefault(key(word), Taken(what, book.language))
        for name in (book.autonym, *book.names):
            taken.setdefault(key(name), Taken("the name of a language", book.language))
    return taken


def _listed(book: Phrasebook, lists: Iterable[Words]) -> Iterable[str]:
    return (form for words in lists for word in book.words(words) for form in forms(word))
