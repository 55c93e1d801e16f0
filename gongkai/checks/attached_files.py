"""The files that go public with a body: what can be read of them, and what nobody can search or should look at.

Text files, markup and zip files are left alone by the search, but anybody may read them. What nothing here can read is
told by its kind, so that somebody looks at it before it goes out.
"""

import zlib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from zipfile import BadZipFile, ZipFile, ZipInfo

from selectolax.lexbor import LexborHTMLParser

from gongkai.checks.properties import hidden_properties
from gongkai.checks.protocol import FILES_OPEN, PRIVACY_LAW, AttachedFile, Content, FileRule
from gongkai.checks.texts import Spot
from gongkai.records.front_matter import decode
from gongkai.records.plain_text import KINDS, Attached, Page, attached_text

_MESSAGES = {
    "attachment-scanned": "里面没有文字，像是扫描件，搜索找不到它的内容。请换成由电脑生成的文件，或先做文字识别",
    "attachment-unreadable": "内容读不出来，可能加了密码或已损坏。请打开看看，另存后换上",
    "attachment-cut": "太大，搜索和检查只看得到一部分内容，或一点也看不到。请分成几个文件",
}
_UNCHECKED = "没有检查里面有没有个人信息和密级标志。请另存为 docx、xlsx 或 pdf，或人工看过"
#: Pictures that carry more than they show.
_CARRIERS = (".jpg", ".jpeg")
_MARKUP = (".html", ".htm", ".xhtml", ".svg", ".xml")
_PLAIN = (
    *(".txt", ".text", ".log", ".csv", ".tsv", ".json", ".jsonl", ".geojson", ".yml", ".yaml"),
    *(".md", ".markdown", ".mdown", ".mkdn", ".mkd", ".rst", ".ics", ".vcf"),
)
_READ = (*KINDS, *_MARKUP, *_PLAIN)
#: Pictures show what they say; nobody is told that they were not read.
_PICTURES = (*(".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif"), *(".bmp", ".ico", ".tif", ".tiff"))
#: Bytes of one file that are looked at.
MOST_BYTES = 2 * 1024 * 1024
#: Members of one zip, and the bytes of one of them, unpacked.
MOST_MEMBERS = 200
MOST_UNPACKED = 16 * 1024 * 1024


def is_looked_into(path: str) -> bool:
    """Whether a file is of a kind that anything can be found in, or that somebody should look at."""
    name = path.rpartition("/")[2].lower()
    return "." in name and (name.endswith(_CARRIERS) or not name.endswith(_PICTURES))


def content_of(file: Path) -> Content:
    """What of `file` can be read, whatever its kind."""
    kind = file.suffix.lower()
    if kind == ".zip":
        return _zipped(file)
    if kind in _MARKUP or kind in _PLAIN:
        return Content(_loose(file))
    if kind in KINDS or kind in _PICTURES:
        return Content(attached_text(file))
    return Content(Attached(()), unread=(kind,))


def _loose(file: Path) -> Attached:
    try:
        with file.open("rb") as source:
            data = source.read(MOST_BYTES + 1)
    except OSError:
        return Attached((), "attachment-unreadable")
    is_cut = len(data) > MOST_BYTES
    text = _decoded(data[:MOST_BYTES], is_cut=is_cut)
    if text is None:
        return Attached((), "attachment-unreadable")
    if file.suffix.lower() in _MARKUP:
        text = "\n".join(_words_of_markup(text))
    return Attached((Page(None, text),), "attachment-cut" if is_cut else "")


def _decoded(data: bytes, *, is_cut: bool) -> str | None:
    """The text; a character that the cut went through is left out."""
    ends = (decode(data[: len(data) - lost])[0] for lost in range(4 if is_cut else 1))
    return next((text for text in ends if text is not None), None)


def _words_of_markup(markup: str) -> Iterator[str]:
    """The text between tags, and comments, which the public can read as well.

    Within an element from the start, what stands before and after the document's own is part of the tree.
    """
    place = LexborHTMLParser(f"<body>{markup}").root
    while place is not None:
        for node in place.traverse(include_text=True):
            if node.is_comment_node:
                yield node.comment_content or ""
            elif node.tag == "-text":
                yield node.text_content or ""
        place = place.next


def _zipped(file: Path) -> Content:
    pages: list[Page] = []
    names: list[str] = []
    troubles: list[str] = []
    unread: set[str] = set()
    try:
        with ZipFile(file) as archive, TemporaryDirectory() as folder:
            members = [one for one in archive.infolist() if not one.is_dir()]
            for member in members[:MOST_MEMBERS]:
                names.append(_name(member))
                kind = Path(names[-1]).suffix.lower()
                if kind in _READ:
                    inner = _member(archive, member, Path(folder) / f"a{kind}")
                    pages += (Page(None, page.text) for page in inner.pages)
                    troubles.append(inner.trouble)
                elif kind not in _PICTURES:
                    unread.add(kind or "没有扩展名")
            troubles.append("attachment-cut" if len(members) > MOST_MEMBERS else "")
    except (OSError, BadZipFile, RuntimeError, ValueError, NotImplementedError, EOFError, zlib.error):
        troubles.append("attachment-unreadable")
    trouble = next(filter(None, troubles), "")
    return Content(Attached(tuple(pages), trouble), tuple(names), tuple(sorted(unread)))


def _member(archive: ZipFile, member: ZipInfo, place: Path) -> Attached:
    """What a member says, unpacked to `place` as far as it is not too large."""
    with archive.open(member) as source:
        data = source.read(MOST_UNPACKED + 1)
    if len(data) > MOST_UNPACKED:
        return Attached((), "attachment-cut")
    place.write_bytes(data)
    return content_of(place).attached


def _name(member: ZipInfo) -> str:
    """A member's name; without the mark of UTF-8 it is in GBK, as Windows writes it here."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename


def _legibility(given: AttachedFile) -> Iterator[Spot]:
    if given.content.unread:
        verb = "里有" if given.file.suffix.lower() == ".zip" else "是"
        message = f"{verb} {'、'.join(given.content.unread)} 文件，{_UNCHECKED}"
        yield Spot(1, "attachment-unchecked", message, "")
    trouble = given.content.attached.trouble
    if trouble:
        yield Spot(1, trouble, _MESSAGES[trouble], "")


def _properties(given: AttachedFile) -> Iterator[Spot]:
    for spot in hidden_properties(given.file, own=given.own):
        yield spot._replace(message=f"：{spot.message}")


RULES: Final = (
    FileRule("attachment-scanned", "warning", "attachments", "附件没有文字", "", _legibility),
    FileRule("attachment-unreadable", "warning", "attachments", "附件内容读不出来", FILES_OPEN, _legibility),
    FileRule("attachment-cut", "warning", "attachments", "附件太大，没有全部读入", "", _legibility),
    FileRule("attachment-unchecked", "warning", "attachments", "附件没有检查内容", "", _legibility),
    FileRule("property-personal", "warning", "privacy", "文件属性里有姓名或位置", PRIVACY_LAW, _properties),
    FileRule("attachment-tracked", "warning", "attachments", "附件里有修订或批注", "", _properties),
    FileRule("attachment-hidden", "warning", "attachments", "附件里有隐藏内容", "", _properties),
)
