"""Where bodies link to: nothing that is not public may be named by a public page, not even by an address."""

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from gongkai.catalogue import attachments
from gongkai.catalogue.order import Decided
from gongkai.catalogue.sources import Inventory
from gongkai.records.disclosure import Extent
from gongkai.records.findings import Finding
from gongkai.records.markdown import Target
from gongkai.records.reading import Document
from gongkai.site import Site


@dataclass(frozen=True, slots=True)
class _Archive:
    """What there is to link to: sources and files, and all names of the hidden ones among them, in one case."""

    docs_dir: Path
    site: Site
    sources: frozenset[str]
    hidden: frozenset[str]


def check_links(decided: Sequence[Decided], docs_dir: Path, site: Site) -> Iterator[Finding]:
    """Findings on the addresses in every body that is public; they name files relative to docs/."""
    archive = _archive(decided, docs_dir, site)
    for one in decided:
        if (one.document.links or one.document.mentions) and one.decision.extent is Extent.FULL:
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


def _archive(decided: Sequence[Decided], docs_dir: Path, site: Site) -> _Archive:
    hidden = {name for one in decided if one.is_hidden for name in _names(one.document)}
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
    hidden |= {path.casefold() for path in closed_files - open_files}
    return _Archive(docs_dir, site, frozenset(one.document.path for one in decided), frozenset(hidden))


def _names(document: Document) -> tuple[str, ...]:
    """A document's path, its address, its number and that one's address, in one case."""
    number = document.record.index.text.casefold()
    address = unquote(document.url).rstrip("/").casefold()
    return (document.path.casefold(), address, number, f"id/{number}")


def _listed(document: Document) -> frozenset[str]:
    return frozenset(path for path in attachments.listed(document) if path)


def _of_document(document: Document, archive: _Archive) -> Iterator[Finding]:
    links = {target.address for target in document.links}
    yield from _external(document, archive.site)
    for target in document.links:
        code, message = _complaint(target.address, document, archive)
        if code:
            yield Finding(document.path, target.line, "", code, message)
    for target in document.mentions:
        if target.address not in links and _is_hidden(target.address, document, archive):
            yield Finding(document.path, target.line, "", "link-hidden", _unnameable(target.address))


def _complaint(address: str, document: Document, archive: _Archive) -> tuple[str, str]:
    if not attachments.is_address(address):
        return "link-invalid", f"链接“{address}”的写法不对，多半是用了全角的 ？ ： 或多了括号。请改正"
    if _is_hidden(address, document, archive):
        return "link-hidden", _unnameable(address)
    path = attachments.resolve(address, document.folder)
    if (
        path
        and not address.endswith("/")
        and not (path in archive.sources or (archive.docs_dir / path).is_file())
    ):
        return "link-missing", f"链接的文件“{address}”不存在。请改正或删去"
    return "", ""


def external_links(document: Document, site: Site) -> Iterator[tuple[Target, str]]:
    """The links of a body to other sites, each with its host; the bureau's own site is none."""
    own = site.site.domain.removeprefix("www.")
    for target in document.links:
        if target.address.lower().startswith(("http://", "https://", "//")) and attachments.is_address(
            target.address
        ):
            host = urlsplit(target.address).hostname or ""
            if host and host.removeprefix("www.") != own:
                yield target, host


def dead_link_findings(
    looked_at: Iterable[Decided], site: Site, dead: Callable[[Iterable[str]], Mapping[str, str]]
) -> Iterator[Finding]:
    """Findings on links to other sites that do not open, as `dead` tells of addresses."""
    places = [
        (target.address, one.document.path, target.line)
        for one in looked_at
        if one.document.links and one.decision.extent is Extent.FULL
        for target, _ in external_links(one.document, site)
    ]
    whole = {address: f"https:{address}" if address.startswith("//") else address for address, *_ in places}
    why = dead(whole.values())
    for address, path, line in places:
        if whole[address] in why:
            message = f"链接“{address}”打不开：{why[whole[address]]}。请核对，改正或删去"
            yield Finding(path, line, "", "link-dead", message)


def _external(document: Document, site: Site) -> Iterator[Finding]:
    """Hosts that are neither of the government nor allowed, each once."""
    told = set[str]()
    for target, host in external_links(document, site):
        if host not in told and not _is_allowed(host, site.checks.allowed_hosts):
            told.add(host)
            message = f"链接到站外“{host}”，不是政府网站。请核对是否需要；确需保留的，请网站维护人员写进 allowed_hosts"
            yield Finding(document.path, target.line, "", "link-external", message)


def _is_allowed(host: str, allowed: Sequence[str]) -> bool:
    return any(host == one or host.endswith(f".{one}") for one in ("gov.cn", *allowed))


def _unnameable(address: str) -> str:
    return f"链接“{address}”指向不公开的内容，连它的名称也不能出现。请删去这个链接"


def _is_hidden(address: str, document: Document, archive: _Archive) -> bool:
    return not archive.hidden.isdisjoint(_paths_meant(address, document, archive.site.site.domain))


def _paths_meant(address: str, document: Document, domain: str) -> Iterator[str]:
    """What an address may lead to, without its final slash, in one case.

    By the root of the site or of docs/, by the source's folder, by the page's address.
    """
    if not attachments.is_address(address):
        return
    parts = urlsplit(address)
    if parts.netloc and (parts.hostname or "").removeprefix("www.") != domain.removeprefix("www."):
        return
    path = unquote(parts.path).casefold().removesuffix("index.html")
    if not path:
        return
    yield path.strip("/")
    if not path.startswith("/"):
        for base in (document.folder, unquote(document.url)):
            yield posixpath.normpath(posixpath.join(base.casefold(), path))
