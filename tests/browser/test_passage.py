"""From a result to its passage: hits marked and stepped through, and gone without a trace."""

from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # ships no types
from playwright.sync_api import Locator, Page, expect

DOCUMENT = "/summaries/2020/"
HITS = f"{DOCUMENT}#hit={quote('高新技术企业')}"
WITHOUT_HIGHLIGHTS = "delete globalThis.Highlight"
#: The text nodes of the document one by one: marks that were taken away leave none cut in two.
NODES = """() => {
  const walker = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode.parentElement.tagName + walker.currentNode.nodeValue);
  return texts;
}"""
MARKED = """() => [...CSS.highlights.get("gk-hit") ?? []].map(range => range.toString())"""
CURRENT = """() => [...CSS.highlights.get("gk-hit-current") ?? []].map(range => range.toString()).join("")"""


def bar(page: Page) -> Locator:
    return page.get_by_role("region", name="搜索到的词语")


def opened(page: Page, address: str) -> None:
    page.goto(address)
    expect(bar(page).get_by_role("status")).to_contain_text("处")


def test_a_result_leads_to_its_hits_and_back_to_the_result(page: Page, archive: str) -> None:
    page.goto(f"{archive}/search/?q={quote('李四')}&year=2021")
    link = page.locator("li[data-search-result] a").first
    expect(link).to_have_attribute("href", f"{archive}{DOCUMENT}")
    link.focus()
    link.press("Enter")

    expect(bar(page).get_by_role("status")).to_contain_text("第 1 处，共 1 处")
    assert page.evaluate(MARKED) == ["李　四"]
    assert page.url == archive + DOCUMENT
    page.go_back()
    expect(page.locator("[data-search-state=done]")).to_be_visible()
    expect(page.locator("li[data-search-result] a").first).to_be_focused()


def test_a_result_opened_in_a_new_tab_has_its_hits_too(page: Page, archive: str) -> None:
    page.goto(f"{archive}/search/?q={quote('李四')}&year=2021")
    link = page.locator("li[data-search-result] a").first
    with page.context.expect_page() as tab:
        link.click(button="middle")

    expect(bar(tab.value).get_by_role("status")).to_contain_text("共 1 处")


def test_hits_run_across_elements_and_stand_in_tables(page: Page, archive: str) -> None:
    opened(page, archive + HITS)

    assert page.evaluate(MARKED) == ["高新技术企业"] * 3


def test_a_word_within_a_longer_one_is_not_marked_by_itself(page: Page, archive: str) -> None:
    opened(page, f"{archive}{DOCUMENT}#hit={quote('培育')}&hit={quote('培育办法')}&hit={quote('没有的词')}")

    assert page.evaluate(MARKED) == ["培育办法"]


def test_a_word_is_marked_however_it_is_written(page: Page, archive: str) -> None:
    opened(page, f"{archive}/plans/2020/#hit=ＳＬＫＪ００012/2020-00002")

    assert page.evaluate(MARKED) == ["SLKJ00012/2020-00002"]


def test_the_passage_that_the_search_showed_comes_first_and_into_view(page: Page, archive: str) -> None:
    opened(page, f"{archive}{HITS}&near={quote('落实高新技术企业培育办法')}")

    expect(bar(page).get_by_role("status")).to_contain_text("第 2 处，共 3 处")
    expect(page.locator("article").get_by_text("技术企业培育办法")).to_be_in_viewport()


def test_within_a_paragraph_the_passage_decides_however_its_blanks_are_printed(page: Page, archive: str) -> None:
    opened(page, f"{archive}{DOCUMENT}#hit={quote('办法')}&hit={quote('培育')}&near={quote('办法，联系人李 四')}")

    expect(bar(page).get_by_role("status")).to_contain_text("第 3 处，共 3 处")


def test_the_buttons_go_round(page: Page, archive: str) -> None:
    opened(page, archive + HITS)
    said = []
    for name in ("下一处", "下一处", "下一处", "上一处"):
        bar(page).get_by_role("button", name=name).press("Enter")
        said.append(bar(page).get_by_role("status").inner_text().split("：")[0])

    assert said == [f"第 {place} 处，共 3 处" for place in (2, 3, 1, 3)]
    expect(page.get_by_role("cell", name="高新技术企业")).to_be_in_viewport()


def test_what_stands_around_a_hit_is_read_out(page: Page, archive: str) -> None:
    opened(page, archive + HITS)
    page.keyboard.press("Enter")

    expect(bar(page).get_by_role("status")).to_have_text("第 2 处，共 3 处：落实高新技术企业培育办法，联系人李　四。")


def test_the_first_key_presses_step(page: Page, archive: str) -> None:
    opened(page, archive + HITS)

    expect(bar(page).get_by_role("button", name="下一处")).to_be_focused()


@pytest.mark.parametrize("key", ["Escape", "Enter"])
def test_closing_leaves_the_page_as_it_was_and_the_focus_at_the_passage(page: Page, archive: str, key: str) -> None:
    opened(page, archive + HITS)
    bar(page).get_by_role("button", name="关闭").focus()
    page.keyboard.press(key)

    expect(bar(page)).to_have_count(0)
    assert page.evaluate("CSS.highlights.size") == 0
    assert page.evaluate("document.activeElement.textContent") == "全年新增高新技术企业20家。"
    page.reload()
    expect(page.locator("article")).to_be_visible()
    expect(bar(page)).to_have_count(0)


def test_reloading_keeps_the_marks_and_the_address_stays_clean(page: Page, archive: str) -> None:
    opened(page, archive + HITS)
    page.reload()

    expect(bar(page).get_by_role("status")).to_contain_text("共 3 处")
    assert page.url == archive + DOCUMENT


def test_an_older_browser_marks_with_elements_and_takes_them_away(page: Page, archive: str) -> None:
    page.add_init_script(WITHOUT_HIGHLIGHTS)
    page.goto(archive + DOCUMENT)
    before = page.evaluate(NODES)
    page.goto("about:blank")
    opened(page, archive + HITS)
    marks = page.locator("mark.gk-hit").all_inner_texts()
    bar(page).get_by_role("button", name="下一处").press("Enter")
    current = page.locator("mark.gk-hit-current").all_inner_texts()
    page.keyboard.press("Escape")

    assert marks == ["高新技术企业", "高新", "技术企业", "高新技术企业"]
    assert current == ["高新", "技术企业"]
    page.evaluate("document.activeElement.removeAttribute('tabindex')")
    assert page.evaluate(NODES) == before


def test_two_hits_in_one_line_are_both_marked_by_elements(page: Page, archive: str) -> None:
    page.add_init_script(WITHOUT_HIGHLIGHTS)
    opened(page, f"{archive}{DOCUMENT}#hit={quote('培育')}&hit={quote('办法')}")

    assert page.locator("mark.gk-hit").all_inner_texts() == ["培育", "培育", "办法"]


def test_words_that_are_not_there_change_nothing(page: Page, archive: str) -> None:
    with page.expect_response("**/passage.mjs"):
        page.goto(f"{archive}{DOCUMENT}#hit={quote('没有的词')}")
    page.wait_for_load_state("networkidle")

    expect(bar(page)).to_have_count(0)


def test_what_the_fragment_says_is_text(page: Page, archive: str) -> None:
    said: list[str] = []
    page.on("dialog", lambda dialog: said.append(dialog.message))
    opened(page, f"{archive}{HITS}&near={quote('<img src=x onerror=alert(1)>')}")

    assert said == []
    assert page.locator("img[src=x]").count() == 0


def test_the_current_hit_is_painted_unlike_the_others(page: Page, archive: str) -> None:
    opened(page, archive + HITS)

    assert page.evaluate(CURRENT) == "高新技术企业"


def test_marks_and_bar_are_not_printed(page: Page, archive: str) -> None:
    opened(page, archive + HITS)
    page.emulate_media(media="print")

    expect(bar(page)).to_be_hidden()


def test_an_ordinary_document_loads_none_of_it(page: Page, archive: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(archive + DOCUMENT, wait_until="networkidle")

    assert [url for url in asked if "/js/search/" in url or "css-apart" in url] == []


def test_marking_keeps_to_the_policy_and_sends_nothing(page: Page, archive: str) -> None:
    refused: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: asked.append(request.method + request.url))
    opened(page, archive + HITS)

    assert refused == []
    assert [one for one in asked if not one.startswith(f"GET{archive}/")] == []


@pytest.mark.parametrize("script", ["", WITHOUT_HIGHLIGHTS])
def test_the_bar_has_no_accessibility_violation(page: Page, archive: str, script: str) -> None:
    page.add_init_script(script)
    opened(page, archive + HITS)

    results = Axe().run(page)

    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("width", [320, 1280])
def test_the_bar_fits_the_window_and_its_buttons_are_large(page: Page, archive: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 640})
    opened(page, archive + HITS)
    sizes = (
        bar(page)
        .get_by_role("button")
        .evaluate_all(
            "buttons => buttons.map(button => button.getBoundingClientRect()).map(box => [box.width, box.height])"
        )
    )

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert min(min(size) for size in sizes) >= 24


def test_without_javascript_a_text_fragment_still_leads_there(plain_page: Page, archive: str) -> None:
    plain_page.goto(f"{archive}{HITS}:~:text={quote('培育办法')}")

    expect(plain_page.get_by_text("技术企业培育办法")).to_be_in_viewport()
