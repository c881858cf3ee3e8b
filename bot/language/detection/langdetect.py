"""langdetect: Google's language-detection in Python (https://github.com/Mimino666/langdetect), 55 languages.

Measured, it is sure of what is wrong: of the short texts that it gives a probability of 0.9, one in five is in another
language, and four of the languages that Heard speaks it does not know (docs/benchmarks.md).
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from bot.language.detection.loading import Loading
from bot.language.detection.naming import as_in_a_sentence, named

_LANGUAGES = """
af ar bg bn ca cs cy da de el en es et fa fi fr gu he hi hr hu id it ja kn ko lt lv mk ml mr ne nl
no pa pl pt ro ru sk sl so sq sv sw ta te th tl tr uk ur vi zh
"""


class Langdetect(Loading):
    """It draws lots; with the same seed for every text, the same ones."""

    name = "langdetect"
    languages = frozenset(_LANGUAGES.split())

    def rank(self, text: str, among: Sequence[str]) -> Sequence[tuple[str, float]]:
        """Return some languages with their probabilities, the likeliest first; nothing where it cannot tell."""
        names = named(text, among, self.languages)
        if names:
            self.load()
        if not names or self._model is None:
            return ()
        from langdetect.lang_detect_exception import LangDetectException  # noqa: PLC0415

        factory = self._model
        detector = factory.create()
        # A weight of 0 takes a language out; any other is swamped by its way of counting.
        detector.set_prior_map({code: float(code.partition("-")[0] in names) for code in factory.langlist})
        detector.append(as_in_a_sentence(text))
        try:
            found = detector.get_probabilities()
        except LangDetectException:
            return ()
        merged: dict[str, float] = {}
        for one in found:
            code = names[one.lang.partition("-")[0]]
            merged[code] = merged.get(code, 0.0) + float(one.prob)
        return sorted(merged.items(), key=lambda pair: -pair[1])

    def _read(self) -> Any:
        return _factory()


@cache
def _factory() -> Any:
    from langdetect import DetectorFactory, detector_factory  # noqa: PLC0415

    factory = DetectorFactory()
    factory.load_profile(detector_factory.PROFILES_DIRECTORY)
    factory.set_seed(0)
    return factory
