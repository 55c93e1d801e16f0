"""`gongkai import` as a clerk runs it: papers and folders in, documents out, whole or not at all."""

import json
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner, Result

from gongkai.commands.import_page import import_page
from tests.make_docx import picture, rezipped

ROOT = Path(__file__).parents[2]
PAPER = ROOT / "tests" / "cases" / "import" / "python-docx.docx"
PAGE = (
    "<meta name=ArticleTitle content=示例通知><meta name=PubDate content='2018-07-26 09:55'>"
    "<div id=zoom><p>正文在这里，共有十个字。<img src=a.png alt=流程></p></div>"
)


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    return tmp_path / "docs"


def run(docs: Path, *words: str | Path) -> Result:
    options = ["--column", "notices", "--docs-dir", docs, "-f", ROOT / "mkdocs.yml"]
    return CliRunner().invoke(import_page, [str(word) for word in (*words, *options)])


def files(docs: Path) -> dict[str, bytes]:
    return {path.relative_to(docs).as_posix(): path.read_bytes() for path in docs.rglob("*") if path.is_file()}


def test_a_paper_is_imported_once_and_a_second_time_changes_nothing(docs: Path) -> None:
    first = run(docs, PAPER)
    before = files(docs)
    again = run(docs, PAPER)

    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "222 字、15 个数字、2 张表格、14 个单元格、1 条脚注、1 张图片，逐字核对无误" in first.stdout
    assert "没有写明，按通常填写，请核对：公开方式“主动公开”" in first.stdout
    assert again.stdout.startswith("已有同样的文件，未改动")
    assert files(docs) == before
    assert sorted(Path(name).suffix for name in before) == [".md", ".png"]


def test_a_broken_register_ends_an_import_that_needs_a_number_with_the_sentence(docs: Path) -> None:
    (register := docs / ".register/2018.jsonl").parent.mkdir(parents=True)
    register.write_text("<<<<<<< HEAD\n", "utf-8")

    found = run(docs, PAPER)

    assert found.exit_code == 1
    assert found.output == ".register/2018.jsonl:1: 有合并冲突的标记。两边的行都要保留，只删去这几行标记\n"
    assert list(files(docs)) == [".register/2018.jsonl"]


def test_a_folder_comes_with_its_pictures_and_an_attachment_is_no_page(docs: Path, tmp_path: Path) -> None:
    folder = tmp_path / "old"
    folder.mkdir()
    (folder / "a.png").write_bytes(picture())
    (folder / "form.docx").write_bytes(PAPER.read_bytes())
    (folder / "b.pdf").write_bytes(b"%PDF")
    page = PAGE.replace("</p>", "<a href=form.docx>申报表</a></p>")
    (folder / "通知.html").write_text(page, "utf-8")

    found = run(docs, folder, "--created", "2018-07-20")

    assert found.exit_code == 0, found.output
    assert sorted(Path(name).suffix for name in files(docs)) == [".docx", ".md", ".png"]
    assert "没有页面用到、也不能作为正文导入的文件 1 个，没有导入：b.pdf" in found.stderr


@pytest.mark.parametrize(
    ("page", "words", "message"),
    [
        (PAGE, ["--created", "2018-07-20"], "缺图片 a.png：旁边没有这个文件"),
        (PAGE.replace("<img src=a.png alt=流程>", ""), [], "导入时可以加 --created 2026-01-31"),
        (PAGE.replace("<img src=a.png alt=流程>", "（此件不公开）"), ["--field", "公开方式=不予公开"], "写明不予公开"),
    ],
    ids=["missing picture", "missing field", "not public"],
)
def test_what_cannot_be_whole_leaves_nothing_behind(
    docs: Path, tmp_path: Path, page: str, words: list[str], message: str
) -> None:
    (tmp_path / "a.html").write_text(page, "utf-8")

    found = run(docs, tmp_path / "a.html", *words)

    assert found.exit_code == 1
    assert message in found.stderr
    assert "没有导入，什么也没有写" in found.stderr
    assert not docs.exists()


def test_differences_are_imported_when_they_are_allowed_and_told(docs: Path, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE, "utf-8")

    found = run(docs, tmp_path / "a.html", "--created", "2018-07-20", "--allow-differences")

    assert found.exit_code == 0
    assert "缺图片 a.png" in found.stderr
    assert "![" not in (docs / "notices/a.md").read_text("utf-8")


def test_the_original_is_attached_only_when_it_is_asked_for(docs: Path) -> None:
    found = run(docs, PAPER, "--keep-original")

    (name,) = (path.name for path in docs.rglob("*.docx"))
    assert f"附件: [{{file: {name}, title: " in next(docs.rglob("*.md")).read_text("utf-8")
    assert "原件里的作者、批注、修订和隐藏文字也会公开" in found.stdout


def test_a_number_that_the_text_lost_is_found_when_a_file_lies(docs: Path, tmp_path: Path) -> None:
    broken = rezipped(PAPER.read_bytes(), {"word/document.xml": ("<w:t>98.5</w:t>", '<w:sym w:char="F1AA"/>')}, {})
    (tmp_path / "a.docx").write_bytes(broken)

    found = run(docs, tmp_path / "a.docx")

    assert found.exit_code == 1
    assert "表格对不上" in found.stderr
    assert not docs.exists()


def test_machines_are_told_as_well(docs: Path) -> None:
    (row,) = json.loads(run(docs, PAPER, "--format", "json").stdout)

    assert (row["path"], row["changed"], row["characters"], row["cells"]) == ("notices/python-docx.md", True, 222, 14)


def test_two_files_of_one_name_in_an_archive_do_not_meet(docs: Path, tmp_path: Path) -> None:
    with ZipFile(tmp_path / "a.zip", "w") as archive:
        for folder in ("2017", "2018"):
            archive.writestr(f"{folder}/通知.txt", f"{folder}年通知\n一段正文。\n{folder}年1月2日\n")

    found = run(docs, tmp_path / "a.zip")

    assert found.exit_code == 0, found.output
    assert sorted(path.name for path in docs.rglob("*.md")) == ["2017-通知.md", "2018-通知.md"]


def packed(path: Path, files: dict[str, bytes], encoding: str) -> Path:
    """An archive; with an `encoding`, its names are in it and no flag tells which it is."""
    told = {name: name for name in files}
    if encoding:
        told = {name: chr(65 + at) * len(name.encode(encoding)) for at, name in enumerate(files)}
    with ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(told[name], data)
    data = path.read_bytes()
    for name, placeholder in told.items():
        data = data.replace(placeholder.encode(), name.encode(encoding or "utf-8"))
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", ""], ids=["GBK", "UTF-8", "UTF-8 by flag"])
def test_an_archive_with_chinese_names_comes_whole(docs: Path, tmp_path: Path, encoding: str) -> None:
    page = PAGE.replace("a.png", "图片/流程.png").replace("</p>", "<a href='附件/申报表.doc'>申报表</a></p>")
    inside = {
        "旧站/关于申报的通知.html": page.encode("gbk"),
        "旧站/图片/流程.png": picture(),
        "旧站/附件/申报表.doc": b"an old form",
    }

    found = run(docs, packed(tmp_path / "a.zip", inside, encoding), "--created", "2018-07-20")

    assert (found.exit_code, found.stderr) == (0, "")
    body = (docs / "notices/关于申报的通知.md").read_text("utf-8")
    (image,) = docs.rglob("*.png")
    (form,) = docs.rglob("*.doc")
    assert f"正文在这里，共有十个字。![流程]({image.name})[申报表]({form.name})" in body
    assert form.read_bytes() == b"an old form"
    assert form.name.startswith("申报表")


@pytest.mark.parametrize("words", [["--field", "责任部们=办公室"], ["--field", "x"]])
def test_a_field_that_is_none_is_wrong_use(docs: Path, words: list[str]) -> None:
    assert run(docs, PAPER, *words).exit_code == 2


@pytest.mark.parametrize("whole", [0, 6, 13, 20])
def test_an_import_cut_off_at_any_moment_goes_on_to_the_same_end(docs: Path, tmp_path: Path, whole: int) -> None:
    given = folder_of_pages(tmp_path / "old")
    (register := tmp_path / "right/.register/2018.jsonl").parent.mkdir(parents=True)
    register.touch()
    shutil.copytree(tmp_path / "right", docs)
    run(tmp_path / "right", given, "--created", "2018-07-20")

    kill_when(docs, whole, given)
    left = files(docs)
    again = run(docs, given, "--created", "2018-07-20")

    written = {name: data for name, data in left.items() if not name.rpartition("/")[2].startswith(".")}
    right = told_apart(tmp_path / "right")
    assert written.items() <= right.items()
    assert whole <= len([name for name in written if name.endswith(".md")]) <= 20
    assert again.exit_code == 0, again.output
    assert told_apart(docs) == right


def folder_of_pages(folder: Path) -> Path:
    """Twenty pages with a picture of its own each."""
    folder.mkdir()
    for number in range(20):
        (folder / f"{number:02}.png").write_bytes(picture() + bytes([number]))
        (folder / f"通知{number:02}.html").write_text(PAGE.replace("a.png", f"{number:02}.png"), "utf-8")
    return folder


def kill_when(docs: Path, whole: int, given: Path) -> None:
    """Import in a process of its own, and kill it as soon as there are `whole` documents."""
    options = ["--column=notices", f"--docs-dir={docs}", f"-f{ROOT / 'mkdocs.yml'}", "--created=2018-07-20"]
    killed = subprocess.Popen(
        [str(Path(sys.executable).with_name("gongkai")), "import", str(given), *options], stdout=subprocess.DEVNULL
    )
    while killed.poll() is None and (not docs.joinpath("notices").is_dir() or len(list(docs.rglob("*.md"))) < whole):
        time.sleep(0.001)
    killed.kill()
    killed.wait()


def told_apart(docs: Path) -> dict[str, bytes]:
    """The files, without what a killed process left half written and without the moments in the register."""
    kept = {name: data for name, data in files(docs).items() if not name.endswith(".tmp")}
    return {name: re.sub(rb'"recorded":"[^"]*"', b"", data) for name, data in kept.items()}
