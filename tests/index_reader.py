"""The search index read back byte by byte, as the reader's browser does (`overrides/parts/search/index.mjs`)."""

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict


class Alone(TypedDict):
    """The tokens that lie alone, parted by blanks; of each its file, and how many living documents have it."""

    tokens: str
    files: list[int]
    living: list[int]


class Part(TypedDict):
    """A segment as the opening describes it."""

    id: str
    documents: int
    shards: int
    characters: int
    block: int
    piece: int
    alone: Alone


class Listed(TypedDict):
    key: str
    values: list[tuple[str, str]]


class Head(TypedDict):
    format: int
    documents: int
    mean_length: float
    facets: list[Listed]
    apart: str
    segments: list[Part]
    synonyms: list[list[str]]


def numbers(raw: bytes) -> Iterator[int]:
    """The varints that `raw` consists of."""
    value = shift = 0
    for byte in raw:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            yield value
            value = shift = 0


def number_at(raw: bytes, at: int) -> tuple[int, int]:
    """The varint that begins at `at`, and where the next thing begins."""
    length = next(place for place in range(at, len(raw)) if raw[place] < 0x80) + 1 - at
    return next(numbers(raw[at : at + length])), at + length


def postings_of(gaps: bytes, weights: bytes) -> list[tuple[int, int]]:
    """(document, weight) of each posting."""
    return list(zip(ascending(list(numbers(gaps))), weights, strict=True))


def shard_of(raw: bytes) -> Iterator[tuple[str, int, list[tuple[int, int]]]]:
    """Every token of a shard with the bytes and the meaning of its postings."""
    heads_size, at = number_at(raw, 0)
    gaps_size, at = number_at(raw, at)
    end = at + heads_size
    gap, weight = end, end + gaps_size
    while at < end:
        length, at = number_at(raw, at)
        token = raw[at : at + length].decode()
        df, at = number_at(raw, at + length)
        size, at = number_at(raw, at)
        yield token, size + df, postings_of(raw[gap : gap + size], raw[weight : weight + df])
        gap, weight = gap + size, weight + df
    assert (gap, weight) == (end + gaps_size, len(raw))


def ascending(distances: Sequence[int]) -> list[int]:
    total = 0
    return [total := total + distance for distance in distances]


@dataclass(frozen=True)
class Row:
    """A token's row; `alone` is the number of its own file, or -1."""

    df: int
    size: int
    postings: list[tuple[int, int]]
    shard: int
    alone: int = -1


def start_of(files: Mapping[str, bytes]) -> tuple[Head, bytes]:
    """The line of JSON at the beginning, and the columns."""
    line, _, columns = gzip.decompress(files["start.bin"]).partition(b"\n")
    head: Head = json.loads(line)
    return head, columns


def rows_of(files: Mapping[str, bytes], part: Part) -> dict[str, Row]:
    """Every token of one segment of the opening."""
    rows = {
        token: Row(len(postings), size, postings, number)
        for kind, count in (("", part["shards"]), ("c", part["characters"]))
        for number in range(count)
        for token, size, postings in shard_of(gzip.decompress(files[f"{part['id']}/{kind}{number}.bin"]))
    }
    for token, number, _ in alone_in(part):
        ((_, size, postings),) = shard_of(gzip.decompress(files[f"{part['id']}/t{number}.bin"]))
        rows[token] = Row(len(postings), size, postings, -1, number)
    return rows


def alone_in(part: Part) -> Iterator[tuple[str, int, int]]:
    """Each token that lies alone, the number of its file, and how many living documents have it."""
    alone = part["alone"]
    return zip(alone["tokens"].split(), alone["files"], alone["living"], strict=True)


@dataclass(frozen=True)
class Answers:
    """All that a reader can learn of an index: its living documents newest first, and every token's postings and df."""

    documents: list[tuple[tuple[str, ...], int, tuple[str, ...]]]  # what is shown, length, facet values
    postings: dict[str, list[tuple[int, int]]]
    df: dict[str, int]
    mean_length: float
    facets: object


def answers_of(files: Mapping[str, bytes]) -> Answers:
    """The index in `files`, by paths below its folder."""
    head, raw = start_of(files)
    rows = [rows_of(files, part) for part in head["segments"]]
    living = list(_living(head, raw))
    renumbered = {where: number for number, where in enumerate(living)}
    tokens = {token for part in rows for token in part}
    postings = {token: _postings(rows, token, renumbered) for token in tokens}
    names = [_names(files, part) for part in head["segments"]]
    lengths = list(raw[: head["documents"]])
    values = _values(files, head, raw)
    shown = [names[number][place] for number, place in living]
    return Answers(
        documents=list(zip(shown, lengths, values, strict=True)),
        postings={token: held for token, held in postings.items() if held},
        df={token: df for token in tokens if (df := _df(head, rows, token, renumbered))},
        mean_length=head["mean_length"],
        facets=head["facets"],
    )


def _living(head: Head, raw: bytes) -> Iterator[tuple[int, int]]:
    """The segment and the place there of each living document, newest first."""
    total = sum(part["documents"] for part in head["segments"])
    seen = [0] * len(head["segments"])
    for code in raw[head["documents"] : head["documents"] + total]:
        if not code & 1:
            yield code >> 1, seen[code >> 1]
        seen[code >> 1] += 1
    assert seen == [part["documents"] for part in head["segments"]]


def pieces_of(head: Head, raw: bytes) -> tuple[list[list[int]], int]:
    """For each segment the bytes of each piece of its names.bin, and where in the columns the next thing begins."""
    at = head["documents"] + sum(part["documents"] for part in head["segments"])
    pieces = []
    for part in head["segments"]:
        sizes = []
        for _ in range(-(-part["documents"] // part["piece"])):
            size, at = number_at(raw, at)
            sizes.append(size)
        pieces.append(sizes)
    return pieces, at


def _values(files: Mapping[str, bytes], head: Head, raw: bytes) -> list[tuple[str, ...]]:
    """Of each living document for each facet the value or ""."""
    count = head["documents"]
    _, at = pieces_of(head, raw)
    keys = [facet["key"] for facet in head["facets"]]
    others = [key for key in keys if key != "validity"]
    columns = {}
    columns["validity"], at = _column(raw, at, count)
    rest, at = (gzip.decompress(files[head["apart"]]), 0) if head["apart"] else (raw, at)
    for key in others:
        columns[key], at = _column(rest, at, count)
    assert at == len(rest)
    named = [
        [["", *(value for value, _ in facet["values"])][number] for number in columns[facet["key"]]]
        for facet in head["facets"]
    ]
    return list(zip(*named, strict=True))


def _column(raw: bytes, at: int, count: int) -> tuple[list[int], int]:
    """The numbers of a column that begins at `at`, and where the next thing begins."""
    common, at = number_at(raw, at)
    others, at = number_at(raw, at)
    column, place = [common] * count, -1
    places = []
    for _ in range(others):
        distance, at = number_at(raw, at)
        place += distance + 1
        places.append(place)
    for one in places:
        column[one], at = number_at(raw, at)
    return column, at


def _names(files: Mapping[str, bytes], part: Part) -> list[tuple[str, ...]]:
    """What is shown of every document of a segment."""
    found: list[tuple[str, ...]] = []
    for number in range(-(-part["documents"] // part["block"])):
        columns: list[list[str]] = json.loads(gzip.decompress(files[f"{part['id']}/n{number}.bin"]))
        found += zip(*columns, strict=True)
    return found


def _postings(
    rows: Sequence[Mapping[str, Row]], token: str, renumbered: Mapping[tuple[int, int], int]
) -> list[tuple[int, int]]:
    return sorted(
        (renumbered[number, place], weight)
        for number, part in enumerate(rows)
        if token in part
        for place, weight in part[token].postings
        if (number, place) in renumbered
    )


def _df(head: Head, rows: Sequence[Mapping[str, Row]], token: str, renumbered: Mapping[tuple[int, int], int]) -> int:
    """How many living documents hold the token, as known before postings that lie alone are read."""
    known = sum(living for part in head["segments"] for one, _, living in alone_in(part) if one == token)
    held = (
        sum(1 for place, _ in part[token].postings if (number, place) in renumbered)
        for number, part in enumerate(rows)
        if token in part and part[token].alone < 0
    )
    return known + sum(held)
