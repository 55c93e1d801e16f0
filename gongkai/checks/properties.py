"""What a file carries beside its text: names in its properties, revisions, comments, hidden sheets and text, places.

An office prints a Word file and sees nothing of it; whoever downloads the file does. Members of archives are read with
the bounds of `attached_text`, a pdf's properties from its trailer, a picture's from its first bytes.
"""

import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

from gongkai.checks.texts import Spot

MOST_BYTES: Final = 64 * 1024 * 1024
_OFFICE: Final = (".docx", ".xlsx", ".pptx")
_NAMES: Final = {"creator": "作者", "lastModifiedBy": "最后修改者", "Manager": "主管", "Company": "单位"}
#: What programs write there by themselves names nobody.
_BY_MACHINE: Final = re.compile(
    r"(?:administrator|admin|user|owner|pc|windows ?(?:user|用户)|microsoft(?: office user| corporation)?|微软(?:用户|中国)?|用户|home|china|work"
    r"|lenovo|hp|dell|asus|acer|huawei|wps(?: office)?|kingsoft|金山\S*|python-docx|openpyxl|apache poi|libreoffice|writer|word|excel|"
    r"acrobat\S*|adobe\S*|mkdocs|chromium|sky123\.org|雨林木风|深度\S*|番茄花园|un-?named|未知|无|n/a|root|test|office)",
    re.IGNORECASE,
)
_INS_DEL: Final = re.compile(rb"<w:(?:ins|del|moveFrom|moveTo)[ >]")
_VANISH: Final = re.compile(rb"<w:vanish(?:\s+w:val=\"(?:true|1|on)\")?\s*/>")
_COMMENT: Final = re.compile(rb"<(?:w:comment|comment|threadedComment|p:cm|p188:cm)[ >]")
_COMMENT_PART: Final = re.compile(
    r"word/comments\.xml|xl/comments\d*\.xml|xl/comments/comment\d+\.xml|xl/threadedComments/.*\.xml|ppt/comments/.*\.xml"
)
_HIDDEN_SHEET: Final = re.compile(rb"<(?:\w+:)?sheet\s[^>]*\bstate=\"(?:hidden|veryHidden)\"")
_HIDDEN_LINES: Final = re.compile(rb"<(?:\w+:)?(?:row|col)\s[^>]*\bhidden=\"(?:1|true)\"")
_SHEET: Final = re.compile(r"xl/worksheets/sheet\d+\.xml")
_TRACKED: Final = "请在原来的软件里接受或拒绝全部修订、删去批注，另存后换上"
_HIDDEN: Final = "隐藏的内容下载的人都能看到。请删去或取消隐藏，另存后换上"
_CLEAN: Final = "请在原来的软件里删去文件属性（“检查文档”或“文档信息”），另存后换上"


def hidden_properties(path: Path, *, own: frozenset[str] = frozenset()) -> tuple[Spot, ...]:
    """What the file at `path` would give away; nothing for kinds that carry nothing, or that cannot be read.

    `own` are names that may stand there, as the office's.
    """
    kind = path.suffix.lower()
    try:
        if kind in _OFFICE:
            with ZipFile(path) as archive:
                return tuple(_office(archive, own))
        if kind == ".pdf":
            return tuple(_named(_pdf_names(path), own))
        if kind in (".jpg", ".jpeg"):
            return tuple(_picture(path, own))
    except (OSError, BadZipFile, ElementTree.ParseError, ValueError, RuntimeError, KeyError, struct.error):
        return ()
    return ()


def _office(archive: ZipFile, own: frozenset[str]) -> Iterator[Spot]:
    names = set(archive.namelist())
    yield from _named(list(_properties(archive, names)), own)
    body = _member(archive, "word/document.xml") if "word/document.xml" in names else b""
    if _INS_DEL.search(body):
        yield _spot("attachment-tracked", f"附件里留有修订痕迹，删改过的文字都能看到。{_TRACKED}", "修订")
    comments = sorted(filter(_COMMENT_PART.fullmatch, names))
    if any(_COMMENT.search(_member(archive, name)) for name in comments):
        yield _spot("attachment-tracked", f"附件里留有批注。{_TRACKED}", "批注")
    if _VANISH.search(body):
        yield _spot("attachment-hidden", f"附件里有隐藏的文字。{_HIDDEN}", "隐藏文字")
    if "xl/workbook.xml" in names and _HIDDEN_SHEET.search(_member(archive, "xl/workbook.xml")):
        yield _spot("attachment-hidden", f"附件里有隐藏的工作表。{_HIDDEN}", "隐藏工作表")
    if any(_HIDDEN_LINES.search(_member(archive, name)) for name in sorted(filter(_SHEET.fullmatch, names))):
        yield _spot("attachment-hidden", f"附件里有隐藏的行或列。{_HIDDEN}", "隐藏行列")


def _member(archive: ZipFile, name: str) -> bytes:
    with archive.open(name) as source:
        data = source.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ValueError(name)
    return data


def _properties(archive: ZipFile, names: set[str]) -> Iterator[tuple[str, str]]:
    """(what, name) of each property that may name somebody."""
    for part in ("docProps/core.xml", "docProps/app.xml"):
        if part not in names:
            continue
        data = _member(archive, part)
        if b"<!DOCTYPE" in data[:4096]:
            raise ValueError(part)
        for node in ElementTree.fromstring(data):
            what = _NAMES.get(node.tag.rpartition("}")[2])
            if what and node.text:
                yield what, node.text


def _pdf_names(path: Path) -> list[tuple[str, str]]:
    from pypdf import PdfReader  # noqa: PLC0415 - only where there is a pdf
    from pypdf.errors import PyPdfError  # noqa: PLC0415

    try:
        about = PdfReader(path).metadata
        author = about.author if about else None
    except (PyPdfError, AttributeError, TypeError, IndexError, RecursionError) as problem:
        raise ValueError(path) from problem
    return [("作者", author)] if author else []


def _named(found: list[tuple[str, str]], own: frozenset[str]) -> Iterator[Spot]:
    """One finding for all the names of a file."""
    named = {
        what: name.strip()
        for what, name in found
        if name.strip() and name.strip() not in own and not _BY_MACHINE.fullmatch(name.strip())
    }
    if named:
        shown = "、".join(f"{what}“{_hidden_name(name)}”" for what, name in named.items())
        yield _spot("property-personal", f"文件属性里写着{shown}，下载的人都能看到。{_CLEAN}", shown)


def _hidden_name(name: str) -> str:
    return name[0] + "*" * min(len(name) - 1, 4)


def _spot(code: str, message: str, excerpt: str) -> Spot:
    return Spot(1, code, message, excerpt)


# Pictures


_ARTIST, _OWNER, _GPS, _EXIF, _XP_AUTHOR = 0x013B, 0xA430, 0x8825, 0x8769, 0x9C9D
_Entries = dict[int, tuple[int, int, bytes]]


def _picture(path: Path, own: frozenset[str]) -> Iterator[Spot]:
    with path.open("rb") as source:
        data = source.read(512 * 1024)
    tiff = _exif(data)
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return
    first = _directory(tiff, order, _long(tiff, order, 4))
    inner = _directory(tiff, order, _pointer(order, first[_EXIF])) if _EXIF in first else {}
    names = [("作者", _ascii(tiff, order, first[_ARTIST]))] if _ARTIST in first else []
    names += [("作者", _wide(tiff, order, first[_XP_AUTHOR]))] if _XP_AUTHOR in first else []
    names += [("相机主人", _ascii(tiff, order, inner[_OWNER]))] if _OWNER in inner else []
    yield from _named(names, own)
    if _GPS in first and any(tag in (2, 4) for tag in _directory(tiff, order, _pointer(order, first[_GPS]))):
        yield _spot("property-personal", "图片里记着拍摄地点的经纬度。请用看图软件删去位置信息，另存后换上", "拍摄地点")


def _exif(data: bytes) -> bytes:
    """The Exif block of a JPEG (CIPA DC-008), b"" where there is none."""
    place = 2
    while data[:2] == b"\xff\xd8" and place + 4 <= len(data) and data[place] == 0xFF:
        marker, size = data[place + 1], int.from_bytes(data[place + 2 : place + 4], "big")
        block = data[place + 4 : place + 2 + size]
        if marker == 0xE1 and block.startswith(b"Exif\0\0"):
            return block[6:]
        if marker == 0xDA or size < 2:
            break
        place += 2 + size
    return b""


def _directory(tiff: bytes, order: str, place: int) -> _Entries:
    """The entries of one directory: tag to (kind, count, the four bytes of its value or offset)."""
    (count,) = struct.unpack_from(f"{order}H", tiff, place)
    found: _Entries = {}
    for number in range(min(count, 512)):
        tag, kind, length, value = struct.unpack_from(f"{order}HHI4s", tiff, place + 2 + 12 * number)
        found[tag] = (kind, length, value)
    return found


def _long(tiff: bytes, order: str, place: int) -> int:
    (number,) = struct.unpack_from(f"{order}I", tiff, place)
    return int(number)


def _pointer(order: str, entry: tuple[int, int, bytes]) -> int:
    return _long(entry[2], order, 0)


def _value(tiff: bytes, order: str, entry: tuple[int, int, bytes]) -> bytes:
    _, length, value = entry
    if length <= 4:
        return value[:length]
    place = _pointer(order, entry)
    return tiff[place : place + min(length, 1000)]


def _ascii(tiff: bytes, order: str, entry: tuple[int, int, bytes]) -> str:
    return _value(tiff, order, entry).split(b"\0")[0].decode("utf-8", "replace")


def _wide(tiff: bytes, order: str, entry: tuple[int, int, bytes]) -> str:
    return _value(tiff, order, entry).decode("utf-16-le", "replace").split("\0")[0]
