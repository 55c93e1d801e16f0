"""What stands around a number: the words before it in its sentence or cell, and the heads of its column and row.

A number's kind is often told by its label alone: eleven digits after “订单编号” are no telephone.
"""

import re
from typing import Final, NamedTuple

from gongkai.records.markdown import BAR

_REACH: Final = 24
_RULE: Final = re.compile(r"[\s|:\-]+")


class Around(NamedTuple):
    """`before` and `after` are of the same line and cell; `head` is the first cell of the number's column, or ""."""

    before: str
    after: str
    head: str
    line: str


def around(text: str, start: int, end: int) -> Around:
    """What stands around `text[start:end]`."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    before, after = text[first:start], text[end:last]
    head = ""
    if "|" in before or "|" in after:
        head = _head(text, first, len(BAR.findall(before)))
        before, after = BAR.split(before)[-1], BAR.split(after)[0]
    return Around(before[-_REACH:], after[:_REACH], head, text[first:last])


def head_line(text: str, first: int) -> str:
    """The first line of the table that has a line starting at `first`; "" where that is the line itself."""
    head = ""
    while first > 0:
        start = text.rfind("\n", 0, first - 1) + 1
        line = text[start : first - 1]
        if "|" not in line:
            break
        head, first = line, start
    return head


def _head(text: str, first: int, column: int) -> str:
    cells = BAR.split(head_line(text, first))
    return cells[column].strip() if column < len(cells) else ""
