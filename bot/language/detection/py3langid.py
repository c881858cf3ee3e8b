"""py3langid: a naive Bayes over byte sequences, which knows 140 languages (https://github.com/adbar/py3langid)."""

import copy
import logging
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

from bot.language.detection.naming import plain

log = logging.getLogger(__name__)

_LANGUAGES = """
ace af am an ar ary arz as az ba bcl be bg bn br bs ca crh cs cy da de dz el en eo es et eu ext fa
fi fo fr fuv fy ga gcf gcr gd gl gom grc gu gug guw ha hbo he hi hr ht hu hy id ig is it ja jv ka
kab kik kk km kn ko ku ky la lb lg lij ln lo lt ltg lv mg mk ml mn mr ms mt my ne nl nn no nso oc om
or pa pcm pl ps pt qu ro ru rw sa sdh se si sk sl sn so sq sr st sv sw ta te tg th tk tl tr tt ug uk
ur uz uzs vec vi vo wa wuu xh yo yue zh zu
"""


class Py3langid:
    """What Heard uses unless told otherwise: offline, and with Hausa, Amharic, Yoruba and Zulu."""

    name = "py3langid"
    languages = frozenset(_LANGUAGES.split())

    def __init__(self) -> None:
        self._is_broken = False

    def rank(self, text: str, among: Sequence[str]) -> Sequence[tuple[str, float]]:
        """Return some languages with their probabilities, the likeliest first; nothing where it cannot tell."""
        names = {plain(language): language for language in among}
        if len(names) < len(among) or not self.languages.issuperset(names) or not any(map(str.isalpha, text)):
            return ()
        if self._is_broken:
            return ()
        try:
            ranked = _identifier(tuple(names)).rank(text)
        except (OSError, MemoryError, ImportError) as error:
            # It unpacks its model into a file, and a full disk must not cost people their answers. Once, for trying
            # again would cost every message most of a second.
            self._is_broken = True
            log.error(
                "py3langid cannot be loaded (%s): people are asked for their language", type(error).__name__
            )
            return ()
        return [(names[language], float(probability)) for language, probability in ranked]


@lru_cache(maxsize=256)
def _identifier(languages: tuple[str, ...]) -> Any:
    """Return an identifier for these languages alone; the model that all of them share is 90 MB."""
    identifier = copy.copy(_model())
    identifier.set_languages(languages)
    return identifier


@cache
def _model() -> Any:
    # It loads numpy and takes most of a second.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
