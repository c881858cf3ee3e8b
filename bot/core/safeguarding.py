"""Words by which somebody may be telling of danger or harm: found in a message, so that a person reads it soon.

What is found decides that somebody looks, and nothing else. Whole words and phrases count, folded as everything that
people type, so that "therapist" holds nothing; a list says by a star where the end of a word is open.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.core.folding import digits, fold


class Urgency(StrEnum):
    """How soon a person is to read what somebody wrote."""

    URGENT = "urgent"
    """A life may be in danger now: suicide, a threat to kill, rape, somebody held against their will."""
    SENSITIVE = "sensitive"
    """Harm that was done or is done: violence, abuse, exploitation."""
    ASKED = "asked"
    """They asked for a person, whatever it is about."""

    @property
    def rank(self) -> int:
        """Return its place in the queue: 0 is read first."""
        return _RANKS[self]


_RANKS: Mapping[str, int] = {one.value: place for place, one in enumerate(Urgency)}

STAR = "*"
"""At the end of a word in a list: any ending may follow."""
LEAST_STEM = 3
"""Letters before a star. By these many, stems are looked up; a shorter one would be found everywhere."""

Entry = tuple[str, Urgency]
"""A phrase as it stands in a list, and what it tells."""


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A folded phrase: its words, and which of them may go on."""

    words: tuple[str, ...]
    is_open: tuple[bool, ...]
    urgency: Urgency

    def begins_at(self, words: list[str], at: int) -> bool:
        if at + len(self.words) > len(words):
            return False
        return all(
            said.startswith(word) if is_open else said == word
            for said, word, is_open in zip(words[at:], self.words, self.is_open, strict=False)
        )


@dataclass(frozen=True, slots=True)
class Lookout:
    """What is looked for, by the first word of each phrase, or by the first letters of an open one.

    A word of a message costs two look-ups, however long the lists are; only where one is found are phrases compared.
    """

    by_word: Mapping[str, tuple[_Phrase, ...]] = field(default_factory=dict, repr=False)
    by_stem: Mapping[str, tuple[_Phrase, ...]] = field(default_factory=dict, repr=False)

    def find(self, folded: str) -> Urgency | None:
        """Return the most urgent that a folded text tells, or None. See `folded_for_lookout`."""
        words = folded.split()
        by_word, by_stem = self.by_word, self.by_stem
        found: Urgency | None = None
        for at in [at for at, one in enumerate(words) if one in by_word or one[:LEAST_STEM] in by_stem]:
            word = words[at]
            for phrase in (*by_word.get(word, ()), *by_stem.get(word[:LEAST_STEM], ())):
                if (found is None or phrase.urgency.rank < found.rank) and phrase.begins_at(words, at):
                    found = phrase.urgency
            if found is Urgency.URGENT:
                break
        return found


def folded_for_lookout(text: str) -> str:
    """Return a text as it is looked through; "" where it holds no letter, as most answers to a menu."""
    if text.isascii() and not any(map(str.isalpha, text)):
        return ""
    return fold(digits(text))


def lookout(entries: Iterable[Entry], leave_out: Iterable[str] = ()) -> Lookout:
    """Return what finds these phrases, but for those left out, however either is spelt.

    A phrase that stands there twice tells the more urgent of the two.
    """
    left_out = {_parts(one) for one in leave_out}
    phrases: dict[tuple[tuple[str, bool], ...], Urgency] = {}
    for written, urgency in entries:
        parts = _parts(written)
        if parts and parts not in left_out and urgency.rank <= phrases.get(parts, urgency).rank:
            phrases[parts] = urgency
    by_word: dict[str, list[_Phrase]] = {}
    by_stem: dict[str, list[_Phrase]] = {}
    for parts, urgency in phrases.items():
        words, is_open = tuple(word for word, _ in parts), tuple(opened for _, opened in parts)
        index, place = (by_stem, words[0][:LEAST_STEM]) if is_open[0] else (by_word, words[0])
        index.setdefault(place, []).append(_Phrase(words, is_open, urgency))
    return Lookout(*({place: tuple(listed) for place, listed in one.items()} for one in (by_word, by_stem)))


def faulty(written: str) -> str | None:
    """Return what is wrong with a phrase of a list, None where nothing is."""
    if not (parts := _parts(written)):
        return "has no letter"
    for word in written.split():
        if STAR in word.rstrip(STAR):
            return "has a star that is not at the end of a word"
    if any(is_open and len(word) < LEAST_STEM for word, is_open in parts):
        return f"has fewer than {LEAST_STEM} letters before a star"
    if len(parts) == 1 and not parts[0][1] and len(parts[0][0]) < LEAST_STEM:
        return "is so short that it would be found by chance"
    return None


def _parts(written: str) -> tuple[tuple[str, bool], ...]:
    """Return the folded words of a phrase, and of each whether its end is open."""
    parts: list[tuple[str, bool]] = []
    for word in written.split():
        folded = fold(digits(word.rstrip(STAR))).split()
        parts += [(one, False) for one in folded[:-1]]
        parts += [(one, word.endswith(STAR)) for one in folded[-1:]]
    return tuple(parts)
