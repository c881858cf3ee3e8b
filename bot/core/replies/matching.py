"""Which of several wordings a person means: the same words, or nearly the same with nothing else as near."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from bot.core.folding import digits, fold
from bot.core.phrases import ENGLISH, FILLERS, Phrasebook, Words

Tier = tuple[tuple[str, ...], ...]
"""For each of the things meant, in their order, the wordings it goes by."""

_EXACT_ONLY = 3
_ONE_EDIT = 7
_CLEAR_GAP = 0.10
"""How much likelier than the next the nearest wording must be, on the scale from 0 to 1."""
_CUTOFF = 0.65  # two edits in eight letters, and what is within the gap below that
_LONGEST_SPAN = 12


def key(text: str) -> str:
    """Return what two wordings share when they are the same to a reader; symbols alone stand for themselves."""
    return fold(digits(text)) or "".join(digits(text).split()).casefold()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The wordings of some things, by key: the positions (from 0) of those that go by it, usually one."""

    meanings: Mapping[str, tuple[int, ...]]
    span: int
    """How many words the longest wording has."""
    fillers: frozenset[str]

    def core(self, words: Sequence[str]) -> list[str]:
        """Return the words without the fillers around them: "i think gas please" -> "gas".

        Of fillers alone, only a single letter at the end can be an answer: "option a".
        """
        content = [at for at, word in enumerate(words) if word not in self.fillers]
        if content:
            return list(words[content[0] : content[-1] + 1])
        return list(words[-1:] if words and len(words[-1]) == 1 else words)

    def near(self, phrase: str) -> tuple[int, ...]:
        """Return what a phrase with small typing errors means: one position; those too near to tell apart; or none.

        A wording of up to 3 letters must be exact, one of 4 to 7 may have one error, a longer one two (the shorter
        of the two counts). The first letter must be right, because a prefix can turn a word to its opposite
        (satisfied, unsatisfied), and so must any number in it.
        """
        if len(phrase) <= _EXACT_ONLY:
            return ()
        number = _digits_in(phrase)
        best: dict[int, tuple[float, bool]] = {}
        for wording, score, _ in extract(
            phrase,
            [wording for wording in self.meanings if abs(len(wording) - len(phrase)) <= len(phrase) // 2],
            scorer=OSA.normalized_similarity,
            processor=None,
            limit=None,
            score_cutoff=_CUTOFF,
        ):
            if _digits_in(wording) != number:
                continue
            fits = wording[0] == phrase[0] and OSA.distance(phrase, wording) <= _errors(phrase, wording)
            for position in self.meanings[wording]:
                best[position] = max(best.get(position, (0.0, False)), (score, fits))
        return _clearest(best)

    def spans(self, words: Sequence[str]) -> Iterable[tuple[int, int, tuple[int, ...]]]:
        """Yield each wording within the words, the longest at each place: its start, its end, what it means."""
        start = 0
        while start < len(words):
            for end in range(min(start + self.span, len(words)), start, -1):
                found = self.meanings.get(" ".join(words[start:end]))
                if found is not None:
                    yield start, end, found
                    start = end
                    break
            else:
                start += 1

    def said_over(self, words: Sequence[str]) -> tuple[int, ...]:
        """Return what the words mean that say one thing in several ways, with fillers at most: "yes yes i agree"."""
        meant: set[tuple[int, ...]] = set()
        at = 0
        for start, end, found in self.spans(words):
            if not self.fillers.issuperset(words[at:start]):
                return ()
            meant.add(found)
            at = end
        return meant.pop() if len(meant) == 1 and self.fillers.issuperset(words[at:]) else ()


def _errors(phrase: str, wording: str) -> int:
    shorter = min(len(phrase), len(wording))
    if shorter <= _EXACT_ONLY:
        return 0
    return 1 if shorter <= _ONE_EDIT else 2


def _clearest(best: Mapping[int, tuple[float, bool]]) -> tuple[int, ...]:
    ranked = sorted(best.items(), key=lambda entry: (-entry[1][0], entry[0]))
    if not ranked or not any(fits for _, (_, fits) in ranked[:1]):
        return ()
    top = ranked[0][1][0]
    return tuple(sorted(position for position, (score, _) in ranked if top - score < _CLEAR_GAP))


def _digits_in(text: str) -> str:
    return "".join(filter(str.isdigit, text))


@lru_cache(maxsize=128)
def lexicon(tiers: tuple[Tier, ...], fillers: frozenset[str] = frozenset()) -> Lexicon:
    """Return the lexicon of some wordings. Those of an earlier tier hide the same ones of a later tier.

    Wordings also count without the fillers around them, last of all. Kept between replies, because folding the
    labels of a long list takes far longer than looking up a reply in it.
    """
    meanings: dict[str, tuple[int, ...]] = {}
    folded = [[[key(wording) for wording in wordings] for wordings in tier] for tier in tiers]
    _add(meanings, folded)
    bare = Lexicon({}, 0, fillers)
    _add(
        meanings,
        [[[" ".join(bare.core(w.split())) for w in wordings] for wordings in tier] for tier in folded],
    )
    longest = max((wording.count(" ") + 1 for wording in meanings), default=0)
    return Lexicon(meanings, min(longest, _LONGEST_SPAN), fillers)


def _add(meanings: dict[str, tuple[int, ...]], tiers: Iterable[Iterable[Iterable[str]]]) -> None:
    for tier in tiers:
        found: dict[str, list[int]] = {}
        for position, wordings in enumerate(tier):
            for wording in wordings:
                if wording and wording not in meanings and position not in found.setdefault(wording, []):
                    found[wording].append(position)
        meanings.update((wording, tuple(positions)) for wording, positions in found.items())


def both_languages(phrasebook: Phrasebook, words: Words) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return a meaning's words in the person's language, and in English, which people send in any language."""
    return phrasebook.words(words), ENGLISH.words(words)


def folded_words(phrasebook: Phrasebook, words: Words) -> frozenset[str]:
    """Return a meaning's words in the person's language and in English, folded."""
    return _folded(both_languages(phrasebook, words))


@lru_cache(maxsize=512)
def _folded(lists: tuple[tuple[str, ...], ...]) -> frozenset[str]:
    return frozenset(key(word) for words in lists for word in words)


def fillers(phrasebook: Phrasebook) -> frozenset[str]:
    """Return the words that people put around an answer and that do not change it, folded, each one word."""
    return _single(both_languages(phrasebook, FILLERS))


@lru_cache(maxsize=512)
def _single(lists: tuple[tuple[str, ...], ...]) -> frozenset[str]:
    return frozenset(part for words in lists for word in words for part in key(word).split())
