"""The words of a paragraph with their marks (bold, a link, a note), and how Markdown and HTML write them."""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Final

from gongkai.imports.escaping import escaped
from gongkai.imports.outline import BLANKS

BREAK: Final = "\n"
"""The text of a line break within a paragraph."""
_RUN_OF_BLANKS: Final = re.compile(r"[ \t\r\f\xa0]+")
_TAGS: Final = ("strong", "em", "s", "sup", "sub")
_BESIDE: Final = frozenset(("strong", "em"))


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


def plain(spans: Iterable[Span]) -> str:
    """The words alone; pictures and notes have none."""
    return "".join(span.text for span in spans if span.kind == "text")


def trimmed(spans: Iterable[Span]) -> Spans:
    """Blanks in a row made one, those at both ends of the paragraph and of its lines gone; empty spans gone."""
    kept = [_quiet(span) for span in spans]
    kept = _cut(_cut(kept, "lstrip", False), "rstrip", True)
    return tuple(span for span in kept if span.text or span.kind != "text")


def _quiet(span: Span) -> Span:
    if span.kind != "text":
        return span
    text = re.sub(r"[ \u3000]*\n[ \u3000]*", BREAK, _RUN_OF_BLANKS.sub(" ", span.text))
    return replace(span, text=text)


def _cut(spans: list[Span], side: str, backwards: bool) -> list[Span]:
    order = range(len(spans) - 1, -1, -1) if backwards else range(len(spans))
    for at in order:
        if spans[at].kind != "text":
            break
        text = spans[at].text.rstrip(BLANKS) if side == "rstrip" else spans[at].text.lstrip(BLANKS)
        spans[at] = replace(spans[at], text=text)
        if text:
            break
    return spans


def parted(spans: Spans, length: int) -> tuple[Spans, Spans]:
    """The spans of the first `length` characters, and the rest."""
    head: list[Span] = []
    for at, span in enumerate(spans):
        size = len(span.text) if span.kind == "text" else 0
        if size >= length:
            rest = replace(span, text=span.text[length:])
            return (*head, replace(span, text=span.text[:length])), trimmed((rest, *spans[at + 1 :]))
        head.append(span)
        length -= size
    return tuple(head), ()


def lines_of_spans(spans: Iterable[Span]) -> Iterator[Spans]:
    """The spans of each line between breaks."""
    line: list[Span] = []
    for span in spans:
        first, *more = span.text.split(BREAK) if span.kind == "text" else [span.text]
        line.append(replace(span, text=first))
        for text in more:
            yield trimmed(line)
            line = [replace(span, text=text)]
    yield trimmed(line)


def bare(spans: Iterable[Span]) -> Spans:
    """Without bold and italic, as a heading has it: the heading says it."""
    return tuple(replace(span, marks=span.marks - _BESIDE) for span in spans)


def markdown(spans: Iterable[Span]) -> str:
    """As Markdown for the inside of a block, on one line."""
    joined = list(_joined(spans))
    beside = [bool(a.marks & _BESIDE and b.marks & _BESIDE) for a, b in pairwise(joined)]
    close = [False, *beside, False]
    written = [_written(span, stars=not (close[at] or close[at + 1])) for at, span in enumerate(joined)]
    return "".join(_no_picture(one, after) for one, after in pairwise([*written, ""]))


def _no_picture(written: str, after: str) -> str:
    """An exclamation mark kept from making a picture of the link behind it."""
    return f"{written[:-1]}\\!" if written.endswith("!") and after.startswith("[") else written


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Neighbours of the same kind as one: a converter leaves a word in three pieces. Blanks carry no marks."""
    calm = (replace(span, marks=frozenset()) if _is_blank(span) else span for span in spans)
    for (kind, marks, link), group in groupby(calm, key=lambda span: (span.kind, span.marks, span.link)):
        together = list(group)
        if kind == "text":
            yield Span("".join(span.text for span in together), marks, link)
        else:
            yield from together


def _is_blank(span: Span) -> bool:
    return span.kind == "text" and not span.text.strip(BLANKS)


def _written(span: Span, *, stars: bool) -> str:
    if span.kind == "note":
        return f"[^{span.target}]"
    if span.kind == "picture":
        return _linked(f"![{_one_line(escaped(span.text))}]({_address(span.target)})", span.link)
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


def _one_line(text: str) -> str:
    return " ".join(text.split())


def as_html(spans: Sequence[Span]) -> str:
    """As HTML for a cell of a table that Markdown cannot write; pictures are left to the caller."""
    return "".join(map(_tagged, _joined(spans)))


def _tagged(span: Span) -> str:
    if span.kind == "note":
        return f'<sup><a href="#fn:{span.target}">{span.target}</a></sup>'
    if span.kind == "picture":
        return ""
    inside = html.escape(span.text, quote=False).replace(BREAK, "<br>")
    for tag in reversed(_TAGS):
        inside = f"<{tag}>{inside}</{tag}>" if tag in span.marks else inside
    is_elsewhere = "://" in span.link or span.link.startswith("mailto:")
    return f'<a href="{html.escape(span.link)}">{inside}</a>' if is_elsewhere else inside
