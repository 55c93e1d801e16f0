"""A document's body as HTML: Python-Markdown with the site's extensions, links led to addresses."""

import posixpath
from collections.abc import Callable, Mapping, Sequence
from typing import TypedDict
from urllib.parse import quote, unquote, urlsplit, urlunsplit
from xml.etree.ElementTree import Element

import markdown  # type: ignore[import-untyped]  # ships no types
from markdown.treeprocessors import Treeprocessor  # type: ignore[import-untyped]  # ships no types

from gongkai.catalogue.attachments import resolve
from gongkai.pages.python_markdown import leave_out_comments, take_shortcuts
from gongkai.records.markdown import cut_comments
from gongkai.records.reading import Document

#: The address, relative to the site's root, of what lies at a path of docs/; None where the public finds nothing.
AddressOf = Callable[[str], str | None]


class TocToken(TypedDict):
    """A heading as Python-Markdown's extension `toc` tells it."""

    level: int
    id: str
    name: str
    children: list["TocToken"]


_LINKS = {"a": "href", "img": "src"}


class Converter:
    """Makes bodies one after another with one Markdown instance: making it anew costs a sixth of a body."""

    def __init__(self, extensions: Sequence[str], configs: Mapping[str, Mapping[str, object]]) -> None:
        instance = markdown.Markdown(extensions=[*extensions], extension_configs={**configs})
        self._markdown = take_shortcuts(instance)
        leave_out_comments(instance)
        self._links = _Links()
        self._markdown.treeprocessors.register(self._links, "gongkai-links", 0)

    def html(self, body: str, document: Document, address_of: AddressOf) -> str:
        """`body`, that of `document`; links to other documents and files lead from its page to theirs."""
        self._links.document, self._links.address_of = document, address_of
        html: str = self._markdown.reset().convert(cut_comments(body))
        return html

    @property
    def toc_tokens(self) -> list[TocToken]:
        """The headings of the body made last; none without the extension `toc`."""
        return getattr(self._markdown, "toc_tokens", [])


class _Links(Treeprocessor):  # type: ignore[misc]  # the library ships no types
    """Leads links that are written from file to file (`../plans/2025.md`) from page to page (`../../plans/2025/`)."""

    document: Document
    address_of: AddressOf

    def run(self, root: Element) -> None:
        for element in root.iter():
            attribute = _LINKS.get(element.tag)
            written = element.get(attribute) if attribute else None
            if attribute and written:
                element.set(attribute, self._led(written))

    def _led(self, written: str) -> str:
        path = resolve(written, self.document.folder)
        address = self.address_of(path) if path else None
        if address is None:
            return written
        parts = urlsplit(written)
        return urlunsplit(("", "", relative(address, self.document.url), parts.query, parts.fragment))


def relative(address: str, page: str) -> str:
    """`address` as a link from `page`; both percent-encoded and relative to the site's root."""
    path = posixpath.relpath(unquote(address) or ".", unquote(page) or ".")
    return quote(path) + ("/" if address.endswith("/") or not address else "")
