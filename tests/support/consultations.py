"""Consultations for tests, written as an organiser writes them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from textwrap import dedent

from bot.core.definition import define
from bot.core.phrases import ENGLISH, Phrasebook
from bot.core.questionnaire import Questionnaire
from bot.flowfiles.reading import Source, read

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def questionnaire(
    items: str, heading: str = "", phrasebooks: Mapping[str, Phrasebook] | None = None
) -> Questionnaire:
    """Return a consultation in English with these items; `heading` adds further keys of the file."""
    text = dedent(heading).strip() + "\nitems:\n" + dedent(items).strip("\n")
    mapping = {
        "consultation": "trial",
        "title": "A trial",
        "languages": ["en"],
        "keywords": {"en": ["TRIAL"]},
        "consent": "May we ask you a few questions?",
    }
    source = read(text.encode())
    assert isinstance(source, Source), source
    defined = define({**mapping, **source.mapping})
    assert isinstance(defined, Questionnaire), defined
    books = phrasebooks or {"en": ENGLISH}
    return replace(defined, phrasebooks=books, version="trial-1")
