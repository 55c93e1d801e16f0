"""All documents read and checked, each by itself and against the others."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

from hooks.catalogue.attachments import listed
from hooks.catalogue.sources import FolderDefaults, read_sources, shown_path, strange_paths
from hooks.checks.links import check_links
from hooks.checks.metadata import check_reading
from hooks.records.findings import Finding, has_errors
from hooks.records.reading import Document, Reading
from hooks.site import Site


@dataclass(frozen=True, slots=True)
class Checked:
    """The documents that could be read, by path, and every finding in order of path and line."""

    documents: tuple[Document, ...]
    findings: tuple[Finding, ...]

    @property
    def has_errors(self) -> bool:
        return has_errors(self.findings)


def check_archive(docs_dir: Path, site: Site, now: datetime) -> Checked:
    """Everything under `docs_dir`, read once; links are judged by what is public at `now`."""
    defaults = FolderDefaults(docs_dir, site.zone)
    readings = tuple(read_sources(docs_dir, defaults))
    documents = tuple(reading.document for reading in readings if reading.document)
    found = [
        *(finding for reading in readings for finding in check_reading(reading, site, docs_dir)),
        *(
            Finding(shown_path(path), 1, "", "path-reserved", message)
            for path, message in strange_paths(docs_dir)
        ),
        *defaults.findings,
        *_doubles(readings),
        *check_links(readings, docs_dir, now),
    ]
    return Checked(documents, tuple(sorted(found)))


def _doubles(readings: Iterable[Reading]) -> Iterator[Finding]:
    """Numbers and addresses given twice; case does not tell them apart, as on many hosts' disks it does not."""
    places = tuple(_Place(r.shown, r.lines.get("index", 1), r.document) for r in readings if r.document)
    for first, again in _same(places, lambda place: place.document.record.index.text.casefold()):
        number = again.document.record.index
        message = (
            f"“{number}”已经用在 {first.shown}:{first.index_line}。一个号只能给一个文件，请给其中一个换新号"
        )
        yield Finding(again.shown, again.index_line, "index", "index-duplicate", message)
    for first, again in _same(places, lambda place: place.document.url.casefold()):
        message = f"与 {first.shown} 的网址相同（/{again.document.url}）。请换一个文件名"
        yield Finding(again.shown, 1, "", "address-duplicate", message)
    yield from _files_over_pages(places)


def _files_over_pages(places: tuple["_Place", ...]) -> Iterator[Finding]:
    pages = {unquote(place.document.url).rstrip("/").casefold(): place for place in places}
    for place in places:
        for path in filter(None, listed(place.document)):
            page = pages.get(path.casefold())
            if page:
                message = f"附件“{path}”与 {page.shown} 的网址相同。请给附件改名"
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
