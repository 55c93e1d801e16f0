"""How a body is built: its headings in order, nothing empty under them, words for its pictures.

Screen readers go from heading to heading, and inspections count empty sections and pictures that say nothing
(GB/T 37668-2019, WCAG 1.1.1 and 1.3.1).
"""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from gongkai.checks.spots import Spot, line_at
from gongkai.records.comments import without_code, without_comments

_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$", re.MULTILINE)
_PICTURE = re.compile(r"!\[([^\]\n]*)\](?=[(\[])|<img\b([^>]*)>", re.IGNORECASE)
_ALTERNATIVE = re.compile(r"""\balt\s*=\s*(?:"[^"]*\S[^"]*"|'[^']*\S[^']*'|[^\s"'>]+)""", re.IGNORECASE)


class _Heading(NamedTuple):
    line: int
    level: int
    words: str
    is_empty: bool


def structure_spots(body: str) -> Iterator[Spot]:
    """What is amiss in how a body is built; of headings the first of each kind, with how many there are."""
    if "#" not in body and "![" not in body and "<img" not in body.lower():
        return
    shown = without_code(without_comments(body))
    headings = list(_headings(shown))
    yield from _titles(headings)
    yield from _jumps(headings)
    yield from _empty(headings)
    yield from _silent_pictures(shown)


def _headings(text: str) -> Iterator[_Heading]:
    """Each heading; one is empty where no text comes before a heading of its level or above, or the end."""
    found = list(_HEADING.finditer(text))
    for match, follower in zip_longest(found, found[1:]):
        level = len(match[1])
        end, after = (follower.start(), len(follower[1])) if follower else (len(text), 0)
        is_empty = not text[match.end() : end].strip() and after <= level
        yield _Heading(line_at(text, match.start()), level, match[2], is_empty)


def _titles(headings: Sequence[_Heading]) -> Iterator[Spot]:
    found = [one for one in headings if one.level == 1]
    if found:
        message = (
            f"正文里有一级标题“{_short(found[0].words)}”{_more(found)}。网页上的标题由“标题”字段印出，"
            "重复的请删去；是正文小标题的，请改成两个 #"
        )
        yield Spot(found[0].line, "heading-title", message, found[0].words)


def _jumps(headings: Sequence[_Heading]) -> Iterator[Spot]:
    before = [max(one.level, 1) for one in (_Heading(0, 1, "", False), *headings)]
    found = [one for one, above in zip(headings, before, strict=False) if one.level > above + 1]
    if found:
        first = found[0]
        above = before[headings.index(first)]
        message = (
            f"标题“{_short(first.words)}”跳级：应为 {above + 1} 个 #，实为 {first.level} 个{_more(found)}。"
            "读屏软件靠级别找到内容，请一级一级写"
        )
        yield Spot(first.line, "heading-jump", message, first.words)


def _empty(headings: Sequence[_Heading]) -> Iterator[Spot]:
    found = [one for one in headings if one.is_empty]
    if found:
        message = f"标题“{_short(found[0].words)}”下面没有内容{_more(found)}。请补上内容，或删去标题"
        yield Spot(found[0].line, "section-empty", message, found[0].words)


def _silent_pictures(text: str) -> Iterator[Spot]:
    for match in _PICTURE.finditer(text):
        says = (match[1] or "").strip() if match[1] is not None else _ALTERNATIVE.search(match[2])
        if not says:
            message = "图片没有文字说明，看不见图的读者不知道是什么。请写成 ![说明](文件名)"
            yield Spot(line_at(text, match.start()), "image-alt", message, "")


def _more(found: Sequence[_Heading]) -> str:
    return f"（本文共 {len(found)} 处）" if len(found) > 1 else ""


def _short(words: str) -> str:
    return words if len(words) <= 20 else f"{words[:19]}…"
