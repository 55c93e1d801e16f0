"""The files a static site needs so that its reader can search it, brought up to date from build to build.

Segments as in Lucene, at most three. A closed one is never written again. New and changed documents join the recent
segment, which is made anew of its texts; grown beyond its limit it is folded into the middle one, and that, at a quarter
of the base, into the base. The reader's side is `overrides/assets/js/search/`; it answers exactly as from an index built
whole.

`start.bin` alone keeps its name from build to build: what a reader must have before anything can be asked (`opening`).
It comes last, so that an index whose making was interrupted is one that nobody knows of.
"""

import gzip
import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

from gongkai.memory.files import write_atomically
from gongkai.memory.pool import Inline
from gongkai.search.entry import Entry
from gongkai.search.member import Member, attached_names, listed_attachments, member_of, order_key
from gongkai.search.opening import Names, opening
from gongkai.search.packing import packed
from gongkai.search.postings import weigh
from gongkai.search.segment import Segment, Tell, Workshop, make_segment
from gongkai.search.texts import (
    FOLDER,
    Source,
    attached_file,
    attached_path,
    body_of_page,
    page_path,
    read_text,
)
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
    tell: Tell,
) -> Index:
    """The index of `members`, in any order, whose pages lie in `site`; its new files are written there.

    `before` is what the last update returned, its files in `site`; None makes all of it anew. `gone` is the site of
    then, where pages that left still lie; `scratch` an empty folder. Tasks for `executor` are modules' own functions.
    """
    ordered = sorted(members, key=order_key)
    shop = Workshop(site, scratch, executor, tell)
    known = before.segments if before else ()
    try:
        segments = _updated(ordered, known, shop, gone)
    except (OSError, ValueError):  # a page of before cannot be read any more
        segments = _whole(ordered, shop)
    old = {one.id for one in known}
    made = [path for segment in segments if segment.id not in old for path in segment.paths]
    write_atomically(
        site / CHARACTERS, packed(json.dumps([TRADITIONAL, SIMPLIFIED], ensure_ascii=False).encode())
    )
    start, apart = opening(ordered, segments, names)
    beside = {f"{FOLDER}/{path}": data for path, data in apart.items()}
    for path, data in beside.items():
        write_atomically(site / path, data)
    write_atomically(site / START, start)
    paths = (*(path for segment in segments for path in segment.paths), *beside, CHARACTERS, START)
    return Index(segments, paths, frozenset([*made, *beside, CHARACTERS, START]))


def build_index(entries: Iterable[Entry], names: Names) -> Iterator[tuple[str, bytes]]:
    """Every file of an index made whole, with plain pages for the texts: its path from the site's root, its bytes."""
    with TemporaryDirectory(prefix="gongkai-index-") as folder:
        site = Path(folder, "site")
        members = [written_page(site, entry) for entry in entries]
        update_index(
            members,
            None,
            names=names,
            site=site,
            gone=None,
            scratch=Path(folder, "scratch"),
            executor=Inline(),
            tell=lambda done, total: None,
        )
        for file in sorted(path for path in site.rglob("*") if path.is_file()):
            yield file.relative_to(site).as_posix(), file.read_bytes()


def written_page(site: Path, entry: Entry) -> Member:
    """Put the page of `entry`, of nothing but what the index needs, and the text of its attachments into `site`."""
    lines = "".join(f"<p>{escape(line)}</p>" for line in entry.text.split("\n"))
    html = f"<!doctype html><meta charset=utf-8><h1>{escape(entry.title)}</h1><div data-document-body>{lines}</div>"
    write_atomically(site / page_path(entry.url), html.encode())
    printed = replace(entry, text=body_of_page(html))
    listed = []
    for file in entry.attached:
        name, data = attached_file(file.address, file.pages)
        write_atomically(site / attached_path(name), data)
        listed.append((file.name, file.address, name))
    return member_of(printed, listed_attachments(listed))


def _updated(
    ordered: Sequence[Member], known: Sequence[Segment], shop: Workshop, gone: Path | None
) -> tuple[Segment, ...]:
    """The segments after an update: base, middle, recent, those that there are."""
    marked = [(member.mark, member) for member in ordered]
    living = {mark for mark, _ in marked}
    base = next((segment for segment in known if segment.kind == "base"), None)
    if base is None or PART * _dead_among(base, living) > len(base.marks):
        return _whole(ordered, shop)
    middle = next((segment for segment in known if segment.kind == "middle"), None)
    recent = next((segment for segment in known if segment.kind == "recent"), None)
    closed = {mark for segment in (base, middle) if segment for mark in segment.marks}
    young = [member for mark, member in marked if mark not in closed]
    is_worn = middle is not None and 2 * _dead_among(middle, living) > len(middle.marks)
    yard = _Graveyard(living, shop.site, gone)
    if len(young) > RECENT or is_worn:
        held = set(base.marks)
        others = [member for mark, member in marked if mark not in held]
        if PART * len(others) > len(ordered) - len(others):
            return _whole(ordered, shop)
        first = yard.buried(base)
        return (first, make_segment("middle", others, shop)) if others else (first,)
    kept = tuple(yard.buried(segment) for segment in (base, middle) if segment)
    if not young:
        return kept
    if recent and recent.marks == tuple(member.mark for member in young):
        return (*kept, recent)
    return (*kept, make_segment("recent", young, shop))


def _dead_among(segment: Segment, living: set[str]) -> int:
    return sum(1 for mark in segment.marks if mark not in living)


def _whole(ordered: Sequence[Member], shop: Workshop) -> tuple[Segment, ...]:
    return (make_segment("base", ordered, shop),) if ordered else ()


@dataclass(frozen=True, slots=True)
class _Graveyard:
    """Records the dead of closed segments. Pages of the living lie in `site`, others in `gone`."""

    living: set[str]
    site: Path
    gone: Path | None

    def buried(self, segment: Segment) -> Segment:
        """`segment` with its dead, and how many of them hold each token that lies alone.

        Raises OSError or ValueError where a page that this needs is not to be read.
        """
        dead = tuple(place for place, mark in enumerate(segment.marks) if mark not in self.living)
        if dead == segment.dead:
            return segment
        buried = set(dead)
        counts = Counter(segment.dead_alone or {})
        for place in buried.symmetric_difference(segment.dead):
            held = self._alone(segment, place)
            counts.update(held) if place in buried else counts.subtract(held)
        return replace(
            segment, dead=dead, dead_alone={number: count for number, count in counts.items() if count}
        )

    def _alone(self, segment: Segment, place: int) -> list[int]:
        """The numbers of the tokens lying alone that the document at `place` holds."""
        if not segment.alone:
            return []
        source = self._source(segment, place)
        text = read_text(source)
        if text.digest != segment.texts[place]:
            raise ValueError(f"{source.page}: another text than was indexed")
        weights, _ = weigh(text)
        return [segment.alone[token].number for token in weights if token in segment.alone]

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
        files = tuple(root / attached_path(name) for name in attached_names(attached))
        return Source(root / page_path(url), files, title, index, number)
