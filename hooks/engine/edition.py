"""One edition of the site: everything that is public at one instant, prepared before a byte is written."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from urllib.parse import quote

from hooks.catalogue.attachments import public_files
from hooks.catalogue.listings import Browsing, browsing
from hooks.catalogue.order import PublicDocument, newest_first
from hooks.catalogue.sources import Inventory, take_inventory
from hooks.checks.archive import Checked, check_archive
from hooks.records.dates import read_moment
from hooks.site import Site


class ContentError(ValueError):
    """Documents that cannot be published as they are; `checked` holds every finding."""

    def __init__(self, checked: Checked) -> None:
        super().__init__("content with errors")
        self.checked = checked

    def __str__(self) -> str:
        """Every error, a line each, and what it means for the site."""
        errors = [finding for finding in self.checked.findings if finding.is_error]
        lines = [str(finding) for finding in errors]
        return "\n".join([*lines, f"共 {len(errors)} 处错误，没有生成网站，原有网站未变。"])


@dataclass(frozen=True, slots=True)
class Edition:
    """What is published: documents newest first, their lists, the files that go along."""

    site: Site
    site_url: str
    inventory: Inventory
    checked: Checked
    documents: tuple[PublicDocument, ...]
    browse: Browsing
    by_path: Mapping[str, PublicDocument]
    files: frozenset[str]

    @property
    def docs_dir(self) -> Path:
        return self.inventory.docs_dir

    @property
    def hidden_numbers(self) -> frozenset[str]:
        """The index numbers of documents that leave no trace."""
        return frozenset(public.record.index.text for public in self.checked.decided if public.is_hidden)

    def address_of(self, path: str) -> str | None:
        """Where the public finds what lies at `path` of docs/: a document's page or a file; None if nowhere."""
        public = self.by_path.get(path)
        if public:
            return public.url
        return quote(path) if path in self.files else None

    def size_of(self, path: str) -> int:
        return (self.docs_dir / path).stat().st_size

    def signature_of(self, path: str) -> bytes:
        """What tells that a file beside the documents changed; its content where its times may deceive."""
        signature = self.inventory.settled(path)
        if signature is not None:
            return repr(signature).encode()
        with (self.docs_dir / path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()


def prepare(*, docs_dir: Path, site: Site, site_url: str, now: datetime) -> Edition:
    """The edition of `docs_dir` at `now`, every source read; raises ContentError when a document has an error."""
    checked = check_archive(docs_dir, site, now)
    return edition_of(checked, take_inventory(docs_dir), site=site, site_url=site_url)


def edition_of(checked: Checked, inventory: Inventory, *, site: Site, site_url: str) -> Edition:
    """The edition of sources that were read and checked; raises ContentError when a document has an error."""
    if checked.has_errors:
        raise ContentError(checked)
    documents = newest_first(public for public in checked.decided if not public.is_hidden)
    return Edition(
        site=site,
        site_url=site_url,
        inventory=inventory,
        checked=checked,
        documents=documents,
        browse=browsing(documents, site),
        by_path={public.document.path: public for public in documents},
        files=_files(documents, inventory.docs_dir),
    )


def read_now(text: str | None, site: Site) -> datetime:
    """The instant of the build: what `--now` says, else the clock. Raises ValueError for what is no moment."""
    if not text:
        return datetime.now(site.zone)
    try:
        return read_moment(text, site.zone)[0]
    except ValueError as problem:
        raise ValueError(f"--now: {problem}，实为“{text}”") from None


def _files(documents: Iterable[PublicDocument], docs_dir: Path) -> frozenset[str]:
    """The files that go public with `documents`: those that are there, and no link that leads out of docs/."""
    wanted = set(chain.from_iterable(public_files(d.document) for d in documents if d.has_body))
    root = docs_dir.resolve()
    return frozenset(
        path for path in wanted if (root / path).is_file() and (root / path).resolve().is_relative_to(root)
    )
