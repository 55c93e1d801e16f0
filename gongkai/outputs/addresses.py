"""Where documents are, for machines and for old links: the sitemap, `/id/` pages, pages at addresses that were left.

The sitemap (sitemaps.org protocol) is an index and a file for each year, so that past years' files never change.
`/id/<index number>/` leads to a number's document, wherever that lies.
"""

from collections.abc import Iterable, Iterator
from html import escape
from typing import NamedTuple
from urllib.parse import unquote
from xml.sax.saxutils import escape as xml_escape

from gongkai.catalogue.listings import Listings
from gongkai.catalogue.order import PublicDocument
from gongkai.catalogue.register import Claims
from gongkai.outputs import OutputFile
from gongkai.records.reading import address_of

_XMLNS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_XML = '<?xml version="1.0" encoding="utf-8"?>'
_REDIRECT = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><meta http-equiv="refresh" content="0; url={address}">
<title>{heading}</title>
<p>{before}<a href="{address}">{title}</a></p>
"""


def sitemap_of_year(year: int, documents: Iterable[PublicDocument], *, site_url: str) -> OutputFile:
    """`/sitemaps/<year>.xml`: the documents of a year of publication."""
    entries = (
        f"<loc>{xml_escape(site_url + public.url)}</loc><lastmod>{public.updated.isoformat()}</lastmod>"
        for public in documents
    )
    return OutputFile(_sitemap_path(year), _url_set(entries))


def sitemap_of_pages(addresses: Iterable[str], *, site_url: str) -> OutputFile:
    """`/sitemaps/pages.xml`: the pages that list."""
    entries = (f"<loc>{xml_escape(site_url + page)}</loc>" for page in addresses)
    return OutputFile(_sitemap_path("pages"), _url_set(entries))


def sitemap_index(years: Iterable[int], *, site_url: str) -> OutputFile:
    """`/sitemap.xml`, which names the others."""
    paths = (_sitemap_path("pages"), *map(_sitemap_path, years))
    index = [f"<sitemap><loc>{xml_escape(site_url + path)}</loc></sitemap>" for path in paths]
    return OutputFile("sitemap.xml", _lines(_XML, f"<sitemapindex {_XMLNS}>", *index, "</sitemapindex>"))


def listing_addresses(lists: Listings) -> tuple[str, ...]:
    """The first page of everything that lists."""
    return ("", "years/", "departments/", *(listing.base for listing in lists))


def _sitemap_path(name: int | str) -> str:
    return f"sitemaps/{name}.xml"


def _url_set(entries: Iterable[str]) -> bytes:
    return _lines(_XML, f"<urlset {_XMLNS}>", *(f"<url>{entry}</url>" for entry in entries), "</urlset>")


def _lines(*lines: str) -> bytes:
    return ("\n".join(lines) + "\n").encode()


def identifier_page(public: PublicDocument) -> OutputFile:
    """The page at a document's `/id/` address."""
    number, title = public.record.index.text, public.record.title
    page = _redirect(f"id/{number}/", public.url, heading=f"信息索取号 {number}", before="", title=title)
    return OutputFile(f"id/{number}/index.html", page)


class Redirect(NamedTuple):
    """An old address and the present one, both relative to the site's root and percent-encoded."""

    old: str
    new: str
    title: str


def redirects(documents: Iterable[PublicDocument], claims: Claims) -> Iterator[Redirect]:
    """The addresses that public documents had and have left, but for those where another document now is."""
    if not claims:
        return
    everything = tuple(documents)
    taken = {public.url.casefold() for public in everything}
    for public in everything:
        claim = claims.get(public.record.index.text.casefold())
        for path in claim.paths if claim else ():
            old = address_of(path)
            if old.casefold() not in taken:
                taken.add(old.casefold())
                yield Redirect(old, public.url, public.record.title)


def redirect_page(redirect: Redirect) -> OutputFile:
    """The page at an old address."""
    path, title = unquote(redirect.old), redirect.title
    page = _redirect(path, redirect.new, heading=title, before="这个文件已移到：", title=title)
    return OutputFile(f"{path}index.html", page)


def _redirect(path: str, url: str, *, heading: str, before: str, title: str) -> bytes:
    """A page at `path` that leads to `url`; its links are relative, so the site may lie below any address."""
    address = escape("../" * path.count("/") + url)
    page = _REDIRECT.format(address=address, heading=escape(heading), before=before, title=escape(title))
    return page.encode()
