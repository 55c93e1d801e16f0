"""Paragraphs and headings of one line, known by their first characters.

Python-Markdown asks up to fifteen block processors about each block; the last one makes paragraphs. A line that begins
with a Chinese character, a Latin letter or a number without a full stop is none of the others' (a list needs
`1. `, a table two lines, the rest a mark in front). A block processor that is not in the table switches this off.
"""

import re
from xml.etree.ElementTree import Element

from markdown import Markdown  # type: ignore[import-untyped]  # ships no types
from markdown.blockparser import BlockParser  # type: ignore[import-untyped]  # ships no types
from markdown.blockprocessors import BlockProcessor  # type: ignore[import-untyped]  # ships no types

#: By name, because to import an extension that a site does not use would cost time.
_KNOWN = frozenset(
    (
        "markdown.blockprocessors.EmptyBlockProcessor",
        "markdown.blockprocessors.ListIndentProcessor",
        "markdown.blockprocessors.CodeBlockProcessor",
        "markdown.blockprocessors.HashHeaderProcessor",
        "markdown.blockprocessors.SetextHeaderProcessor",
        "markdown.blockprocessors.HRProcessor",
        "markdown.blockprocessors.OListProcessor",
        "markdown.blockprocessors.UListProcessor",
        "markdown.blockprocessors.BlockQuoteProcessor",
        "markdown.blockprocessors.ReferenceProcessor",
        "markdown.blockprocessors.ParagraphProcessor",
        "markdown.extensions.admonition.AdmonitionProcessor",
        "markdown.extensions.footnotes.FootnoteBlockProcessor",
        "markdown.extensions.sane_lists.SaneOListProcessor",
        "markdown.extensions.sane_lists.SaneUListProcessor",
        "markdown.extensions.tables.TableProcessor",
        "pymdownx.details.DetailsProcessor",
        "pymdownx.superfences.SuperFencesCodeBlockProcessor",
    )
)


def know_plain_blocks(markdown: Markdown) -> None:
    """Let plain blocks go straight to the library's processors for paragraphs and headings."""
    processors = markdown.parser.blockprocessors
    if {f"{type(p).__module__}.{type(p).__qualname__}" for p in processors} <= _KNOWN:
        processors.register(_PlainBlocks(markdown.parser), "gongkai-plain", 200)


class _PlainBlocks(BlockProcessor):  # type: ignore[misc]  # the library ships no types
    """Asked before all others."""

    _PARAGRAPH = re.compile(r"(?:[^\x00-\x7f\d]|[A-Za-z]|\d+[^\d.\n])[^\n]*\Z")

    def __init__(self, parser: BlockParser) -> None:
        super().__init__(parser)
        self._heading = parser.blockprocessors["hashheader"]
        self._paragraph = parser.blockprocessors["paragraph"]

    def test(self, parent: Element, block: str) -> bool:
        if block.startswith("#"):
            return "\n" not in block and self._heading.test(parent, block)
        return self._PARAGRAPH.match(block) is not None

    def run(self, parent: Element, blocks: list[str]) -> None:
        (self._heading if blocks[0].startswith("#") else self._paragraph).run(parent, blocks)
