"""Links to a heading of a document: MkDocs looks after those of its own pages, and documents are none of them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from urllib.parse import unquote, urlsplit

from gongkai.catalogue.attachments import is_address, resolve
from gongkai.catalogue.order import Decided
from gongkai.records.disclosure import Extent
from gongkai.records.findings import Finding
from gongkai.records.reading import Document

#: The anchors that a document's page has.
AnchorsOf = Callable[[Document], frozenset[str]]


def anchor_findings(
    looked_at: Iterable[Decided], everything: Sequence[Decided], anchors_of: AnchorsOf
) -> Iterator[Finding]:
    """Findings on links from some documents to headings that are not there; they name files relative to docs/."""
    linking = [
        one for one in looked_at if one.decision.extent is Extent.FULL and _has_fragments(one.document)
    ]
    if not linking:
        return
    by_path = {one.document.path: one.document for one in everything}
    by_address = {unquote(document.url).rstrip("/"): document for document in by_path.values()}
    known: dict[str, frozenset[str]] = {}
    for one in linking:
        for target in one.document.links:
            wanted = _fragment(target.address)
            there = _meant(target.address, one.document, by_path, by_address) if wanted else None
            if not wanted or there is None:
                continue
            if there.path not in known:
                known[there.path] = anchors_of(there)
            if wanted not in known[there.path]:
                message = _message(target.address, wanted, known[there.path])
                yield Finding(one.document.path, target.line, "", "link-anchor", message)


def _has_fragments(document: Document) -> bool:
    return any("#" in target.address for target in document.links)


def _fragment(address: str) -> str:
    return unquote(urlsplit(address).fragment) if "#" in address and is_address(address) else ""


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
    return by_path.get(resolve(address, document.folder) or "")


def _message(address: str, wanted: str, known: frozenset[str]) -> str:
    headings = sorted(anchor for anchor in known if not anchor.startswith(("fn", "__")))
    there = (
        f"那里有：{'、'.join(headings[:5])}{'…' if len(headings) > 5 else ''}" if headings else "那里没有标题"
    )
    return f"链接“{address}”指的标题“{wanted}”不存在。{there}。请改正或删去 # 以后的部分"
