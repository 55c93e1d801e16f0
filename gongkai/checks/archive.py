"""All documents read and checked, each by itself and against the others."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from gongkai.catalogue.archive import Archive, open_archive
from gongkai.catalogue.attachments import listed
from gongkai.catalogue.order import Decided, public_documents
from gongkai.catalogue.register import FIRSTS, Claims, due
from gongkai.catalogue.sources import REGISTER, shown_path, take_inventory
from gongkai.checks.attached import SpotsOf, attached_findings, read_here
from gongkai.checks.baseline import Before, before_push, registered
from gongkai.checks.judging import counting, read_thoroughly
from gongkai.checks.life_cycle import check_life_cycle
from gongkai.checks.links import check_links, check_unlisted
from gongkai.checks.metadata import check_files
from gongkai.checks.permanence import check_permanence
from gongkai.checks.settling import Settled, settled, together
from gongkai.records.findings import Finding, has_errors
from gongkai.records.numbering import free_numbers
from gongkai.records.reading import Document, Reading
from gongkai.records.record import Waiver
from gongkai.site import Site


@dataclass(frozen=True, slots=True)
class Checked:
    """The documents that could be read, by path, each with what is public of it, and every finding in its order.

    `claims` says which document was registered with which number; `waivers` are by the path of their document as
    findings name it; `lines` tells, by path relative to docs/, the lines of fields that are asked for later.
    """

    decided: tuple[Decided, ...]
    settled: Settled
    claims: Claims = field(default_factory=dict)
    waivers: Mapping[str, tuple[Waiver, ...]] = field(default_factory=dict)
    lines: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.settled.findings

    def with_findings(self, more: Iterable[Finding], site: Site) -> "Checked":
        """The same with `more` findings, as far as those count."""
        return replace(self, settled=together(self.settled, settled(more, self.waivers, site.checks.silence)))

    @property
    def documents(self) -> tuple[Document, ...]:
        return tuple(one.document for one in self.decided)

    @property
    def has_errors(self) -> bool:
        return has_errors(self.findings)


def check_archive(docs_dir: Path, site: Site, now: datetime, *, since: str | None = None) -> Checked:
    """Everything under `docs_dir`, read once; links are judged by what is public at `now`.

    `since` names the commit to which the present state is compared beside the register, "" the one that the present
    work began at; None compares to none.
    """
    archive = open_archive(take_inventory(docs_dir), site, read_thoroughly)
    checked = check_readings(archive, now) if since is None else check_push(archive, now, since=since)
    return with_attached(checked, docs_dir, now, site=site, spots_of=read_here(docs_dir, site))


def check_push(archive: Archive, now: datetime, *, since: str) -> Checked:
    """As `check_readings`, compared to the commit `since` as well; raises HistoryError where there is none."""
    docs_dir, site = archive.docs_dir, archive.site
    before = before_push(archive, now, since=since)
    checked = check_readings(archive, now, before=before)
    return checked.with_findings(_behind(checked, docs_dir, now), site)


def check_readings(archive: Archive, now: datetime, *, before: Before | None = None) -> Checked:
    """The readings of an archive against each other, the files beside them, and what was published before.

    Readings name their files relative to docs/; the findings returned name them as people see them.
    """
    docs_dir, site, readings = archive.docs_dir, archive.site, archive.readings
    past = before or registered(archive)
    everything = archive.decided(now)
    lines = {reading.shown: reading.lines for reading in readings}

    def line_of(path: str, key: str) -> int:
        return lines[path].get(key, 1)

    numbers = free_numbers(site.organisation.code, now.year, partial(_used, everything, past))
    found = [
        *(finding for reading in readings for finding in reading.findings),
        *(finding for reading in readings for finding in counting(reading, now)),
        *(finding for reading in readings for finding in check_files(reading, docs_dir)),
        *(Finding(path, 1, "", "path-reserved", message) for path, message in archive.inventory.strange),
        *_doubles(readings, docs_dir, past, numbers),
        *check_links(everything, docs_dir, site),
        *check_unlisted(everything, archive.inventory),
        *check_life_cycle(everything, now, line_of=line_of),
        *check_permanence(
            everything,
            past.baseline,
            unreadable=frozenset(reading.shown for reading in readings if reading.document is None),
            line_of=line_of,
            free_numbers=numbers,
        ),
        *past.findings,
    ]
    shown = [replace(finding, path=shown_path(docs_dir / finding.path)) for finding in found]
    waivers = {shown_path(docs_dir / path): own for path, own in _waivers(everything).items()}
    counted = settled([*shown, *archive.defaults.findings], waivers, site.checks.silence)
    return Checked(everything, counted, past.claims, waivers, lines)


def with_attached(
    checked: Checked, docs_dir: Path, now: datetime, *, site: Site, spots_of: SpotsOf
) -> Checked:
    """The same with what `spots_of` finds in the files that go public with the documents."""
    found = attached_findings(checked.decided, now, spots_of, checked.lines)
    shown = [replace(finding, path=shown_path(docs_dir / finding.path)) for finding in found]
    return checked.with_findings(shown, site)


def _waivers(everything: Iterable[Decided]) -> Mapping[str, tuple[Waiver, ...]]:
    """By path, the waivers of the documents that have any."""
    records = ((one.document.path, one.document.record) for one in everything)
    return {path: record.waivers for path, record in records if record.waivers}


def _used(everything: Sequence[Decided], past: Before) -> Iterator[str]:
    """Every number that is or was used, as far as is known."""
    yield from (one.document.record.index.text for one in everything)
    yield from (claim.number for claim in past.claims.values())
    yield from past.ever()


def _behind(checked: Checked, docs_dir: Path, now: datetime) -> Iterator[Finding]:
    """That the register, where there is one, lacks lines."""
    if checked.claims and not checked.has_errors:
        lacking = list(due(public_documents(checked.decided), checked.claims, now=now))
        if lacking:
            new = sum(1 for entry in lacking if entry.event in FIRSTS)
            message = (
                f"登记簿还没有记上 {new} 件首次公开、{len(lacking) - new} 件改动。"
                "请运行 gongkai register，再和文件一起提交"
            )
            yield Finding(shown_path(docs_dir / REGISTER), 1, "", "register-behind", message)


def _doubles(
    readings: Iterable[Reading], docs_dir: Path, past: Before, numbers: Iterator[str]
) -> Iterator[Finding]:
    """Numbers and addresses given twice; case does not tell them apart, as on many hosts' disks it does not."""
    places = tuple(_Place(r.shown, r.lines.get("index", 1), r.document) for r in readings if r.document)
    for first, again in _same(places, lambda place: place.document.record.index.text.casefold()):
        owner, other = _by_right(first, again, past)
        number = other.document.record.index
        where = shown_path(docs_dir / owner.shown)
        message = (
            f"“{number}”已经用在 {where}:{owner.index_line}。一个号只能给一个文件，请改成“{next(numbers)}”"
        )
        yield Finding(other.shown, other.index_line, "index", "index-duplicate", message)
    for first, again in _same(places, lambda place: place.document.url.casefold()):
        message = (
            f"与 {shown_path(docs_dir / first.shown)} 的网址相同（/{again.document.url}）。请换一个文件名"
        )
        yield Finding(again.shown, 1, "", "address-duplicate", message)
    yield from _files_over_pages(places, docs_dir)


def _by_right(first: "_Place", again: "_Place", past: Before) -> tuple["_Place", "_Place"]:
    """Who may keep a number and who may not: who was there before, who is registered, who was published first."""
    claim = past.claims.get(first.document.record.index.text.casefold())
    paths = claim.paths if claim else ()

    def rank(place: "_Place") -> tuple[bool, bool, datetime]:
        is_fresh = place.shown in past.baseline.fresh
        return is_fresh, place.shown not in paths, place.document.record.published

    return (again, first) if rank(again) < rank(first) else (first, again)


def _files_over_pages(places: tuple["_Place", ...], docs_dir: Path) -> Iterator[Finding]:
    pages = {unquote(place.document.url).rstrip("/").casefold(): place for place in places}
    for place in places:
        for path in filter(None, listed(place.document)):
            page = pages.get(path.casefold())
            if page:
                message = f"附件“{path}”与 {shown_path(docs_dir / page.shown)} 的网址相同。请给附件改名"
                yield Finding(place.shown, 1, "attachments", "address-duplicate", message)


@dataclass(frozen=True, slots=True)
class _Place:
    shown: str
    index_line: int
    document: Document


def _same(places: tuple[_Place, ...], key: Callable[[_Place], str]) -> Iterator[tuple[_Place, _Place]]:
    seen: dict[str, _Place] = {}
    for place in places:
        first = seen.setdefault(key(place), place)
        if first is not place:
            yield first, place
