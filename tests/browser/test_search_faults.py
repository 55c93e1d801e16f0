"""What can go wrong between a reader and the index, and what the page then says and does."""

import base64
import gzip
import random
import re
import shutil
from pathlib import Path
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # ships no types
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OVERRIDES, served

TITLE = "示例市科技局2017年工作总结及2018年工作计划"
QUERY = quote("高新技术企业")
START = "**/search/index/start.bin"
INDEX = "**/search/index/**"
WITHOUT_WORKER = "delete globalThis.Worker"
WITHOUT_STREAMS = "delete globalThis.DecompressionStream"
GUNZIP = """async (files) => {
  const { gunzip } = await import("/assets/js/search/inflate.mjs");
  const bytes = (text) => Uint8Array.from(atob(text), character => character.charCodeAt(0));
  return files.map((file) => {
    try {
      return [...gunzip(bytes(file))].reduce((text, byte) => text + String.fromCharCode(byte), "");
    } catch {
      return null;
    }
  });
}"""


def asked(page: Page, archive: str) -> None:
    page.goto(f"{archive}/search/?q={QUERY}")


def expect_results(page: Page) -> None:
    expect(page.locator("[data-search-state=done]")).to_be_visible()
    expect(page.locator("[data-search-count]")).to_have_text("24")


def expect_failure(page: Page, sentence: str) -> None:
    expect(page.locator("[data-search-state=failed]")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text(sentence)
    expect(page.get_by_role("alert").get_by_role("link", name="查看公开目录")).to_be_visible()


def expect_recovery(page: Page) -> None:
    page.get_by_role("button", name="重试").press("Enter")
    expect_results(page)
    expect(page.get_by_role("alert")).to_be_hidden()


def test_without_workers_the_page_answers_by_itself(page: Page, archive: str) -> None:
    page.add_init_script(WITHOUT_WORKER)
    asked(page, archive)

    expect_results(page)
    expect(page.locator("[data-search-excerpt] mark").first).to_have_text("高新技术企业")


@pytest.mark.parametrize("start", ["super('/no/such/worker.mjs', options)", "throw new Error('not here')"])
def test_a_worker_that_does_not_start_is_done_without(page: Page, archive: str, start: str) -> None:
    page.add_init_script(f"globalThis.Worker = class extends Worker {{ constructor(url, options) {{ {start} }} }}")
    asked(page, archive)

    expect_results(page)


def test_an_older_browser_undoes_gzip_by_itself(page: Page, archive: str) -> None:
    page.add_init_script(WITHOUT_WORKER + ";" + WITHOUT_STREAMS)
    asked(page, archive)

    expect_results(page)
    expect(page.locator("[data-search-excerpt] mark").first).to_have_text("高新技术企业")


def test_an_older_browsers_worker_undoes_gzip_by_itself(page: Page, archive: str) -> None:
    def older(route: Route) -> None:
        route.fulfill(body="delete self.DecompressionStream;" + route.fetch().text(), content_type="text/javascript")

    page.context.route("**/worker.js", older)
    page.context.route("**/worker.mjs", lambda route: route.abort())
    with page.expect_response("**/worker.js"):
        asked(page, archive)

    expect_results(page)


def test_a_browser_that_cannot_run_the_search_is_told_so(page: Page, archive: str) -> None:
    page.add_init_script(
        WITHOUT_WORKER
        + """;globalThis.RegExp = new Proxy(RegExp, { construct(real, [source, flags]) {
             if (String(source).includes("(?<=")) throw new SyntaxError("an older browser");
             return new real(source, flags);
           } });"""
    )
    asked(page, archive)

    expect_failure(page, "搜索程序没有运行起来")


def test_gzip_of_every_kind_is_undone_and_nothing_damaged_passes(page: Page, archive: str) -> None:
    chance = random.Random("gzip")
    contents = [
        b"",
        b"a",
        "高新技术企业".encode() * 3_000,
        chance.randbytes(70_000),
        bytes(chance.choices(range(97, 123), range(1, 27), k=50_000)),
    ]
    packed = [gzip.compress(content, level, mtime=0) for content in contents for level in (0, 1, 6, 9)]
    damaged = [data[: len(data) - cut] for data in packed[8:] for cut in (1, 9, len(data) // 2)]
    damaged += [data[:20] + bytes([data[20] ^ 255]) + data[21:] for data in packed[8:]]
    page.context.route("**/inflate.mjs", lambda route: route.fulfill(path=OVERRIDES / "parts/search/inflate.mjs"))
    page.goto(f"{archive}/search/")

    found = page.evaluate(GUNZIP, [base64.b64encode(data).decode() for data in packed + damaged])

    assert [text.encode("latin-1") for text in found[: len(packed)]] == [
        content for content in contents for _ in range(4)
    ]
    assert set(found[len(packed) :]) == {None}


def test_without_a_network_the_page_says_so_and_may_be_tried_again(page: Page, archive: str) -> None:
    page.goto(f"{archive}/search/", wait_until="networkidle")
    page.get_by_role("combobox", name="搜索词").fill("高新技术企业")
    page.context.set_offline(True)
    page.keyboard.press("Enter")

    expect_failure(page, "没有连上网络")
    page.context.set_offline(False)
    expect_recovery(page)


def test_a_connection_that_breaks_is_said_plainly(page: Page, archive: str) -> None:
    page.context.route(INDEX, lambda route: route.abort())
    asked(page, archive)

    expect_failure(page, "索引文件没有读到或不完整")
    page.context.unroute(INDEX)
    expect_recovery(page)


@pytest.mark.parametrize("lost", [START, "**/search/index/*/n0.bin"])
def test_a_missing_file_is_said_plainly(page: Page, archive: str, lost: str) -> None:
    page.context.route(lost, lambda route: route.fulfill(status=404))
    asked(page, archive)

    expect_failure(page, "索引文件没有读到或不完整")
    page.context.unroute(lost)
    expect_recovery(page)


@pytest.mark.parametrize("script", ["", WITHOUT_WORKER + ";" + WITHOUT_STREAMS])
@pytest.mark.parametrize("cut", [START, "**/search/index/*/n0.bin"])
def test_a_truncated_file_is_no_wrong_answer(page: Page, archive: str, cut: str, script: str) -> None:
    def truncated(route: Route) -> None:
        body = route.fetch().body()
        route.fulfill(body=body[: len(body) // 2])

    page.add_init_script(script)
    page.context.route(cut, truncated)
    asked(page, archive)

    expect_failure(page, "索引文件没有读到或不完整")


def test_a_part_that_cannot_be_read_is_left_out_and_said(page: Page, archive: str) -> None:
    lost: list[str] = []

    def lose_the_first(route: Route) -> None:
        lost.append(route.request.url)
        if route.request.url == lost[0]:
            route.fulfill(status=404)
        else:
            route.continue_()

    page.context.route(re.compile(r"/search/index/[0-9a-f]+/\d+\.bin$"), lose_the_first)
    asked(page, archive)

    expect(page.locator("[data-search-state=done]")).to_be_visible()
    expect(page.locator("[data-search-remark]")).to_contain_text("结果可能不全")
    page.context.unroute_all()
    page.get_by_role("button", name="重新搜索").press("Enter")
    expect(page.locator("[data-search-remark]")).to_be_hidden()
    expect_results(page)


def test_one_failure_is_made_good_without_a_word(page: Page, archive: str) -> None:
    statuses = iter([503])

    def failing_once(route: Route) -> None:
        status = next(statuses, 0)
        if status:
            route.fulfill(status=status)
        else:
            route.continue_()

    page.context.route(START, failing_once)
    asked(page, archive)

    expect_results(page)


def test_an_index_of_another_format_is_said_plainly(page: Page, archive: str) -> None:
    page.context.route(START, lambda route: route.fulfill(json={"format": 9999, "segments": []}))
    asked(page, archive)

    expect_failure(page, "网站可能正在更新")


def test_an_index_replaced_under_an_open_page_is_opened_anew(
    page: Page, archive_site: Path, built: Path, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    shutil.copytree(archive_site, site)
    with served(site) as address:
        asked(page, address)
        expect_results(page)
        shutil.rmtree(site / "search/index")
        shutil.copytree(built / "search/index", site / "search/index")
        page.get_by_role("combobox", name="搜索词").fill("特种胶")
        page.keyboard.press("Enter")

        expect(page.locator("[data-search-count]")).to_have_text("1")
        expect(page.locator("li[data-search-result] h3")).to_contain_text(TITLE)


def test_a_stalled_search_is_asked_once_more_and_then_given_up(page: Page, archive: str) -> None:
    page.clock.install()
    held: list[Route] = []
    page.context.route(START, lambda route: held.append(route))  # noqa: PLW0108 - Playwright wants a function
    asked(page, archive)
    expect(page.get_by_text("正在搜索")).to_be_attached()
    page.clock.run_for(6_000)
    expect(page.locator("[data-search-waiting]")).to_have_text("网络较慢，还在读取索引，请稍候……")
    page.clock.run_for(25_000)
    expect(page.locator("[data-search-state=busy]")).to_be_attached()
    page.clock.run_for(31_000)

    expect_failure(page, "等了很久没有读到索引文件")
    page.context.unroute(START)
    expect_recovery(page)


def test_a_search_that_stalled_once_is_answered(page: Page, archive: str) -> None:
    page.clock.install()
    held: list[Route] = []

    def first_held(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    page.context.route(START, first_held)
    with page.expect_request(START):
        asked(page, archive)
    page.clock.run_for(31_000)

    expect_results(page)


def test_a_failure_has_no_accessibility_violation(page: Page, archive: str) -> None:
    page.context.route(INDEX, lambda route: route.fulfill(status=404))
    asked(page, archive)
    expect_failure(page, "搜索没有完成")

    found = Axe().run(page)

    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("script", ["", WITHOUT_WORKER + ";" + WITHOUT_STREAMS])
def test_searching_keeps_to_the_policy_and_to_the_own_host(page: Page, archive: str, script: str) -> None:
    refused: list[str] = []
    hosts: list[str] = []
    page.add_init_script(script)
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: hosts.append(request.url))
    asked(page, archive)
    expect_results(page)

    assert refused == []
    assert [url for url in hosts if not url.startswith(f"{archive}/")] == []
