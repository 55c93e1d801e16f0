"""What a site is made of, unit by unit: each with what it depends on, and the job that makes its files.

A unit is made again only when one of its inputs differs from last time (invariants 1 and 2 of the design). The inputs are
digests or short values, kept apart by kind so that a report can say why a page was made again. None of them is the
clock: an embargo or an expiry shows in `extent`, on just the units that tell of its document.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from gongkai.catalogue.attachments import listed, resolve
from gongkai.catalogue.history import History, Version
from gongkai.catalogue.listings import Leaf, Listing, leaves
from gongkai.catalogue.order import PublicDocument, Related
from gongkai.engine.edition import Edition
from gongkai.engine.rendering import DocumentJob
from gongkai.engine.templates import Templates
from gongkai.memory.digests import canonical, digest
from gongkai.outputs import OutputFile
from gongkai.outputs.addresses import (
    listing_addresses,
    redirect_page,
    redirects,
    sitemap_index,
    sitemap_of_pages,
    sitemap_of_year,
)
from gongkai.outputs.data import year_files
from gongkai.outputs.feeds import feed, latest
from gongkai.outputs.suggestions import PATH as SUGGESTIONS
from gongkai.outputs.suggestions import Offer, offers, suggestions
from gongkai.pages.page_history import page_history
from gongkai.pages.views import LATEST, View, home_view, listing_view, search_view, section_views
from gongkai.records.disclosure import Decision
from gongkai.records.plain_text import KINDS, attached_text
from gongkai.search.members import AttachedPage, attached_file, attached_path
from gongkai.site import Site


class Inputs(NamedTuple):
    """What a unit depends on.

    `source` is a file (with its folder's defaults), `extent` what is public of it, `links` where its links lead, how
    large its attachments are and which documents it replaces, `history` what git knows of it, `rows` what it says of
    documents.
    """

    source: bytes = b""
    extent: bytes = b""
    links: bytes = b""
    history: bytes = b""
    rows: bytes = b""
    template: bytes = b""
    settings: bytes = b""
    code: bytes = b""


@dataclass(frozen=True, slots=True)
class FilesJob:
    """Files that `function` makes of `arguments`; a module's own function, so that it can be sent to a worker."""

    function: Callable[..., OutputFile | Sequence[OutputFile]]
    arguments: tuple[object, ...]
    options: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class CopyJob:
    """A file copied as it is, to `path`."""

    source: Path
    path: str


Job = DocumentJob | View | FilesJob | CopyJob


class Unit(NamedTuple):
    """`name` is unlike any other unit's; `job` is asked for only when the unit must be made."""

    name: str
    kind: str
    inputs: Inputs
    job: Callable[[], Job]


@dataclass(frozen=True, slots=True)
class Basis:
    """What units depend on beside documents.

    `settings` is what every page may show, `markdown` how Markdown is read, `compressions` the forms (`gz`, `br`) that files
    are put in beside themselves, `plugins` what plugins and hooks of others make of a page (b"" where there are none).
    """

    code: bytes
    compressions: bytes
    settings: bytes
    markdown: bytes
    plugins: bytes
    templates: Templates

    def of(self, template: str, *, source: bytes = b"", rows: bytes = b"", settings: bytes = b"") -> Inputs:
        """The inputs of a page made with `template`, `settings` being those beyond every page's."""
        return Inputs(
            source=source,
            rows=rows,
            template=self.templates.digest_of(template),
            settings=self.settings + self.compressions + settings,
            code=self.code + self.plugins,
        )

    def of_files(self, rows: bytes, settings: bytes = b"") -> Inputs:
        """The inputs of files that are made without a template."""
        return Inputs(rows=rows, settings=self.compressions + settings, code=self.code)


def shown_settings(site: Site) -> bytes:
    """The digest of what every page shows of the site's settings."""
    columns = [(column.key, column.name) for column in site.columns]
    return digest(canonical(site.organisation.model_dump()), canonical(site.site.model_dump()), canonical(columns))


def units(edition: Edition, basis: Basis) -> Iterator[Unit]:
    """Every unit whose inputs follow from the edition; the open catalogue's own file follows from others'."""
    row_keys = {public.document.path: _row_key(public) for public in edition.documents}
    yield from _documents(edition, basis)
    for listing in edition.browse:
        yield from _listing(listing, edition.site, basis, row_keys)
    yield from _overviews(edition, basis)
    yield from _suggestions(edition, basis)
    yield from _data(edition, basis, row_keys)
    yield from _feeds(edition, basis, row_keys)
    yield from _sitemaps(edition, basis, row_keys)
    for move in redirects(edition.documents, edition.checked.claims):
        job = partial(FilesJob, redirect_page, (move,), {})
        yield Unit(f"redirect:{move.old}", "redirect", basis.of_files(digest(*move)), job)
    for path in sorted(edition.files):
        inputs = Inputs(source=edition.signature_of(path))
        yield Unit(f"file:{path}", "attachment", inputs, partial(CopyJob, edition.docs_dir / path, path))
        if path.lower().endswith(KINDS):
            job = partial(FilesJob, _text_files, (edition.docs_dir / path, path), {})
            yield Unit(text_unit(path), "attachment", Inputs(inputs.source, code=basis.code), job)


def text_unit(path: str) -> str:
    """The name of the unit that makes the searchable text of the attachment at `path`."""
    return f"text:{path}"


def _text_files(file: Path, path: str) -> tuple[OutputFile, ...]:
    """The file with an attachment's text; none where it has none, which `gongkai check` tells of."""
    pages = [AttachedPage(*page) for page in attached_text(file).pages]
    if not pages:
        return ()
    name, data = attached_file(path, pages)
    return (OutputFile(attached_path(name), data),)


def _row_key(public: PublicDocument) -> bytes:
    """All that another page may print of a document: its record, its address, and what is public of it."""
    return public.document.facts + public.document.path.encode() + b"\n" + _extent(public)


def _extent(public: PublicDocument) -> bytes:
    """What, beside its own source, the public part of a document follows from: the decision, and whom it may name."""
    named = public.references
    return _decision_key(public.decision) + (repr(named).encode() if named else b"")


@lru_cache(maxsize=4096)
def _decision_key(decision: Decision) -> bytes:
    """A decision as bytes; nearly all documents share one."""
    return repr(decision).encode()


def _documents(edition: Edition, basis: Basis) -> Iterator[Unit]:
    template = basis.templates.digest_of("document.html")
    settings = {
        column.key: basis.settings
        + basis.compressions
        + basis.markdown
        + digest(canonical(column.model_dump(exclude={"freshness"})))
        for column in edition.site.columns
    }
    for public in edition.documents:
        document = public.document
        addresses, sizes = _neighbours(public, edition)
        related = edition.relations.get(document.path, ())
        is_alone = not (addresses or sizes or related)
        links = b"" if is_alone else digest(canonical(addresses), canonical(sizes), repr(related))
        versions = edition.versions_of(public)
        inputs = Inputs(
            source=document.origin,
            extent=_extent(public),
            links=links,
            history=_history_key(versions, edition.history),
            template=template,
            settings=settings[document.column],
            code=basis.code + basis.plugins,
        )
        job = partial(_document_job, public, addresses, sizes, related, versions, edition.history)
        yield Unit(document.path, "document", inputs, job)


def _history_key(versions: Sequence[Version], history: History) -> bytes:
    """What a page's history follows from, beside its own source and decision."""
    if not history.head:
        return b""
    return digest(str(history.is_shallow), *(version.commit for version in versions))


def _document_job(
    public: PublicDocument,
    addresses: Mapping[str, str],
    sizes: Mapping[str, int],
    related: tuple[Related, ...],
    versions: Sequence[Version],
    history: History,
) -> DocumentJob:
    return DocumentJob(public, addresses, sizes, related, page_history(public, versions, history))


_NONE: Mapping[str, str] = {}
_NO_SIZES: Mapping[str, int] = {}


def _neighbours(public: PublicDocument, edition: Edition) -> tuple[Mapping[str, str], Mapping[str, int]]:
    """Where the body's links lead, and the sizes of the files listed, both by path."""
    document = public.document
    if not public.has_body or not (document.links or public.record.attachments):
        return _NONE, _NO_SIZES
    paths = (resolve(target.address, document.folder) for target in document.links)
    addresses = {path: edition.address_of(path) for path in sorted({path for path in paths if path})}
    sizes = {path: edition.size_of(path) for path in listed(document) if path}
    return {path: address for path, address in addresses.items() if address is not None}, sizes


def _listing(listing: Listing, site: Site, basis: Basis, row_keys: Mapping[str, bytes]) -> Iterator[Unit]:
    column = listing.column.model_dump(exclude={"freshness"}) if listing.column else None
    settings = digest(listing.kind, listing.name, canonical(column))
    for leaf in leaves(listing.base, listing.documents):
        rows = digest(
            *(row_keys[public.document.path] for public in leaf.rows),
            f"{leaf.newer} {leaf.older} {listing.count if leaf.is_front else ''}",
        )
        inputs = basis.of("listing.html", rows=rows, settings=settings)
        job = partial(_listing_job, listing, leaf, site)
        yield Unit(f"list:{leaf.address}", "listing", inputs, job)


def _listing_job(listing: Listing, leaf: Leaf, site: Site) -> View:
    return listing_view(listing, leaf, site)


def _overviews(edition: Edition, basis: Basis) -> Iterator[Unit]:
    """The home page, the search page, and those that lead to years and departments: few, so made to be compared."""
    home = home_view(edition.documents[:LATEST], edition.browse, edition.site)
    for view in (home, search_view(), *section_views(edition.browse)):
        yield page_unit(view, basis)


def page_unit(view: View, basis: Basis) -> Unit:
    """The page of a view that is made already, and so can be compared as a whole."""
    rows = digest(_variables_text(view.variables))
    return Unit(f"page:{view.address}", "page", basis.of(view.template, rows=rows), partial(_same, view))


def _variables_text(variables: Mapping[str, object]) -> str:
    """A view's variables as text; they are plain values and dataclasses of such."""
    return repr(sorted(variables.items()))


def _same(view: View) -> View:
    return view


def _suggestions(edition: Edition, basis: Basis) -> Iterator[Unit]:
    """What the search box offers: of all documents their titles and numbers, nothing else."""
    if offered := offers(edition.documents):
        columns = tuple((column.key, column.name) for column in edition.site.columns)
        inputs = basis.of_files(digest(*chain.from_iterable(offered)), digest(canonical(columns)))
        job = partial(FilesJob, _suggestion_file, (offered, columns), {})
        yield Unit("search:suggestions", "page", inputs, job)


def _suggestion_file(offered: tuple[Offer, ...], columns: tuple[tuple[str, str], ...]) -> OutputFile:
    return OutputFile(SUGGESTIONS, suggestions(offered, columns))


def _data(edition: Edition, basis: Basis, row_keys: Mapping[str, bytes]) -> Iterator[Unit]:
    for year in edition.browse.years:
        number = year.documents[0].year
        rows = (row_keys[public.document.path] + public.document.sha256.encode() for public in year.documents)
        job = partial(FilesJob, year_files, (number, year.documents), {})
        yield Unit(f"data:{number}", "data", basis.of_files(digest(*rows)), job)


def _feeds(edition: Edition, basis: Basis, row_keys: Mapping[str, bytes]) -> Iterator[Unit]:
    options = {"organisation": edition.site.organisation.name, "site_url": edition.site_url}
    wanted = [("feed.xml", "", edition.browse.catalogue)]
    wanted += [(f"feeds/{listing.kind}.xml", listing.name, listing) for listing in edition.browse.columns]
    for path, about, listing in wanted:
        newest = latest(listing.documents)
        rows = digest(*(row_keys[public.document.path] for public in newest))
        inputs = basis.of_files(rows, digest(about, canonical(options)))
        yield Unit(path, "feed", inputs, partial(FilesJob, feed, (path, about, newest), options))


def _sitemaps(edition: Edition, basis: Basis, row_keys: Mapping[str, bytes]) -> Iterator[Unit]:
    options = {"site_url": edition.site_url}
    settings = digest(edition.site_url)
    for year in edition.browse.years:
        rows = digest(*(row_keys[public.document.path] for public in year.documents))
        arguments = (year.documents[0].year, year.documents)
        job = partial(FilesJob, sitemap_of_year, arguments, options)
        yield Unit(f"sitemap:{arguments[0]}", "sitemap", basis.of_files(rows, settings), job)
    pages = listing_addresses(edition.browse)
    years = tuple(year.documents[0].year for year in edition.browse.years)
    for name, function, argument in (
        ("sitemap:pages", sitemap_of_pages, pages),
        ("sitemap:index", sitemap_index, years),
    ):
        inputs = basis.of_files(digest(canonical(argument)), settings)
        yield Unit(name, "sitemap", inputs, partial(FilesJob, function, (argument,), options))
