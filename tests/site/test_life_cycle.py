"""What becomes of a document: which outputs there are at which instant, and what its page tells of its life."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from selectolax.lexbor import LexborHTMLParser

from gongkai.engine.build import Outcome, Request, build_site
from gongkai.engine.edition import BuildFailedError
from tests.site.conftest import Publish, snapshot
from tests.site.repositories import commit, git, repository, write
from tests.writing import markdown

ROOT = Path(__file__).parents[2]
ATOM = "{http://www.w3.org/2005/Atom}"
NUMBER = "SLKJ00012/2026-00001"
#: One document with an embargo, a limited term and a withdrawal that is to come.
LIFE = {
    "notices/a.md": markdown(
        "只在正文里的字句。",
        标题="示例通知",
        信息索取号=NUMBER,
        生成日期="2026-02-01",
        发布时间="2026-03-01 09:00:00",
        公开时限="限时公开至2026-06-30",
        内容概述="概述里的字句",
        撤回="{date: 2026-09-01, reason: 附表有误}",
        附件="[a.csv]",
    ),
    "notices/a.csv": "附件里的字句",
    "notices/b.md": markdown("另一份。", 标题="另一份通知", 信息索取号="SLKJ00012/2026-00002"),
}
BODY, ABSTRACT, FILE, TITLE = "只在正文里的字句", "概述里的字句", "附件里的字句", "示例通知"


def page(site: Path, address: str) -> LexborHTMLParser:
    return LexborHTMLParser((site / address / "index.html").read_text("utf-8"))


def texts(tree: LexborHTMLParser, selector: str) -> list[str]:
    return [" ".join(node.text().split()) for node in tree.css(selector)]


def where(site: Path, words: str) -> set[str]:
    """The files of a site (its index's packed ones aside) that hold `words`, escaped or not."""
    found = (words.encode(), json.dumps(words).encode())
    return {name for name, data in snapshot(site).items() if any(one in data for one in found)}


def addresses(site: Path) -> set[str]:
    """Where the document has an output of its own."""
    own = {"notices/a/index.html", "notices/a.csv", f"id/{NUMBER}/index.html"}
    return {name for name in own if (site / name).exists()}


@pytest.mark.parametrize(
    ("now", "outputs", "known"),
    [
        ("2026-03-01T08:59:59", set[str](), set[str]()),
        (
            "2026-03-01T09:00",
            {"notices/a/index.html", "notices/a.csv", f"id/{NUMBER}/index.html"},
            {BODY, ABSTRACT, FILE, TITLE},
        ),
        ("2026-07-01T00:00", {"notices/a/index.html", f"id/{NUMBER}/index.html"}, {TITLE}),
        ("2026-09-01T00:00", {"notices/a/index.html", f"id/{NUMBER}/index.html"}, {TITLE}),
    ],
    ids=["before the embargo ends", "published", "expired", "withdrawn"],
)
def test_each_instant_has_its_outputs_and_no_other(
    publish: Publish, now: str, outputs: set[str], known: set[str]
) -> None:
    site = publish(LIFE, now=now)

    assert addresses(site) == outputs
    assert {words for words in (BODY, ABSTRACT, FILE, TITLE) if where(site, words)} == known
    assert bool(where(site, NUMBER)) is bool(outputs)


def test_the_same_folder_goes_through_all_instants_without_a_trace_of_the_last(publish: Publish) -> None:
    publish(LIFE, now="2026-03-01T09:00")
    site = publish({}, now="2026-09-01T00:00")

    assert {words for words in (BODY, ABSTRACT, FILE) if where(site, words)} == set()
    assert texts(page(site, "notices/a"), ".gk-notice p") == ["本文件已于2026-09-01撤回：附表有误。"]


def test_a_tombstone_keeps_number_title_date_and_reason_and_out_of_search_engines(publish: Publish) -> None:
    tree = page(publish(LIFE, now="2026-09-01T00:00"), "notices/a")

    assert texts(tree, "h1") == [TITLE]
    assert texts(tree, "tr[data-field=index] td") == [NUMBER]
    assert len(tree.css("tr[data-field]")) == 8
    assert [node.attributes["content"] for node in tree.css("meta[name=robots]")] == ["noindex"]
    assert texts(tree, ".gk-history li") == ["2026-03-01 首次公开（09:00）", "2026-09-01 撤回"]


def test_a_listing_marks_what_is_not_as_it_was(publish: Publish) -> None:
    site = publish(LIFE, now="2026-09-01T00:00")

    assert texts(page(site, "notices"), f"[data-row='{NUMBER}'] .gk-mark") == ["已撤回"]


# Changes, validity, successors


REPEALED = {
    "notices/old.md": markdown(
        "旧办法。",
        标题="旧办法",
        信息索取号="SLKJ00012/2025-00001",
        时效="{状态: 废止, 日期: 2026-01-10, 原因: 已由新办法代替}",
        更正="[{date: 2025-06-01, note: 第三条“五日”更正为“五个工作日”}]",
    ),
    "notices/new.md": markdown(
        "新办法。",
        标题="新办法",
        信息索取号="SLKJ00012/2026-00001",
        发布时间="2026-01-10 09:00",
        取代="SLKJ00012/2025-00001",
    ),
}


def test_a_repealed_document_says_so_first_with_date_reason_and_successor(publish: Publish) -> None:
    tree = page(publish(REPEALED), "notices/old")

    assert texts(tree, ".gk-notice p") == [
        "本文件已于2026-01-10废止：已由新办法代替。",
        "本文件已由新办法（SLKJ00012/2026-00001）取代。",
    ]
    assert [link.attributes["href"] for link in tree.css(".gk-notice a")] == ["../../notices/new/"]
    assert "旧办法。" in texts(tree, "[data-document-body]")[0]


def test_a_successor_names_what_it_replaces(publish: Publish) -> None:
    tree = page(publish(REPEALED), "notices/new")

    assert texts(tree, ".gk-notice p") == ["本文件取代：旧办法（SLKJ00012/2025-00001）"]
    assert [link.attributes["href"] for link in tree.css(".gk-notice a")] == ["../../notices/old/"]


def test_a_bare_status_takes_date_and_reason_from_the_last_change(publish: Publish) -> None:
    text = markdown(时效="失效", 更正="[{date: 2026-01-05, note: 有效期已到}]")

    tree = page(publish({"notices/a.md": text}), "notices/a")
    assert texts(tree, ".gk-notice p") == ["本文件已于2026-01-05失效：有效期已到。"]


def test_a_document_that_replaces_a_hidden_one_does_not_name_it(publish: Publish) -> None:
    hidden = markdown(标题="秘密", 信息索取号="SLKJ00012/2026-00777", 公开方式="不予公开")
    site = publish(
        {
            "notices/s.md": hidden,
            "notices/a.md": markdown(取代="SLKJ00012/2026-00777"),
            "notices/b.md": markdown(信息索取号="a/2", 被取代="slkj00012/2026-00777"),
        }
    )

    assert where(site, "2026-00777") == set()
    assert page(site, "notices/a").css(".gk-notice") + page(site, "notices/b").css(".gk-notice") == []


def test_changes_stand_on_the_page_with_their_dates(publish: Publish) -> None:
    tree = page(publish(REPEALED), "notices/old")

    assert texts(tree, ".gk-history li") == [
        "2025-01-15 首次公开（09:30）",
        "2025-06-01 第三条“五日”更正为“五个工作日”",
    ]


def entries(site: Path) -> list[tuple[str, str, str]]:
    """Title, time of the last change and summary of each entry of the site's feed."""
    found = ElementTree.fromstring((site / "feed.xml").read_bytes()).iter(f"{ATOM}entry")
    return [
        (
            entry.findtext(f"{ATOM}title") or "",
            entry.findtext(f"{ATOM}updated") or "",
            entry.findtext(f"{ATOM}summary") or "",
        )
        for entry in found
    ]


def test_a_correction_brings_a_document_back_to_the_top_of_the_feed(publish: Publish) -> None:
    newer = markdown(标题="新通知", 信息索取号="a/2", 发布时间="2025-12-01 09:00")
    older = markdown(标题="旧通知", 信息索取号="a/1", 更正="[{date: 2026-01-20, note: 更正一处数字}]")

    assert entries(publish({"notices/n.md": newer, "notices/o.md": older})) == [
        ("旧通知", "2026-01-20T00:00:00+08:00", "2026-01-20 更正一处数字"),
        ("新通知", "2025-12-01T09:00:00+08:00", ""),
    ]


def test_a_change_to_come_is_told_on_its_day(publish: Publish) -> None:
    text = markdown(更正="[{date: 2026-02-10, note: 将来的更正}]")

    assert where(publish({"notices/a.md": text}), "将来的更正") == set()
    site = publish({}, now="2026-02-10T00:00")
    assert where(site, "将来的更正") == {
        "notices/a/index.html",
        "feed.xml",
        "feeds/notices.xml",
        "data/2025.json",
        "data/2025.csv",
    }


# The register's old addresses


def test_a_moved_document_is_reached_by_its_old_address(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    write(docs, {"notices/a.md": markdown(标题="移动的文件"), "notices/.keep": ""})
    register(docs)
    (docs / "plans").mkdir()
    (docs / "notices/a.md").rename(docs / "plans/甲.md")

    site = built(tmp_path).site_dir
    refresh = page(site, "notices/a").css("meta[http-equiv=refresh]")[0].attributes["content"]
    assert refresh == "0; url=../../plans/%E7%94%B2/"
    assert texts(page(site, "notices/a"), "a") == ["移动的文件"]
    assert "plans/%E7%94%B2/" in (site / "id/SLKJ00012/2025-00001/index.html").read_text("utf-8")


def test_a_redirect_gives_way_to_a_document_at_its_address(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    write(docs, {"notices/a.md": markdown(标题="移动的文件")})
    register(docs)
    (docs / "notices/a.md").rename(docs / "notices/b.md")
    built(tmp_path)
    write(docs, {"notices/a.md": markdown(标题="后来的文件", 信息索取号="SLKJ00012/2026-00001")})

    assert texts(page(built(tmp_path).site_dir, "notices/a"), "h1") == ["后来的文件"]


def test_an_address_that_was_never_public_leads_nowhere(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    write(docs, {"notices/codename.md": markdown(发布时间="2026-03-01 09:00")})
    register(docs)
    (docs / "notices/codename.md").rename(docs / "notices/a.md")

    site = built(tmp_path, now="2026-03-02T09:00").site_dir
    assert where(site, "codename") == set()
    assert not (site / "notices/codename").exists()


def register(docs: Path, now: str = "2026-01-31T09:00") -> None:
    """Bring the register up to date, as the command does."""
    from click.testing import CliRunner  # noqa: PLC0415 - click is slow to load and few tests want it

    from gongkai.commands.cli import cli  # noqa: PLC0415 - as above

    done = CliRunner().invoke(
        cli, ["register", "-f", str(ROOT / "mkdocs.yml"), "--docs-dir", str(docs), "--now", now, "--imported"]
    )
    assert done.exit_code == 0, done.output


def built(folder: Path, now: str = "2026-01-31T09:00") -> Outcome:
    return build_site(Request(ROOT / "mkdocs.yml", docs_dir=folder / "docs", site_dir=folder / "site", now=now, jobs=1))


# What was public is not lost by a build


@pytest.fixture
def registered(tmp_path: Path) -> Path:
    write(
        tmp_path / "docs",
        {
            f"notices/{n}.md": markdown(f"第{n}份。", 标题=f"通知{n}", 信息索取号=f"SLKJ00012/2025-0000{n}")
            for n in (1, 2)
        },
    )
    register(tmp_path / "docs")
    built(tmp_path)
    return tmp_path


def delete(docs: Path) -> None:
    (docs / "notices/1.md").unlink()


def renumber(docs: Path) -> None:
    write(docs, {"notices/1.md": markdown("第1份。", 标题="通知1", 信息索取号="SLKJ00012/2025-00009")})


def hide(docs: Path) -> None:
    write(docs, {"notices/1.md": markdown("第1份。", 标题="通知1", 信息索取号="SLKJ00012/2025-00001", 时效="草稿")})


def back_date(docs: Path) -> None:
    write(
        docs,
        {
            "notices/1.md": markdown(
                "第1份。", 标题="通知1", 信息索取号="SLKJ00012/2025-00001", 发布时间="2025-01-12 09:30"
            )
        },
    )


def give_again(docs: Path) -> None:
    (docs / "notices/1.md").unlink()
    write(
        docs,
        {
            "notices/x.md": markdown(
                "别的。",
                标题="别的文件",
                信息索取号="SLKJ00012/2025-00001",
                生成日期="2025-03-01",
                发布时间="2025-03-02 09:30",
            )
        },
    )


def break_register(docs: Path) -> None:
    file = next((docs / ".register").glob("*.jsonl"))
    file.write_text(f"<<<<<<< HEAD\n{file.read_text('utf-8')}", "utf-8")


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (delete, "已公开的《通知1》（SLKJ00012/2025-00001，2025-01-15发布）不见了"),
        (renumber, "信息索取号: 《通知1》公开时的信息索取号是“SLKJ00012/2025-00001”，实为“SLKJ00012/2025-00009”"),
        (hide, "《通知1》2025-01-15已经公开，现在却成了“草稿，尚未发布”"),
        (back_date, "发布时间: 发布时间公开后不能改：应为“2025-01-15 09:30:00”，实为“2025-01-12 09:30:00”（提前了）"),
        (give_again, "“SLKJ00012/2025-00001”已经给了《通知1》（notices/1.md，2025-01-15发布），一个号只能给一个文件"),
        (break_register, "有合并冲突的标记"),
    ],
    ids=["deleted", "renumbered", "hidden", "back-dated", "reused", "broken register"],
)
def test_a_build_refuses_to_lose_what_was_public(registered: Path, harm: Callable[[Path], None], words: str) -> None:
    before = snapshot(registered / "site")
    harm(registered / "docs")

    with pytest.raises(BuildFailedError) as refused:
        built(registered)

    assert words in str(refused.value)
    assert refused.value.exit_code == 1
    assert snapshot(registered / "site") == before


# History from git


PLAIN = {"docs/notices/a.md": markdown("甲。", 标题="甲", 发布时间="2026-01-10 09:00", 生成日期="2026-01-08")}


def history(folder: Path, now: str = "2026-01-31T09:00") -> list[str]:
    return texts(page(built(folder, now).site_dir, "notices/a"), ".gk-history li, .gk-history p")


def test_a_page_tells_its_first_publication_and_each_change_with_its_commit(tmp_path: Path) -> None:
    bureau = repository(tmp_path / "bureau", PLAIN, "2026-01-09T10:00:00+08:00")
    first = git(bureau, "rev-parse", "HEAD")[:10]
    note = "[{date: 2026-01-20, note: 更正一处}]"
    text = markdown("乙。", 标题="甲", 发布时间="2026-01-10 09:00", 生成日期="2026-01-08", 更正=note)
    write(bureau, {"docs/notices/a.md": text})
    second = commit(bureau, "内部的提交说明", "2026-01-20T15:00:00+08:00")[:10]
    write(bureau, {"docs/notices/a.md": text + "悄悄改动。\n"})
    third = commit(bureau, "又改", "2026-01-25T15:00:00+08:00")[:10]

    assert history(bureau) == [
        f"2026-01-10 首次公开（09:00） 版本 {first}",
        f"2026-01-20 更正一处 版本 {second}",
        f"2026-01-25 内容有改动，没有附说明 版本 {third}",
    ]
    assert where(bureau / "site", "内部的提交说明") | where(bureau / "site", "示例科员") == set()


def test_what_a_draft_went_through_is_not_told(tmp_path: Path) -> None:
    bureau = repository(tmp_path / "bureau", PLAIN, "2026-01-02T10:00:00+08:00")
    drafts = [git(bureau, "rev-parse", "HEAD")[:10]]
    write(bureau, {"docs/notices/a.md": PLAIN["docs/notices/a.md"] + "二稿。\n"})
    drafts.append(commit(bureau, "二稿", "2026-01-03T10:00:00+08:00")[:10])
    write(bureau, {"docs/notices/a.md": PLAIN["docs/notices/a.md"] + "定稿。\n"})
    final = commit(bureau, "定稿", "2026-01-09T10:00:00+08:00")[:10]

    assert history(bureau) == [f"2026-01-10 首次公开（09:00） 版本 {final}"]
    assert [draft for draft in drafts if where(bureau / "site", draft)] == []


def test_a_shallow_clone_says_what_it_does_not_know(tmp_path: Path) -> None:
    bureau = repository(tmp_path / "bureau", PLAIN, "2026-01-09T10:00:00+08:00")
    write(bureau, {"docs/notices/b.md": markdown(信息索取号="a/2")})
    commit(bureau, "另一份", "2026-01-12T10:00:00+08:00")
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{bureau}", "shallow")

    assert history(tmp_path / "shallow") == [
        "2026-01-10 首次公开（09:00）",
        "生成网站时只取了最近的版本记录，更早的改动可能没有列出。",
    ]


def test_an_uncommitted_change_is_said_to_be_one(tmp_path: Path) -> None:
    bureau = repository(tmp_path / "bureau", PLAIN, "2026-01-09T10:00:00+08:00")
    write(bureau, {"docs/notices/a.md": PLAIN["docs/notices/a.md"] + "还没有提交。\n"})

    assert history(bureau)[-1] == "当前内容还没有存入版本库。"


def test_a_commit_elsewhere_leaves_a_page_as_it_is(tmp_path: Path) -> None:
    bureau = repository(tmp_path / "bureau", PLAIN, "2026-01-09T10:00:00+08:00")
    built(bureau)
    write(bureau, {"docs/notices/b.md": markdown("乙。", 信息索取号="a/2")})
    commit(bureau, "另一份", "2026-01-12T10:00:00+08:00")

    report = built(bureau).report
    assert "notices/a.md" not in report.reasons
    assert report.reasons["notices/b.md"] == "new"


def test_a_commit_alone_makes_its_own_page_again(tmp_path: Path) -> None:
    bureau = repository(tmp_path / "bureau", PLAIN, "2026-01-09T10:00:00+08:00")
    write(bureau, {"docs/notices/a.md": PLAIN["docs/notices/a.md"] + "改动。\n"})
    built(bureau)
    commit(bureau, "改动", "2026-01-12T10:00:00+08:00")

    assert built(bureau).report.reasons["notices/a.md"] == "history"


def test_a_build_from_a_clone_gives_the_same_bytes(tmp_path: Path) -> None:
    bureau = repository(tmp_path / "bureau", PLAIN, "2026-01-09T10:00:00+08:00")
    write(bureau, {"docs/notices/a.md": PLAIN["docs/notices/a.md"] + "改动。\n"})
    commit(bureau, "改动", "2026-01-12T10:00:00+08:00")
    built(bureau)
    git(tmp_path, "clone", "-q", str(bureau), "clone")

    built(tmp_path / "clone")
    assert snapshot(tmp_path / "clone/site") == snapshot(bureau / "site")


def test_without_git_a_page_tells_what_its_record_says(tmp_path: Path) -> None:
    write(tmp_path, PLAIN)
    shutil.rmtree(tmp_path / ".git", ignore_errors=True)

    assert history(tmp_path) == ["2026-01-10 首次公开（09:00）"]
