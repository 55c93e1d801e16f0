"""HTML, of an old page or of a converter, as the parts of a document.

Text is read once, in the order in which it stands. What has no place of its own in Markdown gives its text.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final

from selectolax.lexbor import LexborNode

from gongkai.imports.blocks import Block
from gongkai.imports.escaping import opening
from gongkai.imports.html_tables import html_of, pictures_of, table_of
from gongkai.imports.numbers_in_text import taken_label
from gongkai.imports.spans import BREAK, Span, markdown, plain, trimmed
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
"""Between two lists or quotations that Markdown would take for one."""
_NOTHING: Final = "&nbsp;"
"""What an empty item holds: a number alone is none to Markdown."""
_MEANINGFUL: Final = str.maketrans({mark: f"&#{ord(mark)};" for mark in "\\`*_{}[]"})
"""Within a list or a quotation Markdown reads the words of a table in HTML too."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where pictures and links lead: each is given what the page says and answers what to write, "" for nothing."""

    picture: Callable[[str], str]
    link: Callable[[str], str]


def blocks_of(
    root: LexborNode, places: Places, *, without: frozenset[int] = frozenset(), is_labelled: bool = False
) -> list[Block]:
    """The parts below `root`; elements whose `mem_id` is in `without` left out.

    `is_labelled` says that lists have their numbers as `numbers_in_text`: an item without one is an indent alone.
    """
    return list(_Reader(places, without, is_labelled).below(root))


def _parted(blocks: Iterator[Block]) -> Iterator[Block]:
    """Two lists or two quotations in a row kept apart."""
    before = Block()
    for block in blocks:
        if (before.label and block.label) or (before.made[:1] == block.made[:1] == ">"):
            yield Block(made=_APART)
        yield block
        before = block


@dataclass(frozen=True, slots=True)
class _Reader:
    places: Places
    without: frozenset[int]
    is_labelled: bool

    def below(self, node: LexborNode) -> Iterator[Block]:
        """The blocks of an element's content; words between them are paragraphs."""
        return _parted(self._among(node.iter(include_text=True)))

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
            yield from [Block(spans, _HEADINGS[tag])] if plain(spans).strip() else _paragraphs(list(spans))
        elif tag in ("ul", "ol"):
            yield from self._list(node)
        elif tag == "table":
            yield from self._table(node)
        elif tag == "blockquote":
            yield from _quotation(list(self.below(node)))
        elif tag == "hr":
            yield Block(made="***", html="<hr>")
        else:
            yield from self.below(node)

    def _table(self, node: LexborNode) -> Iterator[Block]:
        for caption in (child for child in node.iter() if child.tag == "caption"):
            yield from self.below(caption)
        yield from table_of(node, self._cell)

    def _cell(self, cell: LexborNode) -> Sequence[Block]:
        return list(self.below(cell))

    def _list(self, node: LexborNode) -> Iterator[Block]:
        """A list in one block; broken where its numbers break off."""
        number = start_of(node)
        items: list[tuple[int, list[Block]]] = []
        for is_item, children in groupby(node.iter(include_text=True), key=lambda child: child.tag == "li"):
            between = [] if is_item else list(self._among(children))
            if between:
                yield from self._made_list(node, items)
                items = []
                yield from between
            for child in children if is_item else ():
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
        is_indent = node.tag == "ul" or self.is_labelled
        if is_indent and len(kept) == 1 and not _has_words_of_its_own(kept[0][1]):
            yield from kept[0][1]
            return
        if not kept:
            return
        yield _list_of(node.tag or "", kept)

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


def _list_of(tag: str, items: Sequence[tuple[int, list[Block]]]) -> Block:
    made = [_indented(f"{n}. " if tag == "ol" else "- ", content) for n, content in items]
    is_loose = any(_needs_blank_lines(content) for _, content in items)
    is_loose |= any(content and content[0].made for _, content in items[1:])  # a dash alone marks a heading
    start = f' start="{items[0][0]}"' if tag == "ol" and items[0][0] != 1 else ""
    inside = "".join(f"<li>{html_of(content)}</li>" for _, content in items)
    pictures = tuple(picture for _, content in items for picture in pictures_of(content))
    whole = ("\n\n" if is_loose else "\n").join(made)
    return Block(made=whole, label=tag, html=f"<{tag}{start}>{inside}</{tag}>", held=pictures)


def _needs_blank_lines(content: Sequence[Block]) -> bool:
    """Whether an item is more than words and a list after them, or a list alone."""
    first, *more = content or [Block()]
    is_more = (
        len(more) > 1 or any(not block.label for block in more) or (bool(first.made) and not first.label)
    )
    return is_more or any("\n\n" in block.made for block in content)


def _quotation(blocks: Sequence[Block]) -> Iterator[Block]:
    inner = "\n\n".join(filter(None, map(_inner, blocks)))
    if inner:
        made = "\n".join(f"> {line}" if line else ">" for line in inner.split("\n"))
        yield Block(
            made=made, html=f"<blockquote>{html_of(blocks)}</blockquote>", held=tuple(pictures_of(blocks))
        )


def _inner(block: Block) -> str:
    """A block as it stands within another."""
    if block.made.startswith("<table"):
        return block.made.translate(_MEANINGFUL)
    return block.made or opening(markdown(block.spans))


def _indented(mark: str, content: Sequence[Block]) -> str:
    """An item with its mark; what belongs to it stands four blanks in. A list right after the words needs no blank line."""
    if not content:
        return f"{mark}{_NOTHING}"
    parts = [_inner(block) for block in content]
    if content[0].made and mark[0] != "[":
        parts, content = ["", *parts], [Block(), *content]
    is_tight = not _needs_blank_lines(content)
    gaps = ["\n" if block.label and is_tight else "\n\n" for block in content[1:]]
    text = parts[0] + "".join(gap + part for gap, part in zip(gaps, parts[1:], strict=True))
    first, *more = text.split("\n")
    return "\n".join([f"{mark}{first}", *(f"    {line}" if line else "" for line in more)])
