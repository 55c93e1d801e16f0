"""Atom feeds (RFC 4287): `/feed.xml` for the whole site, `/feeds/<column>.xml` for each column.

What was corrected, repealed or withdrawn comes back to the top with its note, whatever its age.
"""

from collections.abc import Iterable, Iterator
from heapq import nlargest
from xml.sax.saxutils import escape, quoteattr

from gongkai.catalogue.order import PublicDocument, validity_notice
from gongkai.outputs import OutputFile

ENTRIES = 50
_EPOCH = "1970-01-01T00:00:00Z"


def feed(path: str, about: str, documents: Iterable[PublicDocument], *, organisation: str, site_url: str) -> OutputFile:
    """The feed at `path` (`feed.xml`), of what `latest` chose; `about` names a column, "" for the whole site."""
    newest = tuple(documents)
    title = f"{organisation}政府信息公开" + (f"：{about}" if about else "")
    updated = newest[0].updated.isoformat() if newest else _EPOCH
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">',
        f"<title>{escape(title)}</title>",
        f"<id>{escape(site_url + path)}</id>",
        f'<link rel="self" href={quoteattr(site_url + path)}/>',
        f"<updated>{updated}</updated>",
        f"<author><name>{escape(organisation)}</name></author>",
        *_entries(newest, site_url),
        "</feed>",
        "",
    ]
    return OutputFile(path, "\n".join(lines).encode())


def latest(documents: Iterable[PublicDocument]) -> tuple[PublicDocument, ...]:
    """The documents that a feed lists: those that changed last, first."""
    return tuple(nlargest(ENTRIES, documents, key=lambda d: (d.updated, d.record.published, d.record.index)))


def _entries(documents: Iterable[PublicDocument], site_url: str) -> Iterator[str]:
    for public in documents:
        record = public.record
        yield "<entry>"
        yield f"<title>{escape(record.title)}</title>"
        yield f"<id>{escape(site_url + record.index.address)}</id>"
        yield f"<link href={quoteattr(site_url + public.url)}/>"
        yield f"<published>{record.published.isoformat()}</published><updated>{public.updated.isoformat()}</updated>"
        yield f"<category term={quoteattr(public.document.column)}/>"
        summary = "\n".join(_summary(public))
        if summary:
            yield f"<summary>{escape(summary)}</summary>"
        yield "</entry>"


def _summary(public: PublicDocument) -> Iterator[str]:
    """What became of the document, the latest first, then its abstract."""
    if not public.has_body:
        yield public.decision.reason
    notice = validity_notice(public)
    if notice:
        yield notice
    for change in reversed(public.record.changes):
        yield f"{change.date.isoformat()} {change.note}"
    if public.record.description:
        yield public.record.description
