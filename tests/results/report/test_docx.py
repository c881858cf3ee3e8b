"""The Word document, read back by python-docx and as the XML that Word sees."""

from io import BytesIO
from pathlib import Path

import pytest
from docx import Document as read_document
from docx.document import Document
from docx.oxml.ns import qn

from bot.results.report.building import build
from bot.results.report.docx import write_docx
from bot.results.report.wordings import load_voice
from tests.support.reports import publication

LOCALES = Path(__file__).parents[3] / "locales"
ORDER = ("pStyle", "keepNext", "keepLines", "shd", "bidi", "spacing", "ind", "jc", "rPr")


def written(language: str, n: int = 60, **changes: object) -> Document:
    report = build(publication(n, **changes), load_voice(LOCALES, language, "en"))
    return read_document(BytesIO(write_docx(report)))


@pytest.fixture(scope="module")
def english() -> Document:
    return written("en", 300)


@pytest.fixture(scope="module")
def arabic() -> Document:
    return written("ar")


def test_headings_are_headings(english: Document) -> None:
    named = {
        level: [one.text for one in english.paragraphs if one.style and one.style.name == f"Heading {level}"]
        for level in (1, 2)
    }
    assert named[1][:3] == ["At a glance", "The questions", "Who was heard"]
    assert "3. What do you cook with?" in named[2]
    assert english.core_properties.title == "How the village cooks"
    assert english.core_properties.language == "en"


def test_tables_repeat_their_header_and_say_what_the_page_says(english: Document) -> None:
    for table in english.tables:
        assert table.rows[0]._tr.trPr is not None
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    heads = [[cell.text for cell in table.rows[0].cells] for table in english.tables]
    assert ["Answer", "n", "Share", "Range (95%)", "Weighted", "Range (95%)"] in heads


def test_pictures_have_their_text(english: Document) -> None:
    texts = [shape._inline.docPr.get("descr") for shape in english.inline_shapes]
    assert len(texts) == 9
    assert all(text and text.startswith("Bar chart: ") for text in texts)
    assert any("A woman" in text and "A man" in text for text in texts)


def test_arabic_runs_from_right_to_left(arabic: Document) -> None:
    turned = [one for one in arabic.paragraphs if one.text.startswith("كيف تطبخ القرية")]
    assert turned
    properties = turned[0]._p.pPr
    assert properties is not None
    assert properties.find(qn("w:bidi")) is not None
    assert turned[0].runs[0].font.rtl
    foreign = next(one for one in arabic.paragraphs if one.text.startswith("Maji safi"))
    assert not foreign.runs[0].font.rtl
    language = foreign.runs[0]._r.find(".//" + qn("w:lang"))
    assert language.get(qn("w:val")) == "sw"
    assert all(table.table_direction is not None for table in arabic.tables)
    style = arabic.styles["Normal"].element.find(".//" + qn("w:lang"))
    assert style.get(qn("w:bidi")) == "ar"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_properties_stand_in_the_order_of_the_schema(
    language: str, english: Document, arabic: Document
) -> None:
    document = {"en": english, "ar": arabic}[language]
    for properties in document.element.body.iter(qn("w:pPr")):
        names = [child.tag.split("}")[1] for child in properties]
        known = [ORDER.index(name) for name in names if name in ORDER]
        assert known == sorted(known), names


def test_a_preview_has_its_banner_in_the_header() -> None:
    header = written("en", 0, protection=None).sections[0].header
    assert header.paragraphs[0].text.startswith("Preview for organisers: not safe to publish.")
