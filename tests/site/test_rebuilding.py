"""What a second build makes again, what it leaves, and what it says of both."""

import errno
import gzip
import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # ships no types
import pytest

from gongkai.engine import trees
from gongkai.engine.build import Outcome, Request, build_site
from gongkai.engine.report import explained
from tests.site.conftest import contents, snapshot
from tests.writing import markdown

ROOT = Path(__file__).parents[2]
Build = Callable[..., Outcome]


@pytest.fixture
def request_(tmp_path: Path) -> Request:
    """A bureau with its own settings and templates, so that a test may change them."""
    shutil.copytree(ROOT / "overrides", tmp_path / "overrides")
    text = (ROOT / "mkdocs.yml").read_text("utf-8")
    (tmp_path / "mkdocs.yml").write_text(text.replace("hooks/events.py", str(ROOT / "hooks/events.py")), "utf-8")
    return Request(tmp_path / "mkdocs.yml", docs_dir=tmp_path / "docs", site_dir=tmp_path / "site", jobs=1)


@pytest.fixture
def build(request_: Request, tmp_path: Path) -> Build:
    """Write `files`, build at `now`, give the outcome."""

    def run(files: Mapping[str, str] | None = None, *, now: str = "2026-01-31T09:00", **options: object) -> Outcome:
        (tmp_path / "docs").mkdir(exist_ok=True)
        for name, text in (files or {}).items():
            (tmp_path / "docs" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "docs" / name).write_text(text, "utf-8")
        return build_site(replace(request_, now=now, **options))  # type: ignore[arg-type]  # each option its own type

    return run


TWO = {
    "plans/a.md": markdown("甲的正文。", 信息索取号="a/1", 标题="甲计划"),
    "notices/b.md": markdown("乙的正文。", 信息索取号="a/2", 标题="乙通知", 发布时间="2025-02-15 09:30:00"),
}


def made(outcome: Outcome) -> dict[str, str]:
    """The units made again, with the reason."""
    return dict(outcome.report.reasons)


def test_nothing_is_made_when_nothing_changed(build: Build) -> None:
    before = build(TWO)

    again = build()

    assert made(again) == {}
    assert again.report.is_nothing
    assert again.summary == before.summary


def test_a_changed_body_makes_its_page_and_the_data_of_its_year(build: Build) -> None:
    build(TWO)

    assert made(build({"plans/a.md": TWO["plans/a.md"] + "补充一句。\n"})) == {
        "plans/a.md": "source",
        "data:2025": "rows",
    }


def test_a_changed_title_makes_the_lists_that_name_it(build: Build) -> None:
    build(TWO)

    again = made(build({"plans/a.md": TWO["plans/a.md"].replace("甲计划", "甲新计划")}))

    assert set(again) == {
        "plans/a.md",
        "list:catalogue/",
        "list:years/2025/",
        "list:plans/",
        "page:",
        "data:2025",
        "feed.xml",
        "feeds/plans.xml",
        "sitemap:2025",
        "search:suggestions",
    }


def test_what_the_search_box_offers_goes_when_nothing_is_public(build: Build, tmp_path: Path) -> None:
    build(TWO)
    file = tmp_path / "site" / "search" / "suggest.json"
    offered = file.read_text("utf-8")

    build({name: text.replace("主动公开", "不予公开") for name, text in TWO.items()})

    assert "乙通知" in offered
    assert not file.exists()


def test_a_changed_template_makes_what_uses_it(build: Build, tmp_path: Path) -> None:
    build(TWO)
    template = tmp_path / "overrides/parts/pager/pager.html"
    template.write_text(template.read_text("utf-8") + "{# x #}", "utf-8")

    again = made(build())

    assert {unit.partition(":")[0] for unit in again} == {"list", "frame"}
    assert set(again.values()) == {"template"}


def test_a_setting_that_every_page_shows_makes_every_page(build: Build, tmp_path: Path) -> None:
    build(TWO)
    change(tmp_path / "mkdocs.yml", "工作日 9:00", "工作日 8:30")

    again = made(build())

    assert {"plans/a.md", "notices/b.md", "page:", "list:plans/", "frame"} <= set(again)
    assert "data:2025" not in again


def change(file: Path, before: str, after: str) -> None:
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after), "utf-8")


def test_a_column_s_description_makes_its_own_pages_only(build: Build, tmp_path: Path) -> None:
    build(TWO)
    change(tmp_path / "mkdocs.yml", "description: 本局年度工作计划和重点任务安排", "description: 计划")

    assert made(build()) == {"plans/a.md": "settings", "list:plans/": "settings"}


def test_a_setting_that_no_page_shows_makes_nothing(build: Build, tmp_path: Path) -> None:
    build(TWO)
    change(tmp_path / "mkdocs.yml", "freshness: 183", "freshness: 200")

    assert made(build()) == {}


def test_an_embargo_that_ends_touches_only_what_tells_of_its_document(build: Build) -> None:
    build(TWO | {"notices/c.md": markdown(信息索取号="a/3", 发布时间="2026-02-01 09:00:00")})

    again = made(build(now="2026-02-01T09:00"))

    assert again["notices/c.md"] == "new"
    assert "plans/a.md" not in again
    assert "list:plans/" not in again


def test_the_clock_alone_makes_nothing(build: Build) -> None:
    build(TWO)

    assert made(build(now="2027-01-31T09:00")) == {}


def test_a_removed_document_is_said_to_be_removed(build: Build, tmp_path: Path) -> None:
    build(TWO)
    (tmp_path / "docs/plans/a.md").unlink()

    again = build()

    assert again.report.removed == {"plans/a.md": "document"}
    assert "文件页面：没有重新生成，沿用 1，移除 1" in list(again.report.lines())


def test_what_is_kept_is_the_same_file_on_disk(build: Build, tmp_path: Path) -> None:
    build(TWO)
    before = {path: (tmp_path / "site" / path).stat() for path in snapshot(tmp_path / "site")}

    build({"plans/a.md": TWO["plans/a.md"] + "补充一句。\n"})

    after = {path: (tmp_path / "site" / path).stat() for path in snapshot(tmp_path / "site")}
    changed = {path for path in before if path not in after or before[path].st_mtime_ns != after[path].st_mtime_ns}
    assert {path for path in changed if not path.startswith("search/")} == {
        "plans/a/index.html",
        "data/2025.json",
        "data/2025.csv",
        "data/catalogue.json",
    }


def test_lost_memory_makes_the_same_files_again(build: Build, tmp_path: Path) -> None:
    build(TWO)
    before = {path: (tmp_path / "site" / path).stat().st_mtime_ns for path in contents(tmp_path / "site")}
    shutil.rmtree(tmp_path / ".site.gongkai")

    assert set(made(build()).values()) == {"first"}
    assert {path: (tmp_path / "site" / path).stat().st_mtime_ns for path in contents(tmp_path / "site")} == before


def test_what_builds_remember_is_nobody_else_s_to_read(build: Build, tmp_path: Path) -> None:
    build(TWO)
    build({"plans/a.md": TWO["plans/a.md"] + "补充一句。\n"})

    modes = [(tmp_path / name).stat().st_mode & 0o777 for name in (".site.gongkai", "site", "site/plans/a")]
    assert modes == [0o700, 0o755, 0o755]


def test_a_renamed_department_is_found_under_its_new_key(build: Build, tmp_path: Path) -> None:
    build(TWO | {"notices/b.md": TWO["notices/b.md"].replace("来源:", "责任部门: 办公室\n来源:")})
    change(tmp_path / "mkdocs.yml", "key: office", "key: general")

    build()

    start = (tmp_path / "site/search/index/start.bin").read_bytes()
    facets = json.loads(gzip.decompress(start).partition(b"\n")[0])["facets"]
    assert facets[2]["values"] == [["general", "办公室"]]


def test_a_page_that_someone_deleted_comes_back(build: Build, tmp_path: Path) -> None:
    build(TWO)
    whole = snapshot(tmp_path / "site")
    (tmp_path / "site/plans/a/index.html").unlink()

    assert made(build()) == {"plans/a.md": "damaged"}
    assert snapshot(tmp_path / "site") == whole


def test_a_site_that_someone_deleted_comes_back(build: Build, tmp_path: Path) -> None:
    build(TWO)
    whole = contents(tmp_path / "site")
    shutil.rmtree(tmp_path / "site")

    build()

    assert contents(tmp_path / "site") == whole


def test_a_file_that_does_not_belong_goes_with_clean(build: Build, tmp_path: Path) -> None:
    build(TWO)
    (tmp_path / "site/秘密.txt").write_text("x")

    build(clean=True)

    assert not (tmp_path / "site/秘密.txt").exists()


@pytest.mark.parametrize("number", [errno.ENOSYS, errno.EINVAL])
def test_where_trees_cannot_be_exchanged_two_renames_do(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    build(TWO)
    monkeypatch.setattr(trees, "exchange", lambda one, other: False)

    build({"plans/a.md": TWO["plans/a.md"] + "补充一句。\n"})

    assert "补充一句" in (tmp_path / "site/plans/a/index.html").read_text("utf-8")
    assert not (tmp_path / ".site.gongkai/old").exists()


def test_where_files_cannot_be_linked_they_are_copied(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*paths: str) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    build(TWO)
    build({"plans/a.md": TWO["plans/a.md"] + "补充一句。\n"})
    build({"notices/b.md": TWO["notices/b.md"] + "再补一句。\n"})

    pages = [(tmp_path / f"site/{name}/index.html").read_text("utf-8") for name in ("plans/a", "notices/b")]
    assert ["补充一句" in pages[0], "再补一句" in pages[1]] == [True, True]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("docs/plans/a.md", "重新生成了，因为源文件改动。"),
        ("plans/a.md", "重新生成了，因为源文件改动。"),
        ("/plans/a/", "重新生成了，因为源文件改动。"),
        ("notices/b.md", "沿用上次的结果"),
        ("/years/2025/", "沿用上次的结果"),
        ("data/2025.json", "重新生成了，因为所列的文件有变。"),
        ("/nowhere/", "网站里没有这一页"),
    ],
)
def test_explain_says_why(build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: str, told: str) -> None:
    monkeypatch.chdir(tmp_path)
    build(TWO)
    again = build({"plans/a.md": TWO["plans/a.md"] + "补充一句。\n"})

    assert told in explained(asked, again.docs_dir, again.manifest, again.report)


def test_every_kind_has_its_line_in_the_report(build: Build) -> None:
    lines = list(build(TWO).report.lines())

    assert lines[0] == "文件页面：重新生成 2（没有上次的结果可用 2）"
    assert [line.partition("：")[0] for line in lines] == [
        "文件页面",
        "列表页",
        "首页、搜索页等",
        "开放数据",
        "订阅",
        "网站地图",
        "样式、脚本等公用文件",
    ]


def test_compressed_files_stand_beside_the_pages_and_go_with_the_option(build: Build, tmp_path: Path) -> None:
    build(TWO, compressions=("gz", "br"))
    page = (tmp_path / "site/plans/a/index.html").read_bytes()
    packed = [(tmp_path / f"site/plans/a/index.html.{kind}").read_bytes() for kind in ("gz", "br")]

    assert [gzip.decompress(packed[0]), brotli.decompress(packed[1])] == [page, page]
    assert (tmp_path / "site/404.html.gz").is_file()
    assert not list((tmp_path / "site/search").rglob("*.bin.gz"))
    build()
    assert [name for name in snapshot(tmp_path / "site") if name.endswith((".gz", ".br"))] == []


def test_a_file_linked_but_missing_is_no_reason_to_stop(build: Build, tmp_path: Path) -> None:
    build({"plans/a.md": markdown("![图](没有.png)")})

    assert 'src="没有.png"' in (tmp_path / "site/plans/a/index.html").read_text("utf-8")


def test_a_picture_that_leads_out_of_docs_is_not_copied(build: Build, tmp_path: Path) -> None:
    (tmp_path / "docs/plans").mkdir(parents=True)
    (tmp_path / "docs/plans/图.png").symlink_to("/etc/hostname")

    build({"plans/a.md": markdown("![图](图.png)")})

    assert not (tmp_path / "site/plans/图.png").exists()


def test_a_writer_into_docs_does_not_write_into_the_site(build: Build, tmp_path: Path) -> None:
    (tmp_path / "docs/plans").mkdir(parents=True)
    (tmp_path / "docs/plans/图.png").write_bytes(b"before")
    build({"plans/a.md": markdown("![图](图.png)")})

    with (tmp_path / "docs/plans/图.png").open("r+b") as file:
        file.write(b"after!")

    assert (tmp_path / "site/plans/图.png").read_bytes() == b"before"
    assert os.stat(tmp_path / "site/plans/图.png").st_nlink <= 2  # noqa: PTH116 - the site and its standby
