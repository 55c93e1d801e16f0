"""The text of attachments is read as people see it, and never beyond bounds."""

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import openpyxl  # type: ignore[import-untyped]  # ships no types
import pytest
from pypdf import PdfWriter

from gongkai.records import plain_text
from gongkai.records.plain_text import Attached, Page, attached_text

ROOT = Path(__file__).parents[2]


def test_a_docx_tells_its_text_tables_headers_and_notes(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("申报条件")
    document.add_table(1, 2).rows[0].cells[1].text = "牵头科室"
    document.sections[0].header.paragraphs[0].text = "示例市科学技术局"
    document.save(str(tmp_path / "a.docx"))

    ((number, text),) = attached_text(tmp_path / "a.docx").pages

    assert number is None
    assert text.splitlines() == ["申报条件", "牵头科室", "示例市科学技术局"]


def test_words_deleted_under_revision_are_not_read(tmp_path: Path) -> None:
    body = (
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p>'
        "<w:r><w:t>留下的</w:t></w:r><w:del><w:r><w:delText>删去的</w:delText></w:r></w:del></w:p></w:body></w:document>"
    )
    with ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("word/document.xml", body)

    assert attached_text(tmp_path / "a.docx") == Attached((Page(None, "留下的"),))


def test_an_xlsx_tells_its_rows_sheet_by_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["任务", 40])
    book.create_sheet("二").append(["完成时限"])
    book.save(tmp_path / "a.xlsx")

    ((_, text),) = attached_text(tmp_path / "a.xlsx").pages

    assert text.splitlines() == ["任务 40", "完成时限"]


def test_a_pdf_tells_its_text_page_by_page() -> None:
    found = attached_text(ROOT / "docs" / "reports" / "2025-report.pdf")

    assert found.trouble == ""
    assert [page.number for page in found.pages] == list(range(1, len(found.pages) + 1))
    assert "政府信息公开" in "".join(page.text for page in found.pages)


def blank(file: Path, password: str = "") -> Path:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    if password:
        writer.encrypt(password)
    writer.write(file)
    return file


def test_a_pdf_of_pictures_is_told(tmp_path: Path) -> None:
    assert attached_text(blank(tmp_path / "a.pdf")) == Attached((), "attachment-scanned")


def test_an_encrypted_pdf_is_told(tmp_path: Path) -> None:
    assert attached_text(blank(tmp_path / "a.pdf", "x")) == Attached((), "attachment-unreadable")


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.pdf"])
def test_a_broken_file_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"PK\x03\x04 no archive")

    assert attached_text(tmp_path / name) == Attached((), "attachment-unreadable")


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_text, "MOST_BYTES", 1_000)
    with ZipFile(tmp_path / "a.docx", "w", ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<a>" + b" " * 5_000 + b"</a>")

    assert attached_text(tmp_path / "a.docx") == Attached((), "attachment-cut")


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("word/document.xml", '<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>')

    assert attached_text(tmp_path / "a.docx") == Attached((), "attachment-unreadable")


def test_a_long_text_is_cut_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_text, "MOST_CHARACTERS", 5)
    document = docx.Document()
    document.add_paragraph("一二三四五六七")
    document.save(str(tmp_path / "a.docx"))

    assert attached_text(tmp_path / "a.docx") == Attached((Page(None, "一二三四五"),), "attachment-cut")


def test_a_pdf_that_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_text, "SECONDS", 0.001)

    assert attached_text(blank(tmp_path / "a.pdf")) == Attached((), "attachment-cut")


def test_other_kinds_have_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"x")

    assert attached_text(tmp_path / "a.zip") == Attached(())
