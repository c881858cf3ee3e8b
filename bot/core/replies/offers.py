"""The choices put to one person, and the ways that a reply can point at them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from bot.core.phrases import (
    CHOOSE_FROM_LIST,
    DID_YOU_MEAN,
    DONT_KNOW,
    ENGLISH,
    NO,
    NONE,
    NUMBERS,
    ORDINALS,
    PREFER_NOT,
    YES,
    Phrasebook,
    forms,
)
from bot.core.questionnaire import Choice, Text
from bot.core.replies.matching import Lexicon, both_languages, fillers, key, lexicon
from bot.core.replies.records import Ambiguous, NotRead

_LETTERS = 26
_SAID_AS = {
    **{"yes": YES, "no": NO, "none": NONE, "none_of_these": NONE},
    **{"dont_know": DONT_KNOW, "refused": PREFER_NOT, "prefer_not_to_say": PREFER_NOT},
}
"""What people say for a choice of this name, whatever its label."""


@dataclass(frozen=True, slots=True)
class Offer:
    """The choices in the order that a person saw them, and the words that this person is likely to use.

    `numbered` is false where the choices were too many to list: then the person saw no numbers.
    """

    choices: tuple[Choice, ...]
    numbered: bool
    phrasebook: Phrasebook
    language: str | None

    def named(self, position: int) -> str:
        """Return a choice as the person is told of it: its number and its wording."""
        choice = self.choices[position]
        wording = (choice.sms_label or choice.label).into(self.language)
        return f"{self._number(position)} {wording}" if self.numbered else wording

    def _number(self, position: int) -> str:
        return self.phrasebook.in_digits(str(position + 1))

    def shown(self, choice: Choice) -> tuple[str, ...]:
        """Return the wordings of a choice that the person can have seen."""
        return tuple(text.into(self.language) for text in _texts(choice))

    def by_number(self, number: int, wordings: Lexicon | None = None) -> tuple[int, ...]:
        """Return what a number means: the choice of that number, and any whose own wording is that number.

        "How many children?" with choices 0, 1, 2 numbered 1, 2, 3: "2" may be the number or the wording. Without a
        lexicon at hand the wordings are compared one by one, which for a single number is far cheaper than making it.
        """
        here = (number - 1,) if self.numbered and 1 <= number <= len(self.choices) else ()
        worded = self._worded(str(number)) if wordings is None else wordings.meanings.get(str(number), ())
        return (*here, *(position for position in worded if position not in here))

    def _worded(self, number: str) -> Iterator[int]:
        language = self.language
        for position, choice in enumerate(self.choices):
            holds = number in choice.label.into(language) or choice.sms_label is not None
            if holds and number in map(key, self.shown(choice)):
                yield position

    def lexicon(self) -> Lexicon:
        """Return the wordings of the choices: in the person's language first, then those of the file and its names."""
        return lexicon(
            (
                tuple((*self.shown(choice), *choice.aliases_in(self.language)) for choice in self.choices),
                tuple(self._other_wordings(choice) for choice in self.choices),
            ),
            fillers(self.phrasebook),
        )

    def _other_wordings(self, choice: Choice) -> tuple[str, ...]:
        name = (
            () if choice.name.isdigit() else (choice.name,)
        )  # a coded name is never shown; a number is a place
        said = _SAID_AS.get(choice.name)
        signs = (*self.phrasebook.words(said), *ENGLISH.words(said)) if said else ()
        return (
            *(text.source for text in _texts(choice)),
            *name,
            *chain.from_iterable(choice.aliases.values()),
            *signs,
        )

    def takes_letters(self, wordings: Lexicon) -> bool:
        """Return whether a letter can stand for a place: never where any wording is a letter itself."""
        return (
            self.numbered
            and len(self.choices) <= _LETTERS
            and not any(len(wording) == 1 and wording.isascii() for wording in wordings.meanings)
        )

    def by_letter(self, letter: str) -> tuple[int, ...]:
        """Return the choice at a letter's place in the alphabet: a is the first."""
        position = ord(letter) - ord("a") if len(letter) == 1 else -1
        return (position,) if 0 <= position < min(len(self.choices), _LETTERS) else ()

    def between(self, positions: Sequence[int]) -> Ambiguous | NotRead:
        """Return the question which of two choices is meant; with more, or none, the request to choose."""
        if len(positions) == 2:
            first, second = (self.named(position) for position in positions)
            if first != second:
                return Ambiguous(first, second)
        return NotRead(CHOOSE_FROM_LIST)

    def suggest(self, position: int) -> NotRead:
        """Return the question whether a choice is meant that the reply only mentions."""
        choice = self.choices[position]
        wording = (choice.sms_label or choice.label).into(self.language)
        reply = self._number(position) if self.numbered else wording
        return NotRead(DID_YOU_MEAN, {"choice": self.named(position), "reply": reply})


def number_words(phrasebook: Phrasebook) -> Lexicon:
    """Return the words for the numbers from 0 to 20, whose positions are the numbers."""
    return lexicon(tuple(tuple(map(forms, listed)) for listed in both_languages(phrasebook, NUMBERS)))


def place_words(phrasebook: Phrasebook) -> Lexicon:
    """Return the words for places in a list, whose positions are the places: 0 is the first."""
    return lexicon(tuple(tuple(map(forms, listed)) for listed in both_languages(phrasebook, ORDINALS)))


def _texts(choice: Choice) -> tuple[Text, ...]:
    return (choice.label,) if choice.sms_label is None else (choice.label, choice.sms_label)
