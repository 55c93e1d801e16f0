"""One part of the index: a folder of files that, once written, never change.

    <segment>/columns.bin      lengths, days and facets of all its documents
    <segment>/shards/<n>.bin   tokens whose hash ends in n, with their postings
    <segment>/tokens/<n>.bin   the postings of one token too large for its shard
    <segment>/names/<n>.bin    file names of the texts of 256 documents

The folder is named by what it holds, so no cache can mix two builds. A document's own text lies
outside, in `texts/`, named by its content: it stays where it is when segments are merged.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from hooks.search.entry import Entry
from hooks.search.facets import Facet, columns_of
from hooks.search.packing import content_name, fnv1a, packed, varint
from hooks.search.postings import Postings, collect, encode

SHARD_BYTES = 24 * 1024
ALONE_BYTES = 32 * 1024
NAMES_A_BLOCK = 256
_SHOWN = ("url", "title", "index", "document_number", "published", "text")


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment's files, by path under the index folder, and what the manifest says of it."""

    id: str
    documents: int
    length: int
    shards: int
    files: dict[str, bytes]

    def described(self) -> dict[str, str | int]:
        return {"id": self.id, "documents": self.documents, "shards": self.shards}


def build_segment(entries: Sequence[Entry], names: Sequence[str], facets: Sequence[Facet]) -> Segment:
    """Return the segment of documents given newest first, whose texts lie under the given names."""
    postings, lengths = collect(entries)
    alone, shards = shards_of(postings)
    raw = {"columns.bin": columns_of(entries, lengths, facets)}
    raw |= {f"shards/{number}.bin": shard for number, shard in enumerate(shards)}
    raw |= {f"tokens/{number}.bin": token for number, token in enumerate(alone)}
    raw |= {f"names/{number}.bin": block for number, block in enumerate(_blocks(names))}
    segment_id = content_name(*(part for path in raw for part in (path.encode(), raw[path])))
    files = {f"{segment_id}/{path}": packed(content) for path, content in raw.items()}
    return Segment(segment_id, len(entries), sum(lengths), len(shards), files)


def shards_of(postings: Postings) -> tuple[list[bytes], list[bytes]]:
    """Return the tokens that lie alone and the shards; empties the postings as it goes, for memory's sake."""
    alone: list[bytes] = []
    rows: list[tuple[int, bytes]] = []
    for token in sorted(postings):
        held = postings.pop(token)
        encoded = encode(held)
        head = _counted(token.encode()) + varint(len(held))
        if len(encoded) > ALONE_BYTES:
            rows.append((fnv1a(token), head + varint(0) + varint(len(alone))))
            alone.append(encoded)
        else:
            rows.append((fnv1a(token), head + _counted(encoded)))
    shards = [bytearray() for _ in range(shard_count(sum(len(row) for _, row in rows)))]
    for value, row in rows:
        shards[value & len(shards) - 1] += row
    return alone, [bytes(shard) for shard in shards]


def shard_count(size: int) -> int:
    """Return the smallest power of two that keeps the mean shard within its size."""
    count = 1
    while count * SHARD_BYTES < size:
        count *= 2
    return count


def _counted(content: bytes) -> bytes:
    return varint(len(content)) + content


def _blocks(names: Sequence[str]) -> Iterator[bytes]:
    for start in range(0, len(names), NAMES_A_BLOCK):
        yield bytes.fromhex("".join(names[start : start + NAMES_A_BLOCK]))


def text_of(entry: Entry) -> bytes:
    """Return what a result shows of a document, as JSON."""
    facts = asdict(entry)
    shown = {key: facts[key] for key in _SHOWN}
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode()


def text_path(name: str) -> str:
    return f"texts/{name[:2]}/{name[2:]}.bin"
