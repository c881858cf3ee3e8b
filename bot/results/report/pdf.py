"""A report as a PDF: tagged (PDF/UA-1), in its language, with bookmarks; made of the same HTML that browsers show."""

from bot.errors import ReportError
from bot.results.report.html import render
from bot.results.report.model import Document

INSTALL = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-noto-core"


def write_pdf(document: Document) -> bytes:
    """Return the bytes of a PDF.

    Raises:
        ReportError: Pango, which shapes words, is not on this machine; the text says what to install.
    """
    try:
        from weasyprint import HTML  # noqa: PLC0415 (it loads Pango, which a machine may lack)
    except OSError:
        raise ReportError(f"a PDF needs Pango and fonts: {INSTALL}") from None

    def refuse(url: str) -> object:
        raise ValueError(f"a report has nothing from elsewhere, but asks for {url}")

    source = HTML(string=render(document, for_pages=True), url_fetcher=refuse)
    written: bytes = source.write_pdf(pdf_variant="pdf/ua-1")
    return written
