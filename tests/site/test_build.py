"""The build as a whole: all or nothing, the same bytes, no trace of what is not public."""

import gzip
from pathlib import Path

import pytest

from hooks.engine.build import BuildFailedError
from tests.site.conftest import Publish
from tests.writing import markdown

SECRET = "机要词甲乙丙"


def snapshot(site: Path) -> dict[str, bytes]:
    return {
        path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()
    }


def test_a_failed_build_leaves_the_old_site_as_it_was(publish: Publish) -> None:
    site = publish({"summaries/2024.md": markdown()})
    before = snapshot(site)

    with pytest.raises(BuildFailedError, match=r"summaries/2023\.md:\d+: 生成日期: 应为日期"):
        publish({"summaries/2023.md": markdown(信息索取号="a/1", 生成日期="去年夏天")})

    assert snapshot(site) == before
    assert [path.name for path in site.parent.iterdir() if path.name.startswith(".")] == []


def test_every_error_of_every_file_is_told_at_once(publish: Publish) -> None:
    with pytest.raises(BuildFailedError) as failed:
        publish({"summaries/1.md": markdown(生成日期="x", 公开方式="y"), "summaries/2.md": "没有字段"})

    assert str(failed.value).count("\n") == 3
    assert "共 3 处错误" in str(failed.value)


def test_two_documents_with_one_number_are_refused_by_name(publish: Publish) -> None:
    with pytest.raises(
        BuildFailedError, match=r"b\.md:7: 信息索取号: “SLKJ00012/2025-00001”已经用在 .*a\.md:7"
    ):
        publish({"notices/a.md": markdown(), "notices/b.md": markdown()})


def test_building_twice_gives_the_same_bytes(publish: Publish) -> None:
    files = {f"notices/{n}.md": markdown(f"第{n}份通知正文。", 信息索取号=f"a/{n}") for n in range(12)}

    assert snapshot(publish(files)) == snapshot(publish(files))


def test_what_is_not_public_leaves_no_trace(publish: Publish) -> None:
    hidden = {
        "不予公开": markdown(
            SECRET, 标题=SECRET, 信息索取号="h/1", 公开方式="不予公开", 附件=f"[{SECRET}.docx]"
        ),
        "内部": markdown(SECRET, 标题=SECRET, 信息索取号="h/2", 公开范围="面向本机关"),
        "草稿": markdown(SECRET, 标题=SECRET, 信息索取号="h/3", 时效="草稿"),
        "未到时间": markdown(SECRET, 标题=SECRET, 信息索取号="h/4", 发布时间="2026-02-01 09:00:00"),
    }
    files: dict[str, str] = {f"notices/{SECRET}{n}.md": text for n, text in enumerate(hidden.values())}
    site = publish({"summaries/2024.md": markdown(), f"notices/{SECRET}.docx": SECRET, **files})

    found = [
        name for name, data in snapshot(site).items() if SECRET in name or SECRET.encode() in unpacked(data)
    ]
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
    with pytest.raises(
        BuildFailedError, match=r"summaries/\.meta\.yml:1: 部门: 没有“部门”这个字段。是不是“责任部门”"
    ):
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
def test_a_document_in_a_place_that_has_no_address_is_refused(
    publish: Publish, name: str, message: str
) -> None:
    with pytest.raises(BuildFailedError, match=message):
        publish({name: markdown()})


def test_a_missing_attachment_is_refused(publish: Publish) -> None:
    with pytest.raises(BuildFailedError, match=r"找不到附件“无\.docx”"):
        publish({"notices/a.md": markdown(附件="[无.docx]")})
