"""What lies in text files and archives is found before it goes out, and what cannot be read is told."""

from pathlib import Path
from zipfile import ZipFile

import pytest

from gongkai.checks import attached_files
from gongkai.checks.attached_files import is_looked_into
from gongkai.checks.readers import file_spots
from gongkai.site import Site

MOBILE = "联系人手机13912345678。"
SECRET = f"机密★10年\n{MOBILE}"
BOTH = {"privacy-mobile", "secret-mark"}


def codes(file: Path, site: Site, data: bytes) -> set[str]:
    file.write_bytes(data)
    return {spot.code for spot in file_spots(file, site)}


@pytest.mark.parametrize("kind", ["txt", "CSV", "tsv", "json", "xml", "svg", "html", "htm", "md"])
def test_text_is_looked_into(tmp_path: Path, site: Site, kind: str) -> None:
    assert is_looked_into(f"notices/a.{kind}")
    assert codes(tmp_path / f"a.{kind}", site, SECRET.encode("gb18030")) == BOTH


def test_markup_is_read_without_tags_and_with_comments(tmp_path: Path, site: Site) -> None:
    secret, cells = "<!--机密★10年-->", "<table><td>13912345678</td><td>2025</td></table>"

    assert codes(tmp_path / "a.html", site, f"{secret}<!DOCTYPE html>{cells}".encode()) == BOTH
    assert codes(tmp_path / "a.html", site, f"<html><body>{cells}</body></html>{secret}".encode()) == BOTH
    assert codes(tmp_path / "a.xml", site, f"<?xml version='1.0'?><a><![CDATA[{MOBILE}]]></a>".encode()) == {
        "privacy-mobile"
    }
    assert codes(tmp_path / "b.svg", site, b'<svg><path d="M13912345678 0"/></svg>') == set()


def test_no_more_is_read_than_so_much(tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attached_files, "MOST_BYTES", len(MOBILE.encode()) + 1)

    assert codes(tmp_path / "a.txt", site, f"{MOBILE}机密★10年".encode()) == {"privacy-mobile", "attachment-cut"}


@pytest.mark.parametrize("kind", ["doc", "wps", "ofd", "rar", "mp4", "pptx"])
def test_what_nothing_reads_is_told_once(tmp_path: Path, site: Site, kind: str) -> None:
    assert is_looked_into(f"a.{kind}")
    assert codes(tmp_path / f"a.{kind}", site, b"\xd0\xcf") == {"attachment-unchecked"}


def test_pictures_are_nobodys_to_read() -> None:
    assert not is_looked_into("a.png")


def test_a_zip_is_looked_into_by_names_and_members(tmp_path: Path, site: Site) -> None:
    with ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("13912345678.png", b"")
        archive.writestr("表.txt", "机密★10年")
        archive.writestr("旧.doc", b"")

    found = list(file_spots(tmp_path / "a.zip", site))
    assert {spot.code for spot in found} == BOTH | {"attachment-unchecked"}
    assert any("里有 .doc 文件，没有检查" in spot.message for spot in found)


def test_a_broken_zip_is_told(tmp_path: Path, site: Site) -> None:
    assert codes(tmp_path / "a.zip", site, b"PK") == {"attachment-unreadable"}
