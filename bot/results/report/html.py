"""A report as one HTML file: no script, nothing from elsewhere, for screens of any width and for paper.

Its bars are SVG without words: words are the page's own, so that whoever shows the page shapes them as their script
needs.
"""

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from bot.core.saying import END, ISOLATE
from bot.results.report.model import Bar, Document, Line, plain
from bot.results.report.voice import is_right_to_left

_HERE = Path(__file__).parent / "templates"
WIDTH = 1000
"""The width of a bar's chart in its own units; what shows it scales it."""


def render(document: Document, *, for_pages: bool = False) -> str:
    """Return a report as an HTML document; `for_pages`: as WeasyPrint needs it to make pages of it."""
    right_to_left = is_right_to_left(document.language)

    def words(line: Line) -> Markup:
        return marked_up(line, isolate=for_pages)

    def stretch(low: float, high: float) -> tuple[float, float]:
        """Return where a stretch of a bar begins, from the left, and how wide it is."""
        start, width = min(low, 1.0) * WIDTH, (min(high, 1.0) - min(low, 1.0)) * WIDTH
        return round(WIDTH - start - width if right_to_left else start, 1), round(width, 1)

    def kind(block: object) -> str:
        return type(block).__name__

    def told(bar: Bar) -> str:
        return f"{plain(bar.label)}: {bar.shown}"

    return _template().render(
        document=document,
        direction="rtl" if right_to_left else "ltr",
        styles=[_style("report.css"), _style("pages.css" if for_pages else "screen.css")],
        for_pages=for_pages,
        words=words,
        foreign=lambda span: Markup(_foreign(span.language)),  # noqa: S704 (escaped there)
        plain=plain,
        stretch=stretch,
        kind=kind,
        told=told,
        width=WIDTH,
    )


@lru_cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html")


@lru_cache
def _style(name: str) -> Markup:
    return Markup((_HERE / name).read_text("utf-8"))  # noqa: S704 (a file of ours)


def marked_up(line: Line, *, isolate: bool = False) -> Markup:
    """Return a line as HTML, each span in its language; `isolate`: with Unicode's own marks of direction too."""
    return Markup("").join(
        _span(span.text, _foreign(span.language), span.strong, isolate=isolate) for span in line
    )


def _foreign(language: str | None) -> str:
    """Return the attributes of words in another language than the report's; "" where they are in it."""
    if language is None:
        return ""
    if not language:
        return 'lang="" dir="auto"'
    return f'lang="{escape(language)}" dir="{"rtl" if is_right_to_left(language) else "ltr"}"'


def _span(text: str, foreign: str, strong: bool, *, isolate: bool) -> Markup:
    shown = escape(text)
    if foreign:
        # WeasyPrint knows no `unicode-bidi`; Unicode's own marks do the same there.
        inside = f"{ISOLATE}{shown}{END}" if isolate else shown
        shown = Markup(f"<bdi {foreign}>{inside}</bdi>")  # noqa: S704 (both are escaped above)
    return Markup(f"<strong>{shown}</strong>") if strong else shown  # noqa: S704
