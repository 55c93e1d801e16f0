"""Searching the built site: the page is found by every way a citizen would look for it."""

from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from gongkai.engine.build import Request, build_site, quiet_mkdocs
from tests.browser.conftest import ROOT, served

TITLE = "示例市科技局2017年工作总结及2018年工作计划"


def search(page: Page, address: str, query: str) -> None:
    page.goto(f"{address}/search/?q={quote(query)}")
    page.wait_for_selector("[data-search-state=done]")


QUERIES = (
    "特种胶",
    "专利质押融资",
    "研发投入攻坚",
    "000014349/2019-136425",
    "１３６４２５",
    "136425",
    "示科字[2018]12号",
    "高新技术企业奖励",
    "去年新增了多少家高新技术企业",
    "张三",
)


def test_the_page_is_the_first_result(page: Page, address: str) -> None:
    assert {query: reached(page, address, query) for query in QUERIES} == dict.fromkeys(QUERIES, TITLE)


def reached(page: Page, address: str, query: str) -> str:
    """The title of the first result, which leads to the document."""
    search(page, address, query)
    first = page.locator("li[data-search-result] a").first
    title = first.inner_text()
    first.click()
    page.wait_for_url("**/summaries/2017/**")
    return title


def test_a_search_from_the_header_of_any_page_arrives(page: Page, address: str) -> None:
    page.goto(f"{address}/notices/1/")
    page.get_by_role("banner").get_by_role("combobox", name="搜索").fill("特种胶")
    page.keyboard.press("Enter")

    expect(page.locator("li[data-search-result] a").first).to_have_text(TITLE)


def test_facets_narrow_by_year_column_and_department(page: Page, address: str) -> None:
    search(page, address, "科技")
    before = int(page.locator("[data-search-count]").inner_text())

    page.locator("[data-facet=year] [data-value='2018']").click()
    page.wait_for_url("**year=2018**")
    expect(page.locator("[data-search-count]")).to_have_text("1")
    page.locator("[data-facet=year] [data-value='2018']").click()
    expect(page.locator("[data-search-count]")).to_have_text(str(before))
    page.locator("[data-facet=column] [data-value=notices]").click()
    page.wait_for_url("**column=notices**")
    expect(page.locator("[data-search-count]")).to_have_text(str(before - 1))
    page.locator("[data-facet=department] [data-value=transfer]").click()
    expect(page.locator("[data-search-count]")).to_have_text(str(before - 1))
    assert before > 1


def test_the_first_search_transfers_less_than_150_kilobytes_beyond_the_page(page: Page, address: str) -> None:
    sizes: list[int] = []
    page.goto(f"{address}/search/", wait_until="networkidle")
    page.on("response", lambda response: sizes.append(len(response.body())))

    page.get_by_role("combobox", name="搜索").fill("研发投入攻坚")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-search-state=done]")
    page.wait_for_load_state("networkidle")

    assert 1_000 < sum(sizes) < 150_000


def test_without_javascript_the_search_page_leads_to_the_catalogue(plain_page: Page, address: str) -> None:
    plain_page.goto(f"{address}/search/?q=特种胶")

    expect(plain_page.get_by_text("启用 JavaScript")).to_be_visible()
    plain_page.get_by_role("main").get_by_role("link", name="公开目录").click()
    expect(plain_page.locator("table")).to_be_visible()


def test_a_site_without_documents_says_that_nothing_is_found(page: Page, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    with quiet_mkdocs():
        request = Request(ROOT / "mkdocs.yml", docs_dir=tmp_path / "docs", site_dir=tmp_path / "site")
        site = build_site(request).site_dir

    with served(site) as address:
        search(page, address, "特种胶")
        expect(page.locator("[data-search-count]")).to_have_text("0")


def test_the_search_results_have_no_accessibility_violation(page: Page, address: str) -> None:
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # noqa: PLC0415

    search(page, address, "科技")

    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def test_the_real_page_is_found_where_it_lies_beside_the_project(page: Page, tmp_path: Path) -> None:
    seeds = sorted((ROOT.parent / "shared" / "seeds").glob("*.txt"))
    if not seeds:
        pytest.skip("../shared/seeds is not beside this checkout: the real page cannot be tried")
    import subprocess  # noqa: PLC0415 - this test only
    import sys  # noqa: PLC0415

    gongkai = Path(sys.executable).with_name("gongkai")
    docs, site = tmp_path / "docs", tmp_path / "site"
    subprocess.run(
        [gongkai, "import", seeds[0], "--column", "summaries", "--docs-dir", docs], check=True, capture_output=True
    )
    subprocess.run([gongkai, "build", "--docs-dir", docs, "--site-dir", site], check=True, capture_output=True)

    with served(site) as address:
        for query in (
            "特种胶",
            "专利质押融资",
            "研发投入攻坚",
            "000014349/2019-136425",
            "136425",
            "高新技术企业奖励",
            "去年新增了多少家高新技术企业",
        ):
            search(page, address, query)
            expect(page.locator("li[data-search-result] a").first).to_have_text(
                "市科技局2017年工作总结及2018年工作计划"
            )
