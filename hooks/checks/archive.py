"""All documents read and checked, each by itself and against the others."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from hooks.catalogue.sources import FolderDefaults, read_sources
from hooks.checks.metadata import check_reading
from hooks.records.findings import Finding, has_errors
from hooks.records.reading import Document
from hooks.site import Site


@dataclass(frozen=True, slots=True)
class Checked:
    """The documents that could be read, by path, and every finding in order of path and line."""

    documents: tuple[Document, ...]
    findings: tuple[Finding, ...]

    @property
    def has_errors(self) -> bool:
        return has_errors(self.findings)


def check_archive(docs_dir: Path, site: Site) -> Checked:
    """Everything under `docs_dir`, read once."""
    defaults = FolderDefaults(docs_dir)
    documents = []
    findings: list[Finding] = []
    places: list[_Place] = []
    for reading in read_sources(docs_dir, defaults, zone=site.zone):
        findings += check_reading(reading, site, docs_dir)
        if reading.document:
            documents.append(reading.document)
            places.append(_Place(reading.shown, reading.lines.get("index", 1), reading.document))
    findings += [*defaults.findings, *_doubles(places)]
    return Checked(tuple(documents), tuple(sorted(findings)))


@dataclass(frozen=True, slots=True)
class _Place:
    shown: str
    index_line: int
    document: Document


def _doubles(places: Iterable[_Place]) -> Iterator[Finding]:
    places = tuple(places)
    for first, again in _same(places, lambda place: place.document.record.index.text):
        number = again.document.record.index
        message = (
            f"“{number}”已经用在 {first.shown}:{first.index_line}。一个号只能给一个文件，请给其中一个换新号"
        )
        yield Finding(again.shown, again.index_line, "index", "index-duplicate", message)
    for first, again in _same(places, lambda place: place.document.url.lower()):
        message = f"与 {first.shown} 的网址相同（/{again.document.url}）。请换一个文件名"
        yield Finding(again.shown, 1, "", "address-duplicate", message)


def _same(places: tuple[_Place, ...], key: Callable[[_Place], str]) -> Iterator[tuple[_Place, _Place]]:
    seen: dict[str, _Place] = {}
    for place in places:
        first = seen.setdefault(key(place), place)
        if first is not place:
            yield first, place
