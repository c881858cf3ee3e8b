"""Where a text says its writer's name: the words after "my name is", in the languages of the consultation."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.core.folding import fold
from bot.core.phrases import AND, ENGLISH, FILLERS, NAME_IS, NOT_SO, Phrasebook
from bot.results.words.identifiers import Span

PLACE_OF_NAME = "~"
MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class Introduction:
    """One way to say one's name: the folded words before it and after it.

    `grown` begins the word that the name is the rest of, "" where the name is a word of its own.
    """

    before: tuple[str, ...]
    after: tuple[str, ...] = ()
    grown: str = ""


@dataclass(frozen=True, slots=True)
class Introductions:
    """Every way of some languages, the longest first, with the words that no name goes on with."""

    ways: tuple[Introduction, ...]
    fillers: frozenset[str]
    ends: frozenset[str]


NO_INTRODUCTIONS = Introductions((), frozenset(), frozenset())


def introductions(phrasebooks: Iterable[Phrasebook]) -> Introductions:
    """Return how people say their names in these languages, and in English."""
    books = (*phrasebooks, ENGLISH)
    ways = {way for book in books for said in book.words(NAME_IS) for way in _ways(said)}
    fillers = {fold(word) for book in books for word in book.words(FILLERS)}
    ends = {fold(word) for book in books for words in (AND, NOT_SO) for word in book.words(words)}
    longest = sorted(ways, key=lambda way: (-len(way.before) - len(way.after), -len(way.grown), way.before))
    return Introductions(tuple(longest), frozenset(fillers - {""}), frozenset(ends - {""}))


def _ways(said: str) -> Iterator[Introduction]:
    before, _, after = said.partition(PLACE_OF_NAME)
    words = tuple(fold(before).split())
    if PLACE_OF_NAME in said and words and not before[-1].isspace():
        yield Introduction(words[:-1], (), words[-1])
    # What grows together with a name may also be written with a hyphen: ngu-Thabo.
    yield Introduction(words, tuple(fold(after).split()))


class Word(NamedTuple):
    """A word of a text: its place, and itself as it is compared."""

    start: int
    end: int
    folded: str


def words_of(text: str) -> list[Word]:
    """Return the words of a text in any script, each with its place."""
    found: list[Word] = []
    start: int | None = None
    for place, character in enumerate(f"{text} "):
        if _is_of_word(character):
            start = place if start is None else start
        elif start is not None:
            folded = fold(text[start:place]).replace(" ", "")
            if folded:
                found.append(Word(start, place, folded))
            start = None
    return found


def _is_of_word(character: str) -> bool:
    category = unicodedata.category(character)
    # Zero-width joiners stand within words of many scripts; other invisible marks do no harm there.
    return (category[0] in "LMN" and character not in "ʼʻʹʽˈ") or category == "Cf"


def names(text: str, known: Introductions) -> Iterator[Span]:
    """Yield the stretches that are names which the text says to be its writer's."""
    if not known.ways:
        return
    # Nearly no answer says a name: one look through each is enough for the rest.
    folded_text = f" {fold(text)} "
    ways = [one for one in known.ways if f" {' '.join(one.before or one.after)} " in folded_text]
    words = words_of(text) if ways else []
    folded = [word.folded for word in words]
    for way in ways:
        for place in range(len(words)):
            yield from _said(way, text, words, folded, place, known)


def _said(
    way: Introduction,
    text: str,
    words: Sequence[Word],
    folded: Sequence[str],
    place: int,
    known: Introductions,
) -> Iterator[Span]:
    after_words = place + len(way.before)
    if tuple(folded[place:after_words]) != way.before or after_words >= len(words):
        return
    if way.grown:
        word = words[after_words]
        start = _rest(text, word, way.grown)
        if start is not None:
            yield Span(start, _end(text, words, after_words, known, text[start].isupper()), "NAME")
    elif way.after:
        yield from _between(way, text, words, folded, after_words)
    else:
        first = after_words
        while first < min(len(words), after_words + 2) and _fills(text, words[first], known.fillers):
            first += 1
        gap = text[words[after_words - 1].end : words[first].start] if first < len(words) else "."
        if first < len(words) and not _fills(text, words[first], known.ends) and not _ENDS.search(gap):
            capital = text[words[first].start].isupper()
            yield Span(words[first].start, _end(text, words, first, known, capital), "NAME")


def _fills(text: str, word: Word, listed: frozenset[str]) -> bool:
    """Return whether a word is one of a list; with a capital and small letters it is a name all the same: An, Awa."""
    written = text[word.start : word.end]
    is_name = (len(written) > 1 and written.istitle()) or text[word.end : word.end + 1] in ("'", "’")
    return word.folded in listed and not is_name


_ENDS = re.compile(r"[.!?;\n।۔؟።]")


def _rest(text: str, word: Word, grown: str) -> int | None:
    """Return where the name begins in a word that has grown together with it: nguThabo, ngu-Thabo."""
    for place in range(word.start + 1, word.end):
        if fold(text[word.start : place]).replace(" ", "") == grown:
            return place
    return None


def _between(
    way: Introduction, text: str, words: Sequence[Word], folded: Sequence[str], place: int
) -> Iterator[Span]:
    """Yield a name that stands before the words of introduction, or among them: one or two words of it."""
    for many in (1, 2):
        end = place + many
        if tuple(folded[end : end + len(way.after)]) == way.after:
            if (
                not way.before
                and many == 1
                and place > 0
                and not _ENDS.search(text[words[place - 1].end : words[place].start])
            ):
                # Nothing says where the name begins: two words are likelier a name and a father's name.
                continue
            yield Span(words[place].start, words[end - 1].end, "NAME")
            return


def _end(text: str, words: Sequence[Word], first: int, known: Introductions, capital: bool) -> int:
    """Return where a name ends that begins with a word.

    In capitals it goes on for three words, as long as they are capital; in small letters, or without any, for two.
    """
    last = first
    for place in range(first + 1, min(first + MOST_NAMES, len(words))):
        word = words[place]
        gap = text[words[last].end : word.start]
        looks_like_one = text[word.start].isupper() if capital else place == first + 1
        is_other = _fills(text, word, known.ends | known.fillers)
        is_apart = gap.strip(" -'’") not in ("", "." if words[last].end - words[last].start == 1 else "")
        if is_apart or is_other or not looks_like_one:
            break
        last = place
    return words[last].end
