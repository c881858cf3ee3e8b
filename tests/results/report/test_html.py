"""The HTML report: one file, whole, and open to everybody."""

from collections.abc import AsyncIterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright

from bot.results.report.building import build
from bot.results.report.html import render
from bot.results.report.wordings import load_voice
from tests.support.browser import ARGUMENTS, chromium
from tests.support.reports import publication, voice

LOCALES = Path(__file__).parents[3] / "locales"
DESK = {"width": 1000, "height": 800}
PHONE = {"width": 360, "height": 640}


class _Seen(HTMLParser):
    """Keeps the tags of a page with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def page_of(language: str = "en", n: int = 300, **changes: object) -> str:
    spoken = load_voice(LOCALES, language, "en")
    return render(build(publication(n, **changes), spoken))


def test_it_is_one_file_without_script_or_anything_from_elsewhere() -> None:
    page = page_of()
    seen = _Seen(page).tags
    assert not {tag for tag, _ in seen} & {"script", "link", "img", "iframe", "object"}
    assert all((given.get("href") or "#").startswith("#") for _, given in seen)
    assert not any("src" in given or name.startswith("on") for _, given in seen for name in given)
    assert "url(" not in page
    assert "@import" not in page


def test_words_in_another_language_say_so() -> None:
    page = page_of()
    assert '<p class="words" lang="ar" dir="rtl">نريد مدرسة قريبة لبناتنا.</p>' in page
    assert '<p class="words" lang="" dir="auto">Light light light</p>' in page
    arabic = page_of("ar")
    assert '<html lang="ar" dir="rtl">' in arabic
    assert '<bdi lang="en" dir="ltr">Women spend hours on firewood.</bdi>' in arabic


def test_words_of_others_are_no_html() -> None:
    told = publication(40)
    page = render(
        build(
            publication(40, quotes=(told.quotes[3].__class__("wish", "en", "<script>x</script>"),)), voice()
        )
    )
    assert "<script" not in page
    assert "&lt;script&gt;x" in page


def test_a_preview_has_its_banner() -> None:
    assert '<aside class="banner"' in page_of(protection=None)
    assert '<aside class="banner"' not in page_of()


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield opened
        await opened.close()


@pytest.fixture
async def browser_page(browser: Browser) -> AsyncIterator[Page]:
    context = await browser.new_context()
    yield await context.new_page()
    await context.close()


@pytest.mark.parametrize("width", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("language", ["en", "ar"])
async def test_axe_finds_nothing(
    browser_page: Page, tmp_path: Path, language: str, width: dict[str, int]
) -> None:
    file = tmp_path / "report.html"
    file.write_text(page_of(language, protection=None), "utf-8")
    await browser_page.set_viewport_size(width)  # type: ignore[arg-type]
    asked: list[str] = []
    browser_page.on("request", lambda request: asked.append(request.url))
    await browser_page.goto(file.as_uri())
    found = await Axe().run(browser_page)
    assert found.violations_count == 0, found.generate_report()
    assert await browser_page.evaluate("document.documentElement.scrollWidth") == width["width"]
    assert asked == [file.as_uri()]


@pytest.mark.parametrize(("language", "edge"), [("en", "left"), ("ar", "right")])
async def test_bars_grow_in_the_direction_of_reading(
    browser_page: Page, tmp_path: Path, language: str, edge: str
) -> None:
    file = tmp_path / "report.html"
    file.write_text(page_of(language), "utf-8")
    await browser_page.goto(file.as_uri())
    measured = """edge => [...document.querySelectorAll('.drawn svg')].slice(0, 3).map(
        one => one.querySelector('.length').getBoundingClientRect()[edge]
             - one.querySelector('.track').getBoundingClientRect()[edge])"""
    assert await browser_page.evaluate(measured, edge) == pytest.approx([0, 0, 0], abs=0.6)
