"""Replies to `select_one`."""

import re
import unicodedata
from collections.abc import Callable, Sequence

from bot.core.replies.matching import Lexicon, key
from bot.core.replies.offers import Offer, number_words, place_words
from bot.core.replies.records import Read, Reading
from bot.core.replies.signals import number_alone

OTHER_NAME = "other"
_WORD = re.compile(r"[^\s:,;=]+")
_OTHER_WITHIN = 12
"""How many words of a reply may come before the own words for "other"."""


def read_one(offer: Offer, text: str) -> Reading:
    """Return the one choice that a reply means.

    A number, its word, a letter or a wording counts, alone or among filler words; so does a number with its own
    wording ("1 firewood"). A reply that says more than that is not guessed at: where it mentions one choice, the
    person is asked whether that is meant ("not gas"); where two, which.
    """
    number = number_alone(text) if offer.numbered else None
    if number is not None and not _begins_with_no(offer, text):
        numbered = _verbatim(offer, text) or offer.by_number(number)
        if numbered:
            return _settle(offer, numbered) or offer.between(numbered)
    wordings = offer.lexicon()
    whole = key(text)
    exact = wordings.meanings.get(whole)
    if exact:
        return _settle(offer, exact) or offer.between(exact)
    own = own_words(offer, text, lambda head: _one_exactly(offer, wordings, head))
    if own is not None:
        return Read(OTHER_NAME, own[1])
    words = whole.split()
    core = wordings.core(words)
    # The words as they are first: a filler may be part of a wording, as in "1. I rent it", or of a number.
    meant = _exactly(offer, wordings, words) or _exactly(offer, wordings, core) or wordings.said_over(words)
    meant = meant or wordings.near(whole) or wordings.near(" ".join(core))
    return _settle(offer, meant) or _mentioned(offer, wordings, words, meant)


def _verbatim(offer: Offer, text: str) -> tuple[int, ...]:
    """Return the choices worded exactly so, signs and all: "3+" is more than the number 3."""
    if text.isalnum():
        return ()
    return tuple(at for at, choice in enumerate(offer.choices) if text in offer.shown(choice))


def _begins_with_no(offer: Offer, text: str) -> bool:
    """Return whether a text may start with a choice: "no 1" is "no. 1" only where "no" is not on offer."""
    return any(map(str.isalpha, text)) and "no" in offer.lexicon().meanings


def _settle(offer: Offer, positions: Sequence[int]) -> Read | None:
    return Read(offer.choices[positions[0]].name) if len(positions) == 1 else None


def _exactly(offer: Offer, wordings: Lexicon, words: Sequence[str]) -> tuple[int, ...]:
    """Return the choices that the words mean, by number, letter, wording, or number and wording together."""
    phrase = " ".join(words)
    found = wordings.meanings.get(phrase)
    if found or not words:
        return found or ()
    if words[0].isdecimal() and len(words[0]) <= 3:
        numbered = offer.by_number(int(words[0]), wordings)
        worded = wordings.meanings.get(" ".join(words[1:])) if len(words) > 1 else numbered
        return _agreed(numbered, worded) if numbered and worded else ()
    if offer.numbered:
        number = number_words(offer.phrasebook).meanings.get(phrase)
        if number:
            return offer.by_number(number[0], wordings) if len(number) == 1 else ()
        place = place_words(offer.phrasebook).meanings.get(phrase, ())
        if len(place) == 1 and place[0] < len(offer.choices):
            return place
    return offer.by_letter(phrase) if len(phrase) == 1 and offer.takes_letters(wordings) else ()


def _one_exactly(offer: Offer, wordings: Lexicon, text: str) -> tuple[int, ...]:
    found = _exactly(offer, wordings, key(text).split())
    return found if len(found) == 1 else ()


def _agreed(first: tuple[int, ...], second: tuple[int, ...]) -> tuple[int, ...]:
    """Return what both say; where they contradict each other, all that either says."""
    both = tuple(position for position in first if position in second)
    return both or tuple(sorted({*first, *second}))


def _mentioned(offer: Offer, wordings: Lexicon, words: Sequence[str], near: Sequence[int]) -> Reading:
    """Return what to ask about a reply that settles nothing, from the choices that it mentions."""
    mentioned = set(near) or mentions(offer, wordings, words) or _partly(wordings, words)
    if len(words) == 1 and words[0].isdecimal():
        mentioned = set(_as_digits(offer, words[0]))
    if len(mentioned) == 1:
        return offer.suggest(mentioned.pop())
    return offer.between(sorted(mentioned))


def mentions(offer: Offer, wordings: Lexicon, words: Sequence[str]) -> set[int]:
    """Return every choice whose number or wording stands among the words."""
    numbers = (int(word) for word in words if word.isdecimal() and len(word) <= 3)
    found = {position for number in numbers for position in offer.by_number(number, wordings)}
    return found.union(*(positions for _, _, positions in wordings.spans(words)))


def _partly(wordings: Lexicon, words: Sequence[str]) -> set[int]:
    """Return the choices whose wording has the whole reply in it: "borehole" of "borehole or well"."""
    part = f" {' '.join(wordings.core(words))} "
    if len(part.strip()) < 3:
        return set()
    return {
        position
        for wording, positions in wordings.meanings.items()
        if part in f" {wording} "
        for position in positions
    }


def _as_digits(offer: Offer, number: str) -> tuple[int, ...]:
    """Return the two choices that "12" can mean where there is no twelfth; none otherwise."""
    places = places_of(offer, number)
    return tuple(sorted(places)) if len(places) == 2 else ()


def places_of(offer: Offer, number: str) -> tuple[int, ...]:
    """Return the choices that a run of digits names one by one, "134": fewer than ten choices, no digit twice."""
    places = tuple(int(digit) - 1 for digit in number)
    every = all(0 <= place < len(offer.choices) for place in places)
    distinct = len(set(places)) == len(places)
    return places if offer.numbered and len(offer.choices) < 10 and every and distinct else ()


Head = Callable[[str], Sequence[int]]


def own_words(offer: Offer, text: str, read_head: Head) -> tuple[Sequence[int], str] | None:
    """Return what comes before the words for "other", as `read_head` understands it, and those words; or None.

    The head must end with the choice named `other`, and the words may mention no other choice: "5 2 stoves" is
    two numbers as well.
    """
    if not any(choice.name == OTHER_NAME for choice in offer.choices):
        return None
    wordings = offer.lexicon()
    for word in list(_WORD.finditer(text))[1 : _OTHER_WITHIN + 1]:
        head = read_head(text[: word.start()])
        if not head or offer.choices[head[-1]].name != OTHER_NAME:
            continue
        rest = unicodedata.normalize("NFC", text[word.start() :].strip(" \t\r\n-–—:,;="))
        said = key(rest).split()
        if said and wordings.core(said)[0] not in wordings.fillers and not mentions(offer, wordings, said):
            return head, rest
    return None
