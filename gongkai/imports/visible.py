"""What a reader sees of an HTML page: its lines of text with the numbers of lists, and its tables cell by cell.

It knows nothing of how a page becomes Markdown, so that it can bear witness: the same eyes read an old page, the
HTML that a converter made and the page that the site will show.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

UNSEEN: Final = frozenset(("script", "style", "template", "noscript", "head", "title"))
_BLOCKS: Final = frozenset(
    [
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div"),
        *("dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5"),
        *("h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table"),
        *("tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    ]
)
DEEPEST: Final = 120


class TooDeepError(ValueError):
    """Elements stand in each other deeper than any page that people wrote."""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of a paper: its text with the number that is printed before it, and how it looks."""

    text: str
    style: str = ""
    """The name of its style, in lower case."""
    is_centred: bool = False
    table: int | None = None
    """Which table of the document's own it stands in, from 0."""


@dataclass(frozen=True, slots=True)
class Cell:
    row: int
    column: int
    rows: int
    columns: int
    text: str
    """Without blanks."""


Grid = tuple[Cell, ...]


def body_of_html(html: str) -> LexborNode | None:
    """The body of a page or of a piece of one; raises TooDeepError."""
    body = LexborHTMLParser(html).body
    if body is not None and _depth(body) > DEEPEST:
        raise TooDeepError
    return body


def lines(root: LexborNode | None, *, without: frozenset[int] = frozenset()) -> list[str]:
    """The text below `root`, a line for each block and each line break; elements whose `mem_id` is in `without` left out.

    A list item with a number begins with it, as browsers print it.
    """
    if root is None:
        return []
    return [line for line in "".join(_pieces(root, without)).split("\n") if line.strip()]


def _pieces(node: LexborNode, without: frozenset[int]) -> Iterator[str]:
    tag = node.tag or ""
    if tag == "-text":
        yield (node.text_content or "").replace("\n", " ")
    elif tag == "br":
        yield "\n"
    elif node.mem_id not in without and tag not in UNSEEN and not tag.startswith(("-", "!")):
        is_block = tag in _BLOCKS
        yield "\n" if is_block else ""
        yield _number(node) if tag == "li" else ""
        for child in node.iter(include_text=True):
            yield from _pieces(child, without)
        yield "\n" if is_block else ""


def _number(item: LexborNode) -> str:
    """What the browser prints before an item of a numbered list; notes' lists number what has its number already."""
    numbered = item.parent
    if numbered is None or numbered.tag != "ol" or _is_of_notes(numbered):
        return ""
    own = item.attributes.get("value") or ""
    return f"{own if own.isdecimal() else start_of(numbered) + _place(item)}. "


def _place(item: LexborNode) -> int:
    before, place = item.prev, 0
    while before is not None:
        place += before.tag == "li"
        before = before.prev
    return place


def start_of(numbered: LexborNode) -> int:
    """The number of the first item of an `ol`."""
    written = numbered.attributes.get("start") or ""
    return int(written) if written.isdecimal() and len(written) < 7 else 1


def _is_of_notes(numbered: LexborNode) -> bool:
    around = numbered.parent
    return around is not None and "footnote" in (around.attributes.get("class") or "")


def grids(root: LexborNode | None, *, without: frozenset[int] = frozenset()) -> list[Grid]:
    """Every table below `root`, in the order of their beginnings; a table in a cell is one too."""
    if root is None:
        return []
    tables = (table for table in root.css("table") if table.mem_id not in without)
    return [grid for table in tables if (grid := _grid(table, without))]


def _grid(table: LexborNode, without: frozenset[int]) -> Grid:
    sized = [[(*span_of(cell), squeezed_text(cell, without)) for cell in row] for row in rows_of(table)]
    return placed(sized)


def placed(rows: Sequence[Sequence[tuple[int, int, str]]]) -> Grid:
    """Cells, given row by row as (rows, columns, text), where the rules of HTML put them."""
    taken: set[tuple[int, int]] = set()
    found = []
    for at, row in enumerate(rows):
        column = 0
        for height, width, text in row:
            while (at, column) in taken:
                column += 1
            tall = min(height, len(rows) - at)
            taken.update((at + down, column + right) for down in range(tall) for right in range(width))
            found.append(Cell(at, column, tall, width, text))
            column += width
    return tuple(found)


def rows_of(table: LexborNode) -> list[list[LexborNode]]:
    """The cells of a table's own rows, row by row."""
    found = []
    for part in table.iter():
        for row in [part] if part.tag == "tr" else part.iter() if part.tag in ("thead", "tbody", "tfoot") else []:
            if row.tag == "tr":
                found.append([cell for cell in row.iter() if cell.tag in ("td", "th")])
    return found


def span_of(cell: LexborNode) -> tuple[int, int]:
    """How many rows and columns a cell takes."""
    return _span(cell, "rowspan"), _span(cell, "colspan")


def _span(cell: LexborNode, name: str) -> int:
    written = (cell.attributes.get(name) or "").strip()
    return min(max(int(written), 1), 1000) if written.isdecimal() and len(written) < 6 else 1


def squeezed_text(node: LexborNode, without: frozenset[int] = frozenset()) -> str:
    return "".join("".join(lines(node, without=without)).split())


def has_within(node: LexborNode, selector: str) -> bool:
    """Whether an element below `node` is one of `selector`; the library's own search counts `node` as well."""
    return any(found.mem_id != node.mem_id for found in node.css(selector))


def _depth(root: LexborNode) -> int:
    """How deep elements stand in each other, without walking down into any of them."""
    deepest, above = 0, [(root, 0)]
    while above and deepest <= DEEPEST:
        node, depth = above.pop()
        deepest = max(deepest, depth)
        above += [(child, depth + 1) for child in node.iter()]
    return deepest
