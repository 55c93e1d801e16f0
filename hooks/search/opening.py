"""`start.bin`: what a reader must have before anything can be asked, in one file.

A line of JSON: the format, how many documents live, their mean length, the facets, the segments, and of each segment the
tokens that lie alone with the number of living documents that have them. Then, by bytes: the columns of the living
documents, newest first (`facets.columns_of`), and for every document of every segment, dead or alive, in the one order
that all segments share, to which segment it belongs (times 2) and whether it is dead (1).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hooks.search.facets import columns_of, facets_of
from hooks.search.member import Member
from hooks.search.packing import packed
from hooks.search.segment import Segment

FORMAT = 3


@dataclass(frozen=True, slots=True)
class Names:
    """The names by key of columns and departments, in the site's order, and the bureau's equal writings."""

    columns: Mapping[str, str]
    departments: Mapping[str, str]
    synonyms: Sequence[Sequence[str]] = ()


def opening(ordered: Sequence[Member], segments: Sequence[Segment], names: Names) -> bytes:
    """The bytes of `start.bin` for the living documents, given newest first, and their segments."""
    homes = list(_homes(ordered, segments))
    tokens = [memoryview(segment.lengths).cast("I") for segment in segments]
    lengths = [tokens[number][place] for number, place in homes]
    facets = facets_of(ordered, columns=names.columns, departments=names.departments)
    head = {
        "format": FORMAT,
        "documents": len(ordered),
        "mean_length": round(sum(lengths) / len(lengths), 3) if lengths else 0,
        "facets": [{"key": facet.key, "values": facet.listed()} for facet in facets],
        "segments": [_described(segment) for segment in segments],
        "synonyms": names.synonyms,
    }
    line = json.dumps(head, ensure_ascii=False, separators=(",", ":")) + "\n"
    columns = columns_of(ordered, lengths, facets)
    return packed(line.encode("utf-8", "surrogatepass"), *columns, bytes(_order(homes, segments)))


def _described(segment: Segment) -> dict[str, object]:
    dead = segment.dead_alone or {}
    alone = [
        (one.token, one.number, one.documents, one.documents - dead.get(one.number, 0))
        for one in segment.alone.values()
    ]
    return {
        "id": segment.id,
        "documents": len(segment.marks),
        "shards": segment.shards,
        "characters": segment.characters,
        "block": segment.block,
        "alone": alone,
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
