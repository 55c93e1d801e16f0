"""The files beside the pages, gathered from `outputs` and `search`, and written."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from hooks.catalogue.order import PublicDocument
from hooks.engine.edition import Edition
from hooks.outputs.data import data_files
from hooks.outputs.feeds import feeds
from hooks.outputs.files import OutputFile
from hooks.outputs.identifiers import identifier_pages
from hooks.outputs.sitemap import sitemaps
from hooks.search.entry import Entry
from hooks.search.index import build_index


def files_beside(edition: Edition) -> Iterator[OutputFile]:
    """Everything of an edition that is neither a page nor copied as it is."""
    yield edition.stylesheet
    yield from identifier_pages(edition.documents)
    yield from data_files(edition.documents, hidden=edition.hidden_numbers)
    yield from feeds(edition.browse, edition.site, site_url=edition.site_url)
    yield from sitemaps(edition.browse, site_url=edition.site_url)
    names = {column.key: column.name for column in edition.site.columns}
    departments = {department.key: department.name for department in edition.site.departments}
    entries = (_entry(public, edition) for public in edition.documents)
    for path, data in build_index(entries, columns=names, departments=departments):
        yield OutputFile(path, data)


def write_files(folder: Path, files: Iterable[OutputFile]) -> None:
    """Write `files` below `folder`; no path of theirs leads out of it (index numbers are checked when read)."""
    for path, data in files:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def _entry(public: PublicDocument, edition: Edition) -> Entry:
    record = public.record
    department = edition.site.department_by_name.get(record.department)
    return Entry(
        url=public.url,
        title=record.title,
        index=record.index.text,
        document_number=record.document_number,
        column=public.document.column,
        department=department.key if department else "",
        year=public.year,
        published=record.published.isoformat(),
        text=edition.texts.get(public.document.path, ""),
    )
