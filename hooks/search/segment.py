"""One part of the index: a folder of files that, once written, never change.

    <segment>/columns.bin      lengths, days, facets and places of all its documents
    <segment>/shards/<n>.bin   tokens whose hash ends in n, with their postings
    <segment>/tokens/<n>.bin   the postings of one token too large for its shard
    <segment>/names/<n>.bin    names of the texts of 256 documents

The folder is named by what it holds. It is made in two steps, each by workers: runs of 256 documents, then buckets of
tokens that are merged from all runs, so that no process ever holds more than a bucket.
"""

import hashlib
import shutil
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from hooks.search.buckets import ALONE_BYTES, Bucket, Task, make_bucket
from hooks.search.facets import columns_of, facets_of
from hooks.search.member import Key, Member, order_key
from hooks.search.packing import packed, varints
from hooks.search.run_files import DOCUMENTS, RANGES
from hooks.search.runs import Written, write_run
from hooks.search.texts import FOLDER, text_path

SHARD_BYTES = 24 * 1024
NAMES_A_BLOCK = 256
#: A bucket of so many takes some 60 MB to merge.
_BUCKET_POSTINGS = 1 << 20
_POSTING_BYTES = 2.1
_TOKEN_BYTES = 3


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment as it was written, and which of its documents are no more.

    `marks`, `keys` and `lengths` are its documents' in their order; `facets` are its own lists of values; `alone` the
    numbers of the tokens that lie alone; `dead` local numbers, ascending, `dead_alone` how many dead documents hold
    each token that lies alone.
    """

    kind: str
    id: str
    marks: tuple[str, ...]
    keys: tuple[Key, ...]
    lengths: bytes
    shards: int
    facets: tuple[tuple[str, ...], ...]
    alone: Mapping[str, int]
    paths: tuple[str, ...]
    dead: tuple[int, ...] = ()
    dead_alone: Mapping[int, int] | None = None


class Workshop(NamedTuple):
    """Where segments are made: the site, an empty folder for what lies between, who does the work and who hears of it.

    `columns` and `departments` are the names by key, in the order in which the site shows them.
    """

    site: Path
    scratch: Path
    executor: Executor
    tell: Callable[[int, int], None]
    columns: Mapping[str, str]
    departments: Mapping[str, str]


def make_segment(kind: str, members: Sequence[Member], earlier: Sequence[Segment], shop: Workshop) -> Segment:
    """The segment of `members`, given newest first, its files written; `earlier` are those it says its places in."""
    index = shop.site / FOLDER
    making = index / f"making-{kind}"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    buckets, lengths, shards = _buckets(kind, members, making, shop)
    keys = tuple(map(order_key, members))
    facets = facets_of(members, columns=shop.columns, departments=shop.departments)
    places = b"".join(_places(keys, one.keys) for one in earlier)
    small = _small_files(members, columns_of(members, _numbers(lengths), facets) + places)
    for path, content in small.items():
        (making / path).parent.mkdir(exist_ok=True)
        (making / path).write_bytes(packed(content))
    digest = hashlib.sha256(b"".join(bucket.digest for bucket in buckets))
    for path, content in small.items():
        digest.update(path.encode() + content)
    segment_id = digest.hexdigest()[:12]
    _name(making, index / segment_id)
    paths = [*small, *(path for bucket in buckets for path in bucket.paths)]
    return Segment(
        kind=kind,
        id=segment_id,
        marks=tuple(member.mark for member in members),
        keys=keys,
        lengths=lengths,
        shards=shards,
        facets=tuple(tuple(facet.names) for facet in facets),
        alone=dict(pair for bucket in buckets for pair in bucket.alone),
        paths=tuple(f"{FOLDER}/{segment_id}/{path}" for path in paths),
    )


def _small_files(members: Sequence[Member], columns: bytes) -> dict[str, bytes]:
    """What a segment says of its documents, by path below its folder."""
    blocks = _blocks([member.text for member in members])
    return {"columns.bin": columns} | {f"names/{number}.bin": block for number, block in enumerate(blocks)}


def _buckets(
    kind: str, members: Sequence[Member], making: Path, shop: Workshop
) -> tuple[list[Bucket], bytes, int]:
    """The buckets of a segment, its documents' lengths (uint32), and how many shards it has."""
    texts = [shop.site / FOLDER / text_path(member.text) for member in members]
    chunks = [texts[start : start + DOCUMENTS] for start in range(0, len(texts), DOCUMENTS)]
    files = [shop.scratch / kind / str(number) for number in range(len(chunks))]
    calls = [shop.executor.submit(write_run, chunk, file) for chunk, file in zip(chunks, files, strict=True)]
    written = list(_heard(calls, len(members), shop.tell))
    postings = sum(run.postings for run in written)
    tokens = sum(run.tokens for run in written)
    shards = shard_count(round(postings * _POSTING_BYTES + tokens * _TOKEN_BYTES))
    count = min(shards, _power_of_two(postings // _BUCKET_POSTINGS), RANGES)
    tasks = (Task(files, number, count, shards, making, ALONE_BYTES) for number in range(count))
    made = [shop.executor.submit(make_bucket, task) for task in tasks]
    buckets = [future.result() for future in made]
    shutil.rmtree(shop.scratch / kind)
    return buckets, b"".join(run.lengths for run in written), shards


def _heard(
    calls: Sequence["Future[Written]"], total: int, tell: Callable[[int, int], None]
) -> Iterator[Written]:
    for number, call in enumerate(calls, 1):
        yield call.result()
        tell(min(number * DOCUMENTS, total), total)


def shard_count(size: int) -> int:
    """The smallest power of two that keeps the mean shard of so many bytes within its size."""
    return _power_of_two((size - 1) // SHARD_BYTES)


def _power_of_two(number: int) -> int:
    """The smallest power of two above `number`, which is at least 0."""
    return 1 << max(0, number).bit_length()


def _numbers(lengths: bytes) -> Sequence[int]:
    return memoryview(lengths).cast("I")


def _places(keys: Sequence[Key], earlier: Sequence[Key]) -> bytes:
    """How many of the earlier segment's documents stand before each of ours, as distances."""
    places = [bisect_left(earlier, key) for key in keys]
    return varints([*places[:1], *(after - before for before, after in pairwise(places))])


def _blocks(names: Sequence[str]) -> Iterator[bytes]:
    for start in range(0, len(names), NAMES_A_BLOCK):
        yield bytes.fromhex("".join(names[start : start + NAMES_A_BLOCK]))


def _name(making: Path, final: Path) -> None:
    """Give a finished segment its name; one that is there already holds the same, or did before it was damaged."""
    if final.exists():
        shutil.rmtree(final)
    making.rename(final)
