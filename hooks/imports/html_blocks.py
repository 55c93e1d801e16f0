"""HTML, of an old page or of a converter, as the parts of a document.

Text is read once, in the order in which it stands. What has no place of its own in Markdown gives its text.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from selectolax.lexbor import LexborNode

from hooks.imports.blocks import Block
from hooks.imports.escaping import opening
from hooks.imports.html_tables import table_markdown
from hooks.imports.numbers_in_text import taken_label
from hooks.imports.spans import BREAK, Span, markdown, plain, trimmed
from hooks.imports.visible import UNSEEN, start_of

_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_MARKS: Final = {
    **{"b": "strong", "strong": "strong", "i": "em", "em": "em"},
    **{"s": "s", "strike": "s", "del": "s", "sup": "sup", "sub": "sub"},
}
_INLINE: Final = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "label",
        "mark",
        "o:p",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "br",
        "input",
        "-text",
    ]
)
_NOTE: Final = ("#footnote-", "#endnote-")
_NOTE_BACK: Final = ("#footnote-ref-", "#endnote-ref-")
_APART: Final = "<div></div>"
"""Between two lists that Markdown would take for one."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where pictures and links lead: each is given what the page says and answers what to write, "" for nothing."""

    picture: Callable[[str], str]
    link: Callable[[str], str]


def blocks_of(root: LexborNode, places: Places, *, without: frozenset[int] = frozenset()) -> list[Block]:
    """The parts below `root`; elements whose `mem_id` is in `without` left out."""
    return list(_parted(_Reader(places, without).below(root)))


def _parted(blocks: Iterator[Block]) -> Iterator[Block]:
    """Two lists in a row kept apart."""
    before = Block()
    for block in blocks:
        if before.label and block.label:
            yield Block(made=_APART)
        yield block
        before = block


@dataclass(frozen=True, slots=True)
class _Reader:
    places: Places
    without: frozenset[int]

    def below(self, node: LexborNode) -> Iterator[Block]:
        """The blocks of an element's content; words between them are paragraphs."""
        loose: list[Span] = []
        for child in node.iter(include_text=True):
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
        if tag in _HEADINGS:
            spans = trimmed(self._inside(node))
            yield from [Block(spans, _HEADINGS[tag])] if plain(spans).strip() else _paragraphs(list(spans))
        elif tag in ("ul", "ol"):
            yield from self._list(node)
        elif tag == "table":
            yield from self._table(node)
        elif tag == "blockquote":
            inner = _lines_of(list(self.below(node)))
            yield from (
                [Block(made="\n".join(f"> {line}".rstrip() for line in inner.split("\n")))] if inner else []
            )
        elif tag == "hr":
            yield Block(made="***")
        else:
            yield from self.below(node)

    def _table(self, node: LexborNode) -> Iterator[Block]:
        caption = node.css_first("caption")
        yield from _paragraphs(self._inside(caption)) if caption is not None else []
        made, pictures = table_markdown(node, self._cell)
        yield from [Block(made=made)] if made else []
        yield from (Block((picture,)) for picture in pictures)

    def _cell(self, cell: LexborNode) -> Sequence[Block]:
        return list(self.below(cell))

    def _list(self, node: LexborNode) -> Iterator[Block]:
        """A list in one block; broken where its numbers break off."""
        number = start_of(node)
        items: list[tuple[int, list[Block]]] = []
        for child in node.iter():
            if child.tag != "li":
                yield from self._made_list(node, items)
                items = []
                yield from self._block(child) if not self._is_out(child) else []
                continue
            label, content = taken_label(list(self.below(child)))
            if label and items and label != items[-1][0] + 1:
                yield from self._made_list(node, items)
                items = []
            number = label or number
            items.append((number, content))
            number += 1
        yield from self._made_list(node, items)

    def _made_list(self, node: LexborNode, items: list[tuple[int, list[Block]]]) -> Iterator[Block]:
        if _is_notes(node):
            yield from (Block(made=_indented(f"[^{n}]: ", content)) for n, content in items)
            return
        has_words = [any(block.text or block.made for block in content) for _, content in items]
        kept = [item for item, has in zip(items, has_words, strict=True) if has or node.tag == "ol"]
        if len(kept) == 1 and not _has_words_of_its_own(kept[0][1]):
            yield from kept[0][1]
            return
        if not kept:
            return
        made = [_indented(f"{n}. " if node.tag == "ol" else "- ", content) for n, content in kept]
        is_loose = any(len(content) > 1 and not content[1].label for _, content in kept)
        yield Block(made=("\n\n" if is_loose else "\n").join(made), label=node.tag or "")

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
        return self._inside(node, marks, self.places.link(target) if target else link)

    def _inside(self, node: LexborNode, marks: frozenset[str] = frozenset(), link: str = "") -> list[Span]:
        return [span for child in node.iter(include_text=True) for span in self.spans(child, marks, link)]

    def _note_alone(self, node: LexborNode) -> list[Span]:
        inner = self._inside(node)
        return inner if inner and all(span.kind == "note" for span in inner) else []

    def _picture(self, node: LexborNode, link: str) -> list[Span]:
        target = self.places.picture((node.attributes.get("src") or "").strip())
        alt = " ".join((node.attributes.get("alt") or "").split())
        return [Span(alt, link=link, kind="picture", target=target)] if target else []


def _has_words_of_its_own(content: Sequence[Block]) -> bool:
    """Whether an item is more than a list further in."""
    return any(not block.label for block in content) or not content


def _is_notes(node: LexborNode) -> bool:
    first = node.css_first("li")
    return first is not None and f"#{first.attributes.get('id') or ''}".startswith(_NOTE)


def _paragraphs(spans: list[Span]) -> Iterator[Block]:
    """The paragraphs in a run of words: a blank line, or an indent after a break, begins a new one."""
    whole = _spaced(spans)
    for part in whole:
        kept = trimmed(part)
        if kept and (plain(kept).strip() or any(span.kind != "text" for span in kept)):
            yield Block(kept)


def _spaced(spans: list[Span]) -> Iterator[list[Span]]:
    part: list[Span] = []
    for here, following in pairwise([*spans, Span("")]):
        if (
            here.kind == "text"
            and here.text == BREAK
            and (
                (following.kind == "text" and following.text[:1] in ("\u3000", BREAK))
                or following.text.startswith(("  ", "\xa0\xa0", " \u3000", " \xa0"))
            )
        ):
            yield part
            part = []
        else:
            part.append(here)
    yield part


def _lines_of(blocks: Sequence[Block]) -> str:
    """Blocks within another: no headings there."""
    return "\n\n".join(filter(None, (block.made or opening(markdown(block.spans)) for block in blocks)))


def _indented(mark: str, content: Sequence[Block]) -> str:
    """An item with its mark; what belongs to it stands four blanks in. A list right after the words needs no blank line."""
    if not content:
        return mark.rstrip()
    parts = [block.made or opening(markdown(block.spans)) for block in content]
    if content[0].label and mark[0] != "[":
        parts, content = ["", *parts], [Block(), *content]
    gaps = ["\n" if block.label and len(content) == 2 else "\n\n" for block in content[1:]]
    text = parts[0] + "".join(gap + part for gap, part in zip(gaps, parts[1:], strict=True))
    first, *more = text.split("\n")
    return "\n".join([f"{mark}{first}", *(f"    {line}" if line else "" for line in more)])
