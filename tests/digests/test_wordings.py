"""Digests in every language that reports are in: whole, directed, and with each word in its own language."""

from datetime import timedelta
from pathlib import Path

import pytest
from lxml import html

from bot.core.questionnaire import Text
from bot.core.saying import END, ISOLATE
from bot.digests.making import make_digest
from bot.digests.phrases import BORROWED, PHRASES
from bot.digests.rendering import Leaving, render
from bot.digests.wordings import DOMAIN, languages, load_voice
from bot.errors import DigestError
from bot.language.catalogues import placeholders
from bot.language.pofiles import catalogue_path, read_catalogue
from bot.results.report import wordings as reports
from bot.store.progress import LanguageProgress, Progress
from tests.digests.test_mail import LOCALES, PAGE, TO, digest
from tests.digests.test_making import QUIET, ground

SHIPPED = reports.languages(LOCALES)


def test_digests_are_in_every_language_that_reports_are_in() -> None:
    assert languages(LOCALES) == SHIPPED
    assert len(SHIPPED) == 19


@pytest.mark.parametrize("language", SHIPPED)
def test_every_language_is_whole(language: str) -> None:
    voice = load_voice(LOCALES, language)
    for phrase in (*PHRASES, *BORROWED):
        assert placeholders(voice.word(phrase)) == placeholders(phrase.english)
        assert language == "en" or phrase.context in voice.sentences
    rendered = render(digest(language=language), voice, Leaving(TO.reveal(), PAGE))
    assert "{" not in rendered.subject + rendered.text
    page = html.fromstring(rendered.html)
    assert (page.get("lang"), page.get("dir")) == (language, "rtl" if language in ("ar", "ur") else "ltr")


@pytest.mark.parametrize("language", [one for one in SHIPPED if one != "en"])
def test_drafts_say_that_a_machine_made_them(language: str) -> None:
    catalogue = read_catalogue(catalogue_path(LOCALES, language, DOMAIN))
    assert "Drafted by machine" in catalogue.header_comment
    assert catalogue.last_translator == "Machine draft, not reviewed"


def test_no_sentence_hides_another() -> None:
    contexts = [phrase.context for phrase in (*PHRASES, *dict.fromkeys(BORROWED))]
    assert len(set(contexts)) == len(contexts)


def test_a_language_that_there_is_not_is_told_with_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(DigestError, match=r"no digests in 'fra'; is it fr\? There are: am, ar, bn"):
        load_voice(LOCALES, "fra")
    for domain in (DOMAIN, reports.DOMAIN):
        path = catalogue_path(tmp_path, "fr", domain)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(catalogue_path(LOCALES, "fr", domain).read_bytes())
    cut = path.read_text("utf-8").replace('msgstr "Langue"', 'msgstr ""')
    path.write_text(cut, "utf-8")
    with pytest.raises(DigestError, match=r"report\.po has 1 problem\(s\), so no digest is made in 'fr'"):
        load_voice(tmp_path, "fr")


@pytest.mark.parametrize(
    ("language", "subject", "span"),
    [
        (
            "fr",
            "The school garden : les nouveautés au 16 mars 2026, et ce qui demande attention",
            "Du 9 mars 2026, 09:00 au 16 mars 2026, 09:00 (UTC)",
        ),
        (
            "sw",
            "Bustani ya shule: yaliyo mapya hadi 16 Machi 2026, na ya kuangalia",
            "Kuanzia 9 Machi 2026 09:00",
        ),
        ("bn", "The school garden: ১৬ মার্চ, ২০২৬ পর্যন্ত নতুন যা আছে", "৯ মার্চ, ২০২৬ ০৯:০০ থেকে"),
        ("ar", f"{ISOLATE}The school garden{END}: الجديد حتى 16 مارس 2026", f"({ISOLATE}UTC{END})"),
    ],
)
def test_dates_and_titles(language: str, subject: str, span: str) -> None:
    rendered = render(digest(language=language), load_voice(LOCALES, language), Leaving("a@b.example", None))
    assert rendered.subject.startswith(subject)
    assert span in rendered.text


def test_what_is_in_another_language_says_so() -> None:
    rendered = render(digest(language="ar"), load_voice(LOCALES, "ar"), Leaving(TO.reveal(), PAGE))
    page = html.fromstring(rendered.html)
    assert [(one.text, one.get("lang"), one.get("dir")) for one in page.xpath("//h1/bdi")] == [
        ("The school garden", "en", "ltr")
    ]
    told = {(one.text, one.get("lang")) for one in page.iter("bdi")}
    assert {("Women", "en"), ("When sown?", "en"), ("Water", None), (TO.reveal(), None)} <= {
        (text, language or None) for text, language in told
    }
    assert f"{ISOLATE}Women{END}" in rendered.text
    assert f"{ISOLATE}When sown?{END}" in rendered.text


def test_a_table_as_text_stands_in_columns_whatever_the_letters() -> None:
    counts = Progress((LanguageProgress("hi", 1200, 1100, 12, 11), LanguageProgress("", 3, 0, 0, 0)), ())
    made = make_digest(
        ground(progress=counts, language="ur", until=QUIET and ground().until + timedelta(days=1))
    )
    text = render(made, load_voice(LOCALES, "ur"), Leaving("a@b.example", None)).text
    head, *rows = text.splitlines()[3:7]
    assert {line.count("\N{RIGHT-TO-LEFT MARK}  \N{RIGHT-TO-LEFT MARK}") for line in (head, *rows)} == {4}
    assert [row.split()[-1].strip("\N{RIGHT-TO-LEFT MARK}") for row in rows] == ["1,100", "1,100", "<10"]


def test_a_consultation_that_nobody_knows_of_is_called_by_its_name() -> None:
    made = make_digest(ground(title=Text("title", "garden"), source=""))
    assert render(made, load_voice(LOCALES, "en"), Leaving("a@b.example", None)).text.startswith("garden\n")
