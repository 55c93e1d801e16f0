"""The sentences of a Markdown text: what its marks, codes and addresses are put aside, and lines of a paragraph joined.

Checks of language would otherwise trip over `](`, `!!!` and hard-wrapped lines.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate
from typing import Final, NamedTuple

from gongkai.records.markdown import prose

_FRONT: Final = re.compile(r"\A---[ \t]*\n(?:.*\n)*?---[ \t]*(?:\n|\Z)")
_TAG: Final = re.compile(r"</?[A-Za-z][^<>]*>")
_LINK: Final = re.compile(
    r"!?\[((?:[^\[\]\n\\]|\\.)*)\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)|\[[^\[\]\n]*\])"
)
_DEFINITION: Final = re.compile(r"^[ \t]{0,3}\[[^\]\n]+\]:.*$", re.MULTILINE)
_NOTE: Final = re.compile(r"\[\^[^\]\n]+\]:?")
_ATTRIBUTES: Final = re.compile(r"\{:?[ \t]*[#.\w][^{}\n]*\}")
_ICON: Final = re.compile(r"(?<![A-Za-z0-9_:]):[a-z][a-z0-9_+-]+:(?!:)")
_ADDRESS: Final = re.compile(r"<?\b(?:https?://|www\.|mailto:)[^\s<>()（）“”，。；、！|\u4e00-\u9fff]+>?")
_ADMONITION: Final = re.compile(
    r'^[ \t]*(?:!!!|\?\?\?\+?|===)[ \t][^"\n]*(?:"(?P<title>[^"\n]*)")?[ \t]*$', re.MULTILINE
)
_ESCAPE: Final = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
_MARKS: Final = re.compile(r"\*{1,3}|(?<![A-Za-z0-9])_{1,2}|_{1,2}(?![A-Za-z0-9])|~~|==|\^\^")
_RULE: Final = re.compile(r"^[ \t]*\|?[ \t]*:?-{2,}.*$", re.MULTILINE)
_OPENS: Final = re.compile(r"[ \t]*(?:#{1,6}[ \t]|\||[-*+][ \t]|\d{1,3}[.)][ \t]|>|<|:[ \t])|[ \t]*$")
_ITEM: Final = re.compile(r"[ \t]*(?:[-+*>]|\d{1,3}[.)])[ \t]")
_HEAD_OR_ROW: Final = re.compile(r"[ \t]*(?:#{1,6}[ \t]|\|)")


class Paragraph(NamedTuple):
    """A paragraph, list item, heading or table row as one line, and where its lines begin in it."""

    text: str
    line: int
    starts: tuple[int, ...]

    @property
    def is_item(self) -> bool:
        """Whether it is of a list or a quotation, whose last sentence may have no end."""
        return _ITEM.match(self.text) is not None

    def line_of(self, place: int) -> int:
        """The line of the source of a place in the text."""
        return self.line + bisect_right(self.starts, place) - 1


@lru_cache(maxsize=4)
def sentences(text: str) -> str:
    """`text` without what Markdown does not print; as many lines as before."""
    if text.startswith("---"):
        text = _FRONT.sub(_lines, text)
    text = prose(text, word="x")
    if "<" in text:
        text = _TAG.sub(_lines, text)
    if "[" in text:
        text = _LINK.sub(lambda match: match[1], text)
        text = _DEFINITION.sub("", _NOTE.sub("", text)) if "]:" in text or "[^" in text else text
    if "://" in text or "www." in text or "mailto:" in text:
        text = _ADDRESS.sub(" ", text)
    if "{" in text:
        text = _ATTRIBUTES.sub("", text)
    if "!!!" in text or "???" in text or "=== " in text:
        text = _ADMONITION.sub(lambda match: match["title"] or "", text)
    if ":" in text:
        text = _ICON.sub("", text)
    if "\\" in text:
        text = _ESCAPE.sub("", text)
    if "--" in text:
        text = _RULE.sub("", text)
    return _MARKS.sub("", text) if "*" in text or "_" in text or "~~" in text or "==" in text else text


@lru_cache(maxsize=4)
def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """The paragraphs of a text that `sentences` has cleared; kept, as several checks ask for the same."""
    return tuple(_paragraphs(text))


def _paragraphs(text: str) -> Iterator[Paragraph]:
    gathered: list[str] = []
    first = 1
    for number, line in enumerate(text.split("\n"), start=1):
        opens = _OPENS.match(line) is not None
        if gathered and (opens or _HEAD_OR_ROW.match(gathered[0])):
            yield _joined(gathered, first)
            gathered = []
        if line.strip():
            if not gathered:
                first = number
            gathered.append(line)
    if gathered:
        yield _joined(gathered, first)


def _joined(lines: list[str], first: int) -> Paragraph:
    if len(lines) == 1:
        return Paragraph(lines[0], first, (0,))
    pieces = [lines[0].rstrip(), *(line.strip() for line in lines[1:])]
    starts = (0, *accumulate(len(piece) for piece in pieces[:-1]))
    return Paragraph("".join(pieces), first, starts)


def _lines(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")
