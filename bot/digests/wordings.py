"""How digests speak: their sentences, and the names that they share with reports, in one language."""

from collections.abc import Mapping
from pathlib import Path

from bot.core.problems import nearest
from bot.digests.phrases import BORROWED, LEAVING, PHRASES
from bot.errors import DigestError, FlowsError
from bot.language.catalogues import load_sentences
from bot.results.report import wordings
from bot.results.report.voice import Voice

DOMAIN = "digest"


def load_voice(locales: Path, language: str) -> Voice:
    """Return the voice of a language.

    Raises:
        DigestError: there are no digests in this language, or a catalogue is not whole; the text says what to do.
    """
    known = languages(locales)
    if language not in known:
        meant = nearest(language, known)
        hint = f"; is it {meant}?" if meant else "."
        raise DigestError(f"there are no digests in '{language}'{hint} There are: {', '.join(known)}")
    try:
        own = load_sentences(locales, language, DOMAIN, PHRASES)
        borrowed = load_sentences(locales, language, wordings.DOMAIN, BORROWED)
    except FlowsError as fault:
        first = fault.problems[0]
        raise DigestError(
            f"{first.file} has {len(fault.problems)} problem(s), so no digest is made in '{language}'. "
            f"{first.message} {first.remedy}"
        ) from None
    # Words of the consultation come with their language: nothing here depends on what its own is.
    return Voice(language, language, {**own, **borrowed})


def leaving_sentences(locales: Path, language: str) -> Mapping[str, str]:
    """Return what the page says by which somebody gets no more digests.

    Raises:
        FlowsError: the catalogue is absent, broken or not whole.
    """
    return load_sentences(locales, language, DOMAIN, LEAVING)


def languages(locales: Path) -> tuple[str, ...]:
    """Return the languages that digests can be in."""
    return wordings.languages(locales, DOMAIN)
