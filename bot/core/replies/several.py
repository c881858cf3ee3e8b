"""Replies to `select_multiple` and `rank`: several choices in one message."""

import re
from collections.abc import Sequence

from bot.core.folding import digits
from bot.core.phrases import ALL, AND, CHOOSE_FROM_LIST, RANK_ALL
from bot.core.questionnaire import Choice
from bot.core.replies.choosing import own_words, places_of
from bot.core.replies.matching import Lexicon, folded_words, key
from bot.core.replies.offers import Offer, number_words
from bot.core.replies.records import Ambiguous, NotRead, Read, Reading

_SEPARATORS = re.compile(r"[,;/\\|+&>\n،؛、·•]+")
_DASHED = re.compile(r"(?<![\d.])(\d{1,3}) ?[-–—−‐] ?(\d{1,3})(?![\d.])(?! ?[-–—−‐] ?\d)")
_CHAIN = re.compile(r"\d{1,3}(?: ?[-–—−‐] ?\d{1,3}){2,}")
_MOST_PLACES = 1_000
"""Choices named in one reply, repeats counted: far beyond any list, and an end to "1 1 1 1 ..."."""

Places = tuple[int, ...]
Found = Places | Ambiguous | NotRead


def read_several(offer: Offer, order: Sequence[Choice], text: str) -> Reading:
    """Return the choices that a reply names, each once, in the order of `order` (the file's), apart by spaces.

    "All" means all but those that stay last in any order, because nobody means "all of them and none of them".
    """
    if key(text) in folded_words(offer.phrasebook, ALL):
        some = [place for place, choice in enumerate(offer.choices) if not choice.stays_last]
        return Read(_names(offer, order, some or range(len(offer.choices))))
    found = _places(offer, text)
    if isinstance(found, tuple):
        return Read(_names(offer, order, found))
    own = own_words(offer, text, lambda head: _plainly(offer, head))
    return found if own is None else Read(_names(offer, order, own[0]), own[1])


def read_rank(offer: Offer, text: str) -> Reading:
    """Return all choices in the order that a reply puts them, apart by spaces."""
    found = _places(offer, text)
    if isinstance(found, Ambiguous):
        return found
    complete = isinstance(found, tuple) and sorted(found) == list(range(len(offer.choices)))
    if not isinstance(found, tuple) or not complete:
        return NotRead(RANK_ALL)
    return Read(" ".join(offer.choices[place].name for place in found))


def _names(offer: Offer, order: Sequence[Choice], places: Sequence[int]) -> str:
    chosen = {offer.choices[place].name for place in places}
    return " ".join(choice.name for choice in order if choice.name in chosen)


def _plainly(offer: Offer, head: str) -> Places:
    found = _places(offer, head)
    return found if isinstance(found, tuple) else ()


def _places(offer: Offer, text: str) -> Found:
    """Return the choices that a reply names, as they come; "1-3" may be all from 1 to 3, or those two."""
    wordings = offer.lexicon()
    whole = wordings.meanings.get(key(text))
    if whole:
        return whole if len(whole) == 1 else offer.between(whole)
    plain = digits(text)
    if not offer.numbered:
        return _scan(offer, wordings, plain)
    plain = _CHAIN.sub(lambda chain: re.sub(r"\D+", ", ", chain[0]), plain)
    listed = _scan(offer, wordings, _DASHED.sub(r"\1, \2", plain))
    filled = _scan(offer, wordings, _DASHED.sub(_from_to, plain)) if _DASHED.search(plain) else listed
    if listed == filled or not (isinstance(listed, tuple) and isinstance(filled, tuple)):
        return listed
    if set(listed) == set(filled):
        return listed
    return Ambiguous(*(offer.phrasebook.in_digits(_numbers(places)) for places in (filled, listed)))


def _from_to(dashed: re.Match[str]) -> str:
    first, last = int(dashed[1]), int(dashed[2])
    between = range(first, last + 1) if first < last else (first, last)
    return ", ".join(map(str, between))


def _numbers(places: Places) -> str:
    return ", ".join(str(place + 1) for place in dict.fromkeys(places))


def _scan(offer: Offer, wordings: Lexicon, plain: str) -> Found:
    """Return the choices named one after the other, if every word is a choice, a filler or an "and".

    Wordings may have separators in them ("Borehole/well"), so the words are tried together first; typing errors
    count only between separators, where the end of a wording is sure.
    """
    pieces = [key(piece).split() for piece in _SEPARATORS.split(plain)]
    words = [word for piece in pieces for word in piece]
    together = _letters(offer, wordings, words) or _scan_words(offer, wordings, words, errors=False)
    if together and not isinstance(together, NotRead):
        return together
    places: list[int] = []
    for piece in filter(None, pieces):
        found = _scan_words(offer, wordings, piece, errors=True)
        if not isinstance(found, tuple):
            return found
        places.extend(found)
    return tuple(places) or NotRead(CHOOSE_FROM_LIST)


def _scan_words(offer: Offer, wordings: Lexicon, words: Sequence[str], *, errors: bool) -> Found:
    idle = wordings.fillers | folded_words(offer.phrasebook, AND)
    spans = {**_number_words(offer, wordings, words), **_worded(wordings, words)}
    places: list[int] = []
    unknown: list[str] = []
    at, numbered = 0, -1
    while at < len(words):
        end, found = spans.get(at) or (at + 1, _numbered(offer, wordings, words[at]))
        settled = (
            offer.between(found) if isinstance(found, tuple) and len(found) > 1 and at in spans else found
        )
        if not isinstance(settled, tuple):
            return settled
        said_twice = numbered == at and settled == (places[-1],)  # "1 firewood" is one choice
        if not settled and words[at] not in idle:
            unknown.append(words[at])
        elif not said_twice:
            places.extend(settled)
        numbered = end if settled and words[at].isdecimal() else -1
        at = end
    if not unknown:
        return tuple(places)
    near = wordings.near(" ".join(words)) if errors else ()
    return near if len(near) == 1 else offer.between(near)


def _worded(wordings: Lexicon, words: Sequence[str]) -> dict[int, tuple[int, Places]]:
    """Return where wordings of choices stand, but for numbers alone, which may be places as well."""
    return {
        start: (end, found)
        for start, end, found in wordings.spans(words)
        if end - start > 1 or not words[start].isdecimal()
    }


def _number_words(offer: Offer, wordings: Lexicon, words: Sequence[str]) -> dict[int, tuple[int, Places]]:
    """Return where the words for choices' numbers stand, the longest first: "kumi na moja" is 11, not 10 and 1."""
    if not offer.numbered:
        return {}
    found: dict[int, tuple[int, Places]] = {}
    for start, end, numbers in number_words(offer.phrasebook).spans(words):
        places = offer.by_number(numbers[0], wordings)
        if places and len(numbers) == 1:
            found[start] = (end, places)
    return found


def _numbered(offer: Offer, wordings: Lexicon, word: str) -> Found:
    """Return the choices that a number or a run of digits names; none if the word is no number."""
    if not word.isdecimal():
        return ()
    if not offer.numbered or len(word) > 9:
        return NotRead(CHOOSE_FROM_LIST)
    found = offer.by_number(int(word), wordings)
    if len(found) > 1:
        return offer.between(found)
    return found or places_of(offer, word) or NotRead(CHOOSE_FROM_LIST)


def _letters(offer: Offer, wordings: Lexicon, words: Sequence[str]) -> Places:
    """Return the choices at the places of letters, where the whole reply is letters: "a c", "b and d"."""
    idle = folded_words(offer.phrasebook, AND)
    letters = [word for word in words if word not in idle]
    if not letters or not offer.takes_letters(wordings) or not all(len(letter) == 1 for letter in letters):
        return ()
    places = [offer.by_letter(letter) for letter in letters]
    return tuple(place[0] for place in places) if all(places) else ()
