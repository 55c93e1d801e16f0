"""One edition of the site: everything that is public at one instant, prepared before a byte is written."""

import hashlib
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from gongkai.catalogue.attachments import public_files
from gongkai.catalogue.history import History, HistoryError, Version, history_of, repository_of
from gongkai.catalogue.listings import Listings, site_listings
from gongkai.catalogue.order import PublicDocument, Relations, public_documents, relations
from gongkai.catalogue.sources import Inventory, take_inventory
from gongkai.checks.run import Asked, Checked, check_folder
from gongkai.outputs.addresses import redirects
from gongkai.records.dates import read_moment
from gongkai.site import Site

log = logging.getLogger("mkdocs.hooks.edition")


class BuildFailedError(Exception):
    """The build stopped and changed nothing; `str()` says why, `exit_code` whether documents are to blame (1) or not (2)."""

    def __init__(self, message: str, *, is_content: bool = False) -> None:
        super().__init__(message)
        self.exit_code = 1 if is_content else 2


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
    """What is published: documents newest first, their lists, the files that go along, what git knows of them."""

    site: Site
    site_url: str
    inventory: Inventory
    checked: Checked
    documents: tuple[PublicDocument, ...]
    browse: Listings
    by_path: Mapping[str, PublicDocument]
    files: frozenset[str]
    relations: Relations
    history: History

    @property
    def docs_dir(self) -> Path:
        return self.inventory.docs_dir

    def address_of(self, path: str) -> str | None:
        """Where the public finds what lies at `path` of docs/: a document's page or a file; None if nowhere."""
        public = self.by_path.get(path)
        if public:
            return public.url
        return quote(path) if path in self.files else None

    def versions_of(self, public: PublicDocument) -> tuple[Version, ...]:
        """The versions of a document's source, under all the names that it had."""
        if not self.history.head:
            return ()
        claim = self.checked.claims.get(public.record.index.text.casefold())
        return self.history.of((*(claim.paths if claim else ()), public.document.path))

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
    checked = check_folder(docs_dir, site, now, Asked())
    history = history_beside(docs_dir)
    return edition_of(checked, take_inventory(docs_dir), site=site, site_url=site_url, history=history)


def history_beside(docs_dir: Path, known: History | None = None) -> History:
    """What git knows of the documents; `known`, from the build before, where the head is still the same.

    Nothing where there is no repository, or where git fails: a site can be built without.
    """
    repository = repository_of(docs_dir)
    if repository is None:
        return History()
    if known and (known.head, known.is_shallow) == (repository.head, repository.is_shallow):
        return known
    try:
        return history_of(repository)
    except HistoryError as problem:
        log.warning("版本记录读不出来，页面上不会写明：%s", problem)
        return History()


def edition_of(checked: Checked, inventory: Inventory, *, site: Site, site_url: str, history: History) -> Edition:
    """The edition of sources that were read and checked; raises ContentError when a document has an error."""
    if checked.has_errors:
        raise ContentError(checked)
    documents = public_documents(checked.decided)
    return Edition(
        site=site,
        site_url=site_url,
        inventory=inventory,
        checked=checked,
        documents=documents,
        browse=site_listings(documents, site),
        by_path={public.document.path: public for public in documents},
        files=_files(documents, inventory),
        relations=relations(documents),
        history=history,
    )


class Summary(NamedTuple):
    """What a site holds, for whoever reports on a build or keeps several sites apart.

    `documents` are (index number, extent), `files` the paths of attachments, `moves` (old, new) addresses relative to
    the site's root and percent-encoded. `hidden` counts documents that are not public, `warnings` findings.
    """

    documents: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()
    moves: tuple[tuple[str, str], ...] = ()
    hidden: int = 0
    warnings: int = 0


def summary_of(edition: Edition) -> Summary:
    public, checked = edition.documents, edition.checked
    return Summary(
        tuple((one.record.index.text, one.decision.extent.value) for one in public),
        tuple(sorted(edition.files)),
        tuple((move.old, move.new) for move in redirects(public, checked.claims)),
        hidden=len(checked.decided) - len(public),
        warnings=len(checked.findings),
    )


def read_now(text: str | None, site: Site) -> datetime:
    """The instant of the build: what `--now` says, else the clock. Raises ValueError for what is no moment."""
    if not text:
        return datetime.now(site.zone)
    try:
        return read_moment(text, site.zone)[0]
    except ValueError as problem:
        raise ValueError(f"--now: {problem}，实为“{text}”") from None


def _files(documents: Iterable[PublicDocument], inventory: Inventory) -> frozenset[str]:
    """The files that go public with `documents`: those that lie under docs/ themselves, not by a link."""
    wanted = set(chain.from_iterable(public_files(d.document) for d in documents if d.has_body))
    return frozenset(
        path for path in wanted.intersection(inventory.others) if not (inventory.docs_dir / path).is_symlink()
    )
