"""The search index read back byte by byte, as the reader's browser does (`overrides/assets/js/search/index.mjs`)."""

import gzip
import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass


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


def postings_of(raw: bytes, df: int) -> list[tuple[int, int]]:
    """(document, weight) of `df` postings."""
    at = place = 0
    found = []
    for _ in range(df):
        gap, at = number_at(raw, at)
        place += gap
        found.append((place, raw[at]))
        at += 1
    return found


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


def rows_of(files: Mapping[str, bytes], part: Mapping[str, object]) -> dict[str, Row]:
    """Every token of one segment of the manifest."""
    rows = {}
    for shard in range(int(str(part["shards"]))):
        raw = gzip.decompress(files[f"{part['id']}/shards/{shard}.bin"])
        at = 0
        while at < len(raw):
            length, at = number_at(raw, at)
            token = raw[at : at + length].decode()
            df, at = number_at(raw, at + length)
            size, at = number_at(raw, at)
            alone = -1
            if size:
                held, at = raw[at : at + size], at + size
            else:
                alone, at = number_at(raw, at)
                held = gzip.decompress(files[f"{part['id']}/tokens/{alone}.bin"])
            rows[token] = Row(df, size, postings_of(held, df), shard, alone)
    return rows


@dataclass(frozen=True)
class Answers:
    """All that a reader can learn of an index: its living documents newest first, and every token's postings and df."""

    documents: list[tuple[str, int, int, tuple[str, ...]]]  # text, rounded length, day, facet values
    postings: dict[str, list[tuple[int, int]]]
    df: dict[str, int]
    mean_length: float
    facets: object


@dataclass(frozen=True)
class _Part:
    documents: list[tuple[str, int, int, tuple[str, ...]]]
    places: list[list[int]]
    dead: set[int]
    dead_alone: dict[int, int]
    rows: dict[str, Row]


def answers_of(files: Mapping[str, bytes]) -> Answers:
    """The index in `files`, by paths below its folder."""
    manifest = json.loads(files["manifest.json"])
    parts = [_part(files, described, number) for number, described in enumerate(manifest["segments"])]
    order = sorted(
        (_standing(parts, number, place), number, place)
        for number, part in enumerate(parts)
        for place in range(len(part.documents))
    )
    living = [(number, place) for _, number, place in order if place not in parts[number].dead]
    renumbered = {where: number for number, where in enumerate(living)}
    tokens = {token for part in parts for token in part.rows}
    postings = {token: _living(parts, token, renumbered) for token in tokens}
    return Answers(
        documents=[parts[number].documents[place] for number, place in living],
        postings={token: held for token, held in postings.items() if held},
        df={token: df for token in tokens if (df := sum(_df(part, token) for part in parts))},
        mean_length=manifest["mean_length"],
        facets=manifest["facets"],
    )


def _part(files: Mapping[str, bytes], described: Mapping[str, object], number: int) -> _Part:
    count = int(str(described["documents"]))
    raw = gzip.decompress(files[f"{described['id']}/columns.bin"])
    values = list(numbers(raw[count:]))
    columns = [values[start : start + count] for start in range(0, len(values), count)]
    first, *back = columns[0]
    days = [first, *(first - passed for passed in ascending(back))]
    lists = described["facets"]
    assert isinstance(lists, list)
    facets = [["", *own] for own in lists]
    texts = _names(files, str(described["id"]), count)
    dead, dead_alone = _dead(files, str(described["dead"]))
    documents = [
        (
            texts[place],
            raw[place],
            days[place],
            tuple(own[columns[1 + n][place]] for n, own in enumerate(facets)),
        )
        for place in range(count)
    ]
    places = [ascending(column) for column in columns[1 + len(facets) :]]
    assert len(places) == number
    return _Part(documents, places, dead, dead_alone, rows_of(files, described))


def _names(files: Mapping[str, bytes], folder: str, count: int) -> list[str]:
    blocks = b"".join(gzip.decompress(files[f"{folder}/names/{n}.bin"]) for n in range((count + 255) // 256))
    return [blocks[start : start + 8].hex() for start in range(0, len(blocks), 8)]


def _dead(files: Mapping[str, bytes], name: str) -> tuple[set[int], dict[int, int]]:
    if not name:
        return set(), {}
    values = list(numbers(gzip.decompress(files[f"dead/{name}.bin"])))
    count = values[0]
    pairs = values[2 + count :]
    assert len(pairs) == 2 * values[1 + count]
    return set(ascending(values[1 : 1 + count])), dict(zip(ascending(pairs[::2]), pairs[1::2], strict=True))


def _standing(parts: Sequence[_Part], number: int, place: int) -> int:
    """Where a document stands among all, the dead included."""
    before = sum(column[place] for column in parts[number].places)
    after = sum(bisect_right(later.places[number], place) for later in parts[number + 1 :])
    return place + before + after


def _living(
    parts: Sequence[_Part], token: str, renumbered: Mapping[tuple[int, int], int]
) -> list[tuple[int, int]]:
    return sorted(
        (renumbered[number, place], weight)
        for number, part in enumerate(parts)
        if token in part.rows
        for place, weight in part.rows[token].postings
        if (number, place) in renumbered
    )


def _df(part: _Part, token: str) -> int:
    """How many living documents hold the token, as known before postings that lie alone are read."""
    row = part.rows.get(token)
    if row is None:
        return 0
    if row.alone >= 0:
        return row.df - part.dead_alone.get(row.alone, 0)
    return sum(1 for place, _ in row.postings if place not in part.dead)
