"""One writing of a text for the checks: what a clerk's eye reads as the same is the same here.

Full-width digits and letters, HTML entities, characters of no width and Chinese numerals in long runs become plain
digits and letters. Lines stay what they were; places within a line may move.
"""

import html
import re
from functools import lru_cache
from typing import Final

from gongkai.records.chinese import ANY_DIGIT, TO_ASCII_DIGITS, narrowing

_WIDE: Final = re.compile("[０-９Ａ-Ｚａ-ｚ＠]")
_NARROW: Final = narrowing("０", "９") | narrowing("＠", "ｚ")
_NO_WIDTH: Final = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]+")
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,30});")
_NUMERALS: Final = re.compile(f"[{ANY_DIGIT}幺]{{11,}}")
_DIGITS: Final = TO_ASCII_DIGITS | {ord("幺"): ord("1")}  # as telephone numbers are spoken


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
