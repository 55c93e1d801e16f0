"""What a reader of a docx sees, taken from its XML: the witness that a conversion is held against.

Insertions count, deletions and hidden text do not; what a text box says follows the paragraph that it hangs on; notes
follow the text in the order in which it calls them.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element

from mammoth.docx.dingbats import dingbats  # type: ignore[import-untyped]  # ships no types

from gongkai.imports.visible import Grid, Line, placed
from gongkai.imports.word_numbering import Numbering
from gongkai.imports.word_xml import (
    MC,
    M,
    W,
    Word,
    chosen,
    is_centred,
    is_contents,
    is_deleted,
    is_hidden_run,
    line_of_styles,
    number_of,
    style_id,
)

_UNREADABLE: Final = "\ufffd"
_PLAIN: Final = {
    f"{W}tab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "\u2011",
    f"{W}softHyphen": "\u00ad",
}
_WRAPPERS: Final = frozenset(f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"))
"""What only holds blocks."""
_NOTES: Final = {f"{W}footnoteReference": "footnotes.xml", f"{W}endnoteReference": "endnotes.xml"}


class _Cell(NamedTuple):
    """A cell as it is written: its width in columns, and whether it goes on from the one above."""

    width: int
    goes_on: bool = False
    lines: tuple[Line, ...] = ()

    @property
    def text(self) -> str:
        return "".join("".join(line.text for line in self.lines).split())


@dataclass(slots=True)
class Witness:
    """Reads a docx once, from its beginning to its end."""

    word: Word
    lines: list[Line] = field(init=False, default_factory=list)
    grids: list[Grid] = field(init=False, default_factory=list)
    tops: list[int] = field(init=False, default_factory=list)
    """Which of `grids` are tables of the document's own, not tables in a cell."""
    _called: list[tuple[str, str]] = field(init=False, default_factory=list)
    _table: int | None = None
    _numbering: Numbering = field(init=False)

    def __post_init__(self) -> None:
        self._numbering = Numbering(self.word)
        root = self.word.tree(self.word.main)
        body = root.find(f"{W}body") if root is not None else None
        for child in _children(self.word, body) if body is not None else ():
            self._table = len(self.tops) if child.tag == f"{W}tbl" else None
            self.tops += [len(self.grids)] if child.tag == f"{W}tbl" else []
            self.lines += self._lines(child)
        self._table = None
        for part, number in self._called:
            self.lines += [line for note in self._note(part, number) for line in self._lines(note)]

    def _note(self, part: str, number: str) -> Iterator[Element]:
        root = self.word.beside(part)
        for note in root if root is not None else ():
            if note.get(f"{W}id") == number:
                yield from _children(self.word, note)

    def _lines(self, block: Element) -> Iterator[Line]:
        if block.tag == f"{W}p":
            yield from self._paragraph(block)
        elif block.tag == f"{W}tbl":
            yield from self._rows(block)

    def _rows(self, table: Element) -> Iterator[Line]:
        at = len(self.grids)
        self.grids.append(())
        rows: list[list[_Cell]] = []
        for row in (one for one in _children(self.word, table) if one.tag == f"{W}tr"):
            cells = [self._cell(cell) for cell in _children(self.word, row) if cell.tag == f"{W}tc"]
            gap = number_of(row.find(f"{W}trPr/{W}gridBefore"))
            rows.append([_Cell(gap), *cells] if gap else cells)
            yield from (line for cell in cells if not cell.goes_on for line in cell.lines)
        self.grids[at] = _grid(rows)

    def _cell(self, cell: Element) -> _Cell:
        width = number_of(cell.find(f"{W}tcPr/{W}gridSpan")) or 1
        merge = cell.find(f"{W}tcPr/{W}vMerge")
        goes_on = merge is not None and merge.get(f"{W}val") in (None, "", "continue")
        lines = [line for block in _children(self.word, cell) for line in self._lines(block)]
        return _Cell(width, goes_on, tuple(lines))

    def _paragraph(self, paragraph: Element) -> Iterator[Line]:
        label = self._numbering.label(paragraph)
        boxes: list[Element] = []
        text = "".join(self._words(paragraph, style_id(paragraph), boxes))
        name = next((style.name for style in line_of_styles(self.word, style_id(paragraph))), "")
        if text.strip() or label.text or label.number:
            yield Line(f"{label.printed}{text}", name, is_centred(self.word, paragraph), self._table)
        for box in boxes:
            for block in _children(self.word, box):
                yield from self._lines(block)

    def _words(self, node: Element, style: str, boxes: list[Element]) -> Iterator[str]:
        for child in node:
            if is_deleted(child) or (child.tag == f"{W}r" and is_hidden_run(self.word, child, style)):
                continue
            if child.tag in (f"{W}t", f"{M}t"):
                yield child.text or ""
            elif child.tag in _PLAIN:
                yield _PLAIN[child.tag] if child.get(f"{W}type") in (None, "textWrapping") else ""
            elif child.tag == f"{W}sym":
                yield _symbol(child)
            elif child.tag in _NOTES:
                self._called.append((_NOTES[child.tag], child.get(f"{W}id") or ""))
            elif child.tag == f"{W}txbxContent":
                boxes.append(child)
            elif child.tag == f"{MC}AlternateContent":
                yield from self._words(chosen(child), style, boxes)
            elif child.tag not in (f"{W}pPr", f"{W}rPr", f"{W}rt", f"{W}instrText"):
                yield from self._words(child, style, boxes)


def _children(word: Word, parent: Element) -> Iterator[Element]:
    """The blocks in an element, through what only wraps them; what is deleted, and a table of contents, left out."""
    for child in parent:
        if is_deleted(child) or is_contents(word, child):
            continue
        if child.tag == f"{MC}AlternateContent":
            yield from _children(word, chosen(child))
        elif child.tag in _WRAPPERS:
            yield from _children(word, child)
        else:
            yield child


def _symbol(symbol: Element) -> str:
    code, font = symbol.get(f"{W}char") or "", symbol.get(f"{W}font")
    if not re.fullmatch(r"[0-9A-Fa-f]{4}", code):
        return _UNREADABLE
    found = dingbats.get((font, int(code, 16)))
    if not found and code.upper().startswith("F0"):
        found = dingbats.get((font, int(code[2:], 16)))
    return chr(found) if found else _UNREADABLE


def _grid(rows: list[list[_Cell]]) -> Grid:
    """The cells of a table; one that goes on from above belongs to the one there."""
    tops: dict[int, int] = {}
    heights: Counter[tuple[int, int]] = Counter()
    kept: list[list[tuple[int, _Cell]]] = []
    for at, row in enumerate(rows):
        column = 0
        kept.append([])
        for cell in row:
            if not (cell.goes_on and column in tops):
                tops[column] = at
                kept[at].append((column, cell))
            heights[tops[column], column] += 1
            column += cell.width
    return placed(
        [[(heights[at, column], cell.width, cell.text) for column, cell in row] for at, row in enumerate(kept)]
    )
