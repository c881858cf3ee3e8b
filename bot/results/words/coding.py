"""An organiser's codes, applied to answers: by keywords, and by likeness to examples. An answer may have several."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import HashingVectorizer

from bot.core.codes import EVERY, ByLanguage, Code, CodeFrame
from bot.core.folding import fold
from bot.results.words.introductions import words_of
from bot.results.words.said import Said

_GRAMS = HashingVectorizer(
    analyzer="char_wb",
    ngram_range=(3, 5),
    n_features=2**20,
    alternate_sign=False,
    norm="l2",
    lowercase=False,
    dtype=np.float32,
)
"""An answer is as like an example as their character n-grams are (cosine). Nothing is weighted by other answers, so
that an answer keeps its codes whatever comes in after it."""
_BATCH = 2_000

Coded = Mapping[tuple[str, str], frozenset[str]]
"""The codes of each answer by its respondent and slot; an empty set where it has none."""


@dataclass(frozen=True, slots=True)
class CodeCounts:
    """How many answers to an item have each code, in the order of the frame, over all languages and in each.

    `uncoded` have none: the long tail, to be read. An answer with two codes counts for both.
    """

    item: str
    answers: int
    counts: Mapping[str, int]
    by_language: Mapping[str | None, Mapping[str, int]]
    uncoded: int


def apply_codes(frame: CodeFrame, answers: Sequence[Said]) -> Coded:
    """Return the codes of every answer."""
    told: dict[tuple[str, str], set[str]] = {one.key: set() for one in answers}
    barred: dict[tuple[str, str], set[str]] = {}
    for one in answers:
        words = [word.folded for word in words_of(one.words.words_alone)]
        for code in frame.codes:
            if not code.is_for(one.item):
                continue
            if _says(words, code.exclude, one.language):
                barred.setdefault(one.key, set()).add(code.name)
            elif _says(words, code.keywords, one.language):
                told[one.key].add(code.name)
    for key, name in _alike(frame, answers):
        if name not in barred.get(key, ()):
            told[key].add(name)
    return {key: frozenset(names) for key, names in told.items()}


def count_codes(frame: CodeFrame, item: str, answers: Sequence[Said]) -> CodeCounts:
    """Return how many answers to an item have each code."""
    given = [one for one in answers if one.item == item]
    coded = apply_codes(frame, given)
    names = [code.name for code in frame.codes if code.is_for(item)]
    every: Counter[str] = Counter()
    spoken: dict[str | None, Counter[str]] = {}
    for one in given:
        every.update(coded[one.key])
        spoken.setdefault(one.language, Counter()).update(coded[one.key])
    return CodeCounts(
        item,
        len(given),
        {name: every[name] for name in names},
        {language: {name: counted[name] for name in names} for language, counted in spoken.items()},
        sum(not coded[one.key] for one in given),
    )


def _texts(of: ByLanguage, language: str | None) -> Iterable[str]:
    """Return what holds for a language; of somebody who chose none, what holds for any."""
    for spoken, texts in of.items():
        if language is None or spoken in (EVERY, language):
            yield from texts


def _says(words: Sequence[str], keywords: ByLanguage, language: str | None) -> bool:
    return any(_stands(words, keyword) for keyword in _texts(keywords, language))


def _stands(words: Sequence[str], keyword: str) -> bool:
    """Return whether a keyword's words stand one after the other; the last may be a beginning alone: work*."""
    wanted = [word.folded for word in words_of(keyword)]
    *before, last = wanted
    is_beginning = keyword.rstrip().endswith("*")
    for place in range(len(words) - len(wanted) + 1):
        end = words[place + len(before)]
        fits = end.startswith(last) if is_beginning else end == last
        if fits and list(words[place : place + len(before)]) == before:
            return True
    return False


def _alike(frame: CodeFrame, answers: Sequence[Said]) -> Iterable[tuple[tuple[str, str], str]]:
    """Yield the answers that are like enough to an example, each with the example's code."""
    for language in sorted({one.language for one in answers}, key=lambda language: language or ""):
        examples = [(code, text) for code in frame.codes for text in _texts(code.examples, language)]
        if not examples:
            continue
        known = _vectors(text for _, text in examples)
        spoken = [one for one in answers if one.language == language]
        for start in range(0, len(spoken), _BATCH):
            batch = spoken[start : start + _BATCH]
            likeness = (_vectors(one.words.words_alone for one in batch) @ known.T).tocoo()
            for row, column, like in zip(likeness.row, likeness.col, likeness.data, strict=True):
                code: Code = examples[column][0]
                if like >= frame.near - 1e-6 and code.is_for(batch[row].item):
                    yield batch[row].key, code.name


def _vectors(texts: Iterable[str]) -> Any:
    return _GRAMS.transform(fold(text) for text in texts)
