"""Detectors: which of some languages a text is in, by its letters, where nothing surer tells it.

None is loaded before it is asked for the first time: most consultations never need one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

from bot.core.problems import Problem, Severity
from bot.core.questionnaire import Questionnaire
from bot.core.spoken import Detect
from bot.errors import NotLoaded, SettingsError
from bot.language.detection.langdetect import Langdetect
from bot.language.detection.naming import named, plain
from bot.language.detection.py3langid import Py3langid


class Detector(Protocol):
    """One way to tell languages apart."""

    name: str
    languages: frozenset[str]
    """Those it knows, known without loading it; without their regions and scripts."""
    is_loaded: bool
    """Whether it answers at once; also where it never will tell anything, because loading failed."""

    def load(self) -> None:
        """Have it answer at once from now on: half a second, and 90 MB. Never raises; `rank` does it where need be."""
        ...

    def rank(self, text: str, among: Sequence[str]) -> Sequence[tuple[str, float]]:
        """Return some languages with their probabilities, the likeliest first; nothing where it cannot tell.

        It cannot where it does not know one of them, for it would take that for another: `languages` tells before.
        Never raises, and returns the same for the same text.
        """
        ...


DEFAULT = "py3langid"

DETECTORS: Mapping[str, Callable[[], Detector]] = {"py3langid": Py3langid, "langdetect": Langdetect}


def open_detector(name: str) -> Detector:
    """Return the detector of that name; SettingsError where there is none."""
    made = DETECTORS.get(name)
    if made is None:
        raise SettingsError(f"HEARD_DETECTOR is '{name}'; it can be: {', '.join(DETECTORS)}")
    return made()


def once_loaded(detector: Detector) -> Detect:
    """Return a detector's `rank` for an event loop that cannot wait for it: it raises NotLoaded rather than load it."""

    def rank(text: str, among: Sequence[str]) -> Sequence[tuple[str, float]]:
        if not detector.is_loaded and named(text, among, detector.languages):
            raise NotLoaded("what tells languages is not loaded yet")
        return detector.rank(text, among)

    return rank


def detection_faults(questionnaire: Questionnaire, detector: Detector) -> Iterator[Problem]:
    """Yield the languages of a consultation that a detector does not know, so that it is not asked at all."""
    if len(questionnaire.languages) < 2:
        return
    for place, language in enumerate(questionnaire.languages):
        if plain(language) not in detector.languages:
            yield Problem(
                "language-not-detected",
                ("languages", place),
                f"{detector.name} does not know '{language}'; where no word tells the language, a menu asks.",
                "Nothing, if that is good enough; else choose another with HEARD_DETECTOR.",
                severity=Severity.WARNING,
            )
