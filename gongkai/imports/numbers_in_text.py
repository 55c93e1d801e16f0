"""The number of a list item, handed through a converter that drops numbers.

A word processor keeps the numbers of its lists apart from the text. They are put into the text between two marks of
Unicode's private area before the conversion, and taken out again after it.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from gongkai.imports.blocks import Block

_MARK: Final = "\uf8f0"
_LABEL: Final = re.compile(rf"{_MARK}(\d+){_MARK}")


def with_label(number: int) -> str:
    """What to put before the words of item `number`."""
    return f"{_MARK}{number}{_MARK}"


def taken_label(content: Sequence[Block]) -> tuple[int, list[Block]]:
    """The number that the first block begins with (0: none), and the blocks without it."""
    first = content[0] if content else None
    match = _LABEL.match(first.spans[0].text) if first and first.spans else None
    if first is None or match is None:
        return 0, [*content]
    head, *rest = first.spans
    spans = tuple(
        span
        for span in (replace(head, text=head.text[match.end() :]), *rest)
        if span.text or span.kind != "text"
    )
    return int(match[1]), [replace(first, spans=spans), *content[1:]]
