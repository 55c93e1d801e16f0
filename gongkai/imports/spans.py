"""The words of a paragraph with their marks (bold, a link, a note), and how Markdown and HTML write them.

Written text renders to exactly the text it was. Chinese prose stays readable: only characters that Python-Markdown, or
an extension the site is likely to use, would take as markup are escaped, and marks that matter at the start of a block
are escaped only there. Where a backslash works it is used; elsewhere a character reference, which every extension
leaves alone.
"""

import html
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Final

BREAK: Final = "\n"
"""The text of a line break within a paragraph."""
BLANKS: Final = (
    " \t\n\r\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\u200b\u2060\ufeff"
)
"""What is cut from both ends of a line: Unicode's white space, the zero-width blank and the BOM."""
_RUN_OF_BLANKS: Final = re.compile(r"[ \t\r\f\xa0]+")
_TAGS: Final = ("strong", "em", "s", "sup", "sub")
_EMPHASIS: Final = frozenset(("strong", "em"))

_MARKUP: Final = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_{}[]#"} | {"<": "&lt;", ">": "&gt;", "|": "&#124;"})
_READ_AS_REFERENCE: Final = re.compile(r"&(?=#|[-.0-9A-Za-z]+;)")
_DOUBLED: Final = re.compile(r"~{2,}|\^{2,}|={2,}|\+{2,}")
_LIST_OR_NOTE: Final = re.compile(r"[-+](?=[-+\s]|$)|!(?=!!)")
_ORDERED: Final = re.compile(r"(\d+)([.)])(?=\s|$)")
_OPENING: Final = re.compile(r"\?(?=\?\?)|/(?=//)|:(?=[:\s])")


def escaped(text: str) -> str:
    """One line of text for the inside of a block: a heading's words, for example."""
    plain = _READ_AS_REFERENCE.sub("&amp;", text).translate(_MARKUP)
    return _DOUBLED.sub(lambda marks: f"&#{ord(marks[0][0])};" * len(marks[0]), plain)


def opening(inside: str) -> str:
    """Escaped text, or Markdown made of such, so that its first characters open no other block than a paragraph."""
    if _LIST_OR_NOTE.match(inside):
        return f"\\{inside}"
    if _OPENING.match(inside):
        return f"&#{ord(inside[0])};{inside[1:]}"
    return _ORDERED.sub(r"\1\\\2", inside, count=1) if _ORDERED.match(inside) else inside


@dataclass(frozen=True, slots=True)
class Span:
    text: str
    """As a reader sees it; for a picture its alternative text, for a note its number."""
    marks: frozenset[str] = frozenset()
    """Among strong, em, s, sup and sub."""
    link: str = ""
    kind: str = "text"
    """text, picture or note."""
    target: str = ""
    """The file of a picture, the name of a note."""


Spans = tuple[Span, ...]


def text_of(spans: Iterable[Span]) -> str:
    """The words alone; pictures and notes have none."""
    return "".join(span.text for span in spans if span.kind == "text")


def trimmed(spans: Iterable[Span]) -> Spans:
    """Blanks in a row made one, those at both ends of the paragraph and of its lines gone; empty spans gone."""
    return _without_outer_blanks(map(_with_single_blanks, spans))


def _with_single_blanks(span: Span) -> Span:
    if span.kind != "text":
        return span
    text = re.sub(r"[ \u3000]*\n[ \u3000]*", BREAK, _RUN_OF_BLANKS.sub(" ", span.text))
    return replace(span, text=text)


def _without_outer_blanks(spans: Iterable[Span]) -> Spans:
    kept = list(spans)
    _strip(kept, range(len(kept)), str.lstrip)
    _strip(kept, range(len(kept) - 1, -1, -1), str.rstrip)
    return tuple(span for span in kept if span.text or span.kind != "text")


def _strip(spans: list[Span], order: Iterable[int], strip: Callable[[str, str], str]) -> None:
    """Strip spans in place, up to the first that has something left."""
    for at in order:
        if spans[at].kind != "text":
            return
        spans[at] = replace(spans[at], text=strip(spans[at].text, BLANKS))
        if spans[at].text:
            return


def split_at(spans: Spans, length: int) -> tuple[Spans, Spans]:
    """The spans of the first `length` characters, and the rest."""
    head: list[Span] = []
    for at, span in enumerate(spans):
        size = len(span.text) if span.kind == "text" else 0
        if size >= length:
            first, rest = replace(span, text=span.text[:length]), replace(span, text=span.text[length:])
            return _without_outer_blanks((*head, first)), _without_outer_blanks((rest, *spans[at + 1 :]))
        head.append(span)
        length -= size
    return _without_outer_blanks(head), ()


def without_emphasis(spans: Iterable[Span]) -> Spans:
    """Without bold and italic, as a heading has it: the heading says it."""
    return tuple(replace(span, marks=span.marks - _EMPHASIS) for span in spans)


def as_markdown(spans: Iterable[Span]) -> str:
    """As Markdown for the inside of a block, on one line."""
    joined = list(_joined(spans))
    beside = [bool(a.marks & _EMPHASIS and b.marks & _EMPHASIS) for a, b in pairwise(joined)]
    touches = [False, *beside, False]
    written = [_written(span, stars=not (touches[at] or touches[at + 1])) for at, span in enumerate(joined)]
    return "".join(_no_picture(one, after) for one, after in pairwise([*written, ""]))


def _no_picture(written: str, after: str) -> str:
    """An exclamation mark kept from making a picture of the link behind it."""
    return f"{written[:-1]}\\!" if written.endswith("!") and after.startswith("[") else written


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Neighbours of the same kind as one: a converter leaves a word in three pieces. Blanks carry no marks."""
    unmarked = (replace(span, marks=frozenset()) if _is_blank(span) else span for span in spans)
    for (kind, marks, link), group in groupby(unmarked, key=lambda span: (span.kind, span.marks, span.link)):
        if kind == "text":
            yield Span("".join(span.text for span in group), marks, link)
        else:
            yield from group


def _is_blank(span: Span) -> bool:
    return span.kind == "text" and not span.text.strip(BLANKS)


def _written(span: Span, *, stars: bool) -> str:
    if span.kind == "note":
        return f"[^{span.target}]"
    if span.kind == "picture":
        words = " ".join(escaped(span.text).split())
        return _linked(f"![{words}]({_address(span.target)})", span.link)
    core = span.text.strip(BLANKS)
    if not core:
        return span.text.replace(BREAK, "<br>")
    start = span.text.index(core)
    inside = _marked("<br>".join(map(escaped, core.split(BREAK))), span.marks, stars=stars)
    before, after = span.text[:start], span.text[start + len(core) :]
    return f"{before}{_linked(inside, span.link)}{after}".replace(BREAK, "<br>")


def _marked(text: str, marks: frozenset[str], *, stars: bool) -> str:
    for tag in reversed(_TAGS):
        if tag in marks:
            star = {"strong": "**", "em": "*"}.get(tag, "") if stars else ""
            text = f"{star}{text}{star}" if star else f"<{tag}>{text}</{tag}>"
    return text


def _linked(text: str, link: str) -> str:
    return f"[{text}]({_address(link)})" if link else text


def _address(target: str) -> str:
    return f"<{target}>" if re.search(r"[\s()]", target) else target


def as_html(spans: Sequence[Span]) -> str:
    """As HTML for a cell of a table that Markdown cannot write; pictures are left to the caller."""
    return "".join(map(_tagged, _joined(spans)))


def _tagged(span: Span) -> str:
    if span.kind == "note":
        return f'<sup><a href="#fn:{span.target}">{span.target}</a></sup>'
    if span.kind == "picture":
        return ""
    words = html.escape(span.text, quote=False).replace(BREAK, "<br>")
    inside = _marked(words, span.marks, stars=False)
    is_elsewhere = "://" in span.link or span.link.startswith("mailto:")
    return f'<a href="{html.escape(span.link)}">{inside}</a>' if is_elsewhere else inside
