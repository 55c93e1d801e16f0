"""What a push does, in the words of the report."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest

from gongkai.catalogue.archive import open_archive
from gongkai.catalogue.history import HistoryError
from gongkai.catalogue.order import decided
from gongkai.catalogue.sources import take_inventory
from gongkai.checks.push_report import (
    MOST,
    Fate,
    Item,
    PushReport,
    State,
    as_markdown,
    as_text,
    push_report,
    report_since,
)
from gongkai.checks.readers import read_thoroughly
from gongkai.records.reading import Document
from gongkai.site import Site
from tests.site.repositories import commit, git, repository, write
from tests.writing import NOW, document, markdown


def archive(*documents: Document, body: str = "正文。") -> State:
    return State(decided(documents, NOW), lambda _: body)


def told(before: Document | None, after: Document | None, *, old: str = "旧文。", new: str = "新的正文。") -> Item:
    """The one item of a push that takes `before` to `after`."""
    was = archive(*filter(None, [before]), body=old)
    (item,) = push_report(was, archive(*filter(None, [after]), body=new), NOW).items
    return item


PLAIN = document()
DRAFT = document(时效="草稿")
WITHDRAWN = document(撤回="{日期: 2026-01-30, 原因: 附表数据有误}")


@pytest.mark.parametrize(
    ("before", "after", "fate", "details"),
    [
        (None, PLAIN, Fate.APPEARS, ("公开正文",)),
        (DRAFT, PLAIN, Fate.APPEARS, ("公开正文",)),
        (None, document(附件="[表.xlsx]"), Fate.APPEARS, ("公开正文和 1 个附件或图片",)),
        (
            None,
            document(公开时限="限时公开至2026-12-31"),
            Fate.APPEARS,
            ("公开正文", "限时公开，2026-12-31 之后正文撤下"),
        ),
        (
            None,
            document(公开方式="依申请公开", 公开范围="面向申请人"),
            Fate.APPEARS,
            ("本文件依申请公开，不在网上公布正文。",),
        ),
        (PLAIN, WITHDRAWN, Fate.DISAPPEARS, ("本文件已于2026-01-30撤回：附表数据有误。",)),
        (PLAIN, DRAFT, Fate.DISAPPEARS, ("草稿，尚未发布",)),
        (PLAIN, None, Fate.DISAPPEARS, ("文件不在了",)),
        (None, document(发布时间="2026-02-03 09:30:00"), Fate.SCHEDULED, ("到 2026-02-03 09:30 自动公开",)),
        (None, DRAFT, Fate.STAYS_HIDDEN, ("草稿，尚未发布",)),
        (None, document(发布时间="2026-02-03 09:30:00", 公开方式="不予公开"), Fate.STAYS_HIDDEN, ("不予公开",)),
        (PLAIN, document(来源="办公室"), Fate.CHANGES, ("来源：本局 → 办公室",)),
        (PLAIN, document("新的正文。"), Fate.CHANGES, ("正文有改动（所改各段原有 3 字，现有 5 字）",)),
        (
            PLAIN,
            document(path="summaries/改名.md"),
            Fate.CHANGES,
            ("网址由 /summaries/2024/ 改为 /summaries/%E6%94%B9%E5%90%8D/，旧网址自动转到新网址",),
        ),
        (
            PLAIN,
            document(更正="[{日期: 2026-01-30, 说明: 改正第二段}]"),
            Fate.CHANGES,
            ("更正：（空） → 2026-01-30 改正第二段",),
        ),
    ],
)
def test_a_document_is_told_with_what_becomes_of_it(
    before: Document | None, after: Document | None, fate: Fate, details: tuple[str, ...]
) -> None:
    item = told(before, after)

    assert (item.fate, item.details[: len(details)]) == (fate, details)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (PLAIN, PLAIN),
        (PLAIN, document(审核="示例科")),
        (PLAIN, document(更正="[{日期: 2026-06-01, 说明: 还没有到的更正}]")),
        (DRAFT, DRAFT),
    ],
    ids=["nothing", "reviewer", "a note to come", "a hidden one left alone"],
)
def test_what_the_public_does_not_see_is_no_change(before: Document, after: Document) -> None:
    report = push_report(archive(before, body="正文。"), archive(after, body="正文。"), NOW)

    assert report.items == ()


def test_a_page_that_goes_has_no_address() -> None:
    assert told(PLAIN, DRAFT).url == ""
    assert told(PLAIN, WITHDRAWN).url == "summaries/2024/"


def test_a_new_attachment_under_an_old_name_is_told() -> None:
    listing = document(附件="[表.xlsx]")
    report = push_report(archive(listing), archive(listing), NOW, files=frozenset(["summaries/表.xlsx"]))

    assert [item.details for item in report.items] == [("附件或图片换了内容：表.xlsx",)]


# From git


def files(folder: Path, contents: Mapping[str, str]) -> Path:
    return repository(folder, {f"docs/{path}": text for path, text in contents.items()}, "2026-01-20T10:00:00+08:00")


def pushed(bureau: Path, site: Site, since: str = "", now: datetime = NOW) -> PushReport:
    docs = bureau / "docs"
    present = open_archive(take_inventory(docs), site, read_thoroughly).decided(now)
    return report_since(docs, site, now, present, since=since)


def test_a_push_is_told_from_git_with_files_and_folder_defaults(tmp_path: Path, site: Site) -> None:
    number = iter(f"SLKJ00012/2025-{n:05}" for n in range(1, 9))
    bureau = files(
        tmp_path / "bureau",
        {
            "notices/移动.md": markdown(信息索取号=next(number), 标题="移动"),
            "notices/附件.md": markdown(信息索取号=next(number), 标题="附件", 附件="[表.xlsx]"),
            "notices/表.xlsx": "旧表",
            "plans/甲.md": markdown(信息索取号=next(number), 标题="甲", 来源=None),
            "plans/.meta.yml": "来源: 本局\n",
            "reports/原样.md": markdown(信息索取号=next(number), 标题="原样"),
        },
    )
    git(bureau, "mv", "docs/notices/移动.md", "docs/notices/到这里.md")
    write(
        bureau,
        {
            "docs/notices/表.xlsx": "新表",
            "docs/plans/.meta.yml": "来源: 办公室\n",
            "docs/plans/新.md": markdown(信息索取号=next(number), 标题="新"),
        },
    )

    report = pushed(bureau, site)

    assert [(item.fate, item.path) for item in report.items] == [
        (Fate.CHANGES, "notices/到这里.md"),
        (Fate.CHANGES, "notices/附件.md"),
        (Fate.APPEARS, "plans/新.md"),
        (Fate.CHANGES, "plans/甲.md"),
    ]


def test_an_earlier_commit_can_be_compared_with(tmp_path: Path, site: Site) -> None:
    bureau = files(tmp_path / "bureau", {"notices/1.md": markdown()})
    write(bureau, {"docs/notices/1.md": markdown("换了。")})
    commit(bureau, "改", "2026-01-21T10:00:00+08:00")

    assert pushed(bureau, site).items == ()
    assert [item.fate for item in pushed(bureau, site, "HEAD~1").items] == [Fate.CHANGES]


def test_without_git_nothing_can_be_compared(tmp_path: Path, site: Site) -> None:
    write(tmp_path / "bureau", {"docs/notices/1.md": markdown()})

    with pytest.raises(HistoryError, match="不在 git 仓库里"):
        pushed(tmp_path / "bureau", site)


# In words


def test_a_title_cannot_act_as_markup_in_a_comment() -> None:
    title = "<img src=x> [点](http://x.example) @某人 #1 ![图](y) `码` *重* | 表 &lt;"
    item = Item(Fate.APPEARS, "号", title, "notices/1.md", "notices/1/", ("公开正文",))

    (line,) = [
        line
        for line in as_markdown(PushReport((item,)), preview="https://p.example/k/").split("\n")
        if line.startswith("- ")
    ]

    assert line.startswith("- [《&#60;img src=x&#62; &#91;点&#93;&#40;http&#58;//x.example&#41; &#64;某人")
    assert line.count("[") == line.count("](<https://p.example/k/notices/1/>)") == 1
    assert not set("@#!`*|") & set(line.replace("&#", ""))


def test_many_items_are_counted_and_not_all_told() -> None:
    many = tuple(Item(Fate.APPEARS, f"{n}", f"第{n}件", f"n/{n}.md", f"n/{n}/", ()) for n in range(MOST + 5))

    text = as_text(PushReport(many), site="https://gongkai.example/")

    assert text.startswith(
        f"将要公开（{MOST + 5} 件）：\n  《第0件》（0）docs/n/0.md\n      https://gongkai.example/n/0/"
    )
    assert text.endswith("……还有 5 件")


def test_a_push_that_changes_nothing_says_so() -> None:
    assert as_text(PushReport()) == "这次推送不改变公众看到的内容。"
    assert "这次推送不改变公众看到的内容。" in as_markdown(PushReport())
