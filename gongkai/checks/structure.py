"""How a body is built: its headings in order, nothing empty under them, words for its pictures.

Screen readers go from heading to heading, and inspections count empty sections and pictures that say nothing
(GB/T 37668-2019, WCAG 1.1.1 and 1.3.1).
"""

import re
from collections.abc import Iterator, Sequence

from gongkai.checks.spots import Spot, line_at
from gongkai.records.markdown import Heading, headings, prose

_PICTURE = re.compile(r"!\[([^\]\n]*)\](?=[(\[])|<img\b([^>]*)>", re.IGNORECASE)
_ALTERNATIVE = re.compile(r"""\balt\s*=\s*(?:"[^"]*\S[^"]*"|'[^']*\S[^']*'|[^\s"'>]+)""", re.IGNORECASE)


def structure_spots(body: str) -> Iterator[Spot]:
    """What is amiss in how a body is built; of headings the first of each kind, with how many there are."""
    if "#" not in body and "![" not in body and "<img" not in body.lower():
        return
    shown = prose(body)
    found = list(headings(shown))
    yield from _titles(found)
    yield from _jumps(found)
    yield from _empty(found, shown.split("\n"))
    yield from _silent_pictures(shown)


def _titles(every: Sequence[Heading]) -> Iterator[Spot]:
    found = [one for one in every if one.level == 1]
    if found:
        message = (
            f"正文里有一级标题“{_short(found[0].text)}”{_more(found)}。网页上的标题由“标题”字段印出，"
            "重复的请删去；是正文小标题的，请改成两个 #"
        )
        yield Spot(found[0].line, "heading-title", message, found[0].text)


def _jumps(every: Sequence[Heading]) -> Iterator[Spot]:
    above = [1, *(one.level for one in every)]
    found = [(one, level) for one, level in zip(every, above, strict=False) if one.level > level + 1]
    if found:
        first, level = found[0]
        message = (
            f"标题“{_short(first.text)}”跳级：应为 {level + 1} 个 #，实为 {first.level} 个{_more(found)}。"
            "读屏软件靠级别找到内容，请一级一级写"
        )
        yield Spot(first.line, "heading-jump", message, first.text)


def _empty(every: Sequence[Heading], lines: Sequence[str]) -> Iterator[Spot]:
    """A heading is empty where no text comes before a heading of its level or above, or the end."""
    ends = [*((one.line, one.level) for one in every[1:]), (len(lines) + 1, 0)]
    found = [
        one
        for one, (end, level) in zip(every, ends, strict=False)
        if level <= one.level and not any(line.strip() for line in lines[one.line : end - 1])
    ]
    if found:
        message = f"标题“{_short(found[0].text)}”下面没有内容{_more(found)}。请补上内容，或删去标题"
        yield Spot(found[0].line, "section-empty", message, found[0].text)


def _silent_pictures(text: str) -> Iterator[Spot]:
    for match in _PICTURE.finditer(text):
        says = (match[1] or "").strip() if match[1] is not None else _ALTERNATIVE.search(match[2])
        if not says:
            message = "图片没有文字说明，看不见图的读者不知道是什么。请写成 ![说明](文件名)"
            yield Spot(line_at(text, match.start()), "image-alt", message, "")


def _more(found: Sequence[object]) -> str:
    return f"（本文共 {len(found)} 处）" if len(found) > 1 else ""


def _short(words: str) -> str:
    return words if len(words) <= 20 else f"{words[:19]}…"
