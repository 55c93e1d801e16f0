"""Tables: with Markdown's own marks where a table has a head and rows of single cells, else as HTML with its spans."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from selectolax.lexbor import LexborNode

from gongkai.imports.blocks import Block
from gongkai.imports.spans import Span, as_html, markdown
from gongkai.imports.visible import rows_of, span_of

Row = Sequence[Sequence[Block]]
CellReader = Callable[[LexborNode], Sequence[Block]]
_SCOPES: Final = ("col", "row", "colgroup", "rowgroup")


def table_of(table: LexborNode, read: CellReader) -> Iterator[Block]:
    """The table, nothing for one without cells; after it the pictures that cannot stand in it."""
    rows = [row for row in rows_of(table) if row]
    cells = [[read(cell) for cell in row] for row in rows]
    if not rows:
        return
    tagged = _tagged(table, rows, cells)
    pictures = tuple(picture for row in cells for blocks in row for picture in pictures_of(blocks))
    if _is_simple(rows, cells):
        yield Block(made="\n".join(_piped(cells)), html=tagged, held=pictures)
        return
    yield Block(made=tagged, html=tagged)
    yield from (Block((picture,)) for picture in pictures)


def _is_simple(rows: Sequence[Sequence[LexborNode]], cells: Sequence[Row]) -> bool:
    """One head, as many cells in each row, nothing in a cell but a line of words."""
    if len(rows) < 2 or len({len(row) for row in rows}) > 1:
        return False
    if any(span_of(cell) != (1, 1) for row in rows for cell in row):
        return False
    if any(cell.tag == "th" for row in rows[1:] for cell in row):
        return False
    has_words = any(blocks for blocks in cells[0])
    return has_words and all(
        len(blocks) < 2 and not any(block.made for block in blocks) for row in cells for blocks in row
    )


def _piped(cells: Sequence[Row]) -> Iterator[str]:
    for at, row in enumerate(cells):
        words = (markdown(blocks[0].spans) if blocks else "" for blocks in row)
        yield f"| {' | '.join(words)} |"
        if at == 0:
            yield f"|{'---|' * len(row)}"


def pictures_of(blocks: Sequence[Block]) -> Iterator[Span]:
    """The pictures in blocks that become HTML."""
    for block in blocks:
        yield from (span for span in block.spans if span.kind == "picture")
        yield from block.held


def _tagged(table: LexborNode, rows: Sequence[Sequence[LexborNode]], cells: Sequence[Row]) -> str:
    heads = {row.mem_id for head in table.iter() if head.tag == "thead" for row in head.iter()}
    lines = ["<table>"]
    for row, contents in zip(rows, cells, strict=True):
        parent = row[0].parent
        is_head = (parent is not None and parent.mem_id in heads) or all(cell.tag == "th" for cell in row)
        inside = (_cell(*pair, is_head=is_head) for pair in zip(row, contents, strict=True))
        lines += ["<tr>", *inside, "</tr>"]
    return "\n".join([*lines, "</table>"])


def _cell(cell: LexborNode, content: Sequence[Block], *, is_head: bool) -> str:
    height, width = span_of(cell)
    tag = "th" if is_head or cell.tag == "th" else "td"
    scope = cell.attributes.get("scope") or ("col" if is_head else "row" if tag == "th" else "")
    attributes = [f' rowspan="{height}"' if height > 1 else "", f' colspan="{width}"' if width > 1 else ""]
    attributes += [f' scope="{scope}"' if tag == "th" and scope in _SCOPES else ""]
    return f"<{tag}{''.join(attributes)}>{html_of(content)}</{tag}>"


def html_of(blocks: Sequence[Block]) -> str:
    """On one line: paragraphs parted by breaks, lists, quotations and tables between them where they stand."""
    written, after_words = "", False
    for block in blocks:
        words = as_html(block.spans)
        written += f"<br>{words}" if words and after_words else words or block.html
        after_words = bool(words)
    return written.replace("\n", "")
