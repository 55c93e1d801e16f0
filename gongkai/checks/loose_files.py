"""The text of attachments that the search leaves alone but that anybody may read: plain text, markup, and zip files.

What nothing here can read is told by its kind, so that somebody looks at it before it goes out.
"""

import zlib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile, ZipInfo

from selectolax.lexbor import LexborHTMLParser

from gongkai.records.front_matter import decode
from gongkai.records.plain_text import KINDS, Attached, Page, attached_text

_MARKUP = (".html", ".htm", ".xhtml", ".svg", ".xml")
_PLAIN = (
    *(".txt", ".text", ".log", ".csv", ".tsv", ".json", ".jsonl", ".geojson", ".yml", ".yaml"),
    *(".md", ".markdown", ".mdown", ".mkdn", ".mkd", ".rst", ".ics", ".vcf"),
)
_READ = (*KINDS, *_MARKUP, *_PLAIN)
#: Pictures show what they say; nobody is told that they were not read.
PICTURES = (*(".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif"), *(".bmp", ".ico", ".tif", ".tiff"))
#: Bytes of one file that are looked at.
MOST_BYTES = 2 * 1024 * 1024
#: Members of one zip, and the bytes of one of them, unpacked.
MOST_MEMBERS = 200
MOST_UNPACKED = 16 * 1024 * 1024


class Looked(NamedTuple):
    """What a file says, with the names in it, and the kinds in it that nothing can read."""

    attached: Attached
    names: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def looked_into(file: Path) -> Looked:
    """What of `file` can be read, whatever its kind."""
    kind = file.suffix.lower()
    if kind == ".zip":
        return _zipped(file)
    if kind in _MARKUP or kind in _PLAIN:
        return Looked(_loose(file))
    if kind in KINDS or kind in PICTURES:
        return Looked(attached_text(file))
    return Looked(Attached(()), unread=(kind,))


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
        text = "\n".join(_words(text))
    return Attached((Page(None, text),), "attachment-cut" if is_cut else "")


def _decoded(data: bytes, *, is_cut: bool) -> str | None:
    """The text; a character that the cut went through is left out."""
    ends = (decode(data[: len(data) - lost])[0] for lost in range(4 if is_cut else 1))
    return next((text for text in ends if text is not None), None)


def _words(markup: str) -> Iterator[str]:
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


def _zipped(file: Path) -> Looked:
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
                elif kind not in PICTURES:
                    unread.add(kind or "没有扩展名")
            troubles.append("attachment-cut" if len(members) > MOST_MEMBERS else "")
    except (OSError, BadZipFile, RuntimeError, ValueError, NotImplementedError, EOFError, zlib.error):
        troubles.append("attachment-unreadable")
    trouble = next(filter(None, troubles), "")
    return Looked(Attached(tuple(pages), trouble), tuple(names), tuple(sorted(unread)))


def _member(archive: ZipFile, member: ZipInfo, place: Path) -> Attached:
    """What a member says, unpacked to `place` as far as it is not too large."""
    with archive.open(member) as source:
        data = source.read(MOST_UNPACKED + 1)
    if len(data) > MOST_UNPACKED:
        return Attached((), "attachment-cut")
    place.write_bytes(data)
    return looked_into(place).attached


def _name(member: ZipInfo) -> str:
    """A member's name; without the mark of UTF-8 it is in GBK, as Windows writes it here."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename
