"""Reading a document: text size, keyboard, small screens, print, and no JavaScript at all."""

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # ships no types
from playwright.sync_api import Page, expect

DOCUMENT = "/summaries/2017/"
PAGES = [
    "/",
    DOCUMENT,
    "/years/",
    "/years/2025/",
    "/notices/page/1/",
    "/departments/office/",
    "/catalogue/",
    "/search/",
    "/reports/wide/",
    "/reports/",
    "/no/such/page/",
]


def text_height(page: Page) -> float:
    return float(
        page.locator("[data-document-body] p").first.evaluate("node => parseFloat(getComputedStyle(node).fontSize)")
    )


def test_large_text_scales_the_whole_page_and_is_remembered(page: Page, address: str) -> None:
    page.goto(address + DOCUMENT)
    before = text_height(page)
    header = page.locator("header.gk-header").bounding_box()

    page.get_by_role("button", name="大").click()

    assert text_height(page) >= before * 1.2
    expect(page.get_by_role("button", name="大")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="中")).to_have_attribute("aria-pressed", "false")
    larger = page.locator("header.gk-header").bounding_box()
    assert header and larger and larger["height"] > header["height"]
    page.goto(address + "/catalogue/")
    page.goto(address + DOCUMENT)
    assert text_height(page) >= before * 1.2


def test_small_text_is_chosen_by_keyboard(page: Page, address: str) -> None:
    page.goto(address + DOCUMENT)
    before = text_height(page)

    page.get_by_role("button", name="小").focus()
    page.keyboard.press("Enter")

    assert text_height(page) < before


def test_rubbish_in_the_memory_of_the_browser_does_no_harm(page: Page, address: str) -> None:
    page.goto(address + DOCUMENT)
    page.evaluate("localStorage.setItem('gongkai.text-size', 'huge\"><script>')")

    page.reload()

    expect(page.get_by_role("button", name="中")).to_have_attribute("aria-pressed", "true")


def test_the_first_tab_offers_to_skip_to_the_content(page: Page, address: str) -> None:
    page.goto(address + DOCUMENT)

    page.keyboard.press("Tab")

    skip = page.get_by_role("link", name="跳到正文")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_accessibility_violation(page: Page, address: str, path: str) -> None:
    page.goto(address + path)

    results = Axe().run(page)

    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_a_screen_of_320_pixels_at_the_largest_text(page: Page, address: str, path: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(address + "/")
    page.evaluate("localStorage.setItem('gongkai.text-size', 'large')")

    page.goto(address + path)

    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_without_javascript_a_reader_comes_from_home_to_the_document(plain_page: Page, address: str) -> None:
    plain_page.goto(address + "/")
    plain_page.get_by_role("link", name="2018年").click()
    plain_page.get_by_role("link", name="示例市科技局2017年工作总结及2018年工作计划").click()

    expect(plain_page.locator("tr[data-field=index] td")).to_have_text("000014349/2019-136425")
    expect(plain_page.get_by_text("全市政务公开先进单位")).to_be_visible()
    expect(plain_page.get_by_role("button", name="大")).to_have_count(0)


def test_an_identifier_leads_to_its_document(page: Page, address: str) -> None:
    page.goto(address + "/id/000014349/2019-136425/")

    page.wait_for_url(address + DOCUMENT)


def test_the_missing_page_searches(page: Page, address: str) -> None:
    page.goto(address + "/no/such/page/")
    box = page.get_by_role("main").get_by_role("combobox", name="搜索")
    box.fill("特种胶")
    box.press("Enter")

    page.wait_for_url(f"{address}/search/?q=*")


def test_print_leaves_out_what_is_only_for_the_screen(page: Page, address: str) -> None:
    page.goto(address + DOCUMENT)
    page.emulate_media(media="print")

    expect(page.locator(".gk-columns")).to_be_hidden()
    expect(page.locator(".gk-text-size")).to_be_hidden()
    expect(page.locator("table[data-record]")).to_be_visible()


def test_pages_work_under_a_strict_content_security_policy(page: Page, address: str) -> None:
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    page.goto(address + DOCUMENT)
    page.get_by_role("button", name="大").click()

    assert refused == []
    expect(page.get_by_role("button", name="大")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("path", ["/", DOCUMENT, "/catalogue/"])
def test_a_page_asks_only_its_own_host(page: Page, address: str, path: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(address + path, wait_until="networkidle")

    assert [url for url in asked if not url.startswith((address, "data:"))] == []


def test_a_document_is_light(page: Page, address: str) -> None:
    sizes: list[int] = []
    page.on("response", lambda response: sizes.append(len(response.body())))

    page.goto(address + DOCUMENT, wait_until="networkidle")

    assert sum(sizes) < 250_000
