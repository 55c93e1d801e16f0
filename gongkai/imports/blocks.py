"""The parts of a page, and how one stands within another.

A table, list or quotation is written twice by one walk, as Markdown and as HTML: Markdown has no lists in tables, so
what stands in a cell must be HTML, and what stands in an item or a quotation goes with its Markdown.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from selectolax.lexbor import LexborNode

from gongkai.imports.spans import Span, Spans, as_html, as_markdown, opening, text_of
from gongkai.imports.visible import rows_of, span_of

_NOTHING: Final = "&nbsp;"
"""What an empty item holds: a number alone is none to Markdown."""
_MEANINGFUL: Final = str.maketrans({mark: f"&#{ord(mark)};" for mark in "\\`*_{}[]"})
"""Within a list or a quotation Markdown reads the words of a table in HTML too."""
_SCOPES: Final = ("col", "row", "colgroup", "rowgroup")
_NUMBER_MARK: Final = "\uf8f0"
_MARKED_NUMBER: Final = re.compile(rf"{_NUMBER_MARK}(\d+){_NUMBER_MARK}")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (`level` 0), a heading by style (1 to 6), or Markdown that is ready in `markdown`."""

    spans: Spans = ()
    level: int = 0
    markdown: str = ""
    list_tag: str = ""
    """ul or ol where `markdown` is a list."""
    html: str = ""
    """What is in `markdown` once more as HTML, for a cell of a table."""
    pictures: Spans = ()
    """The pictures in `markdown` that `html` cannot hold."""

    @property
    def text(self) -> str:
        return " ".join(text_of(self.spans).split())


Row = Sequence[Sequence[Block]]
"""The contents of a row's cells."""


def number_mark(number: int) -> str:
    """What to put before the words of item `number`, to hand it through a converter that drops numbers.

    A word processor keeps the numbers of its lists apart from the text. They are put into the text between two marks
    of Unicode's private area before the conversion, and taken out again by `without_number_mark`.
    """
    return f"{_NUMBER_MARK}{number}{_NUMBER_MARK}"


def without_number_mark(content: Sequence[Block]) -> tuple[int, list[Block]]:
    """The number that the first block begins with (0: none), and the blocks without it."""
    first = content[0] if content else None
    match = _MARKED_NUMBER.match(first.spans[0].text) if first and first.spans else None
    if first is None or match is None:
        return 0, [*content]
    head, *rest = first.spans
    left = (replace(head, text=head.text[match.end() :]), *rest)
    spans = tuple(span for span in left if span.text or span.kind != "text")
    return int(match[1]), [replace(first, spans=spans), *content[1:]]


def html_of(blocks: Sequence[Block]) -> str:
    """On one line: paragraphs parted by breaks, lists, quotations and tables between them where they stand."""
    written, after_words = "", False
    for block in blocks:
        words = as_html(block.spans)
        written += f"<br>{words}" if words and after_words else words or block.html
        after_words = bool(words)
    return written.replace("\n", "")


def _pictures_in(blocks: Sequence[Block]) -> Iterator[Span]:
    """The pictures in blocks that become HTML."""
    for block in blocks:
        yield from (span for span in block.spans if span.kind == "picture")
        yield from block.pictures


def list_of(tag: str, items: Sequence[tuple[int, list[Block]]]) -> Block:
    """A list, ul or ol, of items with their numbers."""
    written = [_indented(f"{number}. " if tag == "ol" else "- ", content) for number, content in items]
    is_loose = any(_needs_blank_lines(content) for _, content in items)
    is_loose |= any(content and content[0].markdown for _, content in items[1:])  # a dash alone marks a heading
    start = f' start="{items[0][0]}"' if tag == "ol" and items[0][0] != 1 else ""
    inside = "".join(f"<li>{html_of(content)}</li>" for _, content in items)
    return Block(
        markdown=("\n\n" if is_loose else "\n").join(written),
        list_tag=tag,
        html=f"<{tag}{start}>{inside}</{tag}>",
        pictures=tuple(picture for _, content in items for picture in _pictures_in(content)),
    )


def note_of(number: int, content: Sequence[Block]) -> Block:
    return Block(markdown=_indented(f"[^{number}]: ", content))


def quotation_of(blocks: Sequence[Block]) -> Iterator[Block]:
    """The quotation, nothing for one without words."""
    inner = "\n\n".join(filter(None, map(_inner, blocks)))
    if inner:
        yield Block(
            markdown="\n".join(f"> {line}" if line else ">" for line in inner.split("\n")),
            html=f"<blockquote>{html_of(blocks)}</blockquote>",
            pictures=tuple(_pictures_in(blocks)),
        )


def _inner(block: Block) -> str:
    """A block as it stands within another."""
    if block.markdown.startswith("<table"):
        return block.markdown.translate(_MEANINGFUL)
    return block.markdown or opening(as_markdown(block.spans))


def _indented(mark: str, content: Sequence[Block]) -> str:
    """An item with its mark; what belongs to it stands four blanks in.

    A list right after the words needs no blank line.
    """
    if not content:
        return f"{mark}{_NOTHING}"
    parts = [_inner(block) for block in content]
    if content[0].markdown and mark[0] != "[":
        parts, content = ["", *parts], [Block(), *content]
    is_tight = not _needs_blank_lines(content)
    gaps = ["\n" if block.list_tag and is_tight else "\n\n" for block in content[1:]]
    text = parts[0] + "".join(gap + part for gap, part in zip(gaps, parts[1:], strict=True))
    first, *more = text.split("\n")
    return "\n".join([f"{mark}{first}", *(f"    {line}" if line else "" for line in more)])


def _needs_blank_lines(content: Sequence[Block]) -> bool:
    """Whether an item is more than words and a list after them, or a list alone."""
    first, *more = content or [Block()]
    is_no_list = bool(first.markdown) and not first.list_tag
    is_more = len(more) > 1 or any(not block.list_tag for block in more) or is_no_list
    return is_more or any("\n\n" in block.markdown for block in content)


def table_of(table: LexborNode, read: Callable[[LexborNode], Sequence[Block]]) -> Iterator[Block]:
    """The table, nothing for one without cells; after it the pictures that cannot stand in it.

    With Markdown's own marks where it has a head and rows of single cells, else as HTML with its spans.
    """
    rows = [row for row in rows_of(table) if row]
    cells = [[read(cell) for cell in row] for row in rows]
    if not rows:
        return
    tagged = _table_html(table, rows, cells)
    pictures = tuple(picture for row in cells for content in row for picture in _pictures_in(content))
    if _is_simple(rows, cells):
        yield Block(markdown="\n".join(_piped(cells)), html=tagged, pictures=pictures)
        return
    yield Block(markdown=tagged, html=tagged)
    yield from (Block((picture,)) for picture in pictures)


def _is_simple(rows: Sequence[Sequence[LexborNode]], cells: Sequence[Row]) -> bool:
    """One head, as many cells in each row, nothing in a cell but a line of words."""
    if len(rows) < 2 or len({len(row) for row in rows}) > 1:
        return False
    if any(span_of(cell) != (1, 1) for row in rows for cell in row):
        return False
    if any(cell.tag == "th" for row in rows[1:] for cell in row) or not any(cells[0]):
        return False
    contents = (content for row in cells for content in row)
    return all(len(content) < 2 and not any(block.markdown for block in content) for content in contents)


def _piped(cells: Sequence[Row]) -> Iterator[str]:
    for at, row in enumerate(cells):
        words = (as_markdown(content[0].spans) if content else "" for content in row)
        yield f"| {' | '.join(words)} |"
        if at == 0:
            yield f"|{'---|' * len(row)}"


def _table_html(table: LexborNode, rows: Sequence[Sequence[LexborNode]], cells: Sequence[Row]) -> str:
    heads = {row.mem_id for head in table.iter() if head.tag == "thead" for row in head.iter()}
    lines = ["<table>"]
    for row, contents in zip(rows, cells, strict=True):
        parent = row[0].parent
        is_head = (parent is not None and parent.mem_id in heads) or all(cell.tag == "th" for cell in row)
        inside = (_cell_html(*pair, is_head=is_head) for pair in zip(row, contents, strict=True))
        lines += ["<tr>", *inside, "</tr>"]
    return "\n".join([*lines, "</table>"])


def _cell_html(cell: LexborNode, content: Sequence[Block], *, is_head: bool) -> str:
    height, width = span_of(cell)
    tag = "th" if is_head or cell.tag == "th" else "td"
    scope = cell.attributes.get("scope") or ("col" if is_head else "row" if tag == "th" else "")
    attributes = [f' rowspan="{height}"' if height > 1 else "", f' colspan="{width}"' if width > 1 else ""]
    attributes += [f' scope="{scope}"' if tag == "th" and scope in _SCOPES else ""]
    return f"<{tag}{''.join(attributes)}>{html_of(content)}</{tag}>"
