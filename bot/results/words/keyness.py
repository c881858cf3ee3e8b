"""Which whole words tell a group of answers from the rest: log-likelihood keyness.

G2 of a word (Dunning 1993, as used for corpora by Rayson and Garside 2000) compares how often it is said in the group
and elsewhere with what one rate for both would give. Words that everybody says come out at nought, so that no list of
stop words is needed in any language.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple
from unicodedata import east_asian_width

from bot.results.words.introductions import Word, words_of
from bot.results.words.redaction import Redacted

MOSTLY = 0.5
"""More than this share of the answers with a word are of one theme, if the word is that theme's."""
LEAST_WORDS = 3
"""By fewer words nobody sees what a theme is about: words that are also others' fill them up."""
ELIDED = frozenset("cdjlmnst")
"""Latin letters that stand for a word before an apostrophe, as in l'eau, j'ai, n'ilé. So does what ends in qu."""
APOSTROPHES = frozenset("'’ʼʻʹʽˈ")
SURE = 6.63
"""The G2 that one word in a hundred reaches by chance (chi-square, one degree of freedom)."""


class Counted(NamedTuple):
    """In how many answers each folded word stands, and how it was mostly written."""

    answers: int
    said_in: Mapping[str, int]
    written: Mapping[str, str]


def count_words(answers: Iterable[Redacted]) -> Counted:
    """Return in how many answers each word stands; a word said twice by one person counts once."""
    said_in: Counter[str] = Counter()
    written: dict[str, Counter[str]] = {}
    total = 0
    for answer in answers:
        total += 1
        text = answer.words_alone
        seen = set()
        for word in _telling(text):
            written.setdefault(word.folded, Counter())[text[word.start : word.end]] += 1
            seen.add(word.folded)
        said_in.update(seen)
    forms = {folded: min(forms, key=lambda form: (-forms[form], form)) for folded, forms in written.items()}
    return Counted(total, said_in, forms)


def _telling(text: str) -> Iterator[Word]:
    """Yield the words of a text that can tell something, those with an apostrophe whole: п'ять, ng'ombe, don't.

    Elided words are left off (d'eau is eau), and so are words of one letter, but where a sign is a syllable or a word.
    """
    words = words_of(text)
    place = 0
    while place < len(words):
        word = words[place]
        while place + 1 < len(words) and text[word.end : words[place + 1].start] in APOSTROPHES:
            place += 1
            following = words[place]
            if _is_elided(word.folded):
                word = following
            else:
                word = Word(word.start, following.end, word.folded + following.folded)
        place += 1
        if len(word.folded) > 1 or east_asian_width(word.folded) == "W":
            yield word


def _is_elided(folded: str) -> bool:
    return folded in ELIDED or folded.endswith("qu")


def keyness(group: int, of_group: int, rest: int, of_rest: int) -> float:
    """Return the G2 of a word that stands in `group` of `of_group` answers and `rest` of `of_rest` others.

    Negative where it stands in fewer of the group than of the rest.
    """
    if not of_group or not of_rest:
        return 0.0
    rate = (group + rest) / (of_group + of_rest)
    likelihood = sum(
        seen * math.log(seen / (of * rate)) for seen, of in ((group, of_group), (rest, of_rest)) if seen
    )
    sign = 1 if group / of_group >= rest / of_rest else -1
    return sign * max(2 * likelihood, 0.0)


def key_words(group: Counted, every: Counted, most: int, at_least: int, of_all: int = 0) -> tuple[str, ...]:
    """Return the words of a group that tell it from the rest, the most telling first, as they are mostly written.

    What fewer than `at_least` of its answers say is left out, and what fewer than `of_all` of every answer say: a word
    of one person's may be a name. So is what is mostly said elsewhere, such as "is" and "the": where few sentences are
    said again and again, that tells some of them from the rest too.
    """
    scored: Sequence[tuple[float, str]] = [
        (
            keyness(said, group.answers, every.said_in[word] - said, every.answers - group.answers),
            word,
        )
        for word, said in group.said_in.items()
        if said >= at_least and every.said_in[word] >= of_all and any(letter.isalpha() for letter in word)
    ]
    telling = [word for _, word in sorted((-score, word) for score, word in scored if score >= SURE)]
    own = [word for word in telling if group.said_in[word] > MOSTLY * every.said_in[word]]
    others = [word for word in telling if word not in own][: max(0, LEAST_WORDS - len(own))]
    return tuple(group.written[word] for word in [*own[:most], *others])
