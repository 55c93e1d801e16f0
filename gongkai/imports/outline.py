"""The plain lines of a flattened page, given back their structure as Markdown.

A content management system left one line per paragraph. What those lines still say by their numbering
(一、 then （一） then 1.) becomes headings that never jump a level; a run of short lines after a colon becomes
a list; everything else is a paragraph. No character is added to the text or taken from it but blanks.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from gongkai.imports.escaping import escaped, escaped_block

BLANKS: Final = (
    " \t\n\r\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\u200b\u2060\ufeff"
)
"""What is cut from both ends of a line: Unicode's white space, the zero-width blank and the BOM."""

LONGEST_HEADING: Final = 40
LONGEST_ITEM: Final = 60
SHORTEST_LIST: Final = 3

_NUMBERINGS: Final = (
    re.compile(r"[一二三四五六七八九十百]+、(?![一二三四五六七八九十]、)"),  # not 一、二、三产业
    re.compile(r"[（(][一二三四五六七八九十百]+[）)]"),
    re.compile(r"\d{1,2}(?:[.．](?=\D|\d{4}年)|、(?!\d{1,2}、))"),  # not 1.5万户, not 1、2、3号楼
)
_FIRST_SENTENCE: Final = re.compile(r"[^。]+。[”’》〉）」』】)]*")
_ATTACHMENTS: Final = re.compile(r"附件?[:：]")
_WITH_THE_FIRST: Final = re.compile(r"附件?[:：]\s*[1１][.．、]")


def lines_of(text: str) -> list[str]:
    """The lines as an editor numbers them."""
    return re.split(r"\r\n?|\n", text)


def to_markdown(text: str) -> str:
    lines = [line for line in (raw.strip(BLANKS) for raw in lines_of(text)) if line]
    return "".join(f"{block}\n\n" for block in _blocks(lines)).removesuffix("\n")


def _blocks(lines: Sequence[str]) -> Iterator[str]:
    above: tuple[int, ...] = ()
    position = 0
    while position < len(lines):
        length = list_length(lines, position)
        if length:
            items = map(escaped_block, lines[position : position + length])
            yield listed(lines[position - 1], items)
            position += length
            continue
        line = lines[position]
        rank, heading, rest = rank_of(line), heading_of(line), line
        if rank is not None and heading:
            above = (*(outer for outer in above if outer < rank), rank)
            yield f"{'#' * (1 + len(above))} {escaped(heading)}"
            rest = line[len(heading) :].lstrip(BLANKS)
        if rest:
            yield escaped_block(rest)
        position += 1


def listed(announcement: str, items: Iterable[str]) -> str:
    """Items as a list; after 附件：1.甲, which has the first of them, as lines like it."""
    if _WITH_THE_FIRST.match(announcement):
        return "\n\n".join(items)
    return "\n".join(f"- {item}" for item in items)


def rank_of(line: str) -> int | None:
    """0 for 一、, 1 for （一）, 2 for 1.; None for a line without a number."""
    return next((rank for rank, form in enumerate(_NUMBERINGS) if form.match(line)), None)


def heading_of(line: str) -> str:
    """The part of a numbered line that heads what follows; "" where the line is a paragraph after all."""
    sentence = _FIRST_SENTENCE.match(line)
    heading = sentence[0] if sentence else line
    unfinished = sentence is None and line.endswith(tuple("；;，,、"))
    return "" if unfinished or len(heading) > LONGEST_HEADING else heading


def list_length(lines: Sequence[str], position: int) -> int:
    """How many lines from here on are items of one list, announced by the line before; 0 if none."""
    if position == 0:
        return 0
    announcement, following = lines[position - 1], lines[position:]
    if _ATTACHMENTS.match(announcement):
        return _count_while(_is_short(line) and rank_of(line) is not None for line in following)
    if not announcement.endswith((":", "：")):
        return 0
    length = _count_while(_is_short(line) and rank_of(line) is None for line in following)
    return length if length >= SHORTEST_LIST else 0


def _is_short(line: str) -> bool:
    return len(line) <= LONGEST_ITEM and not line.endswith(tuple("。！？；：…，、.!?;:,"))


def _count_while(answers: Iterable[bool]) -> int:
    count = 0
    for answer in answers:
        if not answer:
            break
        count += 1
    return count
