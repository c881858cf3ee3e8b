"""Themes of the answers to one item in one language, found in their letters alone: nothing is downloaded.

Answers are counted as character n-grams within words (so that endings, slips and any script do no harm), weighted by
TF-IDF and split by non-negative matrix factorization, always from the same seed. Of two to twelve themes, each with at
least five answers, there are as few as let the answers lie nearly as well together as they can: the fewest whose
silhouette is nine tenths of the best one or more.

Themes are per language: letters of two languages have nothing in common. Across languages, the organiser's own codes
count (`bot.results.words.codes`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from warnings import catch_warnings, filterwarnings, simplefilter

import numpy as np
from sklearn.decomposition import NMF
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
from sklearn.metrics import silhouette_score
from sklearn.preprocessing import normalize

from bot.core.folding import fold
from bot.results.words.keyness import count_words, key_words
from bot.results.words.redaction import Redacted
from bot.results.words.said import Said

LEAST_ANSWERS = 20
"""Fewer answers make no themes: read them, they are few."""
LEAST_OF_THEME = 5
MOST_THEMES = 12
LEAST_SHARED = 3
MOST_GRAMS = 20_000
MOST_LEARNT_FROM = 2_000
"""Themes are learnt from a seeded sample of so many answers; every answer is then given one."""
NEAR = 0.2
"""An answer whose cosine to its theme's middle is smaller belongs to none."""
NEARLY = 0.9
"""The share of the best silhouette that fewer themes must reach."""
MOST_WORDS = 8
MOST_TYPICAL = 3
SAID_BY = 3
"""So many answers of a theme have a word that is shown for it."""

Matrix = Any
"""A sparse or dense matrix, a row an answer."""


@dataclass(frozen=True, slots=True)
class Typical:
    """An answer that lies in the middle of its theme. It is redacted, and was not read by anybody yet."""

    respondent_id: str
    slot: str
    words: Redacted


@dataclass(frozen=True, slots=True)
class Theme:
    """What several people said in like words. `words` tell it from the rest; `typical` are central, not the longest."""

    size: int
    words: tuple[str, ...]
    typical: tuple[Typical, ...]


@dataclass(frozen=True, slots=True)
class Themes:
    """The themes of an item's answers in one language, the largest first.

    `unassigned` is the long tail: answers that belong to no theme, and must be read one by one. `silhouette` says how
    well the themes lie apart, from 0 (not at all) to 1. Where there are too few answers, or none lie together, there
    is no theme and `why_none` says so.
    """

    item: str
    language: str | None
    answers: int
    themes: tuple[Theme, ...] = ()
    unassigned: int = 0
    silhouette: float | None = None
    why_none: str | None = None


def find_themes(item: str, answers: Iterable[Said], seed: int = 0, said_by: int = 0) -> tuple[Themes, ...]:
    """Return the themes of an item in each language, that of the most answers first.

    The words of a theme are those that `said_by` of all answers in its language have, or more.
    """
    spoken: dict[str | None, list[Said]] = {}
    for one in answers:
        if one.item == item and one.words.says_something:
            spoken.setdefault(one.language, []).append(one)
    by_size = sorted(spoken.items(), key=lambda pair: (-len(pair[1]), pair[0] or ""))
    return tuple(_themes(item, language, said, seed, said_by) for language, said in by_size)


def _themes(item: str, language: str | None, said: Sequence[Said], seed: int, said_by: int) -> Themes:
    if len(said) < LEAST_ANSWERS:
        why = f"Fewer than {LEAST_ANSWERS} answers: too few for themes. Read them."
        return Themes(item, language, len(said), unassigned=len(said), why_none=why)
    grams = _grams([one.words for one in said])
    split = _best_split(grams, seed) if grams is not None else None
    if split is None:
        why = "No answers lie together: everybody said something else. Read them."
        return Themes(item, language, len(said), unassigned=len(said), why_none=why)
    belongs, nearness = _nearest(grams, split.middles)
    every = count_words(one.words for one in said)
    found = []
    for theme in range(len(split.middles)):
        members = np.flatnonzero(belongs == theme)
        counted = count_words(said[member].words for member in members.tolist())
        found.append(
            Theme(
                len(members),
                key_words(counted, every, MOST_WORDS, SAID_BY, said_by),
                _typical(said, members[np.argsort(-nearness[members], kind="stable")].tolist()),
            )
        )
    found.sort(key=lambda theme: (-theme.size, theme.words))
    unassigned = int((belongs < 0).sum())
    return Themes(item, language, len(said), tuple(found), unassigned, split.score)


def _typical(said: Sequence[Said], nearest: Iterable[int]) -> tuple[Typical, ...]:
    """Return the most central answers, each wording once."""
    found: dict[str, Typical] = {}
    for place in nearest:
        one = said[place]
        found.setdefault(fold(one.words.text), Typical(one.respondent_id, one.slot, one.words))
        if len(found) == MOST_TYPICAL:
            break
    return tuple(found.values())


def _grams(texts: Sequence[Redacted]) -> Matrix | None:
    """Return the TF-IDF of the answers' n-grams that several share; None where there are none.

    A row has length one over all n-grams of its answer, and what nobody else says is taken out after that: an answer
    of which only "please" and "we" are common is near to no theme.
    """
    counts = HashingVectorizer(
        analyzer="char_wb",
        ngram_range=(3, 5),
        n_features=2**20,
        alternate_sign=False,
        norm=None,
        lowercase=False,
        dtype=np.float32,
    ).transform(fold(one.words_alone) for one in texts)
    said_in = np.bincount(counts.indices, minlength=counts.shape[1])
    # What half of all answers say tells none of them from another.
    shared = np.flatnonzero((said_in >= LEAST_SHARED) & (said_in <= len(texts) / 2))
    kept = np.sort(shared[np.argsort(-said_in[shared], kind="stable")[:MOST_GRAMS]])
    grams = TfidfTransformer(sublinear_tf=True).fit_transform(counts)[:, kept]
    return grams if grams.nnz else None


@dataclass(frozen=True, slots=True)
class _Split:
    """Answers split into themes: the middle of each, and how well the answers lie together."""

    middles: Matrix
    score: float


def _best_split(grams: Matrix, seed: int) -> _Split | None:
    """Return the split into the fewest themes that is nearly as good as the best; None where there is none."""
    learnt = _sample(grams, seed)
    most = min(MOST_THEMES, learnt.shape[0] // (2 * LEAST_OF_THEME))
    splits = [split for many in range(2, most + 1) if (split := _split(learnt, many, seed))]
    enough = NEARLY * max((split.score for split in splits), default=0.0)
    return next((split for split in splits if split.score >= enough > 0), None)


def _split(grams: Matrix, many: int, seed: int) -> _Split | None:
    model = NMF(many, init="nndsvda", random_state=seed, max_iter=200, tol=1e-3)
    with catch_warnings():
        # It has come near enough by then; whether it is any good is for the silhouette to say.
        simplefilter("ignore", ConvergenceWarning)
        # Where themes make up the answers wholly, rounding takes the error below nought, of which no root is taken.
        filterwarnings("ignore", "invalid value encountered in sqrt", RuntimeWarning)
        weights = normalize(model.fit_transform(grams))
    middles = _middles(grams, weights.argmax(axis=1), many)
    belongs, _ = _nearest(grams, middles)
    held = belongs >= 0
    if np.bincount(belongs[held], minlength=many).min() < LEAST_OF_THEME:
        return None
    lies = silhouette_score(grams[held], belongs[held], metric="cosine")
    # An answer in no theme lies with none: else the best themes would be those that hold the fewest answers.
    return _Split(middles, float(lies * held.mean()))


def _sample(grams: Matrix, seed: int) -> Matrix:
    if grams.shape[0] <= MOST_LEARNT_FROM:
        return grams
    chosen = np.random.default_rng(seed).choice(grams.shape[0], MOST_LEARNT_FROM, replace=False)
    return grams[np.sort(chosen)]


def _middles(grams: Matrix, belongs: Matrix, many: int) -> Matrix:
    """Return the middle of each theme's answers, of length one."""
    sums = np.vstack([np.asarray(grams[belongs == theme].sum(axis=0)) for theme in range(many)])
    return normalize(sums)


def _nearest(grams: Matrix, middles: Matrix) -> tuple[Matrix, Matrix]:
    nearness = np.asarray(grams @ middles.T)
    belongs = nearness.argmax(axis=1)
    nearest = nearness[np.arange(len(belongs)), belongs]
    return np.where(nearest >= NEAR, belongs, -1), nearest
