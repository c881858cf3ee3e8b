"""The chat page, as a person with a browser, a keyboard, a phone or a screen reader meets it."""

from collections.abc import AsyncIterator, Iterator

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.support.browser import ARGUMENTS, chromium, demo

DESK = {"width": 1000, "height": 800}
PHONE = {"width": 360, "height": 640}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with demo(tmp_path_factory.mktemp("demo")) as served:
        yield served


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield opened
        await opened.close()


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
async def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport=DESK, java_script_enabled=request.param)
    opened = await context.new_page()
    await opened.goto(f"{address}/try")
    yield opened
    await context.close()


@pytest.fixture
async def scripted(browser: Browser, address: str) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport=PHONE)
    opened = await context.new_page()
    await opened.goto(f"{address}/try")
    yield opened
    await context.close()


async def send(page: Page, *messages: str) -> None:
    for message in messages:
        await page.get_by_label("Your message").fill(message)
        async with page.expect_navigation():
            await page.keyboard.press("Enter")


async def newest(page: Page) -> str:
    return await page.locator("#newest .text").inner_text()


async def test_a_whole_interview(page: Page) -> None:
    await send(page, "CLINIC", "1", "1", "2", "5", "2", "Open on Saturdays too")
    assert "Thank you" in await newest(page)
    await send(page, "1")
    assert "We will tell you" in await newest(page)
    await expect(page.locator(".talk .person .text")).to_have_text(
        ["CLINIC", "1", "1", "2", "5", "2", "Open on Saturdays too", "1"]
    )


async def test_a_keyword_can_be_pressed(page: Page) -> None:
    await page.get_by_role("button", name="SALUD").click()
    await expect(page.locator("#newest .text")).to_have_attribute("lang", "es")


async def test_each_sms_shows_what_it_costs(page: Page) -> None:
    await send(page, "AFYA")
    costs = await page.locator(".cost").all_inner_texts()
    assert costs[0] == "1 SMS: 4 of 160 (GSM-7)"
    assert all(cost.endswith("(GSM-7)") for cost in costs), "Swahili has no letter that makes an SMS dear"


async def test_telegram_has_buttons_and_typing_works_too(page: Page) -> None:
    await page.get_by_role("button", name="Telegram").click()
    await send(page, "CLINIC")
    await page.get_by_role("button", name="Yes", exact=True).click()
    await expect(page.locator(".talk .person .text").last).to_have_text("Yes")
    await page.get_by_role("button", name="In the last month").click()
    await send(page, "2")
    assert "1" in await newest(page)


async def test_telegram_marks_several_and_sends_them_together(scripted: Page) -> None:
    page = scripted
    await page.get_by_role("button", name="Telegram").click()
    await send(page, "YOUTH")
    await page.get_by_role("button", name="Yes", exact=True).click()
    for words in ("22", "I work", "no"):
        await send(page, words)
    await page.get_by_role("checkbox", name="We have no time").check()
    await page.get_by_role("checkbox", name="We are not invited").check()
    assert (await Axe().run(page)).violations_count == 0
    await page.get_by_role("button", name="Done").click()
    said = page.locator(".talk .person .text").last
    await expect(said).to_contain_text("We have no time")
    await expect(said).to_contain_text("We are not invited")


async def test_a_new_person_has_not_been_met(page: Page) -> None:
    await send(page, "CLINIC")
    await page.get_by_role("button", name="Start as a new person").click()
    await expect(page.locator(".talk")).to_have_count(0)


async def test_what_people_write_is_never_markup(page: Page) -> None:
    await send(page, "<img src=x onerror=alert(1)>")
    await expect(page.locator(".talk .person .text")).to_have_text("<img src=x onerror=alert(1)>")


async def test_the_keyboard_alone_is_enough(scripted: Page) -> None:
    await scripted.keyboard.press("Tab")
    assert await scripted.evaluate("document.activeElement.textContent") == "Go to the newest message"
    await scripted.keyboard.press("Enter")
    await scripted.keyboard.type("CLINIC")
    async with scripted.expect_navigation():
        await scripted.keyboard.press("Enter")
    # After sending, one can write on at once, and a screen reader is led to the newest message.
    assert await scripted.evaluate("document.activeElement.id") == "text"
    described = await scripted.get_by_label("Your message").get_attribute("aria-describedby")
    assert described == "newest"


@pytest.mark.parametrize("keyword", ["CLINIC", "صحة", "ỌKỤ"])
async def test_nothing_runs_over_the_edge_of_a_phone(scripted: Page, keyword: str) -> None:
    await send(scripted, keyword, "1", "word" * 60)
    wide = await scripted.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"]


async def test_arabic_runs_from_right_to_left(scripted: Page) -> None:
    await send(scripted, "صحة")
    text = scripted.locator("#newest .text")
    await expect(text).to_have_attribute("lang", "ar")
    assert await text.evaluate("element => getComputedStyle(element).direction") == "rtl"


@pytest.mark.parametrize("look", ["SMS", "Telegram"])
async def test_axe_finds_nothing(scripted: Page, look: str) -> None:
    for messages in ((), ("صحة", "1")):
        await scripted.get_by_role("button", name=look, exact=True).click()
        await send(scripted, *messages)
        found = await Axe().run(scripted)
        assert found.violations_count == 0, found.generate_report()


async def test_a_form_of_another_site_is_refused(address: str, browser: Browser) -> None:
    context = await browser.new_context()
    answer = await context.request.post(
        f"{address}/try/say", form={"text": "CLINIC"}, headers={"Origin": "https://elsewhere.example"}
    )
    assert answer.status == 403
    await context.close()


async def test_too_long_a_form_is_refused(address: str, browser: Browser) -> None:
    context = await browser.new_context()
    answer = await context.request.post(f"{address}/try/say", form={"text": "a" * 20_000})
    assert answer.status == 413
    await context.close()


async def test_answers_go_nowhere_but_here(scripted: Page) -> None:
    answered = await scripted.request.get(scripted.url)
    policy = answered.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert answered.headers["cache-control"] == "no-store"
