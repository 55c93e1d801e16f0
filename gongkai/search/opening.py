"""`start.bin`: what a reader must have before anything can be asked, in one file.

A line of JSON: the format, how many documents live, their mean length, the facets, the segments, and of each segment the
tokens that lie alone with the number of living documents that have them. Then, by bytes: the living documents' lengths,
newest first; for every document of every segment, dead or alive, in the one order that all segments share, to which
segment it belongs (times 2) and whether it is dead (1); the bytes of each piece of each segment's `names.bin`; and the
column of each facet (`facets.column`).

In a large archive the columns of all facets but 时效, without which no list can be made, are most of it. There they
lie in a file of their own, named by content, which the reader fetches once the list stands.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gongkai.search.facets import Facet, column, facets_of, numbers_of
from gongkai.search.member import Member
from gongkai.search.packing import content_name, packed, varints
from gongkai.search.segment import Segment

FORMAT = 4
#: From so many documents on.
APART = 20_000
_STEPS = 2  # per doubling: a length is kept to within a fifth
_AT_ONCE = "validity"


@dataclass(frozen=True, slots=True)
class Names:
    """The names by key of columns and departments, in the site's order, and the bureau's equal writings."""

    columns: Mapping[str, str]
    departments: Mapping[str, str]
    synonyms: Sequence[Sequence[str]] = ()


def opening(
    ordered: Sequence[Member], segments: Sequence[Segment], names: Names
) -> tuple[bytes, dict[str, bytes]]:
    """The bytes of `start.bin` for the living documents, given newest first, and the files that lie beside it."""
    homes = list(_homes(ordered, segments))
    tokens = [memoryview(segment.lengths).cast("I") for segment in segments]
    lengths = [tokens[number][place] for number, place in homes]
    facets = facets_of(ordered, columns=names.columns, departments=names.departments)
    is_apart = len(ordered) > APART
    columns = {facet.key: column(numbers_of(ordered, facet)) for facet in facets}
    rest = [columns[facet.key] for facet in facets if facet.key != _AT_ONCE]
    apart = {f"facets-{content_name(*rest)}.bin": packed(*rest)} if is_apart else {}
    head = {
        "format": FORMAT,
        "documents": len(ordered),
        "mean_length": round(sum(lengths) / len(lengths), 3) if lengths else 0,
        "facets": [_listed(facet) for facet in facets],
        "apart": next(iter(apart), ""),
        "segments": [_described(segment) for segment in segments],
        "synonyms": names.synonyms,
    }
    line = json.dumps(head, ensure_ascii=False, separators=(",", ":")) + "\n"
    rounded = bytes(map(rounded_length, lengths))
    order = bytes(_order(homes, segments))
    pieces = (varints(segment.pieces) for segment in segments)
    parts = (line.encode("utf-8", "surrogatepass"), rounded, order, *pieces, columns[_AT_ONCE])
    return packed(*parts, *(() if is_apart else rest)), apart


def rounded_length(length: int) -> int:
    """Return a length as halves of its binary logarithm, one byte."""
    return min(255, round(_STEPS * math.log2(length + 1)))


def _listed(facet: Facet) -> dict[str, object]:
    return {"key": facet.key, "values": facet.listed()}


def _described(segment: Segment) -> dict[str, object]:
    dead = segment.dead_alone or {}
    alone = sorted(segment.alone.values(), key=lambda one: one.number)
    return {
        "id": segment.id,
        "documents": len(segment.marks),
        "shards": segment.shards,
        "characters": segment.characters,
        "block": segment.block,
        "piece": segment.piece,
        "alone": {
            "tokens": " ".join(one.token for one in alone),
            "files": [one.number for one in alone],
            "living": [one.documents - dead.get(one.number, 0) for one in alone],
        },
    }


def _homes(ordered: Sequence[Member], segments: Sequence[Segment]) -> Iterator[tuple[int, int]]:
    """In which segment, and where there, each living document is."""
    known = {
        mark: (number, place)
        for number, segment in enumerate(segments)
        for dead in (set(segment.dead),)
        for place, mark in enumerate(segment.marks)
        if place not in dead
    }
    return (known[member.mark] for member in ordered)


def _order(homes: Sequence[tuple[int, int]], segments: Sequence[Segment]) -> Iterator[int]:
    """A byte for each document: the dead of a segment come right before the next living one of theirs."""
    done = [0] * len(segments)
    ends = [(number, len(segment.marks)) for number, segment in enumerate(segments)]
    for number, place in homes:
        yield from (number << 1 | 1 for _ in range(place - done[number]))
        yield number << 1
        done[number] = place + 1
    for number, end in ends:
        yield from (number << 1 | 1 for _ in range(end - done[number]))
