"""Tables: with Markdown's own marks where a table has a head and rows of single cells, else as HTML with its spans."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from selectolax.lexbor import LexborNode

from hooks.imports.blocks import Block
from hooks.imports.numbers_in_text import taken_label
from hooks.imports.spans import Span, as_html, markdown
from hooks.imports.visible import rows_of, span_of

CellReader = Callable[[LexborNode], Sequence[Block]]
_SCOPES: Final = ("col", "row", "colgroup", "rowgroup")


def table_markdown(table: LexborNode, read: CellReader) -> tuple[str, list[Span]]:
    """The table, "" for one without cells, and the pictures that cannot stand in it and come after it."""
    rows = [row for row in rows_of(table) if row]
    if not rows:
        return "", []
    cells = [[read(cell) for cell in row] for row in rows]
    if _is_simple(rows, cells):
        return "\n".join(_piped(cells)), []
    pictures = [span for row in cells for blocks in row for span in _pictures(blocks)]
    return _tagged(table, read), pictures


def _is_simple(rows: Sequence[Sequence[LexborNode]], cells: Sequence[Sequence[Sequence[Block]]]) -> bool:
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


def _piped(cells: Sequence[Sequence[Sequence[Block]]]) -> Iterator[str]:
    for at, row in enumerate(cells):
        words = (markdown(blocks[0].spans) if blocks else "" for blocks in row)
        yield f"| {' | '.join(words)} |"
        if at == 0:
            yield f"|{'---|' * len(row)}"


def _pictures(blocks: Sequence[Block]) -> Iterator[Span]:
    return (span for block in blocks for span in block.spans if span.kind == "picture")


def _tagged(table: LexborNode, read: CellReader) -> str:
    heads = {row.mem_id for head in table.iter() if head.tag == "thead" for row in head.iter()}
    lines = ["<table>"]
    for row in filter(None, rows_of(table)):
        parent = row[0].parent
        is_head = (parent is not None and parent.mem_id in heads) or all(cell.tag == "th" for cell in row)
        lines += ["<tr>", *(_cell(cell, read, is_head=is_head) for cell in row), "</tr>"]
    return "\n".join([*lines, "</table>"])


def _cell(cell: LexborNode, read: CellReader, *, is_head: bool) -> str:
    height, width = span_of(cell)
    tag = "th" if is_head or cell.tag == "th" else "td"
    scope = cell.attributes.get("scope") or ("col" if is_head else "row" if tag == "th" else "")
    attributes = [f' rowspan="{height}"' if height > 1 else "", f' colspan="{width}"' if width > 1 else ""]
    attributes += [f' scope="{scope}"' if tag == "th" and scope in _SCOPES else ""]
    return f"<{tag}{''.join(attributes)}>{_content(cell, read)}</{tag}>"


def _content(cell: LexborNode, read: CellReader) -> str:
    return _blocks(read(cell), _parts(cell), read)


def _blocks(blocks: Sequence[Block], parts: Iterator[LexborNode], read: CellReader) -> str:
    """Paragraphs parted by breaks, lists and tables between them where they stand."""
    written, after_words = "", False
    for block in blocks:
        words = as_html(block.spans)
        if words:
            written += f"<br>{words}" if after_words else words
        elif block.made[:4] != "<div":
            written += _part(next(parts, None), read)
        after_words = bool(words)
    return written.replace("\n", "")


def _parts(cell: LexborNode) -> Iterator[LexborNode]:
    """The tables and lists of a cell that stand in no other."""
    for child in cell.iter():
        if child.tag in ("table", "ul", "ol"):
            yield child
        else:
            yield from _parts(child)


def _part(node: LexborNode | None, read: CellReader) -> str:
    if node is None:
        return ""
    if node.tag == "table":
        return _tagged(node, read)
    items = (_item(item, read) for item in node.iter() if item.tag == "li")
    return f"<{node.tag}>{''.join(items)}</{node.tag}>"


def _item(item: LexborNode, read: CellReader) -> str:
    number, content = taken_label(read(item))
    value = f' value="{number}"' if number else ""
    return f"<li{value}>{_blocks(content, _parts(item), read)}</li>"
