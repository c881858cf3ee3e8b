"""Versions: all that a respondent can be shown of a consultation, as one document, named by its content.

An interview finishes on the version it began on, so the document must be enough to hold it: the definition and its
translations. The bot's own phrases are not part of it; a better wording of "go back" is for everyone at once.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from bot.core.questionnaire import Text

Translations = Mapping[tuple[str, str], str]
"""Wordings in one language by place and source wording, as `bot.language.catalogues` gives them."""


def document_of(
    definition: Mapping[str, Any], translations: Mapping[str, Translations], texts: Iterable[Text]
) -> str:
    """Return a consultation as canonical JSON: keys sorted, no blanks, only the translations that its texts use."""
    used = {(text.context, text.source.strip()) for text in texts}
    wordings = {
        language: sorted([*place, wording] for place, wording in known.items() if place in used)
        for language, known in translations.items()
    }
    return json.dumps(
        {"definition": definition, "translations": wordings},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )


def version_of(document: str) -> str:
    """Return a document's name: the first 16 hexadecimal digits of its SHA-256.

    64 bits tell the versions of one installation apart for certain: of a million, two would have the same name
    with a chance of one in 37 million.
    """
    return hashlib.sha256(document.encode()).hexdigest()[:16]


def parts_of(document: str) -> tuple[Mapping[str, Any], dict[str, Translations]]:
    """Return the definition and the translations that a document holds."""
    held = json.loads(document)
    return held["definition"], {
        language: {(context, source): wording for context, source, wording in listed}
        for language, listed in held["translations"].items()
    }
