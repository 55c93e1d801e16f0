"""The sitemap (sitemaps.org protocol): an index, and a file for each year, so that past years' files never change."""

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

from hooks.catalogue.listings import Browsing
from hooks.outputs.files import OutputFile

_XMLNS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_HEAD = '<?xml version="1.0" encoding="utf-8"?>'


def sitemaps(browse: Browsing, *, site_url: str) -> Iterator[OutputFile]:
    """`/sitemap.xml`, `/sitemaps/<year>.xml`, and `/sitemaps/pages.xml` for the pages that list."""
    listed = ["", "years/", "departments/", *(listing.base for listing in browse)]
    files = [
        OutputFile("sitemaps/pages.xml", _urls(f"<loc>{escape(site_url + page)}</loc>" for page in listed))
    ]
    for year in browse.years:
        entries = (
            f"<loc>{escape(site_url + public.url)}</loc><lastmod>{public.record.published.isoformat()}</lastmod>"
            for public in year.documents
        )
        files.append(OutputFile(f"sitemaps/{year.documents[0].year}.xml", _urls(entries)))
    index = [f"<sitemap><loc>{escape(site_url + file.path)}</loc></sitemap>" for file in files]
    yield from files
    yield OutputFile("sitemap.xml", _text(_HEAD, f"<sitemapindex {_XMLNS}>", *index, "</sitemapindex>"))


def _urls(entries: Iterable[str]) -> bytes:
    return _text(_HEAD, f"<urlset {_XMLNS}>", *(f"<url>{entry}</url>" for entry in entries), "</urlset>")


def _text(*lines: str) -> bytes:
    return ("\n".join(lines) + "\n").encode()
