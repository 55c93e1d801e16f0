"""Texts as checks read them: a place in one, one writing of it, its sentences, and what stands around a number.

What a clerk's eye reads as the same is written the same here: full-width digits and letters, HTML entities, escapes of
addresses (a file's name can hold an identity number), characters of no width and Chinese numerals in long runs become
plain digits and letters. Lines stay what they were; places within a line may move.
"""

import html
import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate
from typing import Final, NamedTuple
from urllib.parse import unquote

from gongkai.records.chinese import ANY_DIGIT, TO_ASCII_DIGITS, narrowing
from gongkai.records.markdown import BAR, prose

_LONG_NUMBER = re.compile(r"[0-9０-９](?:[ -]?[0-9０-９]){9,}[Xx]?")
_WIDE: Final = re.compile("[０-９Ａ-Ｚａ-ｚ＠]")
_NARROW: Final = narrowing("０", "９") | narrowing("＠", "ｚ")
_ESCAPED: Final = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_NO_WIDTH: Final = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]+")
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,30});")
_NUMERALS: Final = re.compile(f"[{ANY_DIGIT}幺]{{11,}}")
_DIGITS: Final = TO_ASCII_DIGITS | {ord("幺"): ord("1")}  # as telephone numbers are spoken
_REACH: Final = 24
_FRONT: Final = re.compile(r"\A---[ \t]*\n(?:.*\n)*?---[ \t]*(?:\n|\Z)")
_TAG: Final = re.compile(r"</?[A-Za-z][^<>]*>")
_LINK: Final = re.compile(r"!?\[((?:[^\[\]\n\\]|\\.)*)\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)|\[[^\[\]\n]*\])")
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


class Spot(NamedTuple):
    """`line` counts from 1 in the text that was looked at; `excerpt` holds no number in full."""

    line: int
    code: str
    message: str
    excerpt: str


def masked(words: str) -> str:
    """`words` with its middle hidden: four characters at the front and three at the end at most are left."""
    if len(words) < 10:
        return words[0] + "*" * (len(words) - 2) + words[-1] if len(words) > 2 else words[:1] + "*"
    return words[:4] + "****" + words[-3:]


def without_numbers(words: str) -> str:
    """`words`, as long as before, with the middle of every number of ten digits and more hidden."""
    return _LONG_NUMBER.sub(lambda match: match[0][:4] + "*" * (len(match[0]) - 7) + match[0][-3:], words)


def line_at(text: str, place: int) -> int:
    """The line, from 1, of a place in `text`."""
    return text.count("\n", 0, place) + 1


def lines_with(form: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each line of `text` in which a match of `form` begins, which is never at a line break."""
    end = -1
    for match in form.finditer(text):
        if match.start() > end:
            start = text.rfind("\n", 0, match.start()) + 1
            end = text.find("\n", start)
            end = len(text) if end < 0 else end
            yield start, end


@lru_cache(maxsize=4)
def normalised(text: str) -> str:
    """`text` in one writing, with as many lines as before; kept, as several checks ask for the same."""
    if "%" in text:
        text = _ESCAPED.sub(lambda match: unquote(match[0]).replace("\n", " "), text)
    if "&" in text:
        text = _ENTITY.sub(lambda match: html.unescape(match[0]).replace("\n", " "), text)
    if not text.isascii():
        if _NO_WIDTH.search(text):
            text = _NO_WIDTH.sub("", text)
        if _WIDE.search(text):
            text = text.translate(_NARROW)
        if _NUMERALS.search(text):
            text = _NUMERALS.sub(lambda match: match[0].translate(_DIGITS), text)
    return text


class Context(NamedTuple):
    """`before` and `after` are of the same line and cell; `head` is the first cell of the number's column, or ""."""

    before: str
    after: str
    head: str
    line: str


def context_of(text: str, start: int, end: int) -> Context:
    """What stands around `text[start:end]`."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    before, after = text[first:start], text[end:last]
    head = ""
    if "|" in before or "|" in after:
        head = _head(text, first, len(BAR.findall(before)))
        before, after = BAR.split(before)[-1], BAR.split(after)[0]
    return Context(before[-_REACH:], after[:_REACH], head, text[first:last])


def head_line(text: str, first: int) -> str:
    """The first line of the table that has a line starting at `first`; "" where that is the line itself."""
    head = ""
    while first > 0:
        start = text.rfind("\n", 0, first - 1) + 1
        line = text[start : first - 1]
        if "|" not in line:
            break
        head, first = line, start
    return head


def _head(text: str, first: int, column: int) -> str:
    cells = BAR.split(head_line(text, first))
    return cells[column].strip() if column < len(cells) else ""


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
