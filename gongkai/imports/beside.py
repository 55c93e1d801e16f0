"""The pictures and files that a page leads to, where they lie beside it in its folder or archive."""

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

from gongkai.imports import html_blocks
from gongkai.imports.images import kind_of, named_by_content, without_metadata

Beside = Callable[[str], bytes | None]
"""The file at a path relative to the page, None where there is none, and for one outside of what was given."""
_ELSEWHERE: Final = ("http", "https", "mailto", "ftp", "tel")
_FILES: Final = frozenset(
    [
        "doc",
        "docx",
        "xls",
        "xlsx",
        "ppt",
        "pptx",
        "pdf",
        "zip",
        "rar",
        "7z",
        "wps",
        "et",
        "ofd",
        "txt",
        "csv",
        "jpg",
        "jpeg",
        "png",
        "gif",
        "bmp",
        "tif",
        "mp3",
        "mp4",
    ]
)
LARGEST: Final = 64 * 1024 * 1024


def nothing_beside(_path: str) -> None:
    """For a file that comes alone."""


@dataclass(slots=True)
class Places:
    """Gathers what one page leads to; `assets` are the files by the name under which the body has them."""

    beside: Beside
    assets: dict[str, bytes] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    unfit: list[str] = field(default_factory=list)
    unlinked: list[str] = field(default_factory=list)

    def targets(self) -> html_blocks.Targets:
        return html_blocks.Targets(self.picture, self.link)

    def picture(self, address: str) -> str:
        data = self._data(address)
        if data is None:
            self.missing.append(f"图片 {address[:80]}")
            return ""
        ending = kind_of(data)
        if not ending:
            self.unfit.append(address)
            return ""
        kept = without_metadata(data)
        return self._kept(named_by_content(kept, ending), kept)

    def link(self, address: str) -> str:
        parts = _parts(address)
        if parts is None or address.startswith("#"):
            return ""
        if parts[0] in _ELSEWHERE:
            return address
        ending = posixpath.splitext(parts[1])[1].lstrip(".").lower()
        data = self._data(address) if ending in _FILES else None
        if data is not None:
            stem = (
                re.sub(r"[^\w-]+", "-", posixpath.splitext(posixpath.basename(unquote(parts[1])))[0])
                .strip("-")
                .lower()
            )
            return self._kept(named_by_content(data, ending, stem or "file"), data)
        (self.missing if ending in _FILES else self.unlinked).append(
            f"附件 {address[:80]}" if ending in _FILES else address
        )
        return ""

    def _kept(self, name: str, data: bytes) -> str:
        self.assets[name] = data
        return name

    def _data(self, address: str) -> bytes | None:
        parts = _parts(address)
        if parts is None or parts[0] or not parts[1]:
            return None
        return self.beside(unquote(parts[1]).replace("\\", "/"))

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
