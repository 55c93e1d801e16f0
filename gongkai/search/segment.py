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
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from gongkai.search.buckets import ALONE_BYTES, MOST_ALONE, Alone, Bucket, Task, make_bucket
from gongkai.search.member import Key, Member, order_key, shown
from gongkai.search.packing import packed
from gongkai.search.run_files import DOCUMENTS, RANGES
from gongkai.search.runs import Written, write_run
from gongkai.search.texts import FOLDER, Source, attached_path, page_path

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


#: Told how many of how many documents are done.
Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment as it was written, and which of its documents are no more.

    `marks`, `texts` (digests), `keys` and `lengths` are its documents' in their order; `block` says how many of them a
    block of names has, `piece` and `pieces` how many a piece of `names.bin` has, and the bytes of each; `alone` are the tokens that lie alone; `dead` local numbers, ascending, `dead_alone` how many
    dead documents hold each token that lies alone, by its number.
    """

    kind: str
    id: str
    marks: tuple[str, ...]
    texts: tuple[str, ...]
    keys: tuple[Key, ...]
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


class Workshop(NamedTuple):
    """Where segments are made: the site, an empty folder for what lies between, who does the work and who hears of it."""

    site: Path
    scratch: Path
    executor: Executor
    tell: Tell


def make_segment(kind: str, members: Sequence[Member], shop: Workshop) -> Segment:
    """The segment of `members`, given newest first, its files written."""
    index = shop.site / FOLDER
    making = index / f"making-{kind}"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    buckets, lengths, (shards, characters) = _buckets(kind, members, making, shop)
    block = max(LEAST_NAMES, _power_of_two((len(members) - 1) // MOST_BLOCKS))
    piece = min(block, PIECE)
    names = dict(_blocks(members, block))
    pieces = [packed(content) for _, content in _blocks(members, piece)]
    (making / NAMES).write_bytes(b"".join(pieces))
    digest = hashlib.sha256(b"".join(bucket.digest for bucket in buckets))
    for path, content in names.items():
        (making / path).write_bytes(packed(content))
        digest.update(path.encode() + content)
    segment_id = digest.hexdigest()[:12]
    _name(making, index / segment_id)
    paths = [NAMES, *names, *(path for bucket in buckets for path in bucket.paths)]
    return Segment(
        kind=kind,
        id=segment_id,
        marks=tuple(member.mark for member in members),
        texts=tuple(member.text for member in members),
        keys=tuple(map(order_key, members)),
        lengths=lengths,
        shards=shards,
        characters=characters,
        block=block,
        piece=piece,
        pieces=tuple(map(len, pieces)),
        alone={one.token: one for bucket in buckets for one in bucket.alone},
        paths=tuple(f"{FOLDER}/{segment_id}/{path}" for path in paths),
    )


def _blocks(members: Sequence[Member], size: int) -> Iterator[tuple[str, bytes]]:
    """What a segment says of its documents, by path below its folder: a list for each thing that is said."""
    for number, start in enumerate(range(0, len(members), size)):
        columns = zip(*map(shown, members[start : start + size]), strict=True)
        raw = json.dumps(list(columns), ensure_ascii=False, separators=(",", ":"))
        yield f"n{number}.bin", raw.encode("utf-8", "surrogatepass")


def source_of(site: Path, member: Member) -> Source:
    """Where the text of a member lies in `site`."""
    attached = tuple(site / attached_path(name) for name in member.attached_names)
    page = site / page_path(member.url)
    return Source(page, attached, member.title, member.index, member.document_number)


def _buckets(
    kind: str, members: Sequence[Member], making: Path, shop: Workshop
) -> tuple[list[Bucket], bytes, tuple[int, int]]:
    """The buckets of a segment, its documents' lengths (uint32), and how many shards of each kind it has."""
    sources = [source_of(shop.site, member) for member in members]
    chunks = [sources[start : start + DOCUMENTS] for start in range(0, len(sources), DOCUMENTS)]
    files = [shop.scratch / kind / str(number) for number in range(len(chunks))]
    calls = [shop.executor.submit(write_run, chunk, file) for chunk, file in zip(chunks, files, strict=True)]
    written = list(_heard(calls, len(members), shop.tell))
    postings = sum(run.postings for run in written)
    tokens = sum(run.tokens for run in written)
    size = round(postings * _POSTING_BYTES + tokens * _TOKEN_BYTES)
    shards = shard_count(size)
    count = min(_power_of_two(shards) >> 1, _power_of_two(postings // _BUCKET_POSTINGS), RANGES)
    each = -(-shards // count)
    singles = max(1, each // FOR_ONE_OF_CHARACTERS)
    most = -(-MOST_ALONE // count)
    tasks = (
        Task(files, number, count, each, singles, len(members), making, ALONE_BYTES, most)
        for number in range(count)
    )
    made = [shop.executor.submit(make_bucket, task) for task in tasks]
    buckets = [future.result() for future in made]
    shutil.rmtree(shop.scratch / kind)
    return buckets, b"".join(run.lengths for run in written), (count * each, count * singles)


def _heard(calls: Sequence["Future[Written]"], total: int, tell: Tell) -> Iterator[Written]:
    for number, call in enumerate(calls, 1):
        yield call.result()
        tell(min(number * DOCUMENTS, total), total)


def shard_count(size: int) -> int:
    """How many shards keep the mean shard of so many bytes within its size, the greatest number being given."""
    return max(1, min(MOST_SHARDS, -(-size // SHARD_BYTES)))


def _power_of_two(number: int) -> int:
    """The smallest power of two above `number`, which is at least 0."""
    return 1 << max(0, number).bit_length()


def _name(making: Path, final: Path) -> None:
    """Give a finished segment its name; one that is there already holds the same, or did before it was damaged."""
    if final.exists():
        shutil.rmtree(final)
    making.rename(final)
