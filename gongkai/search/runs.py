"""Runs on their way into a segment: a file each, and their merging, bucket by bucket, into shards.

A file begins with the places, in its arrays, of the ranges of reversed hashes; then come the arrays, end to end. So a
part of it can be read by itself. A bucket holds the tokens whose reversed hashes begin with the same bits; in a run, which
is ordered by these, they stand together. Postings become the distance from the document before (a varint) and the weight
(one byte), the distances of all tokens first and then all weights: each kind packs better by itself.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gongkai.search.members import Source, read_text
from gongkai.search.packing import CODE_BITS, Bytes, Numbers, Small, packed, varint
from gongkai.search.postings import DOCUMENTS, ONCE, WORD_BIT, Run, gathered, run_of

#: Into so many parts a run can be read.
RANGES = 128
#: Of each array in a file, the row of the head that says where its ranges begin, and the bytes of an item.
_TOKENS, _POSTINGS, _WORDS, _LETTERS = range(4)
_SECTIONS = (
    *((_TOKENS, 4), (_TOKENS, 8), (_TOKENS, 4)),
    *((_POSTINGS, 1), (_POSTINGS, 1)),
    *((_WORDS, 4), (_LETTERS, 1)),
)
#: Encoded postings larger than this lie alone, not in their shard: the largest, and no more of a segment than these.
ALONE_BYTES = 32 * 1024
MOST_ALONE = 1_280
#: In a segment of more documents than this, tokens that more than one in eight of them have are kept without places, and
#: how often only roughly. The reader takes them so from 20,000 documents and one in 32 on, whatever is kept: a segment
#: that has lost a quarter of its documents answers as a new one does.
PLACED_DOCUMENTS = 30_000
PLACED_PART = 8
#: A frequency's class to the first of those that are taken for one.
ROUGHLY = (*[ONCE] * (ONCE + 1), 17, 17, 19, 19, 21, 21, 21)


class Part(NamedTuple):
    """The tokens of a run whose reversed hashes begin alike, with their postings; documents by their number in the run."""

    hashes: Small
    tokens: Numbers
    sizes: NDArray[np.int64]
    documents: Bytes
    weights: Bytes
    words: Sequence[str]


class Written(NamedTuple):
    """A run in its file: how many tokens and postings, and its documents' lengths (uint32)."""

    tokens: int
    postings: int
    lengths: bytes


def write_run(sources: Iterable[Source], file: Path) -> Written:
    """Read texts and leave their run in `file`; a task for a worker."""
    run = run_of([read_text(source) for source in sources])
    _write(run, file)
    return Written(len(run.tokens), len(run.documents), run.lengths.tobytes())


def _write(run: Run, file: Path) -> None:
    spelt = [word.encode() for word in run.words]
    sizes = np.array([len(word) for word in spelt], np.uint32)
    edges = np.searchsorted(run.hashes, np.arange(RANGES, dtype=np.uint64) << np.uint64(32 - RANGES.bit_length() + 1))
    tokens = np.append(edges, len(run.tokens))
    is_word = run.tokens >= np.uint64(WORD_BIT)
    words = np.insert(np.cumsum(is_word), 0, 0)[tokens]
    letters = np.insert(np.cumsum(sizes, dtype=np.int64), 0, 0)[words]
    head = np.concatenate([tokens, run.starts[tokens], words, letters]).astype(np.int64)
    counts = np.diff(run.starts.astype(np.int64)).astype(np.uint32)
    arrays = (head, run.hashes, run.tokens, counts, run.documents, run.weights, sizes)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as out:
        for array in arrays:
            out.write(array.tobytes())
        out.write(b"".join(spelt))


def _read_part(file: Path, number: int, parts: int) -> Part:
    """Part `number` of `parts` (a power of two, at most `RANGES`) of a run, in the order of reversed hashes."""
    hashes, tokens, sizes, documents, weights, widths, letters = _sections(file, number, parts)
    ends = accumulate(np.frombuffer(widths, np.uint32).tolist(), initial=0)
    return Part(
        np.frombuffer(hashes, np.uint32),
        np.frombuffer(tokens, np.uint64),
        np.frombuffer(sizes, np.uint32).astype(np.int64),
        np.frombuffer(documents, np.uint8),
        np.frombuffer(weights, np.uint8),
        [letters[low:high].decode() for low, high in pairwise(ends)],
    )


def _sections(file: Path, number: int, parts: int) -> list[bytes]:
    """What a part has of each array in the file."""
    width = RANGES // parts
    first = number * width
    with file.open("rb") as source:
        head = np.fromfile(source, np.int64, 4 * (RANGES + 1)).reshape(4, RANGES + 1)
        edges = [(int(row[first]), int(row[first + width]), int(row[-1])) for row in head]
        starts = accumulate((size * edges[row][2] for row, size in _SECTIONS), initial=head.nbytes)
        return [_read(source, start, edges[row], size) for start, (row, size) in zip(starts, _SECTIONS, strict=False)]


def _read(source: BinaryIO, start: int, edges: tuple[int, int, int], size: int) -> bytes:
    low, high, _ = edges
    source.seek(start + low * size)
    return source.read((high - low) * size)


class Task(NamedTuple):
    """Bucket `number` of `buckets` (a power of two), from `runs` in the order of their documents, into `folder`.

    The segment has `shards` for each bucket, and beside these `characters` for single ones, which are seldom asked for.
    """

    runs: Sequence[Path]
    number: int
    buckets: int
    shards: int
    characters: int
    documents: int
    folder: Path


class Alone(NamedTuple):
    """A token that lies alone: the number of its file, and how many documents have it."""

    token: str
    number: int
    documents: int


class Bucket(NamedTuple):
    """What a bucket became: a digest of all its files, their paths below the segment, the tokens that lie alone."""

    digest: bytes
    paths: tuple[str, ...]
    alone: tuple[Alone, ...]


class _Merged(NamedTuple):
    """Every token of a bucket once, with its postings; documents by their number in the segment."""

    tokens: Numbers
    hashes: Small
    sizes: NDArray[np.int64]
    documents: NDArray[np.int64]
    weights: Bytes


class _Shard:
    """The three parts of a shard: what tokens it has, the distances of their documents, their weights."""

    def __init__(self) -> None:
        self.heads, self.gaps, self.weights = bytearray(), bytearray(), bytearray()

    def add(self, token: bytes, gaps: bytes, weights: bytes) -> None:
        self.heads += varint(len(token)) + token + varint(len(weights)) + varint(len(gaps))
        self.gaps += gaps
        self.weights += weights

    def parts(self) -> tuple[bytes | bytearray, ...]:
        return varint(len(self.heads)) + varint(len(self.gaps)), self.heads, self.gaps, self.weights


def make_bucket(task: Task) -> Bucket:
    """Merge, encode and write one bucket; a task for a worker."""
    parts = [_read_part(file, task.number, task.buckets) for file in task.runs]
    merged = _without_places(_merged(parts), task.documents)
    files, alone = _files_of(merged, _spellings(parts), task)
    state = hashlib.sha256()
    paths = tuple(_write_shard(task.folder, path, shard, state) for path, shard in files.items())
    return Bucket(state.digest(), paths, tuple(alone))


def _files_of(merged: _Merged, words: Mapping[int, str], task: Task) -> tuple[dict[str, _Shard], list[Alone]]:
    """The bucket's files by their paths, those of tokens that lie alone first; and these tokens."""
    rows = list(zip(merged.tokens.tolist(), merged.hashes.tolist(), _encoded(merged), strict=True))
    apart = _largest(task, {token: len(gaps) + len(weights) for token, _, (gaps, weights) in rows})
    shards = {path: _Shard() for path in _shard_paths(task)}
    singles: dict[str, _Shard] = {}
    alone: list[Alone] = []
    for token, hashed, (gaps, weights) in rows:
        word = _spelling(token, words)
        if token in apart:
            one = Alone(word, task.number + task.buckets * len(alone), len(weights))
            alone.append(one)
            singles[f"t{one.number}.bin"] = _Shard()
            singles[f"t{one.number}.bin"].add(b"", gaps, weights)
        else:
            shards[_shard_path(token, hashed, task)].add(word.encode(), gaps, weights)
    return singles | shards, alone


def _largest(task: Task, sizes: Mapping[int, int]) -> set[int]:
    """The tokens that are to lie alone, given the bytes of each."""
    large = (token for token, size in sizes.items() if size > ALONE_BYTES and not _is_character(token))
    return set(sorted(large, key=lambda token: (-sizes[token], token))[: -(-MOST_ALONE // task.buckets)])


def _shard_paths(task: Task) -> Iterator[str]:
    for kind, each in (("", task.shards), ("c", task.characters)):
        yield from (f"{kind}{task.number * each + number}.bin" for number in range(each))


def _shard_path(token: int, hashed: int, task: Task) -> str:
    kind, each = ("c", task.characters) if _is_character(token) else ("", task.shards)
    return f"{kind}{hashed * each * task.buckets >> 32}.bin"


def _is_character(token: int) -> bool:
    """Whether a token is one Han character by itself."""
    return token < WORD_BIT and token & (1 << CODE_BITS) - 1 == 0


def _merged(parts: Sequence[Part]) -> _Merged:
    """All parts as one, tokens in the order of reversed hashes, then of themselves."""
    tokens = np.concatenate([part.tokens for part in parts])
    hashes = np.concatenate([part.hashes for part in parts])
    sizes = np.concatenate([part.sizes for part in parts])
    documents = np.concatenate(
        [part.documents.astype(np.int64) + place * DOCUMENTS for place, part in enumerate(parts)]
    )
    order = np.lexsort((tokens, hashes))  # stable: within a token the runs, and so the documents, keep their order
    places = gathered((np.cumsum(sizes) - sizes)[order], sizes[order])
    weights = np.concatenate([part.weights for part in parts])[places]
    tokens = tokens[order]
    firsts = np.flatnonzero(np.insert(tokens[1:] != tokens[:-1], 0, True)[: len(tokens)])
    summed = np.add.reduceat(sizes[order], firsts) if len(firsts) else sizes
    return _Merged(tokens[firsts], hashes[order][firsts], summed, documents[places], weights)


def _without_places(merged: _Merged, documents: int) -> _Merged:
    """Of tokens that a large segment's documents often have, how often only: places are half of their bytes."""
    if documents <= PLACED_DOCUMENTS:
        return merged
    is_often = np.repeat(merged.sizes > documents // PLACED_PART, merged.sizes)
    roughly = np.array(ROUGHLY, np.uint8)[merged.weights >> 2]
    plain = (roughly << 2) | (merged.weights & np.uint8(3))
    return merged._replace(weights=np.where(is_often, plain, merged.weights))


def _encoded(merged: _Merged) -> Iterator[tuple[bytes, bytes]]:
    """The postings of each token as bytes: distances from the document before, and weights."""
    gaps = merged.documents - np.insert(merged.documents[:-1], 0, 0)[: len(merged.documents)]
    starts = np.cumsum(merged.sizes) - merged.sizes
    gaps[starts] = merged.documents[starts]
    widths = 1 + (gaps >= 1 << 7) + (gaps >= 1 << 14) + (gaps >= 1 << 21)
    ends = np.cumsum(widths)
    out = np.empty(int(ends[-1]) if len(ends) else 0, np.uint8)
    at = ends - widths
    for step in range(4):
        has_step = widths > step
        more = (widths > step + 1).astype(np.int64) << 7
        out[(at + step)[has_step]] = ((gaps >> 7 * step & 0x7F) | more)[has_step]
    data, weights = out.tobytes(), merged.weights.tobytes()
    last = np.cumsum(merged.sizes)
    bounds = pairwise([0, *ends[last - 1].tolist()] if len(ends) else [0])
    shares = pairwise([0, *last.tolist()])
    return ((data[low:high], weights[first:end]) for (low, high), (first, end) in zip(bounds, shares, strict=True))


def _spelling(token: int, words: Mapping[int, str]) -> str:
    if token >= WORD_BIT:
        return words[token]
    second = token & (1 << CODE_BITS) - 1
    return chr(token >> CODE_BITS) + (chr(second) if second else "")


def _spellings(parts: Sequence[Part]) -> dict[int, str]:
    """The letters of every word by its number; raises ValueError should two words ever have one."""
    known: dict[int, str] = {}
    for part in parts:
        for number, word in zip(part.tokens[part.tokens >= np.uint64(WORD_BIT)].tolist(), part.words, strict=True):
            if known.setdefault(number, word) != word:
                raise ValueError(f"two words with one digest: {word}, {known[number]}")
    return known


def _write_shard(folder: Path, path: str, shard: _Shard, state: "hashlib._Hash") -> str:
    """Write a file of the segment; its path below it."""
    state.update(path.encode())
    for part in shard.parts():
        state.update(part)
    (folder / path).write_bytes(packed(*shard.parts()))
    return path
