"""Sentences, figures, dates and lists as each language writes them; and that every language has every sentence."""

from datetime import date
from pathlib import Path

import pytest

from bot.core.phrases import Phrase
from bot.errors import ReportError
from bot.language.catalogues import placeholders
from bot.language.pofiles import catalogue_path, read_catalogue
from bot.results.report.model import Span, plain
from bot.results.report.phrases import PHRASES
from bot.results.report.voice import Voice, is_right_to_left
from bot.results.report.wordings import languages, load_voice

LOCALES = Path(__file__).parents[3] / "locales"
SHIPPED = [
    *("am", "ar", "bn", "en", "es", "fr", "ha", "hi", "ig"),
    *("pt", "ru", "so", "sw", "tl", "uk", "ur", "vi", "yo", "zu"),
]


def test_reports_are_in_every_language_that_the_bot_speaks() -> None:
    assert list(languages(LOCALES)) == SHIPPED


@pytest.mark.parametrize("language", SHIPPED)
def test_every_language_is_whole(language: str) -> None:
    spoken = load_voice(LOCALES, language, "en")
    for phrase in PHRASES:
        assert placeholders(spoken.word(phrase)) == placeholders(phrase.english)


@pytest.mark.parametrize("language", [one for one in SHIPPED if one != "en"])
def test_drafts_say_that_a_machine_made_them(language: str) -> None:
    catalogue = read_catalogue(catalogue_path(LOCALES, language, "report"))
    assert "Drafted by machine" in catalogue.header_comment
    assert catalogue.last_translator == "Machine draft, not reviewed"


def test_contexts_are_there_once() -> None:
    assert len({one.context for one in PHRASES}) == len(PHRASES)


def test_a_language_without_a_catalogue_is_told_with_those_that_there_are() -> None:
    with pytest.raises(ReportError, match=r"no reports in 'fra'; is it fr\? There are: am, ar, bn"):
        load_voice(LOCALES, "fra", "en")


def test_a_catalogue_that_lacks_a_sentence_makes_no_report(tmp_path: Path) -> None:
    written = catalogue_path(LOCALES, "fr", "report").read_text("utf-8")
    broken = catalogue_path(tmp_path, "fr", "report")
    broken.parent.mkdir(parents=True)
    broken.write_text(written.replace('msgstr "Sommaire"', 'msgstr ""'), "utf-8")
    with pytest.raises(ReportError, match=r"1 problem\(s\).*“Contents” has no finished translation"):
        load_voice(tmp_path, "fr", "en")


@pytest.mark.parametrize(
    ("language", "number", "percent", "day", "listed"),
    [
        ("en", "1,234.5", "46%", "5 March 2026", "a, b, and c"),
        ("fr", "1\u202f234,5", "46\u202f%", "5 mars 2026", "a, b et c"),
        ("ar", "1,234.5", "46%", "5 مارس 2026", "a وb وc"),
        ("bn", "১,২৩৪.৫", "৪৬%", "৫ মার্চ, ২০২৬", "a, b এবং c"),
        ("sw", "1,234.5", "46%", "5 Machi 2026", "a, b na c"),
    ],
)
def test_figures_are_written_as_the_language_writes_them(
    language: str, number: str, percent: str, day: str, listed: str
) -> None:
    spoken = Voice(language, "en", {})
    assert spoken.number(1234.5, 1) == number
    assert spoken.percent(0.456).replace("\u200e", "").replace("\xa0", "\u202f") == percent
    assert spoken.day(date(2026, 3, 5)) == day
    assert plain(spoken.listed("abc")) == listed


def test_what_is_filled_in_keeps_its_own_language() -> None:
    phrase = Phrase("x", "Answered most: {choice} ({share}).")
    spoken = Voice("ar", "en", {"x": "الأكثر: {choice} ({share})."})
    assert spoken.say(phrase, choice=Span("Wood", "en"), share="45%") == (
        Span("الأكثر: "),
        Span("Wood", "en"),
        Span(" ("),
        Span("45%"),
        Span(")."),
    )


def test_a_language_that_cldr_lacks_counts_as_english_does() -> None:
    spoken = Voice("x-klingon", "en", {})
    assert (spoken.number(1234), spoken.day(date(2026, 3, 5))) == ("1,234", "5 March 2026")
    assert plain(spoken.listed("ab")) == "a and b"
    assert spoken.name_of_language("x-klingon") == "X-klingon"


@pytest.mark.parametrize(("language", "turned"), [("ar", True), ("ur", True), ("am", False), ("qqq", False)])
def test_direction(language: str, turned: bool) -> None:
    assert is_right_to_left(language) is turned
