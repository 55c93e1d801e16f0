"""The encoding of an old page: by its mark, by what it says of itself, else by what its bytes are."""

import codecs
import re
from typing import Final

from gongkai.imports.page import UnreadableFileError
from gongkai.records.front_matter import decode

_SAID: Final = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_AT_TOP: Final = 4096
_CHINESE: Final = ("gbk", "gb2312", "gb18030", "hz", "gb_2312-80")


def html_text(data: bytes) -> str:
    """The page as text; raises UnreadableFileError where it can be read in no way."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(name, "replace")
    said = _SAID.search(data[:_AT_TOP])
    text = _decoded(data, said[1].decode().casefold()) if said else None
    if text is None:
        text, _ = decode(data)
    if text is None:
        raise UnreadableFileError("看不出网页是什么编码。请用浏览器打开，另存为 UTF-8 编码，再导入")
    return text


def _decoded(data: bytes, name: str) -> str | None:
    """In the encoding that the page names, where it is true: many a page says gb2312 and is UTF-8."""
    try:
        return data.decode("gb18030" if name in _CHINESE else codecs.lookup(name).name)
    except (LookupError, UnicodeDecodeError):
        return None
