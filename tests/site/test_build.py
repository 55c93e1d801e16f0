"""The build as a whole: all or nothing, the same bytes, no trace of what is not public."""

import fcntl
import gzip
from pathlib import Path

import pytest

from gongkai.engine.build import Request, build_site
from gongkai.engine.edition import BuildFailedError
from tests.site.conftest import Publish, snapshot
from tests.writing import markdown

SECRET = "机要词甲乙丙"


def test_a_failed_build_leaves_the_old_site_as_it_was(publish: Publish) -> None:
    site = publish({"summaries/2024.md": markdown()})
    before = snapshot(site)

    with pytest.raises(BuildFailedError, match=r"summaries/2023\.md:\d+: 生成日期: 应为日期"):
        publish({"summaries/2023.md": markdown(信息索取号="a/1", 生成日期="去年夏天")})

    assert snapshot(site) == before
    assert [path.name for path in site.parent.glob(".site.gongkai/next-*")] == []


def test_every_error_of_every_file_is_told_at_once(publish: Publish) -> None:
    with pytest.raises(BuildFailedError) as failed:
        publish({"summaries/1.md": markdown(生成日期="x", 公开方式="y"), "summaries/2.md": "没有字段"})

    assert str(failed.value).count("\n") == 3
    assert "共 3 处错误" in str(failed.value)


def test_two_documents_with_one_number_are_refused_by_name(publish: Publish) -> None:
    with pytest.raises(BuildFailedError, match=r"b\.md:7: 信息索取号: “SLKJ00012/2025-00001”已经用在 .*a\.md:7"):
        publish({"notices/a.md": markdown(), "notices/b.md": markdown()})


def test_building_twice_gives_the_same_bytes(publish: Publish) -> None:
    files = {f"notices/{n}.md": markdown(f"第{n}份通知正文。", 信息索取号=f"a/{n}") for n in range(12)}

    assert snapshot(publish(files)) == snapshot(publish(files))


def test_what_is_not_public_leaves_no_trace(publish: Publish) -> None:
    hidden = {
        "不予公开": markdown(SECRET, 标题=SECRET, 信息索取号="h/1", 公开方式="不予公开", 附件=f"[{SECRET}.docx]"),
        "内部": markdown(SECRET, 标题=SECRET, 信息索取号="h/2", 公开范围="面向本机关"),
        "草稿": markdown(SECRET, 标题=SECRET, 信息索取号="h/3", 时效="草稿"),
        "未到时间": markdown(SECRET, 标题=SECRET, 信息索取号="h/4", 发布时间="2026-02-01 09:00:00"),
    }
    files: dict[str, str] = {f"notices/{SECRET}{n}.md": text for n, text in enumerate(hidden.values())}
    site = publish({"summaries/2024.md": markdown(), f"notices/{SECRET}.docx": SECRET, **files})

    found = [name for name, data in snapshot(site).items() if SECRET in name or SECRET.encode() in unpacked(data)]
    assert found == []
    assert not (site / "id/h").exists()


def unpacked(data: bytes) -> bytes:
    return gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data


def test_a_file_that_no_document_lists_is_not_copied(publish: Publish) -> None:
    site = publish(
        {
            "summaries/2024.md": markdown("![图](图.png)", 附件="[表.xlsx]"),
            "summaries/图.png": "x",
            "summaries/表.xlsx": "x",
            "summaries/其他.docx": "x",
        }
    )

    assert sorted(path.name for path in (site / "summaries").iterdir() if path.is_file()) == [
        "index.html",
        "图.png",
        "表.xlsx",
    ]


def test_an_embargo_ends_with_the_time_that_is_given(publish: Publish) -> None:
    files = {"notices/1.md": markdown(发布时间="2026-02-01 09:00:00", 信息索取号="a/1")}

    assert not (publish(files, now="2026-02-01T08:59") / "notices/1").exists()
    assert (publish(files, now="2026-02-01T09:00") / "notices/1/index.html").is_file()


def test_the_handbook_is_never_built(publish: Publish) -> None:
    site = publish({"handbook/index.md": "# 手册\n\n内部手册", "handbook/图.png": "x"})

    assert not (site / "handbook").exists()
    assert "handbook" not in (site / "index.html").read_text("utf-8")


def test_a_folder_that_is_not_a_site_is_not_emptied(publish: Publish, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "论文.docx").write_text("x")

    with pytest.raises(BuildFailedError, match="不敢清空"):
        publish({})
    assert (tmp_path / "site" / "论文.docx").is_file()


def test_defaults_of_a_folder_fill_what_a_document_leaves_out(publish: Publish) -> None:
    site = publish(
        {
            "summaries/.meta.yml": "责任部门: 办公室\n公开范围: 面向社会\n",
            "summaries/2024/.meta.yml": "责任部门: 知识产权科\n",
            "summaries/2024/a.md": markdown(公开范围=None),
            "summaries/b.md": markdown(公开范围=None, 信息索取号="a/1", 责任部门=""),
        }
    )

    inner, outer = ((site / f"summaries/{name}/index.html").read_text("utf-8") for name in ("2024/a", "b"))
    assert "<td>知识产权科</td>" in inner
    assert "<td>面向社会</td>" in inner
    assert "<td>办公室</td>" not in outer


def test_a_mistake_in_defaults_names_their_file(publish: Publish) -> None:
    with pytest.raises(BuildFailedError, match=r"summaries/\.meta\.yml:1: 部门: 没有“部门”这个字段。是不是“责任部门”"):
        publish({"summaries/.meta.yml": "部门: 办公室\n标题: x\n", "summaries/a.md": markdown()})


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("readme.md", "文件应放在栏目文件夹里"),
        ("press/a.md", "文件应放在栏目文件夹里"),
        ("notices/index.md", "栏目列表页自己的地址"),
        ("notices/page/1.md", "栏目列表页自己的地址"),
        ("notices/a.markdown", "应以小写的 .md 结尾"),
        ("notices/B.MD", "应以小写的 .md 结尾"),
    ],
)
def test_a_document_in_a_place_that_has_no_address_is_refused(publish: Publish, name: str, message: str) -> None:
    with pytest.raises(BuildFailedError, match=message):
        publish({name: markdown()})


def test_a_missing_attachment_is_refused(publish: Publish) -> None:
    with pytest.raises(BuildFailedError, match=r"找不到附件“无\.docx”"):
        publish({"notices/a.md": markdown(附件="[无.docx]")})


def test_a_source_never_goes_public_as_an_attachment(publish: Publish) -> None:
    hidden = markdown(SECRET, 公开方式="不予公开", 信息索取号="h/1")

    with pytest.raises(BuildFailedError, match=r"attachment|附件不能是文件的源文本"):
        publish({"plans/a.md": markdown(附件="[hidden.md]"), "plans/hidden.md": hidden})


@pytest.mark.parametrize(
    "body",
    [
        "[见](secret.md)",
        "[见](secret.md#x)",
        "[见](/plans/secret/)",
        "[见](../secret/)",
        "[见][r]\n\n[r]: secret.md",
        '<a href="/plans/secret/">见</a>',
        "[表](secret.xlsx)",
        "`[表](secret.xlsx)`",
    ],
)
def test_a_public_body_may_not_name_what_is_hidden(publish: Publish, body: str) -> None:
    hidden = markdown(SECRET, 公开方式="不予公开", 信息索取号="h/1", 附件="[secret.xlsx]")

    with pytest.raises(BuildFailedError, match=r"plans/a\.md:1\d: 链接“.*secret.*”指向不公开的内容"):
        publish({"plans/a.md": markdown(body), "plans/secret.md": hidden, "plans/secret.xlsx": "x"})


@pytest.mark.parametrize(
    "address", ["http://www.example.gov.cn？id=1]", "http://ａ．ｂ：８０/", "//[foo", "http://[bad"]
)
def test_a_link_that_is_no_address_is_told_with_its_line(publish: Publish, address: str) -> None:
    with pytest.raises(BuildFailedError, match=r"plans/a\.md:14: 链接“.*”的写法不对"):
        publish({"plans/a.md": markdown(f"第一段\n\n<a href='{address}'>见</a>")})


def test_a_link_out_of_docs_is_no_attachment(publish: Publish, tmp_path: Path) -> None:
    (tmp_path / "docs/plans").mkdir(parents=True)
    (tmp_path / "docs/plans/表.xlsx").symlink_to("/etc/hostname")

    with pytest.raises(BuildFailedError, match="指向 docs 文件夹外面的链接"):
        publish({"plans/a.md": markdown(附件="[表.xlsx]")})


def test_names_with_signs_and_blanks_are_found_and_linked(publish: Publish) -> None:
    names = ["a#b.pdf", "q？x.pdf", "50%20.pdf", "100%完成.pdf", "附件 (1).pdf"]
    site = publish(
        {
            "plans/a.md": markdown("[图](<图 一.png>) ![图](图(2).png)", 附件=str([{"file": name} for name in names])),
            **{f"plans/{name}": "x" for name in [*names, "图 一.png", "图(2).png"]},
        }
    )

    assert sorted(path.name for path in (site / "plans").iterdir() if path.suffix in (".pdf", ".png")) == sorted(
        [*names, "图 一.png", "图(2).png"]
    )
    assert 'href="../../plans/100%25%E5%AE%8C%E6%88%90.pdf"' in (site / "plans/a/index.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"plans/a.md": markdown(附件="&a [*a]")}, "附件: 写法有误"),
        ({"plans/a.md": markdown(附件="[" * 900)}, "附件: 写法有误"),
        ({"plans/a.md": markdown(发布时间="9999-12-31 23:59-05:00")}, "没有这一天或这个时刻"),
        ({"plans/a.md": markdown(生成日期="1018-07-26")}, "没有这一天或这个时刻"),
        ({"plans/a.md": markdown(信息索取号="a/index.html")}, "应为信息索取号"),
        ({"plans/a.md": markdown(内容概述='"x\\x01y"')}, "看不见的控制字符"),
        ({"plans/index.html.md": markdown()}, "系统自己的文件名"),
        ({"plans/a.md": markdown(信息索取号="AB/1"), "plans/b.md": markdown(信息索取号="ab/1")}, "已经用在"),
        (
            {"plans/a.md": markdown(附件="[b]"), "plans/b.md": markdown(信息索取号="b/1"), "plans/b": "x"},
            "附件“plans/b”与 .*网址相同",
        ),
        ({"plans/.meta.yaml": "来源: 本局", "plans/a.md": markdown()}, r"应为 \.meta\.yml"),
        (
            {"plans/.meta.yml": "公开方式: 主动公", "plans/a.md": markdown(公开方式=None)},
            r"\.meta\.yml:1: 公开方式: 应为",
        ),
    ],
)
def test_odd_content_is_told_in_words(publish: Publish, files: dict[str, str], message: str) -> None:
    with pytest.raises(BuildFailedError, match=message) as failed:
        publish(files)

    assert str(failed.value).count("共 1 处错误") == 1


def test_files_that_cannot_be_read_are_told_by_name(publish: Publish, tmp_path: Path) -> None:
    folder = tmp_path / "docs" / "plans"
    folder.mkdir(parents=True)
    (folder / "broken.md").symlink_to("nowhere.md")
    (folder / "linked").symlink_to(tmp_path)
    (tmp_path / "docs" / b"plans/\xb1\xa8.md".decode("utf-8", "surrogateescape")).write_text(markdown(), "utf-8")

    with pytest.raises(BuildFailedError, match=r"broken\.md:1: 文件打不开") as failed:
        publish({})
    assert "文件名的编码不对" in str(failed.value)
    assert "这是一个链接" in str(failed.value)


def test_a_document_from_before_1970_is_searchable(publish: Publish) -> None:
    site = publish({"plans/a.md": markdown(生成日期="1949-10-01", 发布时间="1949-10-01 09:00:00")})

    assert (site / "years/1949/index.html").is_file()


def test_settings_without_our_hook_publish_nothing(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text("site_name: x\n", "utf-8")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/secret.md").write_text(markdown(SECRET, 公开方式="不予公开"), "utf-8")

    with pytest.raises(BuildFailedError, match="hooks/events"):
        build_site(Request(tmp_path / "mkdocs.yml", site_dir=tmp_path / "site"))
    assert not (tmp_path / "site").exists()


def test_a_site_folder_that_is_a_link_stays_one(publish: Publish, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "site").symlink_to("real")

    publish({"plans/a.md": markdown()})

    assert (tmp_path / "site").is_symlink()
    assert (tmp_path / "real/plans/a/index.html").is_file()


def test_a_removed_source_leaves_no_orphan(publish: Publish, tmp_path: Path) -> None:
    publish({"plans/a.md": markdown(), "plans/b.md": markdown(信息索取号="a/1", 附件="[b.docx]"), "plans/b.docx": "x"})
    (tmp_path / "docs/plans/b.md").unlink()

    site = publish({})

    assert [name for name in snapshot(site) if name.startswith(("plans/b", "id/a/"))] == []


def test_what_a_killed_build_left_is_cleared_by_the_next(publish: Publish, tmp_path: Path) -> None:
    (tmp_path / ".site.gongkai/next-k1lled").mkdir(parents=True)

    publish({})

    assert list(tmp_path.glob(".site.gongkai/next-*")) == []


def test_a_site_moved_aside_by_a_killed_build_comes_back_even_if_the_next_fails(
    publish: Publish, tmp_path: Path
) -> None:
    site = publish({"plans/a.md": markdown()})
    before = snapshot(site)
    site.rename(tmp_path / ".site.gongkai/old")

    with pytest.raises(BuildFailedError):
        publish({"plans/b.md": "没有字段"})

    assert snapshot(site) == before


def test_a_neighbouring_sites_build_is_left_alone(publish: Publish, tmp_path: Path) -> None:
    neighbour = tmp_path / ".site-preview.gongkai/next-abc"
    neighbour.mkdir(parents=True)

    publish({})

    assert neighbour.is_dir()


def test_of_two_builds_at_once_the_second_says_so(publish: Publish, tmp_path: Path) -> None:
    (tmp_path / ".site.gongkai").mkdir()
    with (tmp_path / ".site.gongkai/lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(BuildFailedError, match="另一个生成正在写"):
            publish({})
