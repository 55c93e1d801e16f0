"""Python-Markdown as this site runs it: no comment comes to a page, and the same HTML else, for a third of the time.

Comments: readers do not see those in raw HTML, and clerks do not expect them to be read, so they stay home.
`records.markdown` has taken out what it knows of the source; `leave_out_comments` sees to declarations, processing
instructions, and comments that only the parser's own reading of the source makes. Python-Markdown sets raw HTML aside
piece by piece and puts it back last of all; code that a document shows is escaped by then, so what still begins with
`<!` or `<?` is a comment, a declaration or a processing instruction. An HTML parser reads one that is not closed to the
end of the page, and so does this.

Time: `take_shortcuts` keeps from the library what it would look through in vain, each only where the extensions are
known.

- Inline marks: each of its patterns is tried on each text of a document, over a third of the time that a page costs.
  Each regular expression needs a certain character in what it matches, and ordinary Chinese prose has none of them.
- Blocks: up to fifteen processors are asked about each block; the last one makes paragraphs. A line that begins with a
  Chinese character, a Latin letter or a number without a full stop is none of the others' (a list needs `1. `, a table
  two lines, the rest a mark in front).
- Contents: `toc` gives each heading its anchor, and makes, serializes and tidies a table of contents for each document.
  A page of ours has one only where its text asks for it with `[TOC]`.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import chain
from xml.etree.ElementTree import Element

from markdown import Markdown, inlinepatterns  # type: ignore[import-untyped]  # ships no types
from markdown.blockparser import BlockParser  # type: ignore[import-untyped]  # ships no types
from markdown.blockprocessors import BlockProcessor  # type: ignore[import-untyped]  # ships no types
from markdown.extensions.toc import TocExtension, TocTreeprocessor  # type: ignore[import-untyped]  # ships no types
from markdown.postprocessors import Postprocessor  # type: ignore[import-untyped]  # ships no types
from markdown.treeprocessors import InlineProcessor, UnescapeTreeprocessor  # type: ignore[import-untyped]  # ships no types
from markdown.util import STX  # type: ignore[import-untyped]  # ships no types

_UNSEEN = re.compile(r"<!--.*?(?:--!?>|\Z)|<[!?].*?(?:>|\Z)", re.DOTALL)
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
#: By name, because to import an extension that a site does not use would cost time.
_KNOWN_BLOCKS = frozenset(
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


def leave_out_comments(markdown: Markdown) -> None:
    """Let no comment of a body's raw HTML come to the page."""
    markdown.postprocessors.register(_Comments(markdown), "gongkai-comments", 100)


class _Comments(Postprocessor):  # type: ignore[misc]  # the library ships no types
    """Runs before raw HTML is put back."""

    def run(self, text: str) -> str:
        pieces = self.md.htmlStash.rawHtmlBlocks
        for place, piece in enumerate(pieces):
            if isinstance(piece, str) and ("<!" in piece or "<?" in piece):
                pieces[place] = _UNSEEN.sub("", piece)
            if pieces[place] == "" or str(pieces[place]).isspace():
                text = text.replace(f"<p>{self.md.htmlStash.get_placeholder(place)}</p>", "")
        return text


def take_shortcuts(markdown: Markdown) -> Markdown:
    """`markdown` itself, all its extensions loaded; one whose extensions are not known stays as it is."""
    _seek_marks_where_they_can_be(markdown)
    _know_plain_blocks(markdown)
    _make_contents_where_asked(markdown)
    return markdown


def _seek_marks_where_they_can_be(markdown: Markdown) -> None:
    """Put the quicker processors of this module in place of the library's, if these are there as it made them."""
    if type(markdown.treeprocessors["inline"]) is InlineProcessor and _are_known(markdown.inlinePatterns):
        markdown.treeprocessors.register(_Inline(markdown), "inline", 20)
    if type(markdown.treeprocessors["unescape"]) is UnescapeTreeprocessor:
        markdown.treeprocessors.register(_Unescape(markdown), "unescape", 0)


def _are_known(patterns: Iterable[inlinepatterns.Pattern]) -> bool:
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


def _know_plain_blocks(markdown: Markdown) -> None:
    """Let plain blocks go straight to the library's processors for paragraphs and headings."""
    processors = markdown.parser.blockprocessors
    if {f"{type(p).__module__}.{type(p).__qualname__}" for p in processors} <= _KNOWN_BLOCKS:
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


def _make_contents_where_asked(markdown: Markdown) -> None:
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
