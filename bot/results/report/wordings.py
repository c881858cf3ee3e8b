"""The voice of a language, from its catalogue of what reports say."""

from pathlib import Path

from bot.core.problems import nearest
from bot.errors import FlowsError, ReportError
from bot.language.catalogues import load_sentences
from bot.results.report.phrases import PHRASES
from bot.results.report.voice import Voice

DOMAIN = "report"


def load_voice(locales: Path, language: str, source: str) -> Voice:
    """Return the voice of a language; `source` is that of a consultation's own wording.

    Raises:
        ReportError: there are no reports in this language, or its catalogue is not whole; the text says what to do.
    """
    known = languages(locales)
    if language not in known:
        meant = nearest(language, known)
        hint = f"; is it {meant}?" if meant else "."
        raise ReportError(f"there are no reports in '{language}'{hint} There are: {', '.join(known)}")
    try:
        return Voice(language, source, load_sentences(locales, language, DOMAIN, PHRASES))
    except FlowsError as fault:
        first = fault.problems[0]
        raise ReportError(
            f"{first.file} has {len(fault.problems)} problem(s), so no report is made in '{language}'. "
            f"{first.message} {first.remedy}"
        ) from None


def languages(locales: Path, domain: str = DOMAIN) -> tuple[str, ...]:
    """Return the languages that reports can be in, or what else has a catalogue of its own."""
    found = {path.parts[-3].replace("_", "-") for path in locales.glob(f"*/LC_MESSAGES/{domain}.po")}
    return tuple(sorted(found | {"en"}))
