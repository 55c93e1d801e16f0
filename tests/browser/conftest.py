"""Debian's Chromium before a site built from text and served on this machine only."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from gongkai.engine.build import Request, build_site, quiet_mkdocs
from gongkai.search import segment
from tests.writing import markdown

ROOT = Path(__file__).parents[2]
OVERRIDES = ROOT / "overrides"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
NewPage = Callable[..., Page]

#: A page of the kind that the project is made for, in words of our own.
SUMMARY = """
2017年，全局扎实工作。

## 一、主要成效

全年新增高新技术企业63家，兑现高新技术企业奖励资金330万元；青山特种胶项目获批重大专项，稳步推进专利质押融资工作。

- 全市科技工作先进单位
- 全市政务公开先进单位

## 二、主要做法

### 1.深入开展研发投入攻坚行动。

全年召开培训会2次，联系人张　三。
"""


def documents() -> Mapping[str, str]:
    """The page above among sixty others."""
    main = markdown(
        SUMMARY,
        标题="示例市科技局2017年工作总结及2018年工作计划",
        信息索取号="000014349/2019-136425",
        文件编号="示科字〔2018〕12号",
        生成日期="2018-07-26",
        发布时间="2018-07-26 09:55:00",
        责任部门="办公室",
    )
    others = {
        f"notices/{number}.md": markdown(
            f"请各单位于{number}日前报送材料，联系科技服务窗口。",
            标题=f"关于报送第{number}批材料的通知",
            信息索取号=f"SLKJ00012/2025-{number:05}",
            发布时间=f"2025-01-15 09:{number:02}:00",
            责任部门="成果转化科",
        )
        for number in range(1, 60)
    }
    wide = markdown(
        f"{'A1' * 60} https://a.example/{'b' * 120}\n\n| 序号 | 重点任务名称 | 年度目标值 | 牵头责任科室 | 完成时限 | 备注说明 |\n"
        "| --- | --- | --- | --- | --- | --- |\n| 1 | 新增高新技术企业 | 40家以上 | 高新技术科 | 12月底前 | 无 |\n",
        标题="W" * 90,
        信息索取号="SLKJ00012/2025-99999",
        发布时间="2025-01-14 09:00:00",
    )
    return {"summaries/2017.md": main, "reports/wide.md": wide, **others}


#: A passage whose words run across elements, a gap in a name and a table, after so much text that it is out of sight.
DETAILED = """
全年新增高新技术企业{count}家。

{filler}

## 培育

落实**高新**技术企业培育办法，联系人李　四。

| 项目 | 目标 |
| --- | --- |
| 高新技术企业 | {count}家 |
"""


def yearly() -> Mapping[str, str]:
    """Twelve years of summaries and plans, one plan repealed."""
    found: dict[str, str] = {}
    for year in range(2013, 2025):
        text = DETAILED.format(count=year - 2000, filler="\n\n".join(["各项工作按计划推进。" * 20] * 12))
        found[f"summaries/{year}.md"] = markdown(
            text,
            标题=f"示例市科技局{year}年工作总结",
            信息索取号=f"SLKJ00012/{year + 1}-00001",
            生成日期=f"{year + 1}-01-10",
            发布时间=f"{year + 1}-01-15 09:30:00",
            责任部门="办公室",
        )
        found[f"plans/{year}.md"] = markdown(
            f"{year}年计划新增高新技术企业{year - 1990}家。",
            标题=f"示例市科技局{year}年工作计划",
            信息索取号=f"SLKJ00012/{year}-00002",
            文件编号=f"示科字〔{year}〕2号",
            生成日期=f"{year}-02-10",
            发布时间=f"{year}-02-15 09:30:00",
            责任部门="规划与政策法规科",
        )
    return found


class _Quiet(SimpleHTTPRequestHandler):
    """Files under the policy that a careful host sends, 404.html for what is not there, not a word on the console."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", "default-src 'self'")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        pass

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = Path(self.directory) / "404.html"
        if code != 404 or not page.is_file():
            super().send_error(code, message, explain)
            return
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(page.read_bytes())


@contextmanager
def served(folder: Path, handler: type[SimpleHTTPRequestHandler] = _Quiet) -> Iterator[str]:
    """The address at which `folder` is served, on the loopback interface."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def written(files: Mapping[str, str], folder: Path) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def lay_search(folder: Path) -> Path:
    """Put the search's scripts and sheets below `folder` as a site has them, and beside them its modules as written."""
    for kind, place in (("*.css", "assets/css-apart"), ("*.mjs", "assets/js/search")):
        (folder / place).mkdir(parents=True)
        for file in (OVERRIDES / "parts/search").glob(kind):
            shutil.copy(file, folder / place)
    shutil.copytree(OVERRIDES / "assets/js", folder / "assets/js", dirs_exist_ok=True)
    return folder


def site_of(files: Mapping[str, str], folder: Path) -> Path:
    """The folder of a site built from `files`."""
    with quiet_mkdocs():
        request = Request(
            ROOT / "mkdocs.yml",
            docs_dir=written(files, folder / "docs"),
            site_dir=folder / "site",
            now="2026-01-31T09:00",
        )
        return build_site(request).site_dir


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return site_of(documents(), tmp_path_factory.mktemp("bureau"))


@pytest.fixture(scope="session")
def archive_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site with twelve years of summaries and plans; its index has many small files, as a large one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(segment, "SHARD_BYTES", 100)
        return site_of(yearly(), tmp_path_factory.mktemp("archive"))


@pytest.fixture(scope="session")
def archive(archive_site: Path) -> Iterator[str]:
    """The address of the site with twelve years of summaries and plans."""
    with served(archive_site) as url:
        yield url


@pytest.fixture(scope="session")
def address(built: Path) -> Iterator[str]:
    with served(built) as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not chromium:
        pytest.fail("Chromium is missing; install it (Debian: apt-get install chromium) or set CHROMIUM to its path")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(120_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    """A browser without JavaScript."""
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()
