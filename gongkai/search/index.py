"""The files a static site needs so that its reader can search it, brought up to date from build to build.

Segments as in Lucene, at most three. A closed one is never written again. New and changed documents join the recent
segment, which is made anew of its texts; grown beyond its limit it is folded into the middle one, and that, at a quarter
of the base, into the base. The reader's side is `overrides/parts/search/`; it answers exactly as from an index built
whole.

`start.bin` alone keeps its name from build to build: what a reader must have before anything can be asked (`opening`).
It comes last, so that an index whose making was interrupted is one that nobody knows of.
"""

import gzip
import json
import zlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

from gongkai.memory.files import write_atomically
from gongkai.memory.pool import Progress
from gongkai.search.members import FOLDER, Member, Source, order_key, read_text
from gongkai.search.opening import Names, opening
from gongkai.search.packing import packed
from gongkai.search.postings import tokens_of
from gongkai.search.segment import IndexingJob, Segment, make_segment
from gongkai.search.traditional import SIMPLIFIED, TRADITIONAL

START = f"{FOLDER}/start.bin"
#: Asked for only by readers who type characters beyond everyday simplified writing.
CHARACTERS = f"{FOLDER}/traditional.bin"
#: Documents beyond which the recent segment is folded into the middle one.
RECENT = 256
#: The middle segment may grow to this part of the base, and this part of the base may be dead.
PART = 4


@dataclass(frozen=True, slots=True)
class Index:
    """An index as it stands: every file of it but those of attachments, and which of them the last update wrote."""

    segments: tuple[Segment, ...]
    paths: tuple[str, ...]
    written: frozenset[str]


def update_index(  # noqa: PLR0913 - all of it is what an update is made of
    members: Sequence[Member],
    before: Index | None,
    *,
    names: Names,
    site: Path,
    gone: Path | None,
    scratch: Path,
    executor: Executor,
    progress: Progress,
) -> Index:
    """The index of `members`, in any order, whose pages lie in `site`; its new files are written there.

    `before` is what the last update returned, its files in `site`; None makes all of it anew. `gone` is the site of
    then, where pages that left still lie; `scratch` an empty folder. Tasks for `executor` are modules' own functions;
    `progress` is called with how many of how many documents are read.
    """
    ordered = sorted(members, key=order_key)
    job = IndexingJob(site, scratch, executor, progress)
    known = before.segments if before else ()
    try:
        segments = _updated(ordered, known, job, gone)
    except (OSError, ValueError):  # a page of before cannot be read any more
        segments = _whole(ordered, job)
    beside = _write_beside(site, *opening(ordered, segments, names))
    old = {one.id for one in known}
    paths = [path for segment in segments for path in segment.paths]
    made = [path for segment in segments if segment.id not in old for path in segment.paths]
    return Index(segments, (*paths, *beside), frozenset([*made, *beside]))


def _write_beside(site: Path, start: bytes, apart: Mapping[str, bytes]) -> tuple[str, ...]:
    """Write what lies beside the segments, `start.bin` last; the paths of these files."""
    characters = packed(json.dumps([TRADITIONAL, SIMPLIFIED], ensure_ascii=False).encode())
    named = {f"{FOLDER}/{path}": data for path, data in apart.items()}
    files = {**named, CHARACTERS: characters, START: start}
    for path, data in files.items():
        write_atomically(site / path, data)
    return tuple(files)


def _updated(
    ordered: Sequence[Member], known: Sequence[Segment], job: IndexingJob, gone: Path | None
) -> tuple[Segment, ...]:
    """The segments after an update: base, middle, recent, those that there are."""
    living = {member.mark: member for member in ordered}
    by_kind = {segment.kind: segment for segment in known}
    base, middle = by_kind.get("base"), by_kind.get("middle")
    if base is None or PART * _count_dead(base, living) > len(base.marks):
        return _whole(ordered, job)
    deletions = _Deletions(living.keys(), job.site, gone)
    closed = [base, middle] if middle else [base]
    fresh = _outside(closed, living)
    is_worn = middle is not None and 2 * _count_dead(middle, living) > len(middle.marks)
    if len(fresh) > RECENT or is_worn:
        return _with_new_middle(base, living, job, deletions)
    kept = tuple(map(deletions.recorded, closed))
    return (*kept, *_recent(by_kind.get("recent"), fresh, job))


def _with_new_middle(
    base: Segment, living: Mapping[str, Member], job: IndexingJob, deletions: "_Deletions"
) -> tuple[Segment, ...]:
    """The base and one segment of all that is not in it; a new base where that would be too large a part of it."""
    others = _outside([base], living)
    if PART * len(others) > len(living) - len(others):
        return _whole(list(living.values()), job)
    first = deletions.recorded(base)
    return (first, make_segment("middle", list(others.values()), job)) if others else (first,)


def _recent(recent: Segment | None, fresh: Mapping[str, Member], job: IndexingJob) -> tuple[Segment, ...]:
    """The segment of the `fresh`, if there are any: the one that is there, where it holds just these."""
    if not fresh:
        return ()
    if recent and recent.marks == tuple(fresh):
        return (recent,)
    return (make_segment("recent", list(fresh.values()), job),)


def _outside(segments: Sequence[Segment], living: Mapping[str, Member]) -> dict[str, Member]:
    """The living members that none of `segments` holds, newest first."""
    held = {mark for segment in segments for mark in segment.marks}
    return {mark: member for mark, member in living.items() if mark not in held}


def _count_dead(segment: Segment, living: Collection[str]) -> int:
    return sum(1 for mark in segment.marks if mark not in living)


def _whole(ordered: Sequence[Member], job: IndexingJob) -> tuple[Segment, ...]:
    return (make_segment("base", ordered, job),) if ordered else ()


@dataclass(frozen=True, slots=True)
class _Deletions:
    """Records which documents of closed segments are dead. Pages of the `living` lie in `site`, others in `gone`."""

    living: Collection[str]
    site: Path
    gone: Path | None

    def recorded(self, segment: Segment) -> Segment:
        """`segment` with its dead, and how many of them hold each token that lies alone.

        Raises OSError or ValueError where a page that this needs is not to be read.
        """
        dead = tuple(place for place, mark in enumerate(segment.marks) if mark not in self.living)
        if dead == segment.dead:
            return segment
        now_dead = set(dead)
        counts = Counter(segment.dead_alone or {})
        for place in now_dead.symmetric_difference(segment.dead):
            held = self._alone(segment, place)
            counts.update(held) if place in now_dead else counts.subtract(held)
        return replace(segment, dead=dead, dead_alone={number: count for number, count in counts.items() if count})

    def _alone(self, segment: Segment, place: int) -> list[int]:
        """The numbers of the tokens lying alone that the document at `place` holds."""
        if not segment.alone:
            return []
        source = self._source(segment, place)
        text = read_text(source)
        if text.digest != segment.texts[place]:
            raise ValueError(f"{source.url}: another text than was indexed")
        held = tokens_of(text)
        return [one.number for token, one in segment.alone.items() if token in held]

    def _source(self, segment: Segment, place: int) -> Source:
        """Where its text lies: in the new site if it lives again, else in the old."""
        block = f"{FOLDER}/{segment.id}/n{place // segment.block}.bin"
        try:
            columns = json.loads(gzip.decompress((self.site / block).read_bytes()))
            url, title, index, number, _, attached, *_ = (column[place % segment.block] for column in columns)
        except (EOFError, zlib.error, TypeError, IndexError) as problem:
            raise ValueError(f"{block}: {problem}") from problem
        is_back = segment.marks[place] in self.living
        root = self.site if is_back or not self.gone else self.gone
        return Source(root, url, title, index, number, attached)
