"""The Word document, read back by python-docx and as the XML that Word sees."""

from io import BytesIO
from pathlib import Path

import pytest
from docx import Document as read_document
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Mm

from bot.results.report.building import build
from bot.results.report.docx import write_docx
from bot.results.report.wordings import load_voice
from tests.support.reports import publication

LOCALES = Path(__file__).parents[3] / "locales"
OF_A_RUN = ("rFonts", "b", "bCs", "i", "iCs", "color", "sz", "szCs", "rtl", "lang")
IN_TABLES = {
    "w:tblPr": ("tblStyle", "bidiVisual", "tblW", "tblBorders", "tblLayout", "tblLook"),
    "w:trPr": ("cantSplit", "tblHeader"),
    "w:tcPr": ("tcW", "vAlign"),
}
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


def test_what_is_foreign_in_a_line_or_a_cell_stays_together(arabic: Document) -> None:
    channels = next(one for one in arabic.paragraphs if "Telegram" in one.text)
    names = [run for run in channels.runs if "SMS" in run.text or "Telegram" in run.text]
    assert [run.text.strip("\u200e") for run in names] == ["Telegram", "SMS"]
    assert not any(run.font.rtl for run in names)
    cell = next(
        cell
        for table in arabic.tables
        for row in table.rows
        for cell in row.cells
        if "The road to the clinic" in cell.text
    )
    properties = cell.paragraphs[0]._p.pPr
    assert properties is not None
    assert properties.find(qn("w:bidi")) is not None
    assert cell.text.startswith("\u200e")


def test_no_letters_are_torn_apart_or_slanted(arabic: Document) -> None:
    title = arabic.styles["Title"].element.rPr
    assert title.find(qn("w:spacing")) is None
    assert title.find(qn("w:rFonts")).get(qn("w:cs")) == "Noto Sans Arabic"
    quote = arabic.styles["Quote"]
    assert quote.font.italic is False  # type: ignore[attr-defined]
    assert quote.font.cs_italic is False  # type: ignore[attr-defined]


def test_amharic_has_a_font_that_has_its_letters() -> None:
    made = written("am")
    fonts = made.styles["Normal"].element.find(".//" + qn("w:rFonts"))
    assert (fonts.get(qn("w:ascii")), fonts.get(qn("w:hAnsi"))) == ("Noto Sans", "Noto Sans Ethiopic")
    said = next(one for one in made.paragraphs if one.text.startswith("Maji safi"))
    own = said.runs[0]._r.find(".//" + qn("w:rFonts"))
    assert own.get(qn("w:hAnsi")) == "Noto Sans"


def test_tables_are_as_wide_as_the_page_and_their_rows_stay_whole(english: Document) -> None:
    for table in english.tables:
        assert table.autofit is False
        assert sum(column.width or 0 for column in table.columns) == pytest.approx(Mm(170), abs=3_000)
        for row in table.rows:
            assert row._tr.trPr is not None
            assert row._tr.trPr.find(qn("w:cantSplit")) is not None
        last = table.rows[-1].cells[0].paragraphs[0]
        assert not last.paragraph_format.keep_with_next
    answers = next(one for one in english.tables if one.rows[0].cells[0].text == "Answer")
    first, second = (column.width or 0 for column in list(answers.columns)[:2])
    assert first > 2 * second


@pytest.mark.parametrize("language", ["en", "ar"])
def test_properties_stand_in_the_order_of_the_schema(
    language: str, english: Document, arabic: Document
) -> None:
    document = {"en": english, "ar": arabic}[language]
    for kind, order in IN_TABLES.items():
        for properties in document.element.body.iter(qn(kind)):
            known = [order.index(child.tag.split("}")[1]) for child in properties]
            assert known == sorted(known), kind
    for properties in document.element.body.iter(qn("w:rPr")):
        known = [OF_A_RUN.index(child.tag.split("}")[1]) for child in properties]
        assert known == sorted(known)
    for properties in document.element.body.iter(qn("w:pPr")):
        names = [child.tag.split("}")[1] for child in properties]
        known = [ORDER.index(name) for name in names if name in ORDER]
        assert known == sorted(known), names


def test_a_preview_has_its_banner_in_the_header() -> None:
    header = written("en", 0, protection=None).sections[0].header
    assert header.paragraphs[0].text.startswith("Preview for organisers: not safe to publish.")
