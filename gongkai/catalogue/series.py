"""Yearly series (工作总结, 工作计划, 年报): documents of a column whose titles differ only in the year."""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from gongkai.records.chinese import ANY_DIGIT, TO_ASCII_DIGITS, spelt
from gongkai.records.markdown import cells, headings, prose, tables
from gongkai.records.reading import Document

#: A title's text around its years; numbers stand for years, as distances from the first.
Pattern = tuple[str | int, ...]
_YEAR: Final = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_CHINESE_YEAR: Final = re.compile(rf"(?<![{ANY_DIGIT}])[一二][〇○零九][{ANY_DIGIT}]{{2}}(?=年)")


class Series(NamedTuple):
    """The documents of a column whose titles are alike but for the year, the latest year first; `years` in that order."""

    documents: tuple[Document, ...]
    years: tuple[int, ...]


def title_pattern(title: str) -> tuple[Pattern, int]:
    """A title's text around its years, and the first of them; 0 where it names none."""
    parts: list[str | int] = []
    first = end = 0
    for match in _YEAR.finditer(title):
        year = int(match[0])
        first = first or year
        parts += [title[end : match.start()], year - first]
        end = match.end()
    return (*parts, title[end:]), first


def yearly_series(documents: Iterable[Document]) -> tuple[Series, ...]:
    """The series among `documents`, those of each column apart, in the order of column and title.

    A single document whose title names a year is one, too: its next year may be due.
    """
    groups: dict[tuple[str, Pattern], dict[int, Document]] = {}
    for document in documents:
        pattern, year = title_pattern(document.record.title)
        if year:
            groups.setdefault((document.column, pattern), {})[year] = document
    found = (Series(*_latest_first(members)) for _, members in sorted(groups.items(), key=lambda g: repr(g[0])))
    return tuple(found)


def _latest_first(members: dict[int, Document]) -> tuple[tuple[Document, ...], tuple[int, ...]]:
    years = tuple(sorted(members, reverse=True))
    return tuple(members[year] for year in years), years


def going_on(series: Iterable[Series], year: int) -> tuple[Series, ...]:
    """The series that are still kept up in `year`: summaries come a year late, plans may come a year early."""
    return tuple(one for one in series if year - 2 <= one.years[0] <= year)


def years_on(text: str, years: int) -> str:
    """`text` with each year in it (2025, 二〇二五年) moved on by `years`."""
    moved = _YEAR.sub(lambda match: str(int(match[0]) + years), text)
    return _CHINESE_YEAR.sub(lambda match: spelt(int(match[0].translate(TO_ASCII_DIGITS)) + years), moved)


def skeleton(body: str, years: int) -> str:
    """What the next document of a series begins with: `body` with its years moved on by `years`.

    Left are headings, and tables with their head and first column; "" where there are neither.
    """
    text = prose(body)
    lines = text.split("\n")
    blocks = [(one.line, lines[one.line - 1].rstrip()) for one in headings(text) if one.text]
    blocks += [(one.line, "\n".join([one.head, one.rule, *map(_first_cell, one.rows)])) for one in tables(text)]
    return "\n\n".join(years_on(block, years) for _, block in sorted(blocks))


def _first_cell(row: str) -> str:
    first, *others = cells(row)
    return f"|{first}|" + " |" * len(others)
