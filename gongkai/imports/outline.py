"""Paragraphs given back their structure as Markdown, by what their numbering still says.

A flattened page has one line per paragraph, a converter knows only the headings that carry a style. 一、 then （一） then
1. become headings that never jump a level; a run of short lines after a colon becomes a list; everything else is a
paragraph. No character is added to the text or taken from it but blanks.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from typing import Final

from gongkai.imports.blocks import Block
from gongkai.imports.spans import BLANKS, Span, Spans, as_markdown, opening, split_at, text_of, without_emphasis

_LONGEST_HEADING: Final = 40
_LONGEST_ITEM: Final = 60
_SHORTEST_LIST: Final = 3
_NUMBERINGS: Final = (
    re.compile(r"[一二三四五六七八九十百]+、(?![一二三四五六七八九十]、)"),  # not 一、二、三产业
    re.compile(r"[（(][一二三四五六七八九十百]+[）)]"),
    re.compile(r"\d{1,2}(?:[.．](?=\D|\d{4}年)|、(?!\d{1,2}、))"),  # not 1.5万户, not 1、2、3号楼
)
_POINT: Final = 2
"""The rank of 1., the last that heads anything."""
_STYLED: Final = 10
"""Headings by style rank above all that are told by their numbers."""
_IN_A_POINT: Final = re.compile(r"[（(]\d+[）)]|[①-⑳]|附件?[:：]")
_FIRST_SENTENCE: Final = re.compile(r"[^。]+。[”’》〉）」』】)]*")
_ATTACHMENTS: Final = re.compile(r"附件?[:：]")
_WITH_THE_FIRST: Final = re.compile(r"附件?[:：]\s*[1１][.．、]")
_NO_LINE: Final = "。"
"""Stands for a table or a list where lines are looked at: no item of a list, no announcement."""


def lines_of(text: str) -> list[str]:
    """The lines as an editor numbers them."""
    return re.split(r"\r\n?|\n", text)


def to_markdown(text: str) -> str:
    """A flattened text, a paragraph to a line, as the body of a document."""
    lines = [line for line in (raw.strip(BLANKS) for raw in lines_of(text)) if line]
    return _joined(_parts([Block((Span(line),)) for line in lines], lines, has_sentences=False))


def body_markdown(blocks: Sequence[Block]) -> str:
    """The blocks as the body of a document; a numbered sentence among others like it stays a paragraph."""
    lines = [_NO_LINE if block.markdown else block.text for block in blocks]
    return _joined(_parts(blocks, lines, has_sentences=True))


def _joined(parts: Iterator[str]) -> str:
    return "".join(f"{part}\n\n" for part in parts).removesuffix("\n")


def _parts(blocks: Sequence[Block], lines: Sequence[str], *, has_sentences: bool) -> Iterator[str]:
    """`lines` are the blocks' words; `has_sentences` says whether 1.单位在本市。 may be one that heads nothing."""
    above: tuple[int, ...] = ()
    position, is_prose = 0, False
    while position < len(blocks):
        items = _items(blocks, lines, position)
        if items:
            yield _listed(lines[position - 1], [opening(as_markdown(item.spans)) for item in items])
            position += len(items)
            continue
        block = blocks[position]
        rank, head, rest = _headed(block)
        position += 1
        is_sentence = has_sentences and rank == _POINT and not rest
        if is_sentence and (is_prose or not _goes_on(lines[position - 1 :])):
            head, rest, is_prose = (), block.spans, True
        if head:
            is_prose = False
            above = (*(outer for outer in above if outer < rank), rank)
            yield f"{'#' * min(6, 1 + len(above))} {as_markdown(without_emphasis(head))}"
        yield from filter(None, [block.markdown or opening(as_markdown(rest))])


def _items(blocks: Sequence[Block], lines: Sequence[str], position: int) -> Sequence[Block]:
    """The blocks from here on that are items of one list: paragraphs all of them, else none."""
    run = blocks[position : position + _list_length(lines, position)]
    return () if any(block.markdown or block.level for block in run) else run


def _listed(announcement: str, items: Sequence[str]) -> str:
    """Items as a list; after 附件：1.甲, which has the first of them, as lines like it."""
    if _WITH_THE_FIRST.match(announcement):
        return "\n\n".join(items)
    return "\n".join(f"- {item}" for item in items)


def _list_length(lines: Sequence[str], position: int) -> int:
    """How many lines from here on are items of one list, announced by the line before; 0 if none."""
    if position == 0:
        return 0
    announcement, following = lines[position - 1], lines[position:]
    if _ATTACHMENTS.match(announcement):
        return _count_while(_is_short(line) and _rank(line) is not None for line in following)
    if not announcement.endswith((":", "：")):
        return 0
    length = _count_while(_is_short(line) and _rank(line) is None for line in following)
    return length if length >= _SHORTEST_LIST else 0


def _is_short(line: str) -> bool:
    return len(line) <= _LONGEST_ITEM and not line.endswith(tuple("。！？；：…，、.!?;:,"))


def _count_while(answers: Iterable[bool]) -> int:
    return sum(takewhile(bool, answers))


def _headed(block: Block) -> tuple[int, Spans, Spans]:
    """What of a block is a heading, with its rank, and what follows it."""
    if block.markdown:
        return 0, (), ()
    if block.level:
        return block.level - _STYLED, block.spans, ()
    whole = text_of(block.spans)
    rank = _rank(whole)
    head = _heading(whole) if rank is not None and "\n" not in whole else ""
    if rank is None or not head:
        return 0, (), block.spans
    return rank, *split_at(block.spans, len(head))


def _rank(line: str) -> int | None:
    """0 for 一、, 1 for （一）, 2 for 1.; None for a line without a number."""
    return next((rank for rank, form in enumerate(_NUMBERINGS) if form.match(line)), None)


def _heading(line: str) -> str:
    """The part of a numbered line that heads what follows; "" where the line is a paragraph after all."""
    sentence = _FIRST_SENTENCE.match(line)
    heading = sentence[0] if sentence else line
    unfinished = sentence is None and line.endswith(tuple("；;，,、"))
    return "" if unfinished or len(heading) > _LONGEST_HEADING else heading


def _goes_on(lines: Sequence[str]) -> bool:
    """Whether the numbered first of `lines` heads words of its own: 1.单位在本市。 between others like it is a sentence."""
    text, after = lines[0], lines[1] if len(lines) > 1 else _NO_LINE
    return not text.endswith("。") or (after != _NO_LINE and _rank(after) is None and not _IN_A_POINT.match(after))
