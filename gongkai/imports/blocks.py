"""The parts of a page in their order, and the Markdown they make together.

A converter knows paragraphs and the headings that carry a style. What only its number tells for a heading, or only its
place for an item of a list, is told here as for a flattened page (`outline`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gongkai.imports.escaping import opening
from gongkai.imports.outline import heading_of, list_length, listed, rank_of
from gongkai.imports.spans import Spans, bare, markdown, parted, plain, trimmed

_NO_LINE = "。"
"""Stands for a table or a list where lines are looked at: no item of a list, no announcement."""
_STYLED = 10
_POINT = 2
"""The rank of 1., the last that heads anything."""
_IN_A_POINT = re.compile(r"[（(]\d+[）)]|[①-⑳]|附件?[:：]")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (`level` 0), a heading by style (1 to 6), or Markdown that is ready in `made`."""

    spans: Spans = ()
    level: int = 0
    made: str = ""
    label: str = ""
    """ul or ol where `made` is a list."""
    html: str = ""
    """What is in `made` once more as HTML, for a cell of a table."""
    held: Spans = ()
    """The pictures in `made` that `html` cannot hold."""

    @property
    def text(self) -> str:
        return " ".join(plain(self.spans).split())


def body_markdown(blocks: Sequence[Block]) -> str:
    """The blocks as the body of a document."""
    return "".join(f"{block}\n\n" for block in _written(blocks)).removesuffix("\n")


def _written(blocks: Sequence[Block]) -> Iterator[str]:
    texts = [_NO_LINE if block.made else block.text for block in blocks]
    above: tuple[int, ...] = ()
    position, is_prose = 0, False
    while position < len(blocks):
        block = blocks[position]
        length = (
            0 if block.made or block.level else _plain_run(blocks, position, list_length(texts, position))
        )
        if length:
            items = (opening(markdown(item.spans)) for item in blocks[position : position + length])
            yield listed(texts[position - 1], items)
            position += length
            continue
        key, head, rest = _headed(block)
        if key == _POINT and not rest and (is_prose or not _goes_on(texts[position], texts[position + 1 :])):
            head, rest, is_prose = (), block.spans, True
        if head:
            is_prose = False
            above = (*(outer for outer in above if outer < key), key)
            yield f"{'#' * min(6, 1 + len(above))} {markdown(bare(head))}"
        yield from filter(None, [block.made or opening(markdown(rest))])
        position += 1


def _goes_on(text: str, following: Sequence[str]) -> bool:
    """Whether a numbered line heads words of its own: 1.单位在本市。 between others like it is a sentence."""
    after = following[0] if following else _NO_LINE
    return not text.endswith("。") or (
        after != _NO_LINE and rank_of(after) is None and not _IN_A_POINT.match(after)
    )


def _plain_run(blocks: Sequence[Block], position: int, length: int) -> int:
    """`length`, unless a part of it is more than a paragraph."""
    run = blocks[position : position + length]
    return 0 if any(block.made or block.level for block in run) else length


def _headed(block: Block) -> tuple[int, Spans, Spans]:
    """What of a block is a heading, with its rank, and what follows it."""
    if block.made:
        return 0, (), ()
    if block.level:
        return block.level - _STYLED, block.spans, ()
    whole = plain(block.spans)
    rank = rank_of(whole)
    head = heading_of(whole) if rank is not None and "\n" not in whole else ""
    if rank is None or not head:
        return 0, (), block.spans
    first, rest = parted(block.spans, len(head))
    return rank, trimmed(first), rest
