"""The PDF: tagged, in its language, with bookmarks, and its banner on every page."""

import importlib.abc
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.machinery import ModuleSpec
from io import BytesIO
from pathlib import Path
from types import ModuleType

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from bot.errors import ReportError
from bot.results.report.building import build
from bot.results.report.pdf import write_pdf
from bot.results.report.wordings import load_voice
from tests.support.pango import pango
from tests.support.reports import publication, voice

LOCALES = Path(__file__).parents[3] / "locales"


@cache
def read(language: str, **changes: object) -> PdfReader:
    """Return the report of a village in a language; a test that reads the same one reads it again."""
    pango()
    return PdfReader(
        BytesIO(write_pdf(build(publication(60, **changes), load_voice(LOCALES, language, "en"))))
    )


def tags(node: DictionaryObject) -> Iterator[DictionaryObject]:
    yield node
    children = node.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        found = child.get_object() if hasattr(child, "get_object") else child
        if isinstance(found, DictionaryObject):
            yield from tags(found)


@pytest.mark.parametrize(("language", "title"), [("en", "How the village cooks"), ("ar", "كيف تطبخ القرية")])
def test_it_is_tagged_and_in_its_language(language: str, title: str) -> None:
    pdf = read(language)
    catalogue = pdf.trailer["/Root"]
    assert catalogue["/Lang"] == language
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "pdfuaid" in str(catalogue["/Metadata"].get_data())
    assert pdf.metadata is not None
    assert str(pdf.metadata.title).startswith(title)
    assert len(pdf.outline) > 1
    kinds = [str(tag.get("/S")) for tag in tags(catalogue["/StructTreeRoot"])]
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/Figure", "/L"} <= set(kinds)
    assert all("/Alt" in tag for tag in tags(catalogue["/StructTreeRoot"]) if tag.get("/S") == "/Figure")


def test_a_preview_has_its_banner_on_every_page() -> None:
    pdf = read("en", protection=None)
    assert len(pdf.pages) > 3
    for page in pdf.pages:
        assert "Preview for organisers: not safe to publish." in page.extract_text()


def test_it_says_what_the_page_says() -> None:
    told = " ".join(" ".join(page.extract_text() for page in read("en").pages).split())
    for expected in (
        "Who is missing",
        "How to read this report",
        "Maji safi karibu na nyumbani.",
        "AAPOR code",
    ):
        assert expected in told


class _WithoutPango(importlib.abc.MetaPathFinder):
    """As on a machine where WeasyPrint finds no Pango to load."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return None


def test_without_pango_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [one for one in sys.modules if one.partition(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [_WithoutPango(), *sys.meta_path])
    with pytest.raises(ReportError, match=r"apt-get install libpango-1.0-0 .* fonts-noto-core"):
        write_pdf(build(publication(0), voice()))
