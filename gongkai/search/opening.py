"""`start.bin`: what a reader must have before anything can be asked, in one file.

A line of JSON: the format, how many documents live, their mean length, the facets, the segments, and of each segment the
tokens that lie alone with the number of living documents that have them. Then, by bytes: the living documents' lengths,
newest first; for every document of every segment, dead or alive, in the one order that all segments share, to which
segment it belongs (times 2) and whether it is dead (1); the bytes of each piece of each segment's `names.bin`; and the
column of each facet (`column`).

In a large archive the columns of all facets but 时效, without which no list can be made, are most of it. There they
lie in a file of their own, named by content, which the reader fetches once the list stands.
"""

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gongkai.search.members import Member
from gongkai.search.packing import content_name, packed, varint, varints
from gongkai.search.segment import Segment

FORMAT = 4
#: In archives of more documents than this the facets' columns lie apart.
APART = 20_000
VALIDITY = {"in-force": "现行有效", "amended": "已修改", "repealed": "已废止", "expired": "已失效"}
_FILES = {"yes": "有附件"}
_STEPS = 2  # per doubling: a length is kept to within a fifth
_AT_ONCE = "validity"
#: A column has a common value where at most one in so many documents has another.
_FEW = 4


@dataclass(frozen=True, slots=True)
class Names:
    """The names by key of columns and departments, in the site's order, and the bureau's equal writings."""

    columns: Mapping[str, str]
    departments: Mapping[str, str]
    synonyms: Sequence[Sequence[str]] = ()


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet's values with the names shown for them; value n is number n + 1, 0 is none."""

    key: str
    names: Mapping[str, str]


def opening(ordered: Sequence[Member], segments: Sequence[Segment], names: Names) -> tuple[bytes, dict[str, bytes]]:
    """The bytes of `start.bin` for the living documents, given newest first, and the files that lie beside it."""
    homes = list(_homes(ordered, segments))
    tokens = [memoryview(segment.lengths).cast("I") for segment in segments]
    lengths = [tokens[number][place] for number, place in homes]
    facets = facets_of(ordered, columns=names.columns, departments=names.departments)
    columns = {facet.key: column(_numbers_of(ordered, facet)) for facet in facets}
    at_once, rest = columns.pop(_AT_ONCE), list(columns.values())
    apart = {f"facets-{content_name(*rest)}.bin": packed(*rest)} if len(ordered) > APART else {}
    line = _first_line(lengths, facets, "".join(apart), segments, names)
    rounded = bytes(map(rounded_length, lengths))
    order = bytes(_order(homes, segments))
    pieces = (varints(segment.pieces) for segment in segments)
    return packed(line, rounded, order, *pieces, at_once, *(() if apart else rest)), apart


def _first_line(
    lengths: Sequence[int], facets: Sequence[Facet], apart: str, segments: Sequence[Segment], names: Names
) -> bytes:
    head = {
        "format": FORMAT,
        "documents": len(lengths),
        "mean_length": round(sum(lengths) / len(lengths), 3) if lengths else 0,
        "facets": [{"key": facet.key, "values": list(facet.names.items())} for facet in facets],
        "apart": apart,
        "segments": [_described(segment) for segment in segments],
        "synonyms": names.synonyms,
    }
    line = json.dumps(head, ensure_ascii=False, separators=(",", ":")) + "\n"
    return line.encode("utf-8", "surrogatepass")


def rounded_length(length: int) -> int:
    """A length as halves of its binary logarithm, one byte."""
    return min(255, round(_STEPS * math.log2(length + 1)))


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
    for number, place in homes:
        yield from (number << 1 | 1 for _ in range(place - done[number]))
        yield number << 1
        done[number] = place + 1
    for number, segment in enumerate(segments):
        yield from (number << 1 | 1 for _ in range(len(segment.marks) - done[number]))


def facets_of(members: Sequence[Member], *, columns: Mapping[str, str], departments: Mapping[str, str]) -> list[Facet]:
    """Return the facets with the values that occur: years newest first, the others in the site's order."""
    years = sorted({member.year for member in members}, reverse=True)
    genres = sorted({member.genre for member in members} - {""})
    return [
        Facet("year", {str(year): f"{year}年" for year in years}),
        Facet("column", _occurring(columns, {member.column for member in members})),
        Facet("department", _occurring(departments, {member.department for member in members})),
        Facet("genre", {genre: genre for genre in genres}),
        Facet("validity", _occurring(VALIDITY, {member.validity for member in members})),
        Facet("files", _occurring(_FILES, {member.files for member in members})),
    ]


def _occurring(names: Mapping[str, str], present: set[str]) -> dict[str, str]:
    """Of `names` those whose keys occur, then the keys that occur without a name, as their own names."""
    unnamed = sorted(present - set(names) - {""})
    known = {key: name for key, name in names.items() if key in present}
    return known | {key: key for key in unnamed}


def _numbers_of(members: Sequence[Member], facet: Facet) -> list[int]:
    """Each member's number of its value of a facet."""
    numbers = {value: number for number, value in enumerate(facet.names, start=1)}
    return [numbers.get(str(getattr(member, facet.key)), 0) for member in members]


def column(numbers: Sequence[int]) -> bytes:
    """A column: the number that most have; how many have another; how far each of these lies from the one before; theirs.

    Where others are more than a few, none is taken for common, and all are listed.
    """
    common, count = Counter(numbers).most_common(1)[0] if numbers else (0, 0)
    if len(numbers) - count > len(numbers) // _FEW:
        return varint(0) + varint(len(numbers)) + bytes(len(numbers)) + varints(numbers)
    places = [place for place, number in enumerate(numbers) if number != common]
    distances = varints(place - before - 1 for before, place in pairwise([-1, *places]))
    return varint(common) + varint(len(places)) + distances + varints(numbers[place] for place in places)
