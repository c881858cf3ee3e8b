"""py3langid: a naive Bayes over byte sequences, which knows 140 languages (https://github.com/adbar/py3langid)."""

import copy
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

from bot.language.detection.loading import Loading
from bot.language.detection.naming import as_in_a_sentence, named

_LANGUAGES = """
ace af am an ar ary arz as az ba bcl be bg bn br bs ca crh cs cy da de dz el en eo es et eu ext fa
fi fo fr fuv fy ga gcf gcr gd gl gom grc gu gug guw ha hbo he hi hr ht hu hy id ig is it ja jv ka
kab kik kk km kn ko ku ky la lb lg lij ln lo lt ltg lv mg mk ml mn mr ms mt my ne nl nn no nso oc om
or pa pcm pl ps pt qu ro ru rw sa sdh se si sk sl sn so sq sr st sv sw ta te tg th tk tl tr tt ug uk
ur uz uzs vec vi vo wa wuu xh yo yue zh zu
"""


class Py3langid(Loading):
    """What Heard uses unless told otherwise: offline, and with Hausa, Amharic, Yoruba and Zulu."""

    name = "py3langid"
    languages = frozenset(_LANGUAGES.split())

    def rank(self, text: str, among: Sequence[str]) -> Sequence[tuple[str, float]]:
        """Return some languages with their probabilities, the likeliest first; nothing where it cannot tell."""
        names = named(text, among, self.languages)
        if names:
            self.load()
        if not names or self._model is None:
            return ()
        ranked = _identifier(tuple(names)).rank(as_in_a_sentence(text))
        return [(names[language], float(probability)) for language, probability in ranked]

    def _read(self) -> Any:
        return _model()


@lru_cache(maxsize=16)
def _identifier(languages: tuple[str, ...]) -> Any:
    """Return an identifier for these languages alone: up to 4 MB, beside the model that all of them share."""
    identifier = copy.copy(_model())
    identifier.set_languages(languages)
    return identifier


@cache
def _model() -> Any:
    # It loads numpy and takes most of a second, and 90 MB.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
