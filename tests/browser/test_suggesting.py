"""What a search box offers while a reader types: by keyboard, by mouse, with an input method, and as it is read out."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # ships no types
from playwright.sync_api import Locator, Page, Route, expect

DOCUMENT = "/plans/2024/"
OFFERED = "**/search/suggest.json"


def box_of(page: Page) -> Locator:
    return page.get_by_role("combobox", name="搜索").first


def rows(page: Page) -> Locator:
    return page.get_by_role("listbox").get_by_role("option")


def typed(page: Page, address: str, text: str) -> Locator:
    """The box of a document's header with `text` typed into it, its rows in view."""
    page.goto(address)
    box = box_of(page)
    box.press_sequentially(text)
    expect(rows(page).first).to_be_visible()
    return box


def test_nothing_is_fetched_before_the_box_is_used(page: Page, archive: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(archive + DOCUMENT, wait_until="networkidle")
    before = [url for url in asked if "suggest" in url or "passage" in url]

    with page.expect_request(OFFERED):
        box_of(page).focus()

    assert before == []


@pytest.mark.parametrize("path", [DOCUMENT, "/", "/search/", "/no/such/page/"])
def test_every_box_offers_titles(page: Page, archive: str, path: str) -> None:
    typed(page, archive + path, "2020年工作总结")

    expect(rows(page).first).to_contain_text("示例市科技局2020年工作总结")


def test_an_earlier_year_stands_below_the_year_asked_for(page: Page, archive: str) -> None:
    typed(page, archive + DOCUMENT, "2020 总结")

    expect(rows(page).nth(0)).to_contain_text("2020年工作总结")
    expect(rows(page).nth(1)).to_contain_text("2019年工作总结")
    expect(rows(page)).to_have_count(8)


@pytest.mark.parametrize(
    ("text", "title", "number"),
    [
        ("2019-00001", "2018年工作总结", "SLKJ00012/2019-00001"),
        ("SLKJ00012/2015-00002", "2015年工作计划", "SLKJ00012/2015-00002"),
        ("示科字2016", "2016年工作计划", "示科字〔2016〕2号"),
        ("［2017］2号", "2017年工作计划", "示科字〔2017〕2号"),
    ],
)
def test_a_number_is_offered_with_its_title(page: Page, archive: str, text: str, title: str, number: str) -> None:
    typed(page, archive + DOCUMENT, text)

    expect(rows(page).first).to_contain_text(title)
    expect(rows(page).first).to_contain_text(number)


def test_a_column_is_offered_and_opens(page: Page, archive: str) -> None:
    box = typed(page, archive + DOCUMENT, "通知公告")
    box.press("ArrowDown")
    box.press("Enter")

    page.wait_for_url(f"{archive}/notices/")


def test_down_and_enter_open_the_document(page: Page, archive: str) -> None:
    box = typed(page, archive + DOCUMENT, "2020年工作总结")
    box.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", re.compile(rows(page).first.get_attribute("id") or "-"))
    expect(rows(page).first).to_have_attribute("aria-selected", "true")
    box.press("Enter")

    page.wait_for_url(f"{archive}/summaries/2020/")
    page.go_back()
    page.wait_for_url(archive + DOCUMENT)


def test_the_arrows_go_round_by_way_of_the_box(page: Page, archive: str) -> None:
    box = typed(page, archive + DOCUMENT, "2020 总结")
    box.press("ArrowUp")
    expect(rows(page).last).to_have_attribute("aria-selected", "true")
    box.press("ArrowDown")

    assert box.get_attribute("aria-activedescendant") is None
    expect(box).to_be_focused()


@pytest.mark.parametrize("key", ["Home", "End"])
def test_home_and_end_return_to_the_text(page: Page, archive: str, key: str) -> None:
    box = typed(page, archive + DOCUMENT, "2020 总结")
    box.press("ArrowDown")
    box.press(key)

    assert box.get_attribute("aria-activedescendant") is None
    assert box.evaluate("box => box.selectionStart") == (0 if key == "Home" else 7)


def test_escape_closes_the_rows_and_keeps_the_text(page: Page, archive: str) -> None:
    box = typed(page, archive + DOCUMENT, "2020 总结")
    box.press("Escape")

    expect(rows(page)).to_have_count(0)
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("2020 总结")


def test_enter_without_a_chosen_row_searches(page: Page, archive: str) -> None:
    box = typed(page, archive + DOCUMENT, "2020 总结")
    box.press("Enter")

    page.wait_for_url(f"{archive}/search/?q=*")


def test_rows_that_come_after_the_search_are_not_shown(page: Page, archive: str) -> None:
    held: list[Route] = []
    page.route(OFFERED, lambda route: held.append(route))  # noqa: PLW0108 - Playwright wants a function
    page.goto(f"{archive}/search/")
    with page.expect_request(OFFERED):
        box_of(page).press_sequentially("工作总结")
    box_of(page).press("Enter")
    expect(page.locator("[data-search-state=done]")).to_be_visible()
    with page.expect_response(OFFERED):
        held[0].continue_()
    page.evaluate("new Promise(done => setTimeout(done, 200))")

    expect(rows(page)).to_have_count(0)


def test_a_row_is_opened_with_the_mouse(page: Page, archive: str) -> None:
    typed(page, archive + DOCUMENT, "2021年工作计划")
    rows(page).first.click()

    page.wait_for_url(f"{archive}/plans/2021/")


def test_leaving_the_box_closes_the_rows(page: Page, archive: str) -> None:
    box = typed(page, archive + DOCUMENT, "2020 总结")
    box.press("Tab")

    expect(rows(page)).to_have_count(0)


def test_nothing_is_offered_while_an_input_method_composes(page: Page, archive: str) -> None:
    page.goto(archive + DOCUMENT)
    with page.expect_response(OFFERED):
        box_of(page).focus()
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "总结", "selectionStart": 2, "selectionEnd": 2})
    expect(box_of(page)).to_have_value("总结")
    page.evaluate("new Promise(done => setTimeout(done, 200))")
    during = rows(page).count()
    session.send("Input.insertText", {"text": "总结"})

    expect(rows(page).first).to_contain_text("工作总结")
    assert during == 0


def test_an_arrow_of_the_input_method_moves_no_row(page: Page, archive: str) -> None:
    box = typed(page, archive + DOCUMENT, "总结")
    box.evaluate(
        """box => box.dispatchEvent(new KeyboardEvent("keydown",
             { key: "ArrowDown", isComposing: true, bubbles: true, cancelable: true }))"""
    )

    assert box.get_attribute("aria-activedescendant") is None


def test_the_number_of_rows_is_announced(page: Page, archive: str) -> None:
    typed(page, archive + DOCUMENT, "2020 总结")

    expect(page.get_by_role("banner").get_by_role("status")).to_have_text("有8条提示，按上下方向键选择")


def test_a_screen_reader_hears_a_combobox_with_its_rows(page: Page, archive: str) -> None:
    box = typed(page, archive + DOCUMENT, "2024年工作")
    box.press("ArrowDown")

    expect(page.get_by_role("search")).to_match_aria_snapshot(
        """
        - search:
          - combobox "搜索全部公开文件" [expanded] [active]
          - button "搜索"
          - listbox "搜索提示":
            - option /2024年工作总结/ [selected]
            - option /2023年工作总结/
        """
    )
    assert box.get_attribute("aria-controls") == page.get_by_role("listbox").get_attribute("id")


@pytest.mark.parametrize("path", [DOCUMENT, "/search/"])
def test_open_rows_have_no_accessibility_violation(page: Page, archive: str, path: str) -> None:
    typed(page, archive + path, "2020 总结").press("ArrowDown")

    results = Axe().run(page)

    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("width", [320, 1280])
def test_the_rows_stay_within_the_window(page: Page, archive: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    typed(page, archive + DOCUMENT, "工作")
    listed = page.get_by_role("listbox").bounding_box()

    assert listed and listed["x"] >= 0 and listed["x"] + listed["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_the_file_the_box_still_searches(page: Page, archive: str) -> None:
    page.route(OFFERED, lambda route: route.fulfill(status=404))
    page.goto(archive + DOCUMENT)
    with page.expect_response(OFFERED):
        box_of(page).press_sequentially("总结")
    box_of(page).press("Enter")

    page.wait_for_url(f"{archive}/search/?q=*")


def test_a_file_of_another_edition_offers_nothing(page: Page, archive: str) -> None:
    def other(route: Route) -> None:
        route.fulfill(json={"format": 99, "columns": [["plans", "工作计划"]], "titles": []})

    page.route(OFFERED, other)
    page.goto(archive + DOCUMENT)
    with page.expect_response(OFFERED):
        box_of(page).press_sequentially("工作计划")
    page.evaluate("new Promise(done => setTimeout(done, 200))")

    expect(rows(page)).to_have_count(0)
    expect(box_of(page)).to_have_attribute("aria-expanded", "false")


def test_without_javascript_the_box_is_a_plain_search_box(plain_page: Page, archive: str) -> None:
    plain_page.goto(archive + DOCUMENT)
    plain_page.get_by_role("searchbox").fill("总结")
    plain_page.get_by_role("searchbox").press("Enter")

    plain_page.wait_for_url(f"{archive}/search/?q=*")
