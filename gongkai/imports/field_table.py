"""The field table of an old page, wherever it stands and whatever it is made of.

Rows of a table with one pair or two, lists and boxes of `标签：值`, before the body or after it: it is the element that
holds the most known labels, and nearly nothing else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from selectolax.lexbor import LexborNode

from gongkai.imports.labels import key_of, labelled
from gongkai.imports.page import UnreadableFileError
from gongkai.imports.visible import has_within, lines, rows_of

_FEWEST: Final = 2
_LONGEST: Final = 60
"""Characters of a row that is one of fields; a sentence of the text is longer."""


@dataclass(frozen=True, slots=True)
class FieldTable:
    """`element` is the table; `unknown` are its rows that are no field of ours and say something."""

    element: LexborNode
    values: Mapping[str, str]
    unknown: tuple[tuple[str, str], ...]


def find_field_table(root: LexborNode) -> FieldTable | None:
    """The field table; raises UnreadableFileError where there are two that speak of different documents."""
    found = [table for table in (*_tables(root), *_lists(root)) if len(table.values) >= _FEWEST]
    numbers = {table.values["index"] for table in found if table.values.get("index")}
    if len(numbers) > 1:
        raise UnreadableFileError(
            f"页面上有几张字段表，信息索取号各不相同（{'、'.join(sorted(numbers))}）。请把它们分成几个文件，再导入"
        )
    return max(found, key=lambda table: len(table.values), default=None)


def _tables(root: LexborNode) -> Iterator[FieldTable]:
    for table in root.css("table"):
        if not has_within(table, "table"):
            pairs = [pair for row in rows_of(table) for pair in _pairs(row)]
            known = sum(bool(key_of(label)) for label, _ in pairs)
            if known >= max(_FEWEST, len(pairs) / 2):
                yield _made(table, pairs)


def _pairs(row: list[LexborNode]) -> Iterator[tuple[str, str]]:
    """(label, value) in cells side by side, or within one cell."""
    texts = [" ".join(" ".join(lines(cell)).split()) for cell in row]
    if len(texts) % 2 == 0 and not any(labelled(text)[1] and key_of(labelled(text)[0]) for text in texts):
        yield from zip(texts[::2], texts[1::2], strict=True)
        return
    for text in texts:
        label, value = labelled(text)
        if label:
            yield label, value


def _lists(root: LexborNode) -> Iterator[FieldTable]:
    """Elements whose children are `标签：值`, or labels and values by turns (dt, dd)."""
    for holder in root.css("ul, ol, div, dl, p, td, section"):
        rows = [" ".join(" ".join(lines(child)).split()) for child in holder.iter()]
        rows = [row for row in rows if row]
        if not _FEWEST <= len(rows) <= 40 or any(len(row) > _LONGEST * 2 for row in rows):
            continue
        pairs = [labelled(row) for row in rows]
        if holder.tag == "dl" or not any(key_of(label) for label, _ in pairs):
            pairs = [(one, other) for one, other in pairwise(rows) if key_of(one) and not key_of(other)]
        known = sum(bool(key_of(label)) for label, _ in pairs)
        if known >= max(_FEWEST, len(rows) / 3):
            yield _made(holder, pairs)


def _made(element: LexborNode, pairs: list[tuple[str, str]]) -> FieldTable:
    values: dict[str, str] = {}
    unknown = []
    for label, value in pairs:
        key = key_of(label)
        if key and (not values.get(key) or values[key] == value):
            values[key] = value
        elif key:
            raise UnreadableFileError(
                f"字段表里“{label}”写了两次，值不一样（“{values[key]}”和“{value}”）。请只留一个，再导入"
            )
        elif value:
            unknown.append((label.strip("：: "), value))
    return FieldTable(element, values, tuple(unknown))
