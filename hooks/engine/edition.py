"""One edition of the site: everything that is public at one instant, prepared before MkDocs writes a byte."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from pathlib import Path
from urllib.parse import quote

from hooks.catalogue.attachments import public_files
from hooks.catalogue.listings import Browsing, browsing
from hooks.catalogue.order import PublicDocument, newest_first
from hooks.checks.archive import Checked, check_archive
from hooks.outputs.files import OutputFile
from hooks.outputs.stylesheet import stylesheet
from hooks.pages.views import View, document_view, home_view, listing_views, search_view, section_views
from hooks.records.dates import read_moment
from hooks.site import Site


class ContentError(ValueError):
    """Documents that cannot be published as they are; `checked` holds every finding."""

    def __init__(self, checked: Checked) -> None:
        super().__init__("content with errors")
        self.checked = checked


@dataclass(slots=True)
class Edition:
    """What is published: documents newest first, their lists, the pages around them, the files that go along.

    `texts` is filled while pages are rendered: the visible text of each body, by the document's path.
    """

    site: Site
    site_url: str
    docs_dir: Path
    now: datetime
    checked: Checked
    documents: tuple[PublicDocument, ...]
    browse: Browsing
    stylesheet: OutputFile
    by_path: Mapping[str, PublicDocument]
    views: tuple[View, ...]
    files: frozenset[str]
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def hidden_numbers(self) -> frozenset[str]:
        """The index numbers of documents that leave no trace."""
        shown = {public.document.path for public in self.documents}
        return frozenset(d.record.index.text for d in self.checked.documents if d.path not in shown)

    def document_view(self, public: PublicDocument) -> View:
        """What a document's page prints, its body left out."""
        return document_view(public, self.site, site_url=self.site_url, size_of=self._size)

    def address_of(self, path: str) -> str | None:
        """Where the public finds what lies at `path` of docs/: a document's page or a file; None if nowhere."""
        public = self.by_path.get(path)
        if public:
            return public.url
        return quote(path) if path in self.files else None

    def _size(self, path: str) -> int:
        return (self.docs_dir / path).stat().st_size


def prepare(*, docs_dir: Path, assets: Path, site: Site, site_url: str, now: datetime) -> Edition:
    """The edition of `docs_dir` at `now`; raises ContentError when a document has an error."""
    checked = check_archive(docs_dir, site, now)
    if checked.has_errors:
        raise ContentError(checked)
    documents = newest_first(public for public in checked.decided if not public.is_hidden)
    browse = browsing(documents, site)
    return Edition(
        site=site,
        site_url=site_url,
        docs_dir=docs_dir,
        now=now,
        checked=checked,
        documents=documents,
        browse=browse,
        stylesheet=stylesheet(assets / "css"),
        by_path={public.document.path: public for public in documents},
        views=tuple(_views(documents, browse, site)),
        files=_files(documents),
    )


def read_now(text: str | None, site: Site) -> datetime:
    """The instant of the build: what `--now` says, else the clock. Raises ValueError for what is no moment."""
    if not text:
        return datetime.now(site.zone)
    try:
        return read_moment(text, site.zone)[0]
    except ValueError as problem:
        raise ValueError(f"--now: {problem}，实为“{text}”") from None


def _views(documents: tuple[PublicDocument, ...], browse: Browsing, site: Site) -> Iterator[View]:
    yield home_view(documents, browse, site)
    yield search_view()
    yield from section_views(browse)
    yield from chain.from_iterable(listing_views(listing, site) for listing in browse)


def _files(documents: Iterable[PublicDocument]) -> frozenset[str]:
    return frozenset(chain.from_iterable(public_files(d.document) for d in documents if d.has_body))
