"""A report as a Word document: real headings, header rows, pictures with their text, and words of both directions."""

from io import BytesIO
from typing import Any, cast

from docx import Document as new_document
from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_DIRECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph as WordParagraph

from bot.results.report.model import (
    Block,
    Box,
    Document,
    Fact,
    Facts,
    Figure,
    Line,
    Paragraph,
    Points,
    Quote,
    Section,
    Table,
    Tone,
    plain,
)
from bot.results.report.pictures import SCALE, picture
from bot.results.report.voice import is_right_to_left, line

FONT = "Noto Sans"
COMPLEX_FONTS = {
    **{"ar": "Noto Sans Arabic", "bn": "Noto Sans Bengali", "hi": "Noto Sans Devanagari"},
    "ur": "Noto Nastaliq Urdu",
}
"""For the scripts that Word takes from a font of their own."""
INK, MUTED, ALARM = RGBColor(0x12, 0x32, 0x46), RGBColor(0x4A, 0x55, 0x60), RGBColor(0x7A, 0x1F, 0x1F)
SHADE, RULE = "F2F6F8", "C9D3D9"
MOST = Mm(165)
"""A picture is no wider."""
DOTS, CSS_DOTS = 72, 96
"""Dots an inch: what a picture of unknown size is taken to have, and what its letters are measured by."""
_OF_A_PARAGRAPH = (
    *(
        "w:shd",
        "w:tabs",
        "w:suppressAutoHyphens",
        "w:bidi",
        "w:adjustRightInd",
        "w:snapToGrid",
        "w:spacing",
        "w:ind",
    ),
    *(
        "w:contextualSpacing",
        "w:mirrorIndents",
        "w:jc",
        "w:textDirection",
        "w:outlineLvl",
        "w:rPr",
        "w:sectPr",
    ),
)
_OF_A_RUN = (
    *(
        "w:bCs",
        "w:i",
        "w:iCs",
        "w:color",
        "w:spacing",
        "w:kern",
        "w:sz",
        "w:szCs",
        "w:highlight",
        "w:u",
        "w:vertAlign",
    ),
    *("w:rtl", "w:cs", "w:em", "w:lang", "w:eastAsianLayout"),
)
"""The order of properties in ECMA-376, 17.3.1.26 and 17.3.2.28, as far as these documents have them."""


def write_docx(document: Document) -> bytes:
    """Return the bytes of a Word document."""
    writer = _Writer(new_document(), document)
    writer.write()
    file = BytesIO()
    writer.word.save(file)
    return file.getvalue()


class _Writer:
    """Appends to a Word document, which python-docx can only do in place."""

    def __init__(self, word: WordDocument, document: Document) -> None:
        self.word, self.document = word, document
        self.right_to_left = is_right_to_left(document.language)

    def write(self) -> None:
        self._set_up()
        self._add(line(self.document.kind), color=INK)
        self._add(self.document.title, style="Title")
        for about in self.document.about:
            self._add(about, color=MUTED)
        for section in self.document.sections:
            self._section(section, 1)

    # --- the document

    def _set_up(self) -> None:
        core, page = self.word.core_properties, self.word.sections[0]
        core.title, core.language = plain(self.document.title), self.document.language
        core.author = core.comments = ""
        page.page_width, page.page_height = Mm(210), Mm(297)
        page.left_margin = page.right_margin = Mm(20)
        page.top_margin = page.bottom_margin = Mm(22)
        if self.right_to_left:
            page._sectPr.insert_element_before(cast(Any, OxmlElement("w:bidi")), "w:rtlGutter", "w:docGrid")
        sizes = {"Normal": 10.5, "Title": 24, "Heading 1": 16, "Heading 2": 12.5, "Heading 3": 11}
        for name, size in sizes.items():
            style = self.word.styles[name]
            self._set_style(cast(ParagraphStyle, style), size, is_heading=name != "Normal")
        if self.document.banner:
            header = self._line(page.header.paragraphs[0], line(self.document.banner), color=ALARM)
            header.alignment = WD_ALIGN_PARAGRAPH.CENTER
        footer = page.footer.paragraphs[0]
        footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        footer._p.append(field)

    def _set_style(self, style: ParagraphStyle, size: float, *, is_heading: bool) -> None:
        style.font.size = Pt(size)
        properties = style.element.get_or_add_rPr()
        fonts = properties.get_or_add_rFonts()
        for name in list(fonts.attrib):
            del fonts.attrib[name]
        complex_font = COMPLEX_FONTS.get(self.document.language.partition("-")[0], FONT)
        for kind, font in {"ascii": FONT, "hAnsi": FONT, "cs": complex_font, "eastAsia": FONT}.items():
            fonts.set(qn(f"w:{kind}"), font)
        # Word takes the size and weight of Arabic from elements of their own.
        _put(properties, "w:szCs", val=str(round(size * 2)))
        if is_heading:
            style.font.bold = True
            style.font.color.rgb = INK
            style.paragraph_format.keep_with_next = True
            _put(properties, "w:bCs")
        else:
            style.paragraph_format.space_after = Pt(6)
            self._put_language(properties, self.document.language)

    def _put_language(self, properties: Any, language: str) -> None:
        _put(properties, "w:lang", **{"bidi" if is_right_to_left(language) else "val": language})

    # --- lines

    def _add(self, said: Line, style: str | None = None, color: RGBColor | None = None) -> WordParagraph:
        return self._line(self.word.add_paragraph(style=style), said, color=color)

    def _line(
        self, paragraph: WordParagraph, said: Line, *, color: RGBColor | None = None, strong: bool = False
    ) -> WordParagraph:
        if self.right_to_left and not _is_of_the_other_direction(said):
            _put(paragraph._p.get_or_add_pPr(), "w:bidi")
        for span in said:
            run = paragraph.add_run(span.text)
            language = self.document.language if span.language is None else span.language
            if span.strong or strong:
                run.bold = run.font.cs_bold = True
            if color is not None:
                run.font.color.rgb = color
            if is_right_to_left(language):
                run.font.rtl = True
            if span.language:
                self._put_language(run._r.get_or_add_rPr(), language)
        return paragraph

    # --- blocks

    def _section(self, section: Section, depth: int) -> None:
        self._line(self.word.add_heading(level=depth), section.title)
        for block in section.blocks:
            self._block(block)
        for part in section.sections:
            self._section(part, depth + 1)

    def _block(self, block: Block) -> None:
        match block:
            case Paragraph(said, tone):
                self._add(said, color={Tone.NOTE: MUTED, Tone.WARNING: ALARM}.get(tone))
            case Points(lines, is_ordered):
                for said in lines:
                    self._add(said, style="List Number" if is_ordered else "List Bullet")
            case Facts(facts):
                for fact in facts:
                    self._fact(fact)
            case Box():
                self._box(block)
            case Quote():
                self._quote(block)
            case Table():
                self._table(block)
            case Figure():
                self._figure(block)

    def _fact(self, fact: Fact) -> None:
        term = self._line(self.word.add_paragraph(), fact.term, color=INK, strong=True)
        term.paragraph_format.keep_with_next = True
        term.paragraph_format.space_after = Pt(1)
        for said in fact.lines:
            self._add(said)

    def _box(self, box: Box) -> None:
        self._shaded(self._line(self.word.add_paragraph(), box.title, color=INK, strong=True))
        for said in box.lines:
            self._shaded(self._add(said))

    def _quote(self, quote: Quote) -> None:
        if quote.words is not None:
            self._add((quote.words,), style="Quote")
        if quote.translation is not None:
            self._add((*line(f"{quote.translation_label}: "), quote.translation), color=MUTED)
        if quote.source:
            self._add(quote.source, color=MUTED)

    def _figure(self, figure: Figure) -> None:
        paragraph = self._add(())
        paragraph.paragraph_format.keep_with_next = True
        made = picture(figure.bars, right_to_left=self.right_to_left)
        drawn = paragraph.add_run().add_picture(BytesIO(made))
        share = min(DOTS / (SCALE * CSS_DOTS), MOST / drawn.width)
        drawn.width, drawn.height = Emu(round(drawn.width * share)), Emu(round(drawn.height * share))
        drawn._inline.docPr.set("descr", plain(figure.alternative))
        self._table(figure.table)

    def _shaded(self, paragraph: WordParagraph) -> None:
        _put(paragraph._p.get_or_add_pPr(), "w:shd", val="clear", color="auto", fill=SHADE)

    def _table(self, table: Table) -> None:
        if table.caption:
            self._add(table.caption, color=MUTED).paragraph_format.keep_with_next = True
        made = self.word.add_table(rows=1 + len(table.rows), cols=len(table.columns), style="Table Grid")
        made._tbl.tblPr.append(_rules())
        if self.right_to_left:
            made.table_direction = WD_TABLE_DIRECTION.RTL
        made.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        lines = [tuple(column.label for column in table.columns), *table.rows]
        for place, said in enumerate(lines):
            cells = made.rows[place].cells
            for column, (cell, words) in enumerate(zip(cells, said, strict=True)):
                paragraph = self._line(cell.paragraphs[0], words, strong=place == 0)
                if place == 0:
                    paragraph.paragraph_format.keep_with_next = True
                paragraph.paragraph_format.space_after = Pt(1)
                if table.columns[column].is_number:
                    # In a paragraph of Arabic, Word's "right" is the end of the line, as "left" is its beginning.
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        self.word.add_paragraph()


_SIDES = {
    **{"top": "nil", "left": "nil", "bottom": "single"},
    **{"right": "nil", "insideH": "single", "insideV": "nil"},
}


def _is_of_the_other_direction(said: Line) -> bool:
    """Return whether all of a line is in one language that is written from left to right: its stops belong there."""
    return bool(said) and all(span.language and not is_right_to_left(span.language) for span in said)


def _rules() -> Any:
    """Return the borders of a table: thin lines beneath its rows and none beside them."""
    borders = OxmlElement("w:tblBorders")
    for side, value in _SIDES.items():
        rule = OxmlElement(f"w:{side}")
        for name, said in {"val": value, "sz": "4", "space": "0", "color": RULE}.items():
            rule.set(qn(f"w:{name}"), said)
        borders.append(rule)
    return borders


def _put(properties: Any, name: str, **values: str) -> None:
    """Set a property that python-docx has no name for, at the place that the schema has for it.

    Word calls a document damaged in which properties stand in another order.
    """
    for old in properties.findall(qn(name)):
        properties.remove(old)
    element = OxmlElement(name)
    for key, value in values.items():
        element.set(qn(f"w:{key}"), value)
    order = _OF_A_RUN if name in _OF_A_RUN else _OF_A_PARAGRAPH
    properties.insert_element_before(element, *order[order.index(name) + 1 :])
