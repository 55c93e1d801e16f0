"""The pictures and files that come with a page: found beside it, named by content, pictures without their metadata.

Cameras and drawing programs write who, where and with what into a picture (EXIF, XMP, IPTC, text chunks). Of all that
only the way up of a photograph is kept.
"""

import hashlib
import posixpath
import re
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

from gongkai.imports.html_blocks import Targets

Beside = Callable[[str], bytes | None]
"""The file at a path relative to the page, None where there is none, and for one outside of what was given."""
_OTHER_SCHEMES: Final = ("http", "https", "mailto", "ftp", "tel")
_FILES: Final = frozenset(
    [
        *("7z", "bmp", "csv", "doc", "docx", "et", "gif", "jpeg", "jpg", "mp3", "mp4", "ofd", "pdf", "png"),
        *("ppt", "pptx", "rar", "tif", "txt", "wps", "xls", "xlsx", "zip"),
    ]
)
"""The endings of what is taken along as an attachment."""
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
_KINDS: Final = {_PNG: "png", _JPEG: "jpg", b"GIF87a": "gif", b"GIF89a": "gif", b"BM": "bmp"}
_PNG_WORDS: Final = (b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME")
_JPEG_WORDS: Final = (0xE1, 0xED, 0xFE)
"""APP1 (EXIF, XMP), APP13 (IPTC), comment."""
_ORIENTATION: Final = 0x0112


@dataclass(slots=True)
class Assets:
    """Gathers what one page leads to; `files` are by the name under which the body has them."""

    beside: Beside
    files: dict[str, bytes] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    unfit: list[str] = field(default_factory=list)
    """Pictures that no browser shows."""
    unlinked: list[str] = field(default_factory=list)
    """Addresses within the old site."""

    def targets(self) -> Targets:
        return Targets(self.picture, self.link)

    def picture(self, address: str) -> str:
        """The name to write in the place of a picture's address, "" where there is no picture."""
        data = self._data(address)
        if data is None:
            self.missing.append(f"图片 {address[:80]}")
            return ""
        filed = filed_picture(data)
        if filed is None:
            self.unfit.append(address)
            return ""
        return self._kept(*filed)

    def link(self, address: str) -> str:
        """The address to write in the place of a link's, "" for a link that leads nowhere now."""
        parts = _parts(address)
        if parts is None or address.startswith("#"):
            return ""
        scheme, path = parts
        if scheme in _OTHER_SCHEMES:
            return address
        name, ending = posixpath.splitext(path)
        ending = ending.lstrip(".").lower()
        if ending not in _FILES:
            self.unlinked.append(address)
            return ""
        data = self._data(address)
        if data is None:
            self.missing.append(f"附件 {address[:80]}")
            return ""
        stem = re.sub(r"[^\w-]+", "-", posixpath.basename(unquote(name))).strip("-").lower()
        return self._kept(named_by_content(data, ending, stem or "file"), data)

    def _kept(self, name: str, data: bytes) -> str:
        self.files[name] = data
        return name

    def _data(self, address: str) -> bytes | None:
        scheme, path = _parts(address) or ("", "")
        return self.beside(unquote(path).replace("\\", "/")) if path and not scheme else None

    def notes(self) -> Iterator[str]:
        links = [address for address in self.unlinked if not address.lower().startswith("javascript:")]
        if links:
            yield f"原网站里的链接 {len(links)} 处只保留文字：{'、'.join(links[:3])}{'等' if len(links) > 3 else ''}"

    def losses(self) -> Iterator[str]:
        for name in dict.fromkeys(self.missing):
            yield f"缺{name}：旁边没有这个文件。请把它放在页面旁边（按页面里写的位置），一起导入"
        for name in dict.fromkeys(self.unfit):
            yield f"图片 {name} 不是网页能显示的格式。请换成 PNG 或 JPEG 图片"


def _parts(address: str) -> tuple[str, str] | None:
    """Scheme (a host counts as one) and path of an address; None for what is none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return parts.scheme.lower() or ("http" if parts.netloc else ""), parts.path


def filed_picture(data: bytes) -> tuple[str, bytes] | None:
    """The name and the bytes that a picture is filed with, None for one that no browser shows."""
    ending = kind_of(data)
    kept = without_metadata(data)
    return (named_by_content(kept, ending), kept) if ending else None


def kind_of(data: bytes) -> str:
    """The ending for a picture that every browser shows; "" for any other file."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return next((kind for start, kind in _KINDS.items() if data.startswith(start)), "")


def named_by_content(data: bytes, ending: str, stem: str = "") -> str:
    """A file name that is another for other content and the same for the same."""
    digest = hashlib.sha256(data).hexdigest()[:12]
    return f"{stem}-{digest[:8]}.{ending}" if stem else f"{digest}.{ending}"


def without_metadata(data: bytes) -> bytes:
    """The picture without what it tells of its makers; a damaged one as it is."""
    with suppress(struct.error, IndexError):
        if data.startswith(_PNG[:4]):
            return _png(data)
        if data.startswith(_JPEG):
            return _jpeg(data)
    return data


def _png(data: bytes) -> bytes:
    kept, at = [data[:8]], 8
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        end = at + 12 + length
        if data[at + 4 : at + 8] not in _PNG_WORDS:
            kept.append(data[at:end])
        at = end
    return b"".join(kept)


def _jpeg(data: bytes) -> bytes:
    kept, at = [data[:2]], 2
    while data[at] == 0xFF and data[at + 1] != 0xDA:
        (length,) = struct.unpack_from(">H", data, at + 2)
        segment = data[at : at + 2 + length]
        if data[at + 1] not in _JPEG_WORDS:
            kept.append(segment)
        elif segment[4:10] == b"Exif\x00\x00":
            kept.append(_way_up(segment[10:]))
        at += 2 + length
    return b"".join([*kept, data[at:]])


def _way_up(exif: bytes) -> bytes:
    """A segment that says only how a turned photograph is to be shown; b"" for one that is not turned."""
    order = "<" if exif[:2] == b"II" else ">"
    (first,) = struct.unpack_from(f"{order}I", exif, 4)
    (count,) = struct.unpack_from(f"{order}H", exif, first)
    for entry in range(count):
        tag, _, _, value = struct.unpack_from(f"{order}HHIH", exif, first + 2 + 12 * entry)
        if tag == _ORIENTATION and value in range(2, 9):
            words = struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, _ORIENTATION, 3, 1, value, 0, 0)
            body = b"Exif\x00\x00" + words
            return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
    return b""
