"""Every place of a document is looked into: body, fields, names, attachments, and what files carry unseen."""

import struct
from io import BytesIO
from pathlib import Path
from urllib.parse import quote
from zipfile import ZipFile

import pytest
from docx import Document as Docx
from openpyxl import Workbook  # type: ignore[import-untyped]  # openpyxl ships no types
from pypdf import PdfWriter

from gongkai.checks.properties import hidden_properties
from gongkai.checks.readers import content_spots, file_spots
from gongkai.site import Site

IDENTITY = "360402204101010007"


@pytest.mark.parametrize(
    "body",
    [
        f"证号{IDENTITY}",
        f"![甲某{IDENTITY}](a.png)",
        f'[甲](a.pdf "{IDENTITY}")',
        f"[甲](甲某{IDENTITY}.pdf)",
        f"[甲]({quote('甲某' + IDENTITY)}.pdf)",
        f"| 甲 | {IDENTITY} |",
        f"```\n{IDENTITY}\n```",
        f'<img alt="{IDENTITY}" src="a.png">',
    ],
    ids=["text", "alt", "title", "file name", "escaped file name", "cell", "code", "html"],
)
def test_personal_data_is_found_in_every_place_of_a_body(body: str) -> None:
    assert [(key, spot.code) for key, spot in content_spots(body, {})] == [("", "privacy-identity")]


def test_a_comment_is_not_looked_into_and_moves_no_line() -> None:
    body = f"<!-- 甲某\n{IDENTITY} -->\n\n证号{IDENTITY}"

    assert [spot.line for _, spot in content_spots(body, {})] == [4]


def test_a_field_is_named_and_one_of_fixed_values_is_not_asked() -> None:
    fields = {"description": f"甲某{IDENTITY}", "disclosure": "不予公开", "title": "机密★关于示例的报告"}

    assert [(key, spot.code) for key, spot in content_spots("", fields)] == [
        ("description", "privacy-identity"),
        ("title", "secret-mark"),
    ]


def test_an_attachment_is_looked_into_by_name_and_text(tmp_path: Path, site: Site) -> None:
    file = tmp_path / f"甲某{IDENTITY}.txt"
    file.write_text("第一行\n内部资料 注意保存", "utf-8")

    found = sorted(file_spots(file, site))

    assert [(spot.line, spot.code) for spot in found] == [(1, "privacy-identity"), (2, "secret-mark")]


# Properties


def word(folder: Path, *, author: str, member: tuple[str, str] = ("", "")) -> Path:
    """A Word file with an author, and with one piece put in before the end of its body."""
    document = Docx()
    document.core_properties.author = author
    document.core_properties.last_modified_by = ""
    document.add_paragraph("正文")
    path = folder / "a.docx"
    stream = BytesIO()
    document.save(stream)
    with ZipFile(stream) as source, ZipFile(path, "w") as target:
        for name in source.namelist():
            target.writestr(
                name,
                source.read(name).decode("utf-8", "surrogateescape").replace(*member).encode("utf-8", "surrogateescape")
                if name == "word/document.xml" and member[0]
                else source.read(name),
            )
    return path


def test_an_author_is_told_by_the_first_character_only(tmp_path: Path) -> None:
    (spot,) = hidden_properties(word(tmp_path, author="甲乙丙"))

    assert (spot.code, spot.excerpt) == ("property-personal", "作者“甲**”")


@pytest.mark.parametrize("author", ["", "Administrator", "python-docx", "Microsoft Office User"])
def test_what_a_program_writes_there_names_nobody(author: str, tmp_path: Path) -> None:
    assert hidden_properties(word(tmp_path, author=author)) == ()


def test_the_offices_own_name_may_stand_there(tmp_path: Path) -> None:
    assert hidden_properties(word(tmp_path, author="示例局"), own=frozenset(["示例局"])) == ()


@pytest.mark.parametrize(
    ("mark", "code"),
    [
        ('<w:p><w:ins w:id="1" w:author="甲"><w:r><w:t>增</w:t></w:r></w:ins></w:p>', "attachment-tracked"),
        ('<w:p><w:del w:id="1"><w:r><w:delText>删</w:delText></w:r></w:del></w:p>', "attachment-tracked"),
        ("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r></w:p>", "attachment-hidden"),
    ],
    ids=["inserted", "deleted", "hidden"],
)
def test_what_word_keeps_unseen_is_told(mark: str, code: str, tmp_path: Path) -> None:
    path = word(tmp_path, author="", member=("<w:sectPr", f"{mark}<w:sectPr"))

    assert [spot.code for spot in hidden_properties(path)] == [code]


def test_a_comment_left_in_a_word_file_is_told(tmp_path: Path) -> None:
    document = Docx()
    document.core_properties.author = ""
    document.add_comment(document.add_paragraph("正文").runs, "请核对", author="甲", initials="甲")
    document.save(str(tmp_path / "a.docx"))

    assert [spot.excerpt for spot in hidden_properties(tmp_path / "a.docx")] == ["批注"]


def test_a_hidden_sheet_and_a_hidden_column_are_told(tmp_path: Path) -> None:
    book = Workbook()
    book.create_sheet("底稿").sheet_state = "hidden"
    book.worksheets[0].append(["甲", 1])
    book.worksheets[0].column_dimensions["B"].hidden = True
    book.save(tmp_path / "a.xlsx")

    assert [spot.excerpt for spot in hidden_properties(tmp_path / "a.xlsx")] == ["隐藏工作表", "隐藏行列"]


def test_the_author_of_a_pdf_is_told(tmp_path: Path) -> None:
    writer = PdfWriter()
    writer.add_blank_page(width=100, height=100)
    writer.add_metadata({"/Author": "甲乙丙"})
    writer.write(tmp_path / "a.pdf")

    assert [spot.excerpt for spot in hidden_properties(tmp_path / "a.pdf")] == ["作者“甲**”"]


def picture(order: str) -> bytes:
    """A JPEG whose Exif block names an artist and a place."""
    artist = b"Jia Mou\0"
    places = struct.pack(f"{order}HHHII", 1, 2, 5, 3, 0) + bytes(4)
    first = 8 + 2 + 2 * 12 + 4
    entries = struct.pack(f"{order}HHII", 0x013B, 2, len(artist), first)
    entries += struct.pack(f"{order}HHII", 0x8825, 4, 1, first + len(artist))
    head = {"<": b"II", ">": b"MM"}[order] + struct.pack(f"{order}HI", 42, 8)
    tiff = head + struct.pack(f"{order}H", 2) + entries + bytes(4) + artist + places
    block = b"Exif\0\0" + tiff
    return b"\xff\xd8\xff\xe1" + struct.pack(">H", len(block) + 2) + block + b"\xff\xd9"


@pytest.mark.parametrize("order", ["<", ">"], ids=["little", "big"])
def test_the_artist_and_the_place_of_a_picture_are_told(order: str, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(picture(order))

    assert [spot.excerpt for spot in hidden_properties(tmp_path / "a.jpg")] == ["作者“J****”", "拍摄地点"]


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.pdf", "a.jpg", "a.txt"])
@pytest.mark.parametrize("data", [b"", b"PK\x03\x04junk", b"\xff\xd8\xff\xe1\xff\xffExif\0\0MM", b"%PDF-1.7\nxref"])
def test_a_file_that_cannot_be_read_gives_nothing_away(name: str, data: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)

    assert hidden_properties(tmp_path / name) == ()
