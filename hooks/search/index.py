"""The files a static site needs so that its reader can search it, brought up to date from build to build.

Segments as in Lucene, at most three. A closed one is never written again: documents that left it are recorded as dead
beside it. New and changed documents join the recent segment, which is made anew of its texts; grown beyond its limit it
is folded into the middle one, and that, at a quarter of the base, into the base. The reader's side is
`overrides/assets/js/search/`; it answers exactly as from an index built whole.

`manifest.json` alone keeps its name from build to build and says where all else lies; it comes last, so that an index
whose making was interrupted is one that nobody knows of.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from hooks.search.entry import Entry
from hooks.search.facets import Facet, facets_of
from hooks.search.inline import Inline
from hooks.search.member import Member, order_key, text_of_mark
from hooks.search.packing import content_name, packed, varint, varints
from hooks.search.postings import weigh
from hooks.search.segment import NAMES_A_BLOCK, Segment, Workshop, make_segment
from hooks.search.texts import FOLDER, read_text, text_file, text_name, text_path

FORMAT = 2
MANIFEST = f"{FOLDER}/manifest.json"
#: Documents beyond which the recent segment is folded into the middle one.
RECENT = 256
#: The middle segment may grow to this part of the base, and this part of the base may be dead.
PART = 4


@dataclass(frozen=True, slots=True)
class Index:
    """An index as it stands: every file of it but the texts, and which of them the last update wrote."""

    segments: tuple[Segment, ...]
    paths: tuple[str, ...]
    written: frozenset[str]


def update_index(  # noqa: PLR0913 - all of it is what an update is made of
    members: Sequence[Member],
    before: Index | None,
    *,
    columns: Mapping[str, str],
    departments: Mapping[str, str],
    site: Path,
    gone: Path | None,
    scratch: Path,
    executor: Executor,
    tell: Callable[[int, int], None],
) -> Index:
    """The index of `members`, in any order, whose texts lie in `site`; its new files are written there.

    `before` is what the last update returned, its files in `site`; None makes all of it anew. `gone` is the site of
    then, where texts that left still lie; `scratch` an empty folder. Tasks for `executor` are modules' own functions.
    """
    ordered = sorted(members, key=order_key)
    shop = Workshop(site, scratch, executor, tell, columns, departments)
    known = before.segments if before else ()
    try:
        segments = _updated(ordered, known, shop, gone)
    except (OSError, ValueError):  # a text of before cannot be read any more
        segments = _whole(ordered, shop)
    made = [
        path for segment in segments if segment.id not in {one.id for one in known} for path in segment.paths
    ]
    dead = {segment.id: _dead_file(segment) for segment in segments if segment.dead}
    for path, content in dead.values():
        _put(site / path, packed(content))
    facets = facets_of(ordered, columns=columns, departments=departments)
    _put(site / MANIFEST, _manifest(segments, facets, {key: path for key, (path, _) in dead.items()}))
    beside = [MANIFEST, *(path for path, _ in dead.values())]
    paths = (*(path for segment in segments for path in segment.paths), *beside)
    return Index(segments, paths, frozenset([*made, *beside]))


def build_index(
    entries: Iterable[Entry], *, columns: Mapping[str, str], departments: Mapping[str, str]
) -> Iterator[tuple[str, bytes]]:
    """Every file of an index made whole, texts included: its path from the site's root, its bytes."""
    with TemporaryDirectory(prefix="gongkai-index-") as folder:
        site, scratch = Path(folder, "site"), Path(folder, "scratch")
        members = []
        for entry in entries:
            path, data = text_file(entry)
            _put(site / path, data)
            members.append(member_of(entry, text_name(path)))
        update_index(
            members,
            None,
            columns=columns,
            departments=departments,
            site=site,
            gone=None,
            scratch=scratch,
            executor=Inline(),
            tell=lambda done, total: None,
        )
        for file in sorted(path for path in site.rglob("*") if path.is_file()):
            yield file.relative_to(site).as_posix(), file.read_bytes()


def member_of(entry: Entry, text: str) -> Member:
    """How the index lists `entry`, whose text file is named `text`."""
    return Member(text, entry.published, entry.index, entry.url, entry.year, entry.column, entry.department)


def _updated(
    ordered: Sequence[Member], known: Sequence[Segment], shop: Workshop, gone: Path | None
) -> tuple[Segment, ...]:
    """The segments after an update: base, middle, recent, those that there are."""
    living = {member.mark for member in ordered}
    base = next((segment for segment in known if segment.kind == "base"), None)
    if base is None or PART * _dead_among(base, living) > len(base.marks):
        return _whole(ordered, shop)
    middle = next((segment for segment in known if segment.kind == "middle"), None)
    recent = next((segment for segment in known if segment.kind == "recent"), None)
    closed = {mark for segment in (base, middle) if segment for mark in segment.marks}
    young = [member for member in ordered if member.mark not in closed]
    is_worn = middle is not None and 2 * _dead_among(middle, living) > len(middle.marks)
    if len(young) > RECENT or is_worn:
        return _folded(ordered, base, shop, _Graveyard(living, shop.site, gone))
    yard = _Graveyard(living, shop.site, gone)
    kept = tuple(yard.buried(segment) for segment in (base, middle) if segment)
    if not young:
        return kept
    if recent and recent.marks == tuple(member.mark for member in young):
        return (*kept, recent)
    return (*kept, make_segment("recent", young, kept, shop))


def _dead_among(segment: Segment, living: set[str]) -> int:
    return sum(1 for mark in segment.marks if mark not in living)


def _whole(ordered: Sequence[Member], shop: Workshop) -> tuple[Segment, ...]:
    return (make_segment("base", ordered, (), shop),) if ordered else ()


def _folded(
    ordered: Sequence[Member], base: Segment, shop: Workshop, yard: "_Graveyard"
) -> tuple[Segment, ...]:
    """The base with one segment of all that it does not hold; all in one where that has grown too large."""
    held = set(base.marks)
    others = [member for member in ordered if member.mark not in held]
    if PART * len(others) > len(ordered) - len(others):
        return _whole(ordered, shop)
    kept = yard.buried(base)
    return (kept, make_segment("middle", others, (kept,), shop)) if others else (kept,)


@dataclass(frozen=True, slots=True)
class _Graveyard:
    """Records the dead of closed segments. Texts of the living lie in `site`, others in `gone`."""

    living: set[str]
    site: Path
    gone: Path | None

    def buried(self, segment: Segment) -> Segment:
        """`segment` with its dead, and how many of them hold each token that lies alone.

        Raises OSError or ValueError where a text that this needs is not to be read.
        """
        dead = tuple(place for place, mark in enumerate(segment.marks) if mark not in self.living)
        if dead == segment.dead:
            return segment
        buried = set(dead)
        counts = Counter(segment.dead_alone or {})
        for place in buried.symmetric_difference(segment.dead):
            held = self._alone(segment, text_of_mark(segment.marks[place]))
            counts.update(held) if place in buried else counts.subtract(held)
        return replace(
            segment, dead=dead, dead_alone={number: count for number, count in counts.items() if count}
        )

    def _alone(self, segment: Segment, text: str) -> list[int]:
        if not segment.alone:
            return []
        weights, _ = weigh(read_text(self._file(text).read_bytes()))
        return [segment.alone[token] for token in weights if token in segment.alone]

    def _file(self, text: str) -> Path:
        """Where a text lies: one whose document only changed its department is in the new site still."""
        here = self.site / FOLDER / text_path(text)
        return self.gone / FOLDER / text_path(text) if self.gone and not here.exists() else here


def _dead_file(segment: Segment) -> tuple[str, bytes]:
    """The path and content of what says who is dead: local numbers, then counts by token that lies alone."""
    held = sorted((segment.dead_alone or {}).items())
    numbers = _distances([number for number, _ in held])
    pairs = [value for number, (_, count) in zip(numbers, held, strict=True) for value in (number, count)]
    content = (
        varint(len(segment.dead)) + varints(_distances(segment.dead)) + varint(len(held)) + varints(pairs)
    )
    return f"{FOLDER}/dead/{content_name(segment.id.encode(), content)}.bin", content


def _distances(ascending: Sequence[int]) -> list[int]:
    return [*ascending[:1], *(after - before for before, after in pairwise(ascending))]


def _manifest(segments: Sequence[Segment], facets: Sequence[Facet], dead: Mapping[str, str]) -> bytes:
    lengths = [length for segment in segments for length in _living_lengths(segment)]
    content = {
        "format": FORMAT,
        "documents": len(lengths),
        "mean_length": round(sum(lengths) / len(lengths), 3) if lengths else 0,
        "names_a_block": NAMES_A_BLOCK,
        "facets": [{"key": facet.key, "values": facet.listed()} for facet in facets],
        "segments": [
            {
                "id": segment.id,
                "documents": len(segment.marks),
                "shards": segment.shards,
                "facets": [list(values) for values in segment.facets],
                "dead": Path(dead[segment.id]).stem if segment.id in dead else "",
            }
            for segment in segments
        ],
    }
    return (json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _living_lengths(segment: Segment) -> Iterator[int]:
    dead = set(segment.dead)
    return (length for place, length in enumerate(memoryview(segment.lengths).cast("I")) if place not in dead)


def _put(file: Path, data: bytes) -> None:
    """Write a file anew under its name; one that stood there stays as it is under its other names."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f"{file.name}.new")
    fresh.write_bytes(data)
    fresh.replace(file)
