"""Proof that an import kept the text, character for character.

The Markdown is rendered as the site renders it and read as a visitor sees it; then both sides lose their
blanks, since a flattened page and a structured one break lines differently, and must be equal. Where they
are not, an exact walk names every place: it runs along what is equal, and at a difference looks for the
nearest point from which both sides agree again.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

import markdown as python_markdown  # type: ignore[import-untyped]  # Markdown ships no types
from selectolax.lexbor import LexborHTMLParser

from hooks.imports.outline import lines_of

_INVISIBLE: Final = re.compile(r"[\s\u200b-\u200d\u2060\ufeff]+")
_ANCHORS: Final = (24, 6)
"""So many equal characters end a difference: many, lest a phrase of the next line be taken for this one's."""
_FAR_ANCHOR: Final = 12
_NEAR: Final = 40
"""Differences up to this size (lost and added together) are found by trying; larger ones by an index."""
_CONTEXT: Final = 8
_LONGEST_EXCERPT: Final = 60


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where the result is not the source."""

    line: int
    """In the source as it was given, from 1."""
    source_excerpt: str
    """What stood there, with a few characters on either side, without blanks."""
    result_excerpt: str
    """What stands there now."""


def compare(
    source: str,
    markdown: str,
    *,
    extensions: Sequence[str],
    extension_configs: Mapping[str, Mapping[str, object]] | None = None,
) -> tuple[Difference, ...]:
    """Every place where the rendered Markdown lost, added or changed text; empty when it is identical."""
    lines = [_squeezed(line) for line in lines_of(source)]
    before = "".join(lines)
    after = _squeezed(_visible_text(markdown, extensions, extension_configs or {}))
    ends = list(accumulate(len(line) for line in lines))
    return tuple(
        Difference(
            line=bisect_right(ends, min(start, len(before) - 1)) + 1 if before else 1,
            source_excerpt=_excerpt(before, start, end),
            result_excerpt=_excerpt(after, new_start, new_end),
        )
        for start, end, new_start, new_end in _differences(before, after)
    )


def _squeezed(text: str) -> str:
    return _INVISIBLE.sub("", text)


def _visible_text(
    markdown: str, extensions: Sequence[str], configs: Mapping[str, Mapping[str, object]]
) -> str:
    html: str = python_markdown.markdown(markdown, extensions=extensions, extension_configs=configs)
    page = LexborHTMLParser(f"<!doctype html><body>{html}</body>")
    for unseen in page.css("script, style, template, a.headerlink"):
        unseen.decompose()
    return page.body.text() if page.body else ""


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
