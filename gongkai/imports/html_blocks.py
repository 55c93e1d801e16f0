"""HTML, of an old page or of a converter, as the parts of a document.

Text is read once, in the order in which it stands. What has no place of its own in Markdown gives its text.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final

from selectolax.lexbor import LexborNode

from gongkai.imports.blocks import Block, list_of, note_of, quotation_of, table_of, without_number_mark
from gongkai.imports.spans import BREAK, Span, text_of, trimmed
from gongkai.imports.visible import UNSEEN, has_within, start_of

_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_NO_HEADING: Final = "ul, ol, table, blockquote, h1, h2, h3, h4, h5, h6"
"""What in a heading tells that it is none: editors of old put whole pages into one."""
_MARKS: Final = {
    **{"b": "strong", "strong": "strong", "i": "em", "em": "em"},
    **{"s": "s", "strike": "s", "del": "s", "sup": "sup", "sub": "sub"},
}
_INLINE: Final = frozenset(
    [
        *("-text", "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del"),
        *("dfn", "em", "font", "i", "img", "input", "ins", "kbd", "label", "mark", "o:p", "q", "rp", "rt"),
        *("ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var"),
        *("wbr"),
    ]
)
_NOTE: Final = ("#footnote-", "#endnote-")
_NOTE_BACK: Final = ("#footnote-ref-", "#endnote-ref-")
_BETWEEN: Final = Block(markdown="<div></div>")
"""Between two lists or quotations that Markdown would take for one."""


@dataclass(frozen=True, slots=True)
class Targets:
    """Where pictures and links lead: each is given what the page says and answers what to write, "" for nothing."""

    picture: Callable[[str], str]
    link: Callable[[str], str]


def blocks_of(
    root: LexborNode, targets: Targets, *, without: frozenset[int] = frozenset(), has_marks: bool = False
) -> list[Block]:
    """The parts below `root`; elements whose `mem_id` is in `without` left out.

    `has_marks` says that numbered items begin with their `number_mark`: one without it is an indent alone.
    """
    return list(_Reader(targets, without, has_marks).below(root))


def _kept_apart(blocks: Iterator[Block]) -> Iterator[Block]:
    """Something between two lists or two quotations in a row."""
    before = Block()
    for block in blocks:
        if (before.list_tag and block.list_tag) or (before.markdown[:1] == block.markdown[:1] == ">"):
            yield _BETWEEN
        yield block
        before = block


@dataclass(frozen=True, slots=True)
class _Reader:
    targets: Targets
    without: frozenset[int]
    has_marks: bool

    def below(self, node: LexborNode) -> Iterator[Block]:
        """The blocks of an element's content; words between them are paragraphs."""
        return _kept_apart(self._among(node.iter(include_text=True)))

    def _among(self, children: Iterable[LexborNode]) -> Iterator[Block]:
        loose: list[Span] = []
        for child in children:
            if self._is_out(child):
                continue
            if self._is_inline(child):
                loose += self.spans(child)
                continue
            yield from _paragraphs(loose)
            loose = []
            yield from self._block(child)
        yield from _paragraphs(loose)

    def _is_out(self, node: LexborNode) -> bool:
        tag = node.tag or ""
        return tag in UNSEEN or node.mem_id in self.without or (tag != "-text" and tag.startswith(("-", "!")))

    def _is_inline(self, node: LexborNode) -> bool:
        """Pages of old put paragraphs into `font` and `span`; such an element is none of a line's."""
        if node.tag not in _INLINE:
            return False
        return node.tag == "-text" or all(self._is_inline(child) for child in node.iter())

    def _block(self, node: LexborNode) -> Iterator[Block]:
        tag = node.tag or ""
        if tag in _HEADINGS and not has_within(node, _NO_HEADING):
            spans = trimmed(self._inside(node))
            yield from [Block(spans, _HEADINGS[tag])] if text_of(spans).strip() else _paragraphs(spans)
        elif tag in ("ul", "ol"):
            yield from self._list(node)
        elif tag == "table":
            yield from self._table(node)
        elif tag == "blockquote":
            yield from quotation_of(list(self.below(node)))
        elif tag == "hr":
            yield Block(markdown="***", html="<hr>")
        else:
            yield from self.below(node)

    def _table(self, node: LexborNode) -> Iterator[Block]:
        for caption in (child for child in node.iter() if child.tag == "caption"):
            yield from self.below(caption)
        yield from table_of(node, lambda cell: list(self.below(cell)))

    def _list(self, node: LexborNode) -> Iterator[Block]:
        """A list in one block; broken where its numbers break off."""
        number = start_of(node)
        items: list[tuple[int, list[Block]]] = []
        for is_item, children in groupby(node.iter(include_text=True), key=lambda child: child.tag == "li"):
            between = [] if is_item else list(self._among(children))
            if between:
                yield from self._finished_list(node, items)
                items = []
                yield from between
            for child in children if is_item else ():
                marked, content = without_number_mark(list(self.below(child)))
                if marked and items and marked != items[-1][0] + 1:
                    yield from self._finished_list(node, items)
                    items = []
                number = marked or number
                items.append((number, content))
                number += 1
        yield from self._finished_list(node, items)

    def _finished_list(self, node: LexborNode, items: list[tuple[int, list[Block]]]) -> Iterator[Block]:
        if _is_notes(node):
            yield from (note_of(*item) for item in items)
            return
        has_words = [any(block.text or block.markdown for block in content) for _, content in items]
        kept = [item for item, has in zip(items, has_words, strict=True) if has or node.tag == "ol"]
        is_indent = node.tag == "ul" or self.has_marks
        if is_indent and len(kept) == 1 and not _has_words_of_its_own(kept[0][1]):
            yield from kept[0][1]
        elif kept:
            yield list_of(node.tag or "", kept)

    def spans(self, node: LexborNode, marks: frozenset[str] = frozenset(), link: str = "") -> list[Span]:
        tag = node.tag or ""
        if self._is_out(node):
            return []
        if tag == "-text":
            return [Span((node.text_content or "").replace("\n", " "), marks, link)]
        if tag == "br":
            return [Span(BREAK, marks, link)]
        if tag == "img":
            return self._picture(node, link)
        if tag == "a":
            return self._anchor(node, marks, link)
        alone = self._note_alone(node) if tag == "sup" else []
        return alone or self._inside(node, marks | {_MARKS[tag]} if tag in _MARKS else marks, link)

    def _anchor(self, node: LexborNode, marks: frozenset[str], link: str) -> list[Span]:
        target = (node.attributes.get("href") or "").strip()
        if target.startswith(_NOTE_BACK):
            return []
        if target.startswith(_NOTE):
            number = (node.text() or "").strip("[] \n")
            return [Span(number, kind="note", target=number)]
        return self._inside(node, marks, self.targets.link(target) if target else link)

    def _inside(self, node: LexborNode, marks: frozenset[str] = frozenset(), link: str = "") -> list[Span]:
        return [span for child in node.iter(include_text=True) for span in self.spans(child, marks, link)]

    def _note_alone(self, node: LexborNode) -> list[Span]:
        inner = self._inside(node)
        return inner if inner and all(span.kind == "note" for span in inner) else []

    def _picture(self, node: LexborNode, link: str) -> list[Span]:
        target = self.targets.picture((node.attributes.get("src") or "").strip())
        alt = " ".join((node.attributes.get("alt") or "").split())
        return [Span(alt, link=link, kind="picture", target=target)] if target else []


def _has_words_of_its_own(content: Sequence[Block]) -> bool:
    """Whether an item is more than a list further in."""
    return any(not block.list_tag for block in content) or not content


def _is_notes(node: LexborNode) -> bool:
    first = node.css_first("li")
    return first is not None and f"#{first.attributes.get('id') or ''}".startswith(_NOTE)


def _paragraphs(spans: Iterable[Span]) -> Iterator[Block]:
    """The paragraphs in a run of words: a blank line, or an indent after a break, begins a new one."""
    for part in _split_at_breaks(spans):
        kept = trimmed(part)
        if text_of(kept).strip() or any(span.kind != "text" for span in kept):
            yield Block(kept)


def _split_at_breaks(spans: Iterable[Span]) -> Iterator[list[Span]]:
    part: list[Span] = []
    for here, following in pairwise([*spans, Span("")]):
        if here.kind == "text" and here.text == BREAK and _begins_paragraph(following):
            yield part
            part = []
        else:
            part.append(here)
    yield part


def _begins_paragraph(span: Span) -> bool:
    if span.kind == "text" and span.text.startswith(("\u3000", BREAK)):
        return True
    return span.text.startswith(("  ", "\xa0\xa0", " \u3000", " \xa0"))
