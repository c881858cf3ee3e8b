"""What a report is made of, whatever it is written as: sections of paragraphs, tables and figures.

All three writers show everything in it and add nothing. Words know their language where it is not the report's, so that
each is spoken, shaped and directed as what it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Span:
    """Words in one language (BCP 47): None is the report's, "" one that nobody knows."""

    text: str
    language: str | None = None
    strong: bool = False


Line = tuple[Span, ...]
"""What stands on one line, or in one cell."""


def plain(line: Line) -> str:
    """Return the words of a line alone."""
    return "".join(span.text for span in line)


class Tone(StrEnum):
    """How a paragraph is set: text, a note in smaller letters, or something to be careful of."""

    TEXT = "text"
    NOTE = "note"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Paragraph:
    line: Line
    tone: Tone = Tone.TEXT


@dataclass(frozen=True, slots=True)
class Points:
    """A list; `is_ordered` where its order means something."""

    lines: tuple[Line, ...]
    is_ordered: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A term and what is to be said of it, in paragraphs."""

    term: Line
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """Something that must not be overlooked, set apart."""

    title: Line
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's words; `translation` is None where they are in the report's language or nobody translated them.

    `translation_label` stands before it, with its colon.
    """

    words: Span | None = field(repr=False)
    translation: Span | None = field(repr=False)
    translation_label: str
    source: Line = ()


@dataclass(frozen=True, slots=True)
class Column:
    label: Line
    is_number: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A row's first cell is its heading; it has as many cells as there are columns."""

    caption: Line
    columns: tuple[Column, ...]
    rows: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """`length`, `low` and `high` are from 0 to 1 of the chart's width; None where withheld, or not known."""

    label: Line
    shown: str
    length: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A bar chart, its text alternative, and the table with the same figures, which stands beneath it."""

    alternative: Line
    bars: tuple[Bar, ...]
    table: Table


Block = Paragraph | Points | Facts | Box | Quote | Table | Figure


@dataclass(frozen=True, slots=True)
class Section:
    """`anchor` is unique in the document; `depth` 1 is a chapter, 2 a question, 3 what is told of it."""

    anchor: str
    title: Line
    blocks: tuple[Block, ...] = ()
    sections: tuple["Section", ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report. `banner` stands on every page; None where it is fit to be published.

    `about` stands under the title: who, when, which release.
    """

    language: str
    title: Line
    kind: str
    about: tuple[Line, ...]
    banner: str | None
    contents: str
    sections: tuple[Section, ...]

    def walk(self) -> Iterator[Block]:
        """Yield every block, in reading order."""

        def within(sections: tuple[Section, ...]) -> Iterator[Block]:
            for section in sections:
                yield from section.blocks
                yield from within(section.sections)

        return within(self.sections)
