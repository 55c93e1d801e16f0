"""Narrowing, ordering and resuming a search: all of it in the address, by keyboard, and as it is read out."""

from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # ships no types
from playwright.sync_api import Locator, Page, expect

QUERY = quote("高新技术企业")


def searched(page: Page, archive: str, more: str = "") -> None:
    page.goto(f"{archive}/search/?q={QUERY}{more}")
    expect(page.locator("[data-search-state=done]")).to_be_visible()


def count(page: Page) -> Locator:
    return page.locator("[data-search-count]")


def results(page: Page) -> Locator:
    return page.locator("li[data-search-result]")


def value(page: Page, facet: str, name: str) -> Locator:
    return page.locator(f"[data-facet={facet}] [data-value='{name}']")


def years(page: Page) -> list[int]:
    return [int(text[:4]) for text in results(page).locator("time").all_inner_texts()]


def test_several_values_of_a_facet_add_up(page: Page, archive: str) -> None:
    searched(page, archive)
    value(page, "year", "2020").click()
    expect(count(page)).to_have_text("2")
    value(page, "year", "2018").click()

    expect(count(page)).to_have_text("4")
    assert page.url.endswith("&year=2020&year=2018")


def test_a_choice_is_a_chip_that_takes_it_back(page: Page, archive: str) -> None:
    searched(page, archive, "&year=2018&column=plans")
    page.get_by_role("button", name="去掉筛选：2018年").press("Enter")

    expect(count(page)).to_have_text("12")
    expect(page.get_by_role("button", name="去掉筛选：工作计划")).to_be_focused()
    page.keyboard.press("Enter")
    expect(count(page)).to_have_text("24")
    expect(page.get_by_role("heading", name="共 24 件")).to_be_focused()
    assert page.url.endswith(f"?q={QUERY}")


def test_all_choices_are_taken_back_at_once(page: Page, archive: str) -> None:
    searched(page, archive, "&year=2018&column=plans&department=office")
    expect(page.get_by_text("可以去掉一些筛选条件")).to_be_visible()
    page.get_by_role("button", name="去掉全部筛选").press("Enter")

    expect(count(page)).to_have_text("24")
    expect(page.get_by_role("list", name="已选的筛选条件")).to_be_hidden()


def test_filters_that_leave_nothing_say_which_to_drop(page: Page, archive: str) -> None:
    searched(page, archive, "&column=plans&department=office")
    way = page.get_by_role("button", name="去掉责任部门的筛选，有12件")
    expect(page.get_by_role("button", name="去掉栏目的筛选，有12件")).to_be_visible()
    way.press("Enter")

    expect(count(page)).to_have_text("12")
    assert page.url.endswith("&column=plans")


def test_the_years_from_and_to_narrow_and_are_one_chip(page: Page, archive: str) -> None:
    searched(page, archive)
    page.get_by_label("从", exact=True).select_option("2019")
    page.get_by_label("到", exact=True).select_option("2017")
    page.get_by_role("button", name="按这段年份筛选").press("Enter")

    expect(count(page)).to_have_text("6")
    assert page.url.endswith("&year=2017-2019")
    assert set(years(page)) == {2017, 2018, 2019}
    expect(page.get_by_role("button", name="去掉筛选：2017年至2019年")).to_be_visible()
    expect(page.get_by_label("从", exact=True)).to_have_value("2017")
    expect(page.get_by_label("到", exact=True)).to_have_value("2019")


def test_one_year_from_and_to_is_that_year(page: Page, archive: str) -> None:
    searched(page, archive)
    page.get_by_label("从", exact=True).select_option("2019")
    page.get_by_label("到", exact=True).select_option("2019")
    page.get_by_role("button", name="按这段年份筛选").press("Enter")

    page.wait_for_url("**&year=2019")
    expect(value(page, "year", "2019")).to_have_attribute("aria-pressed", "true")


def test_a_long_list_shows_eight_and_all_on_demand(page: Page, archive: str) -> None:
    searched(page, archive, "&year=2013")
    shown = page.locator("[data-facet=year] [data-value]:visible")
    expect(shown).to_have_count(9)
    expect(value(page, "year", "2013")).to_be_visible()
    page.get_by_role("button", name="显示全部（13项）").press("Enter")

    expect(shown).to_have_count(13)
    fewer = page.get_by_role("button", name="收起")
    expect(fewer).to_be_focused()
    expect(fewer).to_have_attribute("aria-expanded", "true")


@pytest.mark.parametrize(("sort", "is_reversed"), [("newest", True), ("oldest", False)])
def test_results_stand_in_the_order_of_their_dates(page: Page, archive: str, sort: str, is_reversed: bool) -> None:
    searched(page, archive)
    page.get_by_label("排序").select_option(sort)
    page.wait_for_url(f"**&sort={sort}")
    expect(page.locator("[data-search-state=done]")).to_be_visible()

    assert years(page) == sorted(years(page), reverse=is_reversed)
    assert years(page)[0] == (2025 if is_reversed else 2013)


def test_a_shared_address_brings_the_same_page(page: Page, archive: str) -> None:
    searched(page, archive, "&year=2018&year=2019&column=plans&sort=oldest")

    assert years(page) == [2018, 2019]
    expect(page.get_by_label("排序")).to_have_value("oldest")
    expect(page.locator("[data-chip]")).to_have_text(["2018年", "2019年", "工作计划"])


def test_back_and_forward_restore_what_was_chosen(page: Page, archive: str) -> None:
    searched(page, archive)
    value(page, "year", "2020").click()
    expect(count(page)).to_have_text("2")
    value(page, "column", "plans").click()
    expect(count(page)).to_have_text("1")
    page.go_back()
    expect(count(page)).to_have_text("2")
    page.go_back()
    expect(count(page)).to_have_text("24")
    page.go_forward()

    expect(count(page)).to_have_text("2")
    expect(page.locator("[data-chip]")).to_have_text(["2020年"])


def test_results_come_in_tens_and_the_list_is_restored(page: Page, archive: str) -> None:
    searched(page, archive, "&sort=newest")
    for listed in (20, 24):
        page.get_by_role("button", name="更多结果").press("Enter")
        expect(results(page)).to_have_count(listed)
    expect(page.get_by_role("button", name="更多结果")).to_be_hidden()
    before = results(page).locator("h3").all_inner_texts()
    link = results(page).nth(21).locator("a").first
    link.press("Enter")
    page.wait_for_url(f"{archive}/plans/2014/")
    page.go_back()
    expect(results(page)).to_have_count(24)

    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    assert results(page).locator("h3").all_inner_texts() == before
    assert len(set(before)) == 24


def test_more_results_go_on_where_the_list_ended(page: Page, archive: str) -> None:
    searched(page, archive)
    before = results(page).locator("h3").all_inner_texts()
    page.get_by_role("button", name="更多结果").press("Enter")
    expect(results(page)).to_have_count(20)

    after = results(page).locator("h3").all_inner_texts()
    assert after[:10] == before
    assert len(set(after)) == 20
    expect(results(page).nth(10).locator("a").first).to_be_focused()
    expect(page.get_by_text("找到 24 件文件，已列出 20 件")).to_have_count(1)


def test_every_result_in_view_has_its_excerpt_with_whole_words_marked(page: Page, archive: str) -> None:
    searched(page, archive)
    first = results(page).first

    expect(first.locator("[data-search-excerpt] mark").first).to_have_text("高新技术企业")
    expect(page.locator("[data-search-later]:visible").first).not_to_be_in_viewport()


def test_nothing_jumps_when_excerpts_come(page: Page, archive: str) -> None:
    """Between the list and the last excerpt no result moves; the reader has pressed nothing meanwhile."""
    page.add_init_script(
        """globalThis.moved = [];
           new PerformanceObserver(list => {
             for (const entry of list.getEntries()) {
               if (document.querySelector("[data-search-state=done]")) {
                 for (const { node } of entry.sources) if (node?.parentElement?.closest("[data-search-list]")) moved.push(entry.value);
               }
             }
           }).observe({ type: "layout-shift", buffered: true });"""
    )
    searched(page, archive)
    expect(results(page).first.locator("[data-search-excerpt] mark").first).to_be_visible()
    page.wait_for_load_state("networkidle")

    assert page.evaluate("moved") == []


def test_a_screen_reader_hears_headings_lists_and_counts(page: Page, archive: str) -> None:
    searched(page, archive, "&year=2020&sort=newest")

    expect(page.get_by_role("region", name="搜索公开文件")).to_match_aria_snapshot(
        """
        - region "搜索公开文件":
          - search:
            - text: 搜索词
            - combobox "搜索词"
            - button "搜索"
          - paragraph: /找到 2 件文件，已列出 2 件/
          - group:
            - group "年份":
              - list:
                - listitem:
                  - button "2025年，1件"
            - group "栏目":
              - list:
                - listitem:
                  - button "工作总结，1件"
          - heading "共 2 件" [level=2]
          - text: 排序
          - combobox "排序"
          - list "已选的筛选条件":
            - listitem:
              - button "去掉筛选：2020年"
          - list:
            - listitem:
              - heading "示例市科技局2020年工作计划" [level=3]:
                - link "示例市科技局2020年工作计划"
            - listitem:
              - heading "示例市科技局2019年工作总结" [level=3]
        """
    )


@pytest.mark.parametrize(
    ("more", "width"),
    [("", 1280), ("&year=2018&column=plans", 360), ("&year=2018&column=plans&department=office", 1280)],
)
def test_no_state_has_an_accessibility_violation(page: Page, archive: str, more: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    searched(page, archive, more)

    found = Axe().run(page)

    assert found.violations_count == 0, found.generate_report()


def test_everything_is_within_reach_of_the_keyboard(page: Page, archive: str) -> None:
    """From an empty page to a hit in a document and back, without a mouse."""
    page.goto(f"{archive}/search/")
    page.keyboard.press("/")
    page.keyboard.type("高新技术企业")
    page.keyboard.press("Enter")
    expect(count(page)).to_have_text("24")
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(value(page, "year", "2025")).to_be_focused()
    page.keyboard.press("Space")
    expect(count(page)).to_have_text("1")
    expect(value(page, "year", "2025")).to_be_focused()
    results(page).locator("a").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="下一处")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="下一处")).to_have_count(0)
    page.go_back()

    expect(results(page).locator("a").first).to_be_focused()


@pytest.mark.parametrize("width", [320, 360])
def test_filters_are_folded_on_a_small_screen_and_targets_are_large(page: Page, archive: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    searched(page, archive, "&year=2018&year=2019")
    folded = page.locator("[data-search-facets]")
    assert not folded.evaluate("details => details.open")
    expect(folded.locator("summary")).to_have_text("筛选（已选2项）")
    folded.locator("summary").press("Enter")
    heights = page.locator("[data-search] :is(button, a, select, input, summary):visible").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().height)"
    )

    assert min(heights) >= 24
    assert page.evaluate("document.documentElement.scrollWidth") <= width
