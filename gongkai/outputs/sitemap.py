"""The sitemap (sitemaps.org protocol): an index, and a file for each year, so that past years' files never change."""

from collections.abc import Iterable
from xml.sax.saxutils import escape

from gongkai.catalogue.listings import Listings
from gongkai.catalogue.order import PublicDocument
from gongkai.outputs.files import OutputFile

_XMLNS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_HEAD = '<?xml version="1.0" encoding="utf-8"?>'


def sitemap_of_year(year: int, documents: Iterable[PublicDocument], *, site_url: str) -> OutputFile:
    """`/sitemaps/<year>.xml`: the documents of a year of publication."""
    entries = (
        f"<loc>{escape(site_url + public.url)}</loc><lastmod>{public.updated.isoformat()}</lastmod>"
        for public in documents
    )
    return OutputFile(_path(year), _urls(entries))


def sitemap_of_pages(addresses: Iterable[str], *, site_url: str) -> OutputFile:
    """`/sitemaps/pages.xml`: the pages that list."""
    return OutputFile(_path("pages"), _urls(f"<loc>{escape(site_url + page)}</loc>" for page in addresses))


def sitemap_index(years: Iterable[int], *, site_url: str) -> OutputFile:
    """`/sitemap.xml`, which names the others."""
    paths = (_path("pages"), *map(_path, years))
    index = [f"<sitemap><loc>{escape(site_url + path)}</loc></sitemap>" for path in paths]
    return OutputFile("sitemap.xml", _text(_HEAD, f"<sitemapindex {_XMLNS}>", *index, "</sitemapindex>"))


def listing_addresses(lists: Listings) -> tuple[str, ...]:
    """The first page of everything that lists."""
    return ("", "years/", "departments/", *(listing.base for listing in lists))


def _path(name: int | str) -> str:
    return f"sitemaps/{name}.xml"


def _urls(entries: Iterable[str]) -> bytes:
    return _text(_HEAD, f"<urlset {_XMLNS}>", *(f"<url>{entry}</url>" for entry in entries), "</urlset>")


def _text(*lines: str) -> bytes:
    return ("\n".join(lines) + "\n").encode()
