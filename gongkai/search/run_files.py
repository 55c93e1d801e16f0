"""Runs on their way from who makes them to who merges them: a file each, of which a part can be read by itself.

A file begins with the places, in its arrays, of the ranges of reversed hashes; then come the arrays, end to end.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

#: Documents in a run.
DOCUMENTS = 256
#: Set in a token that is a word, not Han characters.
WORD_BIT = 1 << 63
#: Into so many parts a run can be read.
RANGES = 128

Numbers = NDArray[np.uint64]
Small = NDArray[np.uint32]
Bytes = NDArray[np.uint8]


class Run(NamedTuple):
    """Postings of consecutive documents, token by token, tokens ordered by their reversed hashes.

    The postings of token n are `documents[starts[n]:starts[n + 1]]`, numbers from 0 within the run, ascending, with
    `weights` beside them. `lengths` has each document's tokens; `words` the letters of each word among the tokens, in
    their order.
    """

    hashes: Small
    tokens: Numbers
    starts: Small
    documents: Bytes
    weights: Bytes
    lengths: Small
    words: Sequence[str]


class Part(NamedTuple):
    """The tokens of a run whose reversed hashes begin alike, with their postings; documents by their number in the run."""

    hashes: Small
    tokens: Numbers
    sizes: NDArray[np.int64]
    documents: Bytes
    weights: Bytes
    words: Sequence[str]


def write(run: Run, file: Path) -> None:
    """Leave `run` in `file`."""
    spelt = [word.encode() for word in run.words]
    sizes = np.array([len(word) for word in spelt], np.uint32)
    edges = np.searchsorted(
        run.hashes, np.arange(RANGES, dtype=np.uint64) << np.uint64(32 - RANGES.bit_length() + 1)
    )
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


def read_part(file: Path, number: int, parts: int) -> Part:
    """Part `number` of `parts` (a power of two, at most `RANGES`) of a run, in the order of reversed hashes."""
    width = RANGES // parts
    first = number * width
    with file.open("rb") as source:
        head = np.fromfile(source, np.int64, 4 * (RANGES + 1)).reshape(4, RANGES + 1)
        edges = [(int(row[first]), int(row[first + width]), int(row[-1])) for row in head]
        tokens, postings, words, letters = edges
        sections = (
            (tokens, 4),
            (tokens, 8),
            (tokens, 4),
            (postings, 1),
            (postings, 1),
            (words, 4),
            (letters, 1),
        )
        starts = accumulate((size * total for (_, _, total), size in sections), initial=head.nbytes)
        raw = [
            _read(source, start, edge, size) for start, (edge, size) in zip(starts, sections, strict=False)
        ]
    sizes = np.frombuffer(raw[2], np.uint32).astype(np.int64)
    return Part(
        np.frombuffer(raw[0], np.uint32),
        np.frombuffer(raw[1], np.uint64),
        sizes,
        np.frombuffer(raw[3], np.uint8),
        np.frombuffer(raw[4], np.uint8),
        list(_spelt(raw[6], np.frombuffer(raw[5], np.uint32).tolist())),
    )


def _read(source: BinaryIO, start: int, edges: tuple[int, int, int], size: int) -> bytes:
    low, high, _ = edges
    source.seek(start + low * size)
    return source.read((high - low) * size)


def _spelt(letters: bytes, sizes: Sequence[int]) -> Iterator[str]:
    at = 0
    for size in sizes:
        yield letters[at : at + size].decode()
        at += size


def gathered(starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """The places start, start + 1, … of each size, one after another."""
    before = np.cumsum(sizes) - sizes
    places: NDArray[np.int64] = np.arange(int(sizes.sum())) + np.repeat(starts - before, sizes)
    return places


def reversed_bits(values: Small) -> Small:
    """The 32 bits of each value in reverse: values that end alike stand together once sorted."""
    for shift, mask in ((1, 0x55555555), (2, 0x33333333), (4, 0x0F0F0F0F), (8, 0x00FF00FF), (16, 0x0000FFFF)):
        values = (values >> np.uint32(shift)) & np.uint32(mask) | (values & np.uint32(mask)) << np.uint32(
            shift
        )
    return values
