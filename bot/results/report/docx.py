"""A report as a Word document: real headings, header rows, pictures with their text, and words of both directions."""

from io import BytesIO
from typing import Any, cast

from docx import Document as new_document
from docx.document import Document as WordDocument
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_DIRECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph as WordParagraph

from bot.results.report.columns import widths
from bot.results.report.directions import direction, runs
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
from bot.results.report.word_properties import AFTER_RULES, put, rules

FONT = "Noto Sans"
OTHER_FONTS = {
    **{"am": "Noto Sans Ethiopic", "ar": "Noto Sans Arabic", "bn": "Noto Sans Bengali"},
    **{"hi": "Noto Sans Devanagari", "ur": "Noto Nastaliq Urdu"},
}
"""For scripts of which `FONT` has no letters."""
BEYOND_ASCII = frozenset({"am"})
"""Languages whose letters Word takes from the font for whatever is not ASCII, and not from that for complex scripts."""
BOTTOM, CENTER = WD_CELL_VERTICAL_ALIGNMENT.BOTTOM, WD_CELL_VERTICAL_ALIGNMENT.CENTER
INK, MUTED, ALARM = RGBColor(0x12, 0x32, 0x46), RGBColor(0x4A, 0x55, 0x60), RGBColor(0x7A, 0x1F, 0x1F)
SHADE, RULE = "F2F6F8", "C9D3D9"
MOST = Mm(165)
"""A picture is no wider."""
BETWEEN = Mm(170)
"""The width of what stands between the margins."""
SHORT = 10
"""A table of no more rows stays on one page."""
DOTS, CSS_DOTS = 72, 96
"""Dots an inch: what a picture of unknown size is taken to have, and what its letters are measured by."""


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
        self._line(self.word.add_paragraph(style="Title"), self.document.title, in_line=True)
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
        page.top_margin, page.bottom_margin = Mm(26), Mm(22)
        if self.right_to_left:
            page._sectPr.insert_element_before(cast(Any, OxmlElement("w:bidi")), "w:rtlGutter", "w:docGrid")
        sizes = {"Normal": 10.5, "Title": 24, "Heading 1": 16, "Heading 2": 12.5, "Heading 3": 11}
        for name, size in sizes.items():
            style = self.word.styles[name]
            self._set_style(cast(ParagraphStyle, style), size, is_heading=name != "Normal")
        quoted = cast(ParagraphStyle, self.word.styles["Quote"])
        # Most scripts have no slanted letters, and Word slants theirs by force.
        quoted.font.italic = quoted.font.cs_italic = False
        quoted.paragraph_format.left_indent = Mm(6)
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
        for kind, font in _fonts(self.document.language).items():
            fonts.set(qn(f"w:{kind}"), font)
        for name in ("w:spacing", "w:kern"):
            # Those of the title would tear Arabic letters apart.
            for old in properties.findall(qn(name)):
                properties.remove(old)
        # Word takes the size and weight of Arabic from elements of their own.
        put(properties, "w:szCs", val=str(round(size * 2)))
        if is_heading:
            style.font.bold = True
            style.font.color.rgb = INK
            style.paragraph_format.keep_with_next = True
            put(properties, "w:bCs")
        else:
            style.paragraph_format.space_after = Pt(6)
            self._put_language(properties, self.document.language)

    def _put_language(self, properties: Any, language: str) -> None:
        put(properties, "w:lang", **{"bidi" if is_right_to_left(language) else "val": language})

    # --- lines

    def _add(self, said: Line, style: str | None = None, color: RGBColor | None = None) -> WordParagraph:
        return self._line(self.word.add_paragraph(style=style), said, color=color)

    def _line(
        self,
        paragraph: WordParagraph,
        said: Line,
        *,
        color: RGBColor | None = None,
        strong: bool = False,
        in_line: bool = False,
    ) -> WordParagraph:
        # Headings and cells are set as those beside them are, whatever the language of their words.
        is_turned = self.right_to_left if in_line else direction(said, self.document.language)
        if is_turned:
            put(paragraph._p.get_or_add_pPr(), "w:bidi")
        for span in said:
            for text, runs_to_the_left in runs(span, self.document.language, in_right_to_left=is_turned):
                run = paragraph.add_run(text)
                if span.strong or strong:
                    run.bold = run.font.cs_bold = True
                if color is not None:
                    run.font.color.rgb = color
                if runs_to_the_left:
                    run.font.rtl = True
                if span.language:
                    properties = run._r.get_or_add_rPr()
                    self._put_language(properties, span.language)
                    if (fonts := _fonts(span.language)) != _fonts(self.document.language):
                        put(properties, "w:rFonts", **fonts)
        return paragraph

    # --- blocks

    def _section(self, section: Section, depth: int) -> None:
        self._line(self.word.add_heading(level=depth), section.title, in_line=True)
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
        title = self._line(self.word.add_paragraph(), box.title, color=INK, strong=True)
        shaded = [title, *(self._add(said) for said in box.lines)]
        for paragraph in shaded:
            put(paragraph._p.get_or_add_pPr(), "w:shd", val="clear", color="auto", fill=SHADE)
            paragraph.paragraph_format.keep_together = True
        for paragraph in shaded[:-1]:
            paragraph.paragraph_format.keep_with_next = True

    def _quote(self, quote: Quote) -> None:
        if quote.words is not None:
            self._add((quote.words,), style="Quote")
        if quote.translation is not None:
            self._add((*line(f"{quote.translation_label} "), quote.translation), color=MUTED)
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

    def _table(self, table: Table) -> None:
        if table.caption:
            self._add(table.caption, color=MUTED).paragraph_format.keep_with_next = True
        made = self.word.add_table(rows=1 + len(table.rows), cols=len(table.columns), style="Table Grid")
        made._tbl.tblPr.insert_element_before(rules(RULE), *AFTER_RULES)
        made.autofit = False
        if self.right_to_left:
            made.table_direction = WD_TABLE_DIRECTION.RTL
        made.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        lines = [tuple(column.label for column in table.columns), *table.rows]
        wide = [Emu(round(BETWEEN * share)) for share in widths(table)]
        for column, width in zip(made.columns, wide, strict=True):
            column.width = width
        is_short = len(table.rows) <= SHORT
        for place, said in enumerate(lines):
            row = made.rows[place]
            row._tr.get_or_add_trPr().insert(0, cast(Any, OxmlElement("w:cantSplit")))
            for column, (cell, words) in enumerate(zip(row.cells, said, strict=True)):
                cell.width = wide[column]
                cell.vertical_alignment = BOTTOM if place == 0 else CENTER
                paragraph = self._line(cell.paragraphs[0], words, strong=place == 0, in_line=True)
                if place == 0 or (is_short and place < len(table.rows)):
                    paragraph.paragraph_format.keep_with_next = True
                paragraph.paragraph_format.space_after = Pt(1)
                if table.columns[column].is_number:
                    # In a paragraph of Arabic, Word's "right" is the end of the line, as "left" is its beginning.
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        # Word joins two tables between which nothing stands.
        after = self.word.add_paragraph().paragraph_format
        after.space_after, after.line_spacing = Pt(0), Pt(8)


def _fonts(language: str) -> dict[str, str]:
    """Return the font of a language by what Word takes it for."""
    code = language.partition("-")[0]
    other = OTHER_FONTS.get(code, FONT)
    beyond = other if code in BEYOND_ASCII else FONT
    return {"ascii": FONT, "hAnsi": beyond, "eastAsia": beyond, "cs": other}
