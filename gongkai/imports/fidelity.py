"""Proof that an import kept the text, character for character.

The Markdown is rendered as the site renders it and read as a visitor sees it; then both sides lose their
blanks, since a flattened page and a structured one break lines differently, and must be equal; so must their
numbers, and their tables cell by cell with what each cell spans. Where they
are not, an exact walk names every place: it runs along what is equal, and at a difference looks for the
nearest point from which both sides agree again.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

import markdown as python_markdown  # type: ignore[import-untyped]  # Markdown ships no types
from selectolax.lexbor import LexborNode

from gongkai.imports.page import Page
from gongkai.imports.visible import Grid, body_of_html, grids
from gongkai.imports.visible import lines as lines_of_page

_INVISIBLE: Final = re.compile(r"[\s\u200b-\u200d\u2060\ufeff]+")
_ANCHORS: Final = (24, 6)
"""So many equal characters end a difference: many, lest a phrase of the next line be taken for this one's."""
_FAR_ANCHOR: Final = 12
_NEAR: Final = 40
"""Differences up to this size (lost and added together) are found by trying; larger ones by an index."""
_CONTEXT: Final = 8
_LONGEST_EXCERPT: Final = 60
_NUMBER: Final = re.compile(r"[0-9０-９]+(?:[.,．，][0-9０-９]+)*[%％]?")
_MOST_SHOWN: Final = 8


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where the result is not the source."""

    line: int
    """In the source as it was given, from 1."""
    source_excerpt: str
    """What stood there, with a few characters on either side, without blanks."""
    result_excerpt: str
    """What stands there now."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was compared, and every place that differs, in words; none when all of it is there."""

    characters: int
    numbers: int
    tables: int
    cells: int
    notes: int
    pictures: int
    differences: tuple[Difference, ...]
    otherwise: tuple[str, ...]
    """Numbers and tables that differ."""


def compared(
    page: Page, *, extensions: Sequence[str], extension_configs: Mapping[str, Mapping[str, object]] | None = None
) -> Comparison:
    """The page as the site will show it held against its source: every character, every number, tables cell by cell."""
    body = rendered(page.body, extensions, extension_configs or {})
    shown, tables = lines_of_page(body), grids(body)
    source = [_squeezed(line) for line in page.source]
    return Comparison(
        characters=sum(map(len, source)),
        numbers=len(numbers_of(page.source)),
        tables=len(page.grids),
        cells=sum(map(len, page.grids)),
        notes=len(body.css("div.footnote li")) if body is not None else 0,
        pictures=len(body.css("img")) if body is not None else 0,
        differences=tuple(_places_of(source, _squeezed("".join(shown)))),
        otherwise=(*_lost_numbers(numbers_of(page.source), numbers_of(shown)), *_lost_cells(page.grids, tables)),
    )


def rendered(
    markdown: str, extensions: Sequence[str], configs: Mapping[str, Mapping[str, object]]
) -> LexborNode | None:
    """Markdown as a reader meets it."""
    html: str = python_markdown.markdown(markdown, extensions=extensions, extension_configs=configs)
    return _without_signs(body_of_html(f"<!doctype html><body>{html}</body>"))


def _without_signs(body: LexborNode | None) -> LexborNode | None:
    """Without what the site adds to a text: links of headings, the signs of notes."""
    for sign in body.css("a.headerlink, a.footnote-ref, a.footnote-backref, sup > a[href^='#fn:']") if body else ():
        sign.decompose()
    return body


def numbers_of(lines: Sequence[str]) -> Counter[str]:
    """Every number of a text, as often as it stands there; 1,234.5 is one."""
    return Counter(number for line in lines for number in _NUMBER.findall(line))


def _lost_numbers(before: Counter[str], after: Counter[str]) -> Iterator[str]:
    lost, new = before - after, after - before
    if lost or new:
        words = [f"少了 {'、'.join(sorted(lost)[:_MOST_SHOWN])}" if lost else ""]
        words += [f"多了 {'、'.join(sorted(new)[:_MOST_SHOWN])}" if new else ""]
        yield f"数字对不上：{'，'.join(filter(None, words))}"


def _lost_cells(before: Sequence[Grid], after: Sequence[Grid]) -> Iterator[str]:
    if len(before) != len(after):
        yield f"表格对不上：原文有 {len(before)} 张，结果有 {len(after)} 张"
        return
    for number, (old, new) in enumerate(zip(before, after, strict=True), 1):
        for cell in [cell for cell in old if cell not in new][:_MOST_SHOWN]:
            size = f"，占 {cell.rows} 行 {cell.columns} 列" if cell.rows * cell.columns > 1 else ""
            place = f"第 {cell.row + 1} 行第 {cell.column + 1} 列{size}"
            yield f"表格对不上：第 {number} 张表{place}的“{cell.text[: _CONTEXT * 2]}”不在原处"
        yield from [f"表格对不上：第 {number} 张表多了单元格"] if len(new) > len(old) else []


def _places_of(lines: Sequence[str], after: str) -> Iterator[Difference]:
    before = "".join(lines)
    ends = list(accumulate(len(line) for line in lines))
    for start, end, new_start, new_end in _differences(before, after):
        yield Difference(
            line=bisect_right(ends, min(start, len(before) - 1)) + 1 if before else 1,
            source_excerpt=_excerpt(before, start, end),
            result_excerpt=_excerpt(after, new_start, new_end),
        )


def _squeezed(text: str) -> str:
    return _INVISIBLE.sub("", text)


def _excerpt(text: str, start: int, end: int) -> str:
    whole = text[max(0, start - _CONTEXT) : end + _CONTEXT]
    half = _LONGEST_EXCERPT // 2
    return whole if len(whole) <= _LONGEST_EXCERPT else f"{whole[:half]}……{whole[-half:]}"


def _differences(before: str, after: str) -> Iterator[tuple[int, int, int, int]]:
    """(start, end) in the one and (start, end) in the other, of all that lies between equal stretches."""
    old = new = 0
    places: dict[str, list[int]] = {}
    while True:
        equal = _common_prefix(before, old, after, new)
        old, new = old + equal, new + equal
        if old == len(before) and new == len(after):
            return
        near = (_meet_near(before, old, after, new, anchor) for anchor in _ANCHORS)
        meeting = next((point for point in near if point), None)
        if meeting is None:
            places = places or _places(after)
            meeting = _meet_far(before, old, places, new) or (len(before), len(after))
        yield old, meeting[0], new, meeting[1]
        old, new = meeting


def _common_prefix(before: str, old: int, after: str, new: int) -> int:
    """How far both sides agree from here on; whole stretches at a time, then the odd characters."""
    length, step = 0, 4096
    while step:
        here = before[old + length : old + length + step]
        if len(here) == step and here == after[new + length : new + length + step]:
            length += step
        else:
            step //= 2
    return length


def _meet_near(before: str, old: int, after: str, new: int, anchor: int) -> tuple[int, int] | None:
    """The nearest point from which `anchor` characters agree, or all that is left."""
    for distance in range(1, _NEAR + 1):
        for lost in range(distance + 1):
            left, right = old + lost, new + distance - lost
            agreed = before[left : left + anchor]
            if left > len(before) or right > len(after) or agreed != after[right : right + anchor]:
                continue
            if len(agreed) == anchor or (len(before) - left == len(after) - right):
                return left, right
    return None


def _places(after: str) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for at in range(len(after) - _FAR_ANCHOR + 1):
        places.setdefault(after[at : at + _FAR_ANCHOR], []).append(at)
    return places


def _meet_far(before: str, old: int, places: dict[str, list[int]], new: int) -> tuple[int, int] | None:
    for left in range(old, len(before) - _FAR_ANCHOR + 1):
        found = places.get(before[left : left + _FAR_ANCHOR], [])
        nearest = bisect_left(found, new)
        if nearest < len(found):
            return left, found[nearest]
    return None
