"""Files, folders and archives: what in them is a page, what lies beside one, and what is left alone."""

import re
import struct
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from gongkai.imports import bundle
from gongkai.imports.assets import kind_of, without_metadata
from gongkai.imports.bundle import items_of
from gongkai.imports.page import UnreadableFileError
from gongkai.imports.reading import read_page
from gongkai.imports.text_page import read_markdown, read_text
from tests.make_docx import picture

nothing_beside = dict[str, bytes]().get


def archive(path: Path, files: dict[str, bytes]) -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return path


@pytest.mark.parametrize("name", ["总结/通知", "通/隆露"])
def test_names_that_chinese_windows_wrote_are_read(tmp_path: Path, name: str) -> None:
    plain = re.sub("[^/]", "AA", name)
    made = archive(tmp_path / "a.zip", {f"{plain}.txt": b"words"})
    made.write_bytes(made.read_bytes().replace(plain.encode(), name.encode("gbk")))

    (item,) = items_of(made)

    assert (item.name, item.stem, item.read()) == (f"{name}.txt", name.rpartition("/")[2], b"words")


def test_what_machines_leave_behind_is_no_file(tmp_path: Path) -> None:
    junk = ("__MACOSX/a.txt", ".DS_Store", "b/._a.txt", "b/~$a.docx", "Thumbs.db", ".git/config")
    made = archive(tmp_path / "a.zip", dict.fromkeys((*junk, "b/a.txt"), b"words"))
    with ZipFile(made) as packed:
        packed.extractall(tmp_path / "folder")

    assert [item.name for item in items_of(made)] == ["b/a.txt"]
    assert [item.name for item in items_of(tmp_path / "folder")] == ["b/a.txt"]


@pytest.mark.parametrize("name", ["../a.txt", "/etc/a.txt", "b/../../a.txt", "..\\a.txt", "C:/a.txt"])
def test_an_archive_with_a_path_out_of_itself_is_not_read(tmp_path: Path, name: str) -> None:
    made = archive(tmp_path / "a.zip", {name: b"words", "b.txt": b"words"})

    with pytest.raises(UnreadableFileError, match="不该有的路径"):
        items_of(made)


def test_an_archive_that_would_unpack_without_end_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = archive(tmp_path / "a.zip", {"a.txt": bytes(200_000), "b.txt": b"words"})

    monkeypatch.setattr(bundle, "LARGEST", 100_000)
    with pytest.raises(UnreadableFileError, match="展开以后超过"):
        items_of(made)[0].read()
    monkeypatch.setattr(bundle, "_MOST_BYTES", 100_000)
    with pytest.raises(UnreadableFileError, match="太多或者展开以后太大"):
        items_of(made)


def test_a_damaged_member_harms_no_other(tmp_path: Path) -> None:
    made = archive(tmp_path / "a.zip", {"a.txt": b"the first words", "b.txt": b"words"})
    data = bytearray(made.read_bytes())
    start = 30 + len("a.txt")
    data[start : start + 4] = b"\xff\xff\xff\xff"
    made.write_bytes(bytes(data))
    first, second = items_of(made)

    with pytest.raises(UnreadableFileError, match="已损坏"):
        first.read()
    assert second.read() == b"words"


def test_what_is_no_archive_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"words")

    with pytest.raises(UnreadableFileError, match="压缩包打不开"):
        items_of(tmp_path / "a.zip")


def test_a_page_finds_what_lies_beside_it_and_nothing_outside(tmp_path: Path) -> None:
    (tmp_path / "given/img").mkdir(parents=True)
    (tmp_path / "given/img/a.png").write_bytes(b"picture")
    (tmp_path / "given/page.html").write_bytes(b"page")
    (tmp_path / "secret.png").write_bytes(b"secret")
    (tmp_path / "given/link.png").symlink_to(tmp_path / "secret.png")

    (alone,) = items_of(tmp_path / "given/page.html")
    of_folder = next(item for item in items_of(tmp_path / "given") if item.name == "page.html")

    found = [item.beside("img/a.png") for item in (alone, of_folder)]
    assert [item.read() for item in found if item] == [b"picture", b"picture"]
    outside = ("../secret.png", "link.png", "img/../../secret.png", "/etc/hostname")
    assert [item.beside(path) for item in (alone, of_folder) for path in outside] == [None] * 8


@pytest.mark.parametrize(
    ("ending", "data", "message"),
    [
        (".pdf", b"%PDF", "PDF不能作为正文导入。请把它作为附件"),
        (".xlsx", b"PK", "Excel 表格不能作为正文导入"),
        (".rar", b"Rar", "请解开，导入解开后的文件夹"),
        (".xyz", b"?", ".xyz文件不能作为正文导入"),
        (".docx", b"", "文件是空的"),
        (".txt", b" \n", "文件是空的"),
        (".md", b"\n", "文件是空的"),
        (".txt", b"\xff\xfe\xfa\x00\x01", "既不是 UTF-8 也不是 GBK"),
        (".md", b"---\ntitle: x\n", "字段区没有结束"),
    ],
)
def test_a_kind_that_is_no_text_is_told_with_what_to_do(ending: str, data: bytes, message: str) -> None:
    with pytest.raises(UnreadableFileError) as refusal:
        read_page(data, ending, nothing_beside)

    assert message in str(refusal.value)


def test_an_old_format_without_the_office_says_how_to_save_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(UnreadableFileError, match="没有安装 LibreOffice，转换不了。请在 Word 或 WPS 里打开"):
        read_page(b"\xd0\xcf\x11\xe0", ".doc", nothing_beside)


def test_a_page_of_the_web_under_the_name_of_a_doc_is_read_as_what_it_is() -> None:
    page = read_page("<html><body><p>正文在这里，共有十个字。</p></body></html>".encode(), ".doc", nothing_beside)

    assert page.body == "正文在这里，共有十个字。\n"


def test_plain_text_begins_with_its_title_and_ends_with_its_day() -> None:
    page = read_text(
        "关于开展检查的通知\n示科字〔2024〕3号\n　　一、范围\n　　全市企业。\n2024年1月12日\n".encode("gbk")
    )

    assert page.fields["title"] == "关于开展检查的通知"
    assert (page.fields["document_number"], page.fields["created"]) == ("示科字〔2024〕3号", "2024-01-12")
    assert page.body == "## 一、范围\n\n全市企业。\n\n2024年1月12日\n"


def test_markdown_keeps_its_words_and_its_fields_under_their_labels() -> None:
    text = "---\ndate: 2024-01-02 10:00:00\ntags: [甲, 乙]\nlayout: x\ndraft: true\n---\n# 题目\n\n正*文*。\n"

    page = read_markdown(text.encode(), nothing_beside)

    assert dict(page.fields) == {"published": "2024-01-02 10:00:00", "status": "草稿", "title": "题目"}
    assert (dict(page.raw), page.body.strip()) == ({"keywords": "[甲, 乙]"}, "正*文*。")
    assert page.notes == ("字段区里的 layout 没有对应的字段，没有导入",)


def test_markdown_brings_its_pictures_and_names_those_that_are_missing() -> None:
    page = read_markdown(b'# T\n\n![a](img/a.png "t") ![b](b.png)\n', {"img/a.png": picture()}.get)

    (name,) = page.assets
    assert page.body.strip() == f'![a]({name} "t") ![b](b.png)'
    assert [loss.partition("：")[0] for loss in page.losses] == ["缺图片 b.png"]


def photograph(turned: int) -> bytes:
    """The segments of a JPEG: JFIF, EXIF with a maker and a way up, XMP, and the picture's data."""
    entries = struct.pack("<HHII", 0x010F, 2, 4, 0x004D4143) + struct.pack("<HHIHH", 0x0112, 3, 1, turned, 0)
    exif = b"Exif\x00\x00" + b"II*\x00" + struct.pack("<IH", 8, 2) + entries + bytes(4)
    parts = ((0xE0, b"JFIF\x00"), (0xE1, exif), (0xE1, b"http://ns.adobe.com/xap/1.0/\x00author"), (0xFE, b"by whom"))
    made = b"".join(b"\xff" + bytes([sign]) + struct.pack(">H", len(data) + 2) + data for sign, data in parts)
    return b"\xff\xd8" + made + b"\xff\xda\x00\x02data\xff\xd9"


def test_a_photograph_keeps_its_way_up_and_nothing_else_of_its_maker() -> None:
    turned, plain = without_metadata(photograph(6)), without_metadata(photograph(1))

    assert plain == b"\xff\xd8\xff\xe0\x00\x07JFIF\x00\xff\xda\x00\x02data\xff\xd9"
    assert b"author" not in turned
    assert b"whom" not in turned
    assert struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0) in turned
    assert without_metadata(turned) == turned


@pytest.mark.parametrize("cut", [9, 20, 40])
def test_a_damaged_picture_is_left_as_it_is(cut: int) -> None:
    assert without_metadata(photograph(6)[:cut]) == photograph(6)[:cut]


def test_kinds_are_told_by_content() -> None:
    starts = (picture(), photograph(1), b"GIF89a", b"RIFF\x00\x00\x00\x00WEBP", b"\x01\x00\x00\x00EMF", b"")

    assert [kind_of(start) for start in starts] == ["png", "jpg", "gif", "webp", "", ""]


def test_a_picture_without_metadata_is_the_same_picture() -> None:
    target = BytesIO(without_metadata(picture()))

    assert b"IDAT" in target.getvalue()
    assert len(target.getvalue()) < len(picture())
