"""Where people learn of a consultation: the code that each radio show or clinic gives, sent behind the keyword."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from bot.core.carriers import SWALLOWED
from bot.core.folding import digits, fold
from bot.core.outreach.coupons import read_coupon
from bot.core.problems import Path, Problem
from bot.core.questionnaire import Questionnaire
from bot.core.replies.matching import fillers
from bot.core.replies.taken import taken_words

CODE = re.compile("[A-Z0-9]{2,10}")
"""Letters that every phone has, whatever its language, and that a link of Telegram's takes."""
LEAST_FORGIVEN = 4
"""A code as long as this is understood with one wrong letter; in a shorter one, that is a third of it."""
LEAST_APART = 2
"""So many letters lie between two codes: one wrong letter never makes another source's code."""
MOST_WORDS = 3
BY_REFERRAL = "referral"
"""The source of those who came by a code that somebody passed on; no file can give it to another."""
LONGEST_LINK = 64
"""https://core.telegram.org/bots/features#deep-linking: the parameter of a link has so many letters at most."""


@dataclass(frozen=True, slots=True)
class Source:
    """One radio show, clinic or market: its name in results, the code that people send, what it is called."""

    name: str
    code: str
    label: str


def source_in(sources: Sequence[Source], words: Sequence[str]) -> Source | None:
    """Return the source that the words around a keyword name: folded, and the keyword not among them.

    One wrong, missing or extra letter is forgiven where only one source is as near; of two, none is guessed.
    """
    if not sources or not words or len(words) > MOST_WORDS:
        return None
    plain = [digits(word) for word in words]
    typed = {*plain, "".join(plain)}
    exact = [one for one in sources if fold(one.code) in typed]
    if exact:
        return exact[0] if len(exact) == 1 else None
    near = [one for one in sources if _is_near(fold(one.code), typed)]
    return near[0] if len(near) == 1 else None


def _is_near(code: str, typed: set[str]) -> bool:
    if len(code) < LEAST_FORGIVEN or code.isdigit():
        # Any number is near another: of a code in digits, a wrong one is no slip that shows.
        return False
    return any(OSA.distance(code, one, score_cutoff=1) <= 1 for one in typed)


def source_faults(sources: Sequence[Source], questionnaire: Questionnaire) -> Iterator[Problem]:
    """Yield what is wrong with codes beside each other, the keywords and the words of the bot."""
    keywords = {fold(word) for words in questionnaire.keywords.values() for word in words}
    books = questionnaire.phrasebooks.values()
    taken = taken_words(books)
    around = {word for book in books for word in fillers(book)}
    for place, one in enumerate(sources):
        path = ("sources", place, "code")
        code = fold(one.code)
        if code in keywords:
            yield code_taken(one, path, "a keyword")
        elif (meaning := taken.get(code)) is not None:
            yield code_taken(one, path, str(meaning))
        elif code in SWALLOWED:
            yield code_taken(one, path, "a word that the carrier takes")
        elif code in around:
            yield code_taken(one, path, "a word that people put around others")
        elif read_coupon(one.code) is not None:
            yield code_taken(one, path, "like a code that people pass on")
        link = f"{questionnaire.id}_{one.code}"
        if len(link) > LONGEST_LINK:
            message = f"'{link}' is longer than the {LONGEST_LINK} letters that a link of Telegram's takes."
            yield Problem("source-code-taken", path, message, "Give a shorter code.")
        if one.name == BY_REFERRAL:
            message = f"'{BY_REFERRAL}' is the source of those who came by a code that was passed on."
            yield Problem("source-code-taken", ("sources", place, "name"), message, "Name it otherwise.")
        for other in sources[:place]:
            if OSA.distance(code, fold(other.code)) < LEAST_APART:
                message = f"'{one.code}' and '{other.code}' are one letter apart: a slip makes one the other."
                remedy = "Give one of them a code that differs in two letters at least."
                yield Problem("source-codes-alike", path, message, remedy)


def code_taken(source: Source, path: Path, what: str) -> Problem:
    """Return the problem of a code that is something else already."""
    message = f"'{source.code}' is {what}: who sends it means that."
    return Problem("source-code-taken", path, message, "Give the source another code.")
