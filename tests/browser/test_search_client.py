"""The reader's side of the search, alone: a made-up index, one page, Chromium.

The page is served under the strictest Content-Security-Policy and from a folder below the root, as
on a site that does not own its host.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, unquote, urlencode

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from playwright.sync_api import Page, Route, expect

from gongkai.search.members import AttachedPage
from gongkai.search.opening import Names
from gongkai.search.packing import fnv1a
from tests.browser.conftest import OVERRIDES, lay_search, served
from tests.index_archive import AttachedText, Entry, build_index

ROOT = Path(__file__).parents[2]
CASES = json.loads((ROOT / "tests" / "cases" / "search_tokens.json").read_text("utf-8"))
COLUMNS = {"summaries": "工作总结", "plans": "工作计划", "notices": "通知公告"}
DEPARTMENTS = {"office": "办公室", "planning": "规划科"}
SHARDS = re.compile(r"/index/[0-9a-f]+/[a-mo-z]?[0-9]+\.bin$")
TOPICS = [
    "防汛值守",
    "公园绿化",
    "道路养护",
    "学校食堂",
    "图书借阅",
    "养老服务",
    "菜场改造",
    "公交线路",
    "消防演练",
    "水质监测",
]
STYLE = """:root { --gk-text: #1a1a1a; --gk-muted: #5a5a5a; --gk-link: #0b4f9e; --gk-accent: #0b4f9e;
--gk-on-accent: #fff; --gk-line: #d0d4da; --gk-surface: #fff; --gk-raised: #f4f6f9; --gk-mark: #ffe08a;
--gk-focus: #c25400; --gk-space-1: .25rem; --gk-space-2: .5rem; --gk-space-3: 1rem; --gk-space-4: 1.5rem;
--gk-space-5: 2.5rem; --gk-radius: .25rem; --gk-size-small: .875rem; --gk-size-body: 1rem;
--gk-size-large: 1.125rem; }
body { font-family: sans-serif; margin: 0 auto; max-inline-size: 64rem; padding: 1rem; }"""
PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>搜索</title>
<link rel="stylesheet" href="../style.css"><link rel="stylesheet" href="../assets/css-apart/search.css">
<h1>搜索</h1>{panel}</html>"""

THE_SUMMARY = Entry(
    url="summaries/2018/",
    title="某局2017年工作总结<b>示例</b>",
    index="000014349/2019-136425",
    document_number="",
    column="summaries",
    department="office",
    year=2018,
    published="2018-07-26T09:55:00+08:00",
    text="加大全社会研发投入攻坚行动。\n全年新增高新技术企业63家，特种胶项目获批，张　三到会。\n"
    "落实高新技术企业培育奖励办法，开展专利质押融资。",
)
THE_NOTICE = Entry(
    url="notices/12/",
    title="关于评审的通知",
    index="000014349/2018-000007",
    document_number="示科字〔2018〕12号",
    column="notices",
    department="planning",
    year=2018,
    published="2018-03-01T09:00:00+08:00",
    text="评审会改期，请相互转告。会议讨论高新技术企业名单与奖励。",
)
# Says another document's serial more often than that document does.
THE_DECOY = Entry(
    url="notices/decoy/",
    title="关于2019年136425来信的答复（2019-136425）",
    index="000014349/2021-000009",
    document_number="",
    column="notices",
    department="",
    year=2021,
    published="2021-03-01T09:00:00+08:00",
    text="来信编号2019-136425已答复。\n2019年136425不再受理。",
)


WITH_FILES = Entry(
    url="notices/files/",
    title="关于印发补贴名单的通知",
    index="000014349/2016-000300",
    document_number="",
    column="notices",
    department="",
    year=2016,
    published="2016-03-01T09:00:00+08:00",
    text="名单见附件。",
    has_files=True,
    attached=(
        AttachedText(
            "补贴名单.pdf", "notices/list.pdf", [AttachedPage(1, "封面。"), AttachedPage(2, "青石村水泵补贴三百元。")]
        ),
        AttachedText("填表说明.docx", "notices/form.docx", [AttachedPage(None, "蓝墨水填写两份。")]),
    ),
)
REPEALED = Entry(
    url="notices/repealed/",
    title="煤炉管理办法",
    index="000014349/2016-000301",
    document_number="示科字〔2016〕9号",
    column="notices",
    department="",
    year=2016,
    published="2016-03-02T09:00:00+08:00",
    text="煤炉登记。",
    validity="repealed",
)
IN_FORCE = replace(
    REPEALED,
    url="notices/stove/",
    title="煤炉改造办法",
    index="000014349/2016-000302",
    document_number="",
    validity="in-force",
)


def ordinary(number: int) -> Entry:
    topic = TOPICS[number % len(TOPICS)]
    year = 2015 + number % 6
    return Entry(
        url=f"plans/{number}/",
        title=f"关于{topic}的工作计划（第{number}期）",
        index=f"000014349/{year}-{number + 100:06}",
        document_number=f"示计字〔{year}〕{number}号",
        column="plans",
        department="office" if number % 2 else "",
        year=year,
        published=f"{year}-05-{number % 27 + 1:02}T10:00:00+08:00",
        text=f"本期安排{topic}，各单位按分工落实。\n企业与居民可以提出意见。\n第{number}期完。",
    )


def panel() -> str:
    environment = Environment(loader=FileSystemLoader(OVERRIDES), undefined=StrictUndefined)
    module = environment.get_template("parts/search/search.html").make_module()
    macro = module.__dict__["search_panel"]
    return str(macro("../", "../catalogue/", "../assets/js/search/page.mjs"))


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    host = tmp_path_factory.mktemp("host")
    site = host / "public"
    entries = [THE_SUMMARY, THE_NOTICE, THE_DECOY, WITH_FILES, REPEALED, IN_FORCE, *map(ordinary, range(60))]
    files = dict(build_index(entries, Names(COLUMNS, DEPARTMENTS, [["高企", "高新技术企业"]])))
    files["search/index.html"] = PAGE.format(panel=panel()).encode()
    files["style.css"] = STYLE.encode()
    for path, content in files.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_bytes(content)
    lay_search(site)
    with served(host) as url:
        yield f"{url}/public/search/"


def search(page: Page, address: str, query: str, **choices: str) -> None:
    page.goto(f"{address}?{urlencode({'q': query, **choices})}")
    expect(page.locator("[data-search-state=done]")).to_be_visible()


def found(page: Page) -> list[str | None]:
    links = page.locator("li[data-search-result] a[href]")
    return [link.get_attribute("href") for link in links.all()]


def count(page: Page) -> int:
    return int(page.locator("[data-search-count]").inner_text())


def test_the_browser_cuts_text_as_the_builder_does(page: Page, address: str) -> None:
    page.goto(address)
    cut = page.evaluate(
        """async (cases) => {
          const { tokens, identifierKey } = await import(new URL("../assets/js/search/tokens.mjs", location));
          const { parseQuery } = await import(new URL("../assets/js/search/query.mjs", location));
          return {
            tokens: cases.tokens.map(({ text }) => ({ text, tokens: tokens(text) })),
            keys: cases.keys.map(({ identifiers }) =>
              ({ key: [...new Set(identifiers.map(identifierKey))].join("|"), identifiers })),
            questions: cases.questions.map(({ query }) =>
              ({ query, tokens: [...new Set(parseQuery(query).tokens.map(({ token }) => token))] })),
          };
        }""",
        CASES,
    )

    assert cut == CASES


def test_the_browser_hashes_a_token_as_the_builder_does(page: Page, address: str) -> None:
    page.goto(address)
    words = ["", "企业", "𠮷林", "#示科字-2018-12", "foobar"]
    hashed = page.evaluate(
        """async (words) => {
          const { fnv1a } = await import(new URL("../assets/js/search/bytes.mjs", location));
          return words.map(fnv1a);
        }""",
        words,
    )

    assert hashed == [fnv1a(word) for word in words]


FINDS = {
    "特种胶": "summaries/2018/",
    "专利质押融资": "summaries/2018/",
    "研发投入攻坚": "summaries/2018/",
    "000014349/2019-136425": "summaries/2018/",
    "2019-136425": "summaries/2018/",
    "136425": "summaries/2018/",
    "１３６４２５": "summaries/2018/",
    "高新技术企业奖励": "summaries/2018/",
    "去年新增了多少家高新技术企业": "summaries/2018/",
    "胶": "summaries/2018/",
    "张三": "summaries/2018/",
    "示科字[2018]12号": "notices/12/",
    "示科字2018 12": "notices/12/",
    "示科字（2018）第012号": "notices/12/",
    "（2018）12号": "notices/12/",
    "相互转告": "notices/12/",
}


def test_what_a_citizen_types_finds_the_document_first(page: Page, address: str) -> None:
    assert {query: first(page, address, query) for query in FINDS} == FINDS


def first(page: Page, address: str, query: str) -> str:
    search(page, address, query)
    return (found(page)[0] or "").partition("/public/")[2]


def test_a_query_of_nothing_but_question_words_or_signs_is_answered(page: Page, address: str) -> None:
    queries = ["什么", "的", "多少 如何", "，。", "<script>", "(" * 300]

    answered = {query: listed(page, address, query) for query in queries}

    assert {query: shown for query, (shown, total) in answered.items() if shown != min(10, total)} == {}


def listed(page: Page, address: str, query: str) -> tuple[int, int]:
    """How many documents are shown, and of how many."""
    search(page, address, query)
    return len(found(page)), count(page)


def test_a_query_longer_than_200_characters_is_cut(page: Page, address: str) -> None:
    search(page, address, "特种胶" + " " * 2 + "啊" * 195 + "通知")

    assert page.locator("input[name=q]").input_value().endswith("啊" * 195)


def test_words_that_no_document_holds_are_named(page: Page, address: str) -> None:
    search(page, address, "特种胶量子计算机")

    assert (found(page)[0] or "").endswith("/summaries/2018/")
    assert "量子计算机" in page.locator("[data-search-remark]").inner_text()


def test_hits_are_marked_whole_and_across_the_blank_in_a_name(page: Page, address: str) -> None:
    search(page, address, "高新技术企业 张三")
    shown = page.locator("li[data-search-result]").first.locator(".gk-search-excerpt mark")
    expect(shown.first).to_be_visible()
    marks = shown.all_inner_texts()

    assert marks[:2] == ["高新技术企业", "张 三"]


def test_an_excerpt_shows_what_follows_the_words_asked_for(page: Page, address: str) -> None:
    page.goto(address)
    shown = page.evaluate(
        """async () => {
          const { excerpt, hitsIn } = await import(new URL("../assets/js/search/excerpt.mjs", location));
          const text = `${"前".repeat(300)}企业${"中".repeat(100)}新增企业66家。${"后".repeat(300)}`;
          const wanted = new Map([["新增", 2], ["增企", 1], ["企业", 1]]);
          return excerpt(text, hitsIn(text, wanted), wanted).map(({ text }) => text).join("");
        }"""
    )

    assert "新增企业66家" in shown


def test_a_title_is_text_and_its_facts_stand_below(page: Page, address: str) -> None:
    search(page, address, "特种胶")
    result = page.locator("li[data-search-result]").first

    assert result.locator("h3 a").inner_text() == THE_SUMMARY.title
    assert result.get_attribute("data-search-result") == THE_SUMMARY.index
    assert result.locator("time").get_attribute("datetime") == THE_SUMMARY.published
    assert result.locator(".gk-search-fact").all_inner_texts() == [
        "2018-07-26",
        "工作总结",
        "办公室",
        "000014349/2019-136425",
    ]


def test_a_hit_in_an_attachment_says_which_file_and_page_and_leads_there(page: Page, address: str) -> None:
    search(page, address, "水泵补贴")
    result = page.locator("li[data-search-result]").first
    expect(result.locator("[data-search-excerpt] mark").first).to_have_text("水泵补贴")

    expect(result.locator("[data-search-file]")).to_have_text("在附件中：补贴名单.pdf（PDF，第2页）")
    assert (result.locator("[data-search-file] a").get_attribute("href") or "").endswith(
        "/public/notices/list.pdf#page=2"
    )
    assert (found(page)[0] or "").endswith("/public/notices/files/")


def test_a_hit_in_a_file_without_pages_names_the_file_alone(page: Page, address: str) -> None:
    search(page, address, "蓝墨水")

    expect(page.locator("[data-search-file]")).to_have_text("在附件中：填表说明.docx（DOCX）")


def test_documents_with_files_can_be_chosen(page: Page, address: str) -> None:
    search(page, address, "名单")
    page.get_by_role("button", name="有附件，1件").press("Enter")

    expect(page.locator("[data-search-count]")).to_have_text("1")
    assert page.url.endswith("&files=yes")


def test_what_is_out_of_force_is_counted_and_shown_with_its_mark_when_chosen(page: Page, address: str) -> None:
    search(page, address, "煤炉")
    expect(page.locator("li[data-search-result] h3")).to_have_text(["煤炉改造办法"])
    page.get_by_role("button", name="已废止，1件").press("Enter")

    expect(page.locator("li[data-search-result] h3")).to_have_text(["煤炉管理办法 已废止"])
    expect(page.get_by_role("button", name="去掉筛选：已废止")).to_be_visible()


def test_equal_writings_that_took_part_are_named(page: Page, address: str) -> None:
    search(page, address, "高企")

    expect(page.locator("[data-search-remark]")).to_have_text("“高企”也找了：“高新技术企业”。")
    assert count(page) == 2


def test_a_link_is_the_documents_own_until_it_is_followed(page: Page, address: str) -> None:
    search(page, address, "标题:评审 -公园 相互转告")
    link = page.locator("li[data-search-result] h3 a").first
    expect(page.locator("[data-search-excerpt] mark").first).to_be_visible()
    before = link.get_attribute("href") or ""
    link.dispatch_event("pointerdown")
    after = unquote(link.get_attribute("href") or "")

    assert before.endswith("/public/notices/12/")
    assert after.startswith(f"{before}#hit=评审相互转告&hit=评审&hit=相互转告&")
    assert ":~:text=" in after
    assert "公园" not in after


def test_a_dash_in_a_passage_does_not_look_like_syntax(page: Page, address: str) -> None:
    page.goto(address)
    led = page.evaluate(
        """async () => {
          const { leadingAddress } = await import(new URL("../assets/js/search/leading.mjs", location));
          const passage = { text: "2019-136425，号&码", start: "2019-136425，号&码", end: "" };
          return leadingAddress("a/", { title: [], excerpt: [], passage }, ["号码"]);
        }"""
    )

    assert led.split(":~:text=")[1] == quote("2019") + "%2D" + quote("136425，号&码", safe="")


def test_a_facets_counts_follow_the_other_facets_only(page: Page, address: str) -> None:
    search(page, address, "工作")
    every_year = page.locator("[data-facet=year] [data-value]").count()
    page.locator('[data-facet=year] [data-value="2018"]').click()
    expect(page.locator("[data-search-count]")).to_have_text("11")

    assert page.locator("[data-facet=year] [data-value]").count() == every_year == 6
    assert page.locator('[data-facet=year] [data-value="2018"] .gk-search-number').inner_text() == "11"
    assert page.locator("[data-facet=column] .gk-search-number").all_inner_texts() == ["1", "10"]
    assert page.locator("[data-facet=department] .gk-search-number").all_inner_texts() == ["11"]


def test_a_choice_is_in_the_address_and_chosen_again_it_goes(page: Page, address: str) -> None:
    search(page, address, "工作")
    plans = page.locator("[data-facet=column] [data-value=plans]")
    plans.click()
    expect(plans).to_have_attribute("aria-pressed", "true")
    assert page.url.endswith("&column=plans")
    plans.click()
    expect(plans).to_have_attribute("aria-pressed", "false")

    assert page.url.endswith("?q=%E5%B7%A5%E4%BD%9C")


def test_an_address_brings_back_the_whole_state(page: Page, address: str) -> None:
    search(page, address, "工作", year="2018", column="plans", sort="newest")

    assert count(page) == 10
    assert page.locator("[data-search-sort]").input_value() == "newest"
    assert page.locator("[aria-pressed=true]").count() == 2


def test_the_back_button_restores_the_search_before(page: Page, address: str) -> None:
    search(page, address, "特种胶")
    page.get_by_role("searchbox").fill("相互转告")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator("h3 a").first).to_have_text("关于评审的通知")
    page.go_back()
    expect(page.locator("h3 a").first).to_have_text(THE_SUMMARY.title)

    assert page.get_by_role("searchbox").input_value() == "特种胶"


def test_by_date_the_newest_stand_first(page: Page, address: str) -> None:
    search(page, address, "工作", sort="newest")
    dates = page.locator("li[data-search-result] time").all_inner_texts()

    assert dates == sorted(dates, reverse=True)
    assert dates[0].startswith("2020")


def test_ten_are_listed_and_more_on_demand_with_the_focus_on_the_first_new_one(page: Page, address: str) -> None:
    search(page, address, "工作计划")
    before = found(page)
    page.get_by_role("button", name="更多结果").press("Enter")
    expect(page.locator("li[data-search-result]")).to_have_count(20)

    assert len(before) == 10
    assert found(page)[:10] == before
    assert page.evaluate("document.activeElement.href") == found(page)[10]


def test_everything_works_by_keyboard(page: Page, address: str) -> None:
    page.goto(address)
    page.keyboard.press("/")
    page.keyboard.type("工作")
    page.keyboard.press("Enter")
    expect(page.locator("[data-search-state=done]")).to_be_visible()
    first_year = page.locator("[data-facet=year] [data-value]").first
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(first_year).to_be_focused()
    page.keyboard.press("Space")
    expect(first_year).to_have_attribute("aria-pressed", "true")

    expect(first_year).to_be_focused()


def test_enter_while_an_input_method_composes_does_not_search(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("searchbox").fill("特种")
    prevented = page.evaluate(
        """() => !document.querySelector("input[name=q]").dispatchEvent(new KeyboardEvent("keydown",
          { key: "Enter", isComposing: true, bubbles: true, cancelable: true }))"""
    )

    assert prevented
    assert page.locator("[data-search-state=idle]").count() == 1


def test_the_number_found_is_announced(page: Page, address: str) -> None:
    search(page, address, "特种胶")

    assert page.locator("[aria-live=polite]").inner_text() == "找到 1 件文件，已列出 1 件"


def test_nothing_is_fetched_before_the_reader_asks(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address, wait_until="networkidle")

    assert page.locator("[data-search-state=idle]").count() == 1
    assert page.locator("[data-search-hint]").is_visible()
    assert [url for url in asked if "/search/index/" in url or "worker" in url] == []


def test_emptying_the_box_ends_the_search(page: Page, address: str) -> None:
    search(page, address, "特种胶")
    page.get_by_role("searchbox").fill("")
    page.get_by_role("searchbox").press("Enter")

    expect(page.locator("[data-search-state=idle]")).to_be_visible()
    assert found(page) == []


@pytest.mark.parametrize("lost", [re.compile("start.bin"), SHARDS, re.compile(r"/n[0-9]+.bin")])
def test_a_lost_file_is_said_plainly_and_may_be_tried_again(page: Page, address: str, lost: re.Pattern[str]) -> None:
    page.context.route(lost, lambda route: route.fulfill(status=404))
    page.goto(f"{address}?q=特种胶")
    expect(page.locator("[data-search-state=failed]")).to_be_visible()
    assert "搜索没有完成" in page.get_by_role("alert").inner_text()
    assert page.get_by_role("link", name="查看公开目录").get_attribute("href") == "../catalogue/"
    page.context.unroute(lost)
    page.get_by_role("button", name="重试").click()

    expect(page.locator("li[data-search-result]")).to_have_count(1)


def test_a_truncated_file_is_a_failure_and_no_wrong_answer(page: Page, address: str) -> None:
    def truncated(route: Route) -> None:
        body = route.fetch().body()
        route.fulfill(body=body[: len(body) // 2])

    page.context.route(SHARDS, truncated)
    page.goto(f"{address}?q=特种胶")

    expect(page.locator("[data-search-state=failed]")).to_be_visible()


def test_an_index_renewed_behind_the_pages_back_is_opened_anew(page: Page, address: str) -> None:
    statuses = iter([404])

    def gone_once(route: Route) -> None:
        status = next(statuses, None)
        if status:
            route.fulfill(status=status)
        else:
            route.continue_()

    page.context.route(SHARDS, gone_once)
    search(page, address, "消防演练")

    expect(page.locator("h3 a").first).to_contain_text("消防演练")


def test_a_question_prefers_the_text_that_says_its_parts_side_by_side(page: Page, address: str) -> None:
    page.goto(address)
    near = page.evaluate(
        """async () => {
          const { closeness } = await import(new URL("../assets/js/search/ranking.mjs", location));
          const runs = ["新增", "企业"];
          return ["新增企业", "企业五家，全年新增", "新增道路", "企业，新增企业"].map((text) => closeness(runs, text));
        }"""
    )

    assert near == [1, 4 / 9, 0, 1]


def test_without_javascript_the_page_says_so_and_leads_to_the_catalogue(plain_page: Page, address: str) -> None:
    plain_page.goto(address)

    message = plain_page.get_by_text("启用 JavaScript")
    expect(message).to_be_visible()
    expect(message.get_by_role("link")).to_have_attribute("href", "../catalogue/")


def test_the_message_for_readers_without_scripts_goes_when_scripts_run(page: Page, address: str) -> None:
    page.goto(address)

    expect(page.locator("[data-search-scriptless]")).to_have_count(0)


def test_a_browser_that_cannot_load_the_script_is_told_so(page: Page, address: str) -> None:
    page.route("**/page.mjs", lambda route: route.abort())
    page.goto(address)

    expect(page.get_by_text("启用 JavaScript")).to_be_visible()


def test_the_panel_escapes_what_it_prints() -> None:
    environment = Environment(loader=FileSystemLoader(OVERRIDES), undefined=StrictUndefined)
    macro = environment.get_template("parts/search/search.html").make_module().__dict__["search_panel"]

    assert '"><script>alert' not in str(macro('"><script>alert(1)</script>', "c/", "s.mjs"))


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_nothing_is_wider_than_the_window(page: Page, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    search(page, address, "高新技术企业")

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("[data-search-facets]").evaluate("details => details.open") is (width > 768)
