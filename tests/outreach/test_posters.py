"""Posters: one page in every language, codes that phones can read, and words for those who do not see them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from bot.core.outreach.records import Outreach, Poster
from bot.core.outreach.sources import Source
from bot.core.questionnaire import Questionnaire, Text
from bot.errors import PosterError
from bot.language.catalogues import load_phrasebook, load_sentences
from bot.outreach.posters.drawing import Size, Wall, render, word_size, write_poster
from bot.outreach.posters.links import Addresses, link_to
from bot.outreach.posters.phrases import PHRASES
from tests.support.consultations import questionnaire
from tests.support.pango import pango
from tests.support.qr_codes import read_qr_code

LOCALES = Path(__file__).parents[2] / "locales"
LANGUAGES = ("en", *sorted(path.parts[-3] for path in LOCALES.glob("*/LC_MESSAGES/bot.po")))
KEYWORDS = {"en": "ENERGY", "ar": "طاقة", "am": "ኃይል", "hi": "ऊर्जा"}
HEADLINES = {
    "ar": "كيف تطبخ بيوتنا وكيف تضيء؟",
    "am": "ቤቶቻችን በምን ያበስላሉ?",
    "hi": "हमारे घरों में खाना किससे पकता है?",
}
SOURCE = Source("radio-citizen", "CITIZEN", "Radio Citizen")
EVERYWHERE = Addresses("+12025550100", "+12025550101", "energy_bot")


def energy(languages: tuple[str, ...] = tuple(KEYWORDS)) -> Questionnaire:
    books = {one: load_phrasebook(LOCALES, one) for one in languages}
    keywords = ", ".join(f"{one}: [{KEYWORDS[one]}]" for one in languages if one in KEYWORDS)
    made = questionnaire(
        "- {name: age, type: integer, label: How old are you?}",
        f"consultation: energy\nlanguages: [{', '.join(languages)}]\nkeywords: {{{keywords}}}",
        books,
    )
    headline = Text("outreach.poster.headline", "How do our homes cook and light?", HEADLINES)
    asked_by = Text("outreach.poster.asked_by", "Ministry of Energy <Aba>", {})
    return replace(
        made, outreach=Outreach("energy", poster=Poster(asked_by, headline, is_free=True), sources=(SOURCE,))
    )


def wall(language: str, addresses: Addresses = EVERYWHERE, source: Source | None = None) -> Wall:
    made = energy(tuple(dict.fromkeys((*KEYWORDS, language))))
    return Wall(
        made,
        link_to(made, addresses, language, source),
        addresses,
        made.phrasebook(language),
        dict(load_sentences(LOCALES, language, "poster", PHRASES)),
        "+1 202-555-0100" if addresses.number else "",
        "+1 202-555-0101" if addresses.whatsapp else "",
    )


def codes(html: str) -> list[str]:
    return [read_qr_code(one) for one in re.findall("<svg.*?</svg>", html, re.DOTALL)]


@pytest.mark.parametrize("language", KEYWORDS)
@pytest.mark.parametrize("source", [None, SOURCE])
def test_a_phone_reads_what_people_would_type(language: str, source: Source | None) -> None:
    code = f" {source.code}" if source else ""
    sms, telegram, whatsapp = codes(render(wall(language, source=source), Size.A4))
    assert sms == f"SMSTO:+12025550100:{KEYWORDS[language]}{code}"
    assert telegram == f"https://t.me/energy_bot?start=energy{'_CITIZEN' if source else ''}"
    assert whatsapp.startswith("https://wa.me/12025550101?text=")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_all_of_it(language: str) -> None:
    html = render(wall(language), Size.A4)
    sentences = {"en": {}}.get(language, load_sentences(LOCALES, language, "poster", PHRASES))
    assert language == "en" or set(sentences) == {phrase.context for phrase in PHRASES}
    plain = re.sub("[\u2066-\u2069]", "", html)
    book = load_phrasebook(LOCALES, language)
    assert f'<html lang="{language}" dir="{"rtl" if book.right_to_left else "ltr"}">' in html
    assert "Ministry of Energy &lt;Aba&gt;" in plain
    assert "{" not in html.split("</style>")[1]
    for phrase in PHRASES:
        first = (sentences.get(phrase.context) or phrase.english).split("{")[0].strip()
        assert first.replace("'", "&#39;") in plain or first in plain


def tags(node: DictionaryObject) -> Iterator[DictionaryObject]:
    yield node
    children = node.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        found = child.get_object() if hasattr(child, "get_object") else child
        if isinstance(found, DictionaryObject):
            yield from tags(found)


@pytest.mark.parametrize(("language", "size", "strips"), [("en", Size.A5, True), ("ar", Size.A4, False)])
def test_it_is_one_tagged_page_of_its_size_with_words_for_its_codes(
    language: str, size: Size, strips: bool
) -> None:
    pango()
    pdf = PdfReader(BytesIO(write_poster(wall(language, source=SOURCE), size, strips=strips)))
    (page,) = pdf.pages
    width, height = {Size.A5: (148, 210), Size.A4: (210, 297)}[size]
    assert [round(float(one) * 25.4 / 72) for one in page.mediabox[2:]] == [width, height]
    catalogue = pdf.trailer["/Root"]
    assert catalogue["/Lang"] == language
    assert pdf.metadata is not None
    assert pdf.metadata.title == "A trial"
    assert catalogue["/MarkInfo"]["/Marked"]
    assert "pdfuaid" in str(catalogue["/Metadata"].get_data())
    found = [*tags(catalogue["/StructTreeRoot"].get_object())]
    assert [one.get("/S") for one in found].count("/H1") == 1
    figures = [re.sub("[\u2066-\u2069]", "", str(one["/Alt"])) for one in found if one.get("/S") == "/Figure"]
    assert len(figures) == 3
    assert KEYWORDS[language] in figures[0]
    assert "https://t.me/energy_bot?start=energy_CITIZEN" in figures[1]
    if strips:
        assert page.extract_text().count("ENERGY") >= 9


def test_many_words_are_made_smaller_until_they_fit_and_too_many_are_refused() -> None:
    pango()
    long = wall("en")

    def saying(words: int) -> Wall:
        poster = Poster(headline=Text("outreach.poster.headline", "How do homes cook? " * words, {}))
        changed = replace(long.questionnaire, outreach=Outreach("energy", poster=poster))
        return replace(long, questionnaire=changed)

    assert len(PdfReader(BytesIO(write_poster(saying(8)))).pages) == 1
    with pytest.raises(PosterError, match="shorter headline"):
        write_poster(saying(120))


def test_without_an_address_there_is_no_poster() -> None:
    with pytest.raises(PosterError, match="where to write to"):
        write_poster(wall("en", Addresses()))


@pytest.mark.parametrize(
    ("words", "size"), [("OKU", 6.5), ("ENERGY CITIZEN", 4.12), ("HOUSEHOLD RADIOLAGOS", 4.33), ("", 6.5)]
)
def test_words_to_send_are_as_large_as_they_can_be(words: str, size: float) -> None:
    found = word_size(words, 45 if words == "ENERGY CITIZEN" else 40)
    assert found == pytest.approx(size, abs=0.02)
