"""Atom feeds (RFC 4287): `/feed.xml` for the whole site, `/feeds/<column>.xml` for each column."""

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from hooks.catalogue.order import PublicDocument
from hooks.outputs.files import OutputFile

ENTRIES = 50
_EPOCH = "1970-01-01T00:00:00Z"


def feed(
    path: str, about: str, documents: Iterable[PublicDocument], *, organisation: str, site_url: str
) -> OutputFile:
    """The feed at `path` (`feed.xml`), its newest document first; `about` names a column, "" for the whole site."""
    newest = tuple(documents)
    title = f"{organisation}政府信息公开" + (f"：{about}" if about else "")
    updated = newest[0].record.published.isoformat() if newest else _EPOCH
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


def _entries(documents: Iterable[PublicDocument], site_url: str) -> Iterator[str]:
    for public in documents:
        record = public.record
        moment = record.published.isoformat()
        yield "<entry>"
        yield f"<title>{escape(record.title)}</title>"
        yield f"<id>{escape(site_url + record.index.address)}</id>"
        yield f"<link href={quoteattr(site_url + public.url)}/>"
        yield f"<published>{moment}</published><updated>{moment}</updated>"
        yield f"<category term={quoteattr(public.document.column)}/>"
        if record.description and public.has_body:
            yield f"<summary>{escape(record.description)}</summary>"
        yield "</entry>"
