"""What documents lead to: links, headings of other documents, other sites, pictures, the files that they list.

Nothing that is not public may be named by a public page, not even by an address.
"""

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

import imagesize  # type: ignore[import-untyped]  # ships no types

from gongkai.catalogue import attachments
from gongkai.catalogue.order import Decided
from gongkai.catalogue.sources import HANDBOOK
from gongkai.checks.online import dead_links
from gongkai.checks.protocol import FILES_OPEN, ArchiveRule, Kind, WebRule, Whole
from gongkai.records.disclosure import Extent
from gongkai.records.findings import Finding
from gongkai.records.markdown import Target
from gongkai.records.reading import Document
from gongkai.site import Checks, Site

_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")


@dataclass(frozen=True, slots=True)
class _Linkable:
    """What there is to link to: sources and files, and all names of the hidden ones among them, in one case."""

    docs_dir: Path
    site: Site
    sources: frozenset[str]
    hidden: frozenset[str]


def check_links(whole: Whole) -> Iterator[Finding]:
    """Findings on the addresses in every body that is public."""
    archive = _linkable(whole.decided, whole.docs_dir, whole.site)
    for one in whole.decided:
        if (one.document.links or one.document.mentions) and one.decision.extent is Extent.FULL:
            yield from _of_document(one.document, archive)


def _linkable(decided: Sequence[Decided], docs_dir: Path, site: Site) -> _Linkable:
    hidden = {name for one in decided if one.is_hidden for name in _names(one.document)}
    listing = [one for one in decided if one.document.record.attachments]
    openness = {
        (path, one.decision.extent is Extent.FULL)
        for one in listing
        for path in attachments.listed(one.document)
        if path
    }
    hidden |= {path.casefold() for path, is_full in openness if not is_full and (path, True) not in openness}
    return _Linkable(docs_dir, site, frozenset(one.document.path for one in decided), frozenset(hidden))


def _names(document: Document) -> tuple[str, ...]:
    """A document's path, its address, its number and that one's address, in one case."""
    number = document.record.index.text.casefold()
    address = unquote(document.url).rstrip("/").casefold()
    return (document.path.casefold(), address, number, f"id/{number}")


def _of_document(document: Document, archive: _Linkable) -> Iterator[Finding]:
    links = {target.address for target in document.links}
    yield from _external(document, archive.site)
    for target in document.links:
        code, message = _complaint(target.address, document, archive)
        if code:
            yield Finding(document.path, "", code, message, target.line)
    for target in document.mentions:
        if target.address not in links and _is_hidden(target.address, document, archive):
            yield Finding(document.path, "", "link-hidden", _unnameable(target.address), target.line)


def _complaint(address: str, document: Document, archive: _Linkable) -> tuple[str, str]:
    if not attachments.is_address(address):
        return "link-invalid", f"链接“{address}”的写法不对，多半是用了全角的 ？ ： 或多了括号。请改正"
    if _is_hidden(address, document, archive):
        return "link-hidden", _unnameable(address)
    path = attachments.resolve(address, document.folder)
    if path and not address.endswith("/") and not (path in archive.sources or (archive.docs_dir / path).is_file()):
        return "link-missing", f"链接的文件“{address}”不存在。请改正或删去"
    return "", ""


def external_links(document: Document, site: Site) -> Iterator[tuple[Target, str]]:
    """The links of a body to other sites, each with its host; the bureau's own site is none."""
    own = site.site.domain.removeprefix("www.")
    for target in document.links:
        if target.address.lower().startswith(("http://", "https://", "//")) and attachments.is_address(target.address):
            host = urlsplit(target.address).hostname or ""
            if host and host.removeprefix("www.") != own:
                yield target, host


def check_dead_links(
    whole: Whole, dead: Callable[[Iterable[str]], Mapping[str, str]] = dead_links
) -> Iterator[Finding]:
    """Findings on links to other sites that do not open, as `dead` tells of addresses."""
    places = [
        (target.address, one.document.path, target.line)
        for one in whole.looked_at
        if one.document.links and one.decision.extent is Extent.FULL
        for target, _ in external_links(one.document, whole.site)
    ]
    full = {address: f"https:{address}" if address.startswith("//") else address for address, *_ in places}
    why = dead(full.values())
    for address, path, line in places:
        if full[address] in why:
            message = f"链接“{address}”打不开：{why[full[address]]}。请核对，改正或删去"
            yield Finding(path, "", "link-dead", message, line)


def _external(document: Document, site: Site) -> Iterator[Finding]:
    """Hosts that are neither of the government nor allowed, each once."""
    seen = set[str]()
    allowed = tuple(f".{host}" for host in ("gov.cn", *site.checks.allowed_hosts))
    for target, host in external_links(document, site):
        if host not in seen and not f".{host}".endswith(allowed):
            seen.add(host)
            message = f"链接到站外“{host}”，不是政府网站。请核对是否需要；确需保留的，请网站维护人员写进 allowed_hosts"
            yield Finding(document.path, "", "link-external", message, target.line)


def _unnameable(address: str) -> str:
    return f"链接“{address}”指向不公开的内容，连它的名称也不能出现。请删去这个链接"


def _is_hidden(address: str, document: Document, archive: _Linkable) -> bool:
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


def check_anchors(whole: Whole) -> Iterator[Finding]:
    """Findings on links to headings that are not there: MkDocs looks after its own pages, and documents are none."""
    linking = [
        one
        for one in whole.looked_at
        if one.decision.extent is Extent.FULL and any("#" in link.address for link in one.document.links)
    ]
    if not linking or whole.anchors_of is None:
        return
    by_path = {one.document.path: one.document for one in whole.decided}
    by_address = {unquote(document.url).rstrip("/"): document for document in by_path.values()}
    known: dict[str, frozenset[str]] = {}
    for one in linking:
        for target in one.document.links:
            wanted = _fragment(target.address)
            there = _meant(target.address, one.document, by_path, by_address) if wanted else None
            if not wanted or there is None:
                continue
            if there.path not in known:
                known[there.path] = whole.anchors_of(there)
            if wanted not in known[there.path]:
                message = _no_heading(target.address, wanted, known[there.path])
                yield Finding(one.document.path, "", "link-anchor", message, target.line)


def _fragment(address: str) -> str:
    return unquote(urlsplit(address).fragment) if "#" in address and attachments.is_address(address) else ""


def _meant(
    address: str, document: Document, by_path: dict[str, Document], by_address: dict[str, Document]
) -> Document | None:
    """The document whose page an address leads to; None for a file, another site, or nothing."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return None
    if not parts.path:
        return document
    if parts.path.startswith("/"):
        return by_address.get(unquote(parts.path).strip("/"))
    return by_path.get(attachments.resolve(address, document.folder) or "")


def _no_heading(address: str, wanted: str, known: frozenset[str]) -> str:
    headings = sorted(anchor for anchor in known if not anchor.startswith(("fn", "__")))
    there = f"那里有：{'、'.join(headings[:5])}{'…' if len(headings) > 5 else ''}" if headings else "那里没有标题"
    return f"链接“{address}”指的标题“{wanted}”不存在。{there}。请改正或删去 # 以后的部分"


def check_pictures(whole: Whole) -> Iterator[Finding]:
    """Findings on pictures too large to open on a telephone, by their bytes and by what their headers say."""
    too_large = cache(partial(_too_large, limits=whole.site.checks))
    for one in whole.looked_at:
        if one.decision.extent is not Extent.FULL:
            continue
        for target in one.document.links:
            path = attachments.resolve(target.address, one.document.folder)
            if path and path.lower().endswith(_PICTURES) and (message := too_large(whole.docs_dir / path)):
                yield Finding(one.document.path, "", "image-large", message, target.line)


def _too_large(file: Path, limits: Checks) -> str:
    try:
        kilobytes = file.stat().st_size // 1024
        width, height = imagesize.get(file)
    except (OSError, ValueError, IndexError):
        return ""  # a file that is not there is a finding of its own
    excess = []
    if kilobytes > limits.image_kilobytes:
        excess.append(f"有 {kilobytes:,} KB（限 {limits.image_kilobytes:,} KB）")
    if max(width, height) > limits.image_pixels:
        excess.append(f"有 {width}×{height} 像素（长边限 {limits.image_pixels}）")
    if not excess:
        return ""
    return f"图片“{file.name}”{'，'.join(excess)}，手机上要等很久。请缩小后换上"


def check_files(whole: Whole) -> Iterator[Finding]:
    """Findings on the files that front matter lists."""
    for document in whole.archive.documents:
        if document.record.attachments:
            for code, message in _files(document, whole.docs_dir):
                yield Finding(document.path, "attachments", code, message)


def _files(document: Document, docs_dir: Path) -> Iterator[tuple[str, str]]:
    for attachment, path in zip(document.record.attachments, attachments.listed(document), strict=True):
        name = attachment.file
        if path is None or path.startswith("../"):
            slashes = "路径请用 / 而不是 \\。" if "\\" in name else ""
            yield ("attachment-missing", f"附件应是 docs 文件夹里的文件，写相对路径，实为“{name}”。{slashes}")
        elif attachments.is_markdown(path) or path.startswith(f"{HANDBOOK}/"):
            yield ("attachment-unfit", f"附件不能是文件的源文本或工作人员手册，实为“{name}”。请从附件里删去")
        elif not (docs_dir / path).is_file():
            message = f"找不到附件“{name}”。请把文件放在与本文件相同的文件夹，或改正文件名"
            yield "attachment-missing", message
        elif not (docs_dir / path).resolve().is_relative_to(docs_dir.resolve()):
            yield "attachment-unfit", f"“{name}”是指向 docs 文件夹外面的链接。请换成文件本身"
        elif (docs_dir / path).is_symlink():
            yield "attachment-unfit", f"“{name}”是指向别的文件的链接。请换成文件本身"


def check_unlisted(whole: Whole) -> Iterator[Finding]:
    """Files under docs/ that no document lists, and that therefore never go public."""
    others = whole.archive.inventory.others
    if not others:
        return
    named = {
        path
        for one in whole.decided
        if one.document.links or one.document.record.attachments
        for path in attachments.public_files(one.document)
    }
    for path in others:
        if path not in named:
            message = "没有文件把它列为附件，也没有正文用到它，所以不会公开。要公开就列在附件里，不要就移走"
            yield Finding(path, "", "file-unlisted", message)


_BROKEN: Final = "国办秘函〔2019〕19号：链接不可用"
_ABROAD: Final = "国办发〔2017〕47号：链接非政府网站应有提示"
RULES: Final[tuple[Kind, ...]] = (
    ArchiveRule("link-invalid", "error", "links", "链接写法不对", "", check_links),
    ArchiveRule("link-hidden", "error", "links", "链接到不公开的内容", "", check_links),
    ArchiveRule("link-missing", "warning", "links", "链接的文件不存在", _BROKEN, check_links),
    ArchiveRule("link-external", "warning", "links", "链接到站外", _ABROAD, check_links),
    ArchiveRule("link-anchor", "warning", "links", "链接的标题不存在", _BROKEN, check_anchors, thorough=True),
    WebRule("link-dead", "warning", "links", "站外链接打不开", _BROKEN, check_dead_links, thorough=True),
    ArchiveRule("image-large", "warning", "structure", "图片太大", "", check_pictures, thorough=True),
    ArchiveRule("attachment-missing", "error", "attachments", "附件不存在", FILES_OPEN, check_files),
    ArchiveRule("attachment-unfit", "error", "attachments", "附件不能公开", "", check_files),
    ArchiveRule("file-unlisted", "warning", "attachments", "没有文件列出的附件", "", check_unlisted),
)
