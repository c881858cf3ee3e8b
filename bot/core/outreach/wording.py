"""What somebody is sent: the organiser's words, with who writes at their beginning and how to stop at their end.

Both are there in every message that nobody asked for. Words that say so themselves stay as they are.
"""

import re

from bot.core.folding import fold
from bot.core.outreach.records import Outreach, Wording
from bot.core.phrases import STOP, TO_STOP, Phrasebook
from bot.core.questionnaire import Text
from bot.core.segments import plain_punctuation

STOP_EVERYWHERE = "STOP"
"""Understood in every language, and by the providers too."""
_QUOTES = "[\"'«»‹›“”„‘’「」]"


def invitation_text(outreach: Outreach, wording: Wording, book: Phrasebook) -> str | None:
    """Return an invitation as it is sent by SMS in a phrasebook's language; None where there are no words in it."""
    return message_text(outreach, wording.sms_text or wording.text, book)


def message_text(outreach: Outreach, words: Text, book: Phrasebook) -> str | None:
    """Return a text of the organiser's as it is sent by SMS; None where it is not translated, or who writes is not."""
    said = wording_in(outreach, words, book.language)
    signed = wording_in(outreach, outreach.signed, book.language) if outreach.signed else None
    if said is None or signed is None:
        return None
    if fold(signed) not in fold(said):
        said = f"{signed}: {said}"
    if not says_how_to_stop(said, book):
        said = f"{said} {book.say(TO_STOP, {'stop': book.shown(STOP)})}"
    return plain_punctuation(said)


def wording_in(outreach: Outreach, text: Text, language: str) -> str | None:
    """Return a text in a language, and never in another one; None where it is not translated."""
    return text.source if language == outreach.language else text.translations.get(language)


def says_how_to_stop(said: str, book: Phrasebook) -> bool:
    """Return whether a text has the word to stop with, written as something to send: "stop" amid a sentence is none.

    It is in capitals; where letters have none, in quotes.
    """
    shown = book.shown(STOP)
    quotes = _QUOTES if shown == shown.lower() else ""
    said_so = f"{quotes}{re.escape(shown)}{quotes}"
    return re.search(rf"(?<!\w)(?:{said_so}|{STOP_EVERYWHERE})(?!\w)", said) is not None
