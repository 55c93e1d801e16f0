"""All documents read and checked, each by itself and against the others."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

from hooks.catalogue.attachments import listed
from hooks.catalogue.order import PublicDocument
from hooks.catalogue.sources import (
    FolderDefaults,
    Inventory,
    folder_of,
    read_source,
    shown_path,
    take_inventory,
)
from hooks.checks.links import check_links
from hooks.checks.metadata import check_files, judged
from hooks.records.disclosure import decide
from hooks.records.findings import Finding, has_errors
from hooks.records.reading import Document, Reading
from hooks.site import Site


@dataclass(frozen=True, slots=True)
class Checked:
    """The documents that could be read, by path, each with what is public of it, and every finding in its order."""

    decided: tuple[PublicDocument, ...]
    findings: tuple[Finding, ...]

    @property
    def documents(self) -> tuple[Document, ...]:
        return tuple(public.document for public in self.decided)

    @property
    def has_errors(self) -> bool:
        return has_errors(self.findings)


def check_archive(docs_dir: Path, site: Site, now: datetime) -> Checked:
    """Everything under `docs_dir`, read once; links are judged by what is public at `now`."""
    inventory = take_inventory(docs_dir)
    defaults = FolderDefaults(docs_dir, site.zone)
    readings = [
        judged(read_source(docs_dir, path, defaults.of(folder_of(path)), site.zone), site)
        for path in inventory.documents
    ]
    return check_readings(readings, inventory, now, also=defaults.findings)


def check_readings(
    readings: Sequence[Reading], inventory: Inventory, now: datetime, *, also: Iterable[Finding]
) -> Checked:
    """The judged `readings` of an inventory against each other and the files beside them.

    Readings name their files relative to docs/; the findings returned name them as people see them, `also` among them.
    """
    docs_dir = inventory.docs_dir
    decided = tuple(
        PublicDocument(r.document, decide(r.document.record, now)) for r in readings if r.document
    )
    found = [
        *(finding for reading in readings for finding in reading.findings),
        *(finding for reading in readings for finding in check_files(reading, docs_dir)),
        *(Finding(path, 1, "", "path-reserved", message) for path, message in inventory.strange),
        *_doubles(readings, docs_dir),
        *check_links(decided, docs_dir),
    ]
    shown = [replace(finding, path=shown_path(docs_dir / finding.path)) for finding in found]
    return Checked(decided, tuple(sorted([*shown, *also])))


def _doubles(readings: Iterable[Reading], docs_dir: Path) -> Iterator[Finding]:
    """Numbers and addresses given twice; case does not tell them apart, as on many hosts' disks it does not."""
    places = tuple(_Place(r.shown, r.lines.get("index", 1), r.document) for r in readings if r.document)
    for first, again in _same(places, lambda place: place.document.record.index.text.casefold()):
        number = again.document.record.index
        where = shown_path(docs_dir / first.shown)
        message = f"“{number}”已经用在 {where}:{first.index_line}。一个号只能给一个文件，请给其中一个换新号"
        yield Finding(again.shown, again.index_line, "index", "index-duplicate", message)
    for first, again in _same(places, lambda place: place.document.url.casefold()):
        message = (
            f"与 {shown_path(docs_dir / first.shown)} 的网址相同（/{again.document.url}）。请换一个文件名"
        )
        yield Finding(again.shown, 1, "", "address-duplicate", message)
    yield from _files_over_pages(places, docs_dir)


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
