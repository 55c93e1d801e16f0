"""Where bodies link to: nothing that is not public may be named by a public page, not even by an address."""

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from hooks.catalogue import attachments
from hooks.catalogue.order import Decided
from hooks.catalogue.sources import Inventory
from hooks.records.disclosure import Extent
from hooks.records.findings import Finding
from hooks.records.reading import Document


@dataclass(frozen=True, slots=True)
class _Archive:
    """What there is to link to: sources and files, and the hidden ones among them by path and by address."""

    docs_dir: Path
    sources: frozenset[str]
    hidden: frozenset[str]


def check_links(decided: Sequence[Decided], docs_dir: Path) -> Iterator[Finding]:
    """Findings on the links of every document whose body is public; they name files relative to docs/."""
    archive = _archive(decided, docs_dir)
    for one in decided:
        if one.document.links and one.decision.extent is Extent.FULL:
            yield from _of_document(one.document, archive)


def check_unlisted(decided: Sequence[Decided], inventory: Inventory) -> Iterator[Finding]:
    """Files under docs/ that no document lists, and that therefore never go public."""
    others = inventory.others
    if not others:
        return
    named = {
        path
        for one in decided
        if one.document.links or one.document.record.attachments
        for path in attachments.public_files(one.document)
    }
    for path in others:
        if path not in named:
            message = "没有文件把它列为附件，也没有正文用到它，所以不会公开。要公开就列在附件里，不要就移走"
            yield Finding(path, 1, "", "file-unlisted", message)


def _archive(decided: Sequence[Decided], docs_dir: Path) -> _Archive:
    hidden = [one.document for one in decided if one.is_hidden]
    names = {name for document in hidden for name in (document.path, unquote(document.url).rstrip("/"))}
    listing = [one for one in decided if one.document.record.attachments]
    open_files, closed_files = (
        {
            path
            for one in listing
            if (one.decision.extent is Extent.FULL) is is_open
            for path in _listed(one.document)
        }
        for is_open in (True, False)
    )
    sources = frozenset(one.document.path for one in decided)
    return _Archive(docs_dir, sources, frozenset(names | (closed_files - open_files)))


def _listed(document: Document) -> frozenset[str]:
    return frozenset(path for path in attachments.listed(document) if path)


def _of_document(document: Document, archive: _Archive) -> Iterator[Finding]:
    for target in document.links:
        code, message = _complaint(target.address, document, archive)
        if code:
            yield Finding(document.path, target.line, "", code, message)


def _complaint(address: str, document: Document, archive: _Archive) -> tuple[str, str]:
    if not attachments.is_address(address):
        return "link-invalid", f"链接“{address}”的写法不对，多半是用了全角的 ？ ： 或多了括号。请改正"
    readings = _paths_meant(address, document)
    if readings & archive.hidden:
        return "link-hidden", f"链接“{address}”指向不公开的内容，连它的名称也不能出现。请删去这个链接"
    path = attachments.resolve(address, document.folder)
    if (
        path
        and not address.endswith("/")
        and not (path in archive.sources or (archive.docs_dir / path).is_file())
    ):
        return "link-missing", f"链接的文件“{address}”不存在。请改正或删去"
    return "", ""


def _paths_meant(address: str, document: Document) -> set[str]:
    """What an address may lead to, without its final slash: by the source's folder, by the page's, by the root."""
    path = unquote(urlsplit(address).path)
    if urlsplit(address).scheme or not path:
        return set()
    if path.startswith("/"):
        return {path.strip("/")}
    return {
        posixpath.normpath(posixpath.join(base, path)) for base in (document.folder, unquote(document.url))
    }
