"""The skeleton of a document: its headings and the heads of its tables, for the next of its series."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from gongkai.catalogue.series import years_on
from gongkai.records.comments import without_code, without_comments

_HEADING: Final = re.compile(r"#{1,6}\s+\S")
_ROW: Final = re.compile(r"\s*\|.*\|\s*$")
_RULE: Final = re.compile(r"\s*\|(?:\s*:?-+:?\s*\|)+\s*$")


def skeleton(body: str, years: int) -> str:
    """Headings, and tables with their head and first column, years in them moved on by `years`; all else left out.

    "" where the body has neither: there is nothing to go by.
    """
    blocks = [years_on(block, years) for block in _blocks(without_code(without_comments(body)).split("\n"))]
    return "\n\n".join(blocks)


def _blocks(lines: Sequence[str]) -> Iterator[str]:
    """Each heading, and each table as one block."""
    table: list[str] = []
    for line in (*lines, ""):
        if _ROW.match(line):
            table.append(line.strip())
            continue
        if len(table) > 1 and _RULE.match(table[1]):
            yield "\n".join([*table[:2], *(_first_cell(row) for row in table[2:])])
        table = []
        if _HEADING.match(line):
            yield line.rstrip()


def _first_cell(row: str) -> str:
    r"""A row with its first cell only; a bar written as `\|` parts no cells."""
    cells = re.split(r"(?<!\\)\|", row.strip("|"))
    return f"|{cells[0]}|" + " |" * (len(cells) - 1)
