"""Anchors of headings without the table of contents that nobody prints.

Python-Markdown's `toc` gives each heading its anchor, and makes, serializes and tidies a table of contents for each
document. A page of ours has one only where its text asks for it with `[TOC]`.
"""

from xml.etree.ElementTree import Element

from markdown import Markdown  # type: ignore[import-untyped]  # ships no types
from markdown.extensions.toc import (  # type: ignore[import-untyped]  # ships no types
    TocExtension,
    TocTreeprocessor,
)


def make_contents_where_asked(markdown: Markdown) -> None:
    """Leave `markdown.toc` empty for a document that has no mark for it; its tokens and the anchors are as ever."""
    for extension in markdown.registeredExtensions:
        if type(extension) is TocExtension and type(markdown.treeprocessors["toc"]) is TocTreeprocessor:
            markdown.treeprocessors.register(_Anchors(markdown, extension.getConfigs()), "toc", 5)


class _Anchors(TocTreeprocessor):  # type: ignore[misc]  # the library ships no types
    _is_asked = False

    def run(self, doc: Element) -> None:
        texts = (element.text for element in doc.iter())
        self._is_asked = bool(self.marker) and any(text and self.marker in text for text in texts)
        super().run(doc)

    def build_toc_div(self, toc_list: list[dict[str, object]]) -> Element:
        return super().build_toc_div(toc_list) if self._is_asked else Element("div")

    def replace_marker(self, root: Element, elem: Element) -> None:
        if self._is_asked:
            super().replace_marker(root, elem)
