"""One writing of a text for the checks: what a clerk's eye reads as the same is the same here.

Full-width digits and letters, HTML entities, characters of no width and Chinese numerals in long runs become plain
digits and letters. Lines stay what they were; places within a line may move.
"""

import html
import re
from functools import lru_cache
from typing import Final

_WIDE: Final = re.compile("[０-９Ａ-Ｚａ-ｚ＠]")
_NARROW: Final = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF20, 0xFF5B))}
_NO_WIDTH: Final = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]+")
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,30});")
_NUMERALS: Final = re.compile("[〇零○一二三四五六七八九幺]{11,}")
_DIGITS: Final = str.maketrans("〇零○一二三四五六七八九幺", "0001234567891")


@lru_cache(maxsize=4)
def plain(text: str) -> str:
    """`text` in one writing, with as many lines as before; kept, as several checks ask for the same."""
    if "&" in text:
        text = _ENTITY.sub(lambda match: html.unescape(match[0]).replace("\n", " "), text)
    if not text.isascii():
        if _NO_WIDTH.search(text):
            text = _NO_WIDTH.sub("", text)
        if _WIDE.search(text):
            text = text.translate(_NARROW)
        if _NUMERALS.search(text):
            text = _NUMERALS.sub(lambda match: match[0].translate(_DIGITS), text)
    return text
