"""Short texts of another kind than the declaration's: what the shipped catalogues say, cut into pieces.

They are drafted by machine and of one subject, but plain, and were not looked at when the detectors were made.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

from bot.language.pofiles import read_catalogue
from tests.language.test_detection import SHIPPED, Text

ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT / "locales", ROOT / "tests" / "data" / "village-water" / "locales")
_BETWEEN = re.compile(r"\{[^}]*\}|[.:;?!()0-9\n،؟።۔।,]+")


def pieces(lengths: range) -> list[Text]:
    """Return each sentence of the catalogues in pieces of 1, 2, 3 ... words, of these lengths in turn."""
    found: dict[Text, None] = {}
    for language in SHIPPED:
        length = cycle(lengths)
        for sentence in _sentences(language):
            for part in _BETWEEN.split(sentence):
                words = part.split()
                while words:
                    taken, words = words[: (most := next(length))], words[most:]
                    text = Text(language, " ".join(taken), len(taken))
                    if len(taken) in lengths and sum(map(str.isalpha, text.text)) > 1:
                        found[text] = None
    return list(found)


def without_accents(text: Text) -> Text:
    """Return a text as it is typed on a phone that has no accents: `ẹ̀yin` -> `eyin`; other scripts stay as they are."""
    latin = unicodedata.name(next(filter(str.isalpha, text.text))).startswith("LATIN")
    letters = unicodedata.normalize("NFD", text.text.translate(_ON_SIMPLE_KEYS))
    plain = "".join(one for one in letters if not unicodedata.combining(one))
    return text._replace(text=plain) if latin else text


_ON_SIMPLE_KEYS = str.maketrans("ɓɗƙƴđƁƊƘƳĐ", "bdkydBDKYD")


def _sentences(language: str) -> Iterator[str]:
    # English is what the others are translated from, so that any of them has it.
    catalogue = "fr" if language == "en" else language
    for folder in FOLDERS:
        for path in sorted((folder / catalogue / "LC_MESSAGES").glob("*.po")):
            for message in read_catalogue(path):
                source, wording = str(message.id), str(message.string)
                # Lists of words hold spellings of every kind, and of other languages.
                if source and not str(message.context).startswith("words.") and source != wording:
                    yield source if language == "en" else wording
