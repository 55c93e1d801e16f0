"""One part of the index: a folder of files that, once written, never change.

    <segment>/<n>.bin    tokens whose reversed hash lies in range n, with their postings
    <segment>/c<n>.bin   the same for single characters
    <segment>/t<n>.bin   the postings of one token too large for its shard
    <segment>/n<n>.bin   what results show of some documents, next to each other in their order
    <segment>/names.bin  the same of fewer at a time, one after another: where a server sends parts of a file, the
                         reader asks for all it needs at once

The folder is named by what it holds. It is made in two steps, each by workers: runs of 256 documents, then buckets of
tokens that are merged from all runs, so that no process ever holds more than a bucket.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from gongkai.memory.pool import Progress
from gongkai.search.members import FOLDER, Member, shown, source_of
from gongkai.search.packing import packed
from gongkai.search.postings import DOCUMENTS
from gongkai.search.runs import RANGES, Alone, Bucket, Task, Written, make_bucket, write_run

NAMES = "names.bin"
SHARD_BYTES = 12 * 1024
#: A whole index has at most so many shards, whatever its size: servers and copying fear many files more than large ones.
MOST_SHARDS = 1400
#: So many shards for one of single characters.
FOR_ONE_OF_CHARACTERS = 8
#: A block of names has at least so many documents, and so many blocks are wanted at most.
LEAST_NAMES = 16
MOST_BLOCKS = 800
#: So many documents at most in a piece of `names.bin`.
PIECE = 32
#: A bucket of so many takes some 60 MB to merge.
_BUCKET_POSTINGS = 1 << 20
_POSTING_BYTES = 2.2
_TOKEN_BYTES = 9


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment as it was written, and which of its documents are no more.

    `marks`, `texts` (digests) and `lengths` are its documents' in their order; `block` says how many of them a
    block of names has, `piece` and `pieces` how many a piece of `names.bin` has, and the bytes of each; `alone` are the
    tokens that lie alone; `dead` are local numbers, ascending, and `dead_alone` says how many dead documents hold each
    token that lies alone, by its number.
    """

    kind: str
    id: str
    marks: tuple[str, ...]
    texts: tuple[str, ...]
    lengths: bytes
    shards: int
    characters: int
    block: int
    piece: int
    pieces: tuple[int, ...]
    alone: Mapping[str, Alone]
    paths: tuple[str, ...]
    dead: tuple[int, ...] = ()
    dead_alone: Mapping[int, int] | None = None


class IndexingJob(NamedTuple):
    """What segments are made with: the site, an empty folder for files in between, an executor, a progress callback."""

    site: Path
    scratch: Path
    executor: Executor
    progress: Progress


class _Postings(NamedTuple):
    """The buckets of a segment, its documents' lengths (uint32), and how many shards of each kind it has."""

    buckets: Sequence[Bucket]
    lengths: bytes
    shards: int
    characters: int


class _Names(NamedTuple):
    """What results show of a segment's documents: all of it, for the digest, and the files it was written to.

    A block has `block` documents, a piece of `names.bin` `piece`; `pieces` are the bytes of each.
    """

    content: bytes
    paths: tuple[str, ...]
    block: int
    piece: int
    pieces: tuple[int, ...]


def make_segment(kind: str, members: Sequence[Member], job: IndexingJob) -> Segment:
    """The segment of `members`, given newest first, its files written."""
    index = job.site / FOLDER
    making = index / f"making-{kind}"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    postings = _write_postings(kind, members, making, job)
    names = _write_names(members, making)
    digest = hashlib.sha256(b"".join(bucket.digest for bucket in postings.buckets))
    digest.update(names.content)
    segment_id = digest.hexdigest()[:12]
    shutil.rmtree(
        index / segment_id, ignore_errors=True
    )  # one that is there holds the same, or did before it was damaged
    making.rename(index / segment_id)
    return _segment(kind, segment_id, members, postings, names)


def _segment(kind: str, segment_id: str, members: Sequence[Member], postings: _Postings, names: _Names) -> Segment:
    paths = [*names.paths, *(path for bucket in postings.buckets for path in bucket.paths)]
    return Segment(
        kind,
        segment_id,
        marks=tuple(member.mark for member in members),
        texts=tuple(member.text for member in members),
        lengths=postings.lengths,
        shards=postings.shards,
        characters=postings.characters,
        block=names.block,
        piece=names.piece,
        pieces=names.pieces,
        alone={one.token: one for bucket in postings.buckets for one in bucket.alone},
        paths=tuple(f"{FOLDER}/{segment_id}/{path}" for path in paths),
    )


def _write_names(members: Sequence[Member], making: Path) -> _Names:
    block = max(LEAST_NAMES, _power_of_two((len(members) - 1) // MOST_BLOCKS))
    piece = min(block, PIECE)
    pieces = [packed(content) for _, content in _blocks(members, piece)]
    (making / NAMES).write_bytes(b"".join(pieces))
    blocks = dict(_blocks(members, block))
    for path, content in blocks.items():
        (making / path).write_bytes(packed(content))
    said = b"".join(path.encode() + content for path, content in blocks.items())
    return _Names(said, (NAMES, *blocks), block, piece, tuple(map(len, pieces)))


def _blocks(members: Sequence[Member], size: int) -> Iterator[tuple[str, bytes]]:
    """What a segment says of its documents, by path below its folder: a list for each thing that is said."""
    for number, start in enumerate(range(0, len(members), size)):
        columns = zip(*map(shown, members[start : start + size]), strict=True)
        raw = json.dumps(list(columns), ensure_ascii=False, separators=(",", ":"))
        yield f"n{number}.bin", raw.encode("utf-8", "surrogatepass")


def _write_postings(kind: str, members: Sequence[Member], making: Path, job: IndexingJob) -> _Postings:
    files, written = _write_runs(members, job.scratch / kind, job)
    postings = sum(run.postings for run in written)
    tokens = sum(run.tokens for run in written)
    shards = shard_count(round(postings * _POSTING_BYTES + tokens * _TOKEN_BYTES))
    count = min(_power_of_two(shards) >> 1, _power_of_two(postings // _BUCKET_POSTINGS), RANGES)
    each = -(-shards // count)
    singles = max(1, each // FOR_ONE_OF_CHARACTERS)
    tasks = (Task(files, number, count, each, singles, len(members), making) for number in range(count))
    made = [job.executor.submit(make_bucket, task) for task in tasks]
    buckets = [future.result() for future in made]
    shutil.rmtree(job.scratch / kind)
    return _Postings(buckets, b"".join(run.lengths for run in written), count * each, count * singles)


def _write_runs(members: Sequence[Member], folder: Path, job: IndexingJob) -> tuple[Sequence[Path], Sequence[Written]]:
    """The files of the runs, in the order of their documents, and what is known of each run."""
    sources = [source_of(job.site, member) for member in members]
    chunks = [sources[start : start + DOCUMENTS] for start in range(0, len(sources), DOCUMENTS)]
    files = [folder / str(number) for number in range(len(chunks))]
    calls = [job.executor.submit(write_run, chunk, file) for chunk, file in zip(chunks, files, strict=True)]
    written = []
    for number, call in enumerate(calls, 1):
        written.append(call.result())
        job.progress(min(number * DOCUMENTS, len(members)), len(members))
    return files, written


def shard_count(size: int) -> int:
    """How many shards keep the mean shard of so many bytes within its size, the greatest number being given."""
    return max(1, min(MOST_SHARDS, -(-size // SHARD_BYTES)))


def _power_of_two(number: int) -> int:
    """The smallest power of two above `number`, which is at least 0."""
    return 1 << max(0, number).bit_length()
