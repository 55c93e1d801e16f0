"""Inline marks, sought only where one can be.

Python-Markdown tries each of its inline patterns on each text of a document: over a third of the time that a page
costs. Each regular expression needs a certain character in what it matches, and ordinary Chinese prose has none of
them; such texts are kept out of its sight. An expression that is not in the table switches this off.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import chain
from xml.etree.ElementTree import Element

from markdown import Markdown, inlinepatterns  # type: ignore[import-untyped]  # ships no types
from markdown.treeprocessors import (  # type: ignore[import-untyped]  # ships no types
    InlineProcessor,
    UnescapeTreeprocessor,
)
from markdown.util import STX  # type: ignore[import-untyped]  # ships no types

#: A regular expression of Python-Markdown 3.11 → what stands, one or the other, in everything that it matches.
_NEEDS: Mapping[str, tuple[str, ...]] = {
    inlinepatterns.BACKTICK_RE: ("`",),
    inlinepatterns.ESCAPE_RE: ("\\",),
    inlinepatterns.LINK_RE: ("[",),
    inlinepatterns.IMAGE_LINK_RE: ("[",),
    inlinepatterns.AUTOLINK_RE: ("<",),
    inlinepatterns.AUTOMAIL_RE: ("<",),
    inlinepatterns.LINE_BREAK_RE: ("  \n",),
    inlinepatterns.HTML_RE: ("<",),
    inlinepatterns.ENTITY_RE: ("&",),
    r"\[\^([^\]]*)\]": ("[",),  # footnotes
    r"\*|_": ("*", "_"),
}


def seek_marks_where_they_can_be(markdown: Markdown) -> None:
    """Put the quicker processors of this module in place of the library's, if these are there as it made them."""
    if type(markdown.treeprocessors["inline"]) is InlineProcessor and _is_known(markdown.inlinePatterns):
        markdown.treeprocessors.register(_Inline(markdown), "inline", 20)
    if type(markdown.treeprocessors["unescape"]) is UnescapeTreeprocessor:
        markdown.treeprocessors.register(_Unescape(markdown), "unescape", 0)


def _is_known(patterns: Iterable[inlinepatterns.Pattern]) -> bool:
    return all(
        isinstance(pattern, inlinepatterns.InlineProcessor) and pattern.getCompiledRegExp().pattern in _NEEDS
        for pattern in patterns
    )


class _Inline(InlineProcessor):  # type: ignore[misc]  # the library ships no types
    """The library's own work, on the texts only that may hold a mark or a placeholder."""

    _MAY_HOLD = re.compile("|".join(map(re.escape, sorted({STX, *chain.from_iterable(_NEEDS.values())}))))

    def run(self, tree: Element, ancestors: list[str] | None = None) -> Element:
        plain, has_marks = self._hide_plain(tree)
        super().run(tree if has_marks else Element(tree.tag), ancestors)
        for element, text, tail in plain:
            element.text = text or element.text
            element.tail = tail or element.tail
        return tree

    def _hide_plain(self, tree: Element) -> tuple[list[tuple[Element, str | None, str | None]], bool]:
        """Take the plain texts out of `tree`: each element with the text and the tail it had; is anything left?"""
        may_hold = self._MAY_HOLD.search
        plain, has_marks = [], False
        for element in tree.iter():
            text, tail = element.text, element.tail
            if text:
                if may_hold(text):
                    text, has_marks = None, True
                else:
                    element.text = None
            if tail:
                if may_hold(tail):
                    tail, has_marks = None, True
                else:
                    element.tail = None
            if text or tail:
                plain.append((element, text, tail))
        return plain, has_marks


class _Unescape(UnescapeTreeprocessor):  # type: ignore[misc]  # the library ships no types
    """The library's own work, on the texts only that hold a placeholder."""

    def run(self, root: Element) -> None:
        for element in root.iter():
            if element.text and STX in element.text and element.tag != "code":
                element.text = self.unescape(element.text)
            if element.tail and STX in element.tail:
                element.tail = self.unescape(element.tail)
