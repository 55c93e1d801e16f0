"""The structure of a Markdown body: its comments, code, headings, tables and links; the one reader of each.

Comments, `<!-- … -->`: what a clerk takes out with one must not come to the public, wherever it stands. Python-Markdown
cuts a body into blocks before it looks for comments, so one that spans a blank line, or stands in a list, an
alternative text or a title, would come out as text. They are taken out of the source instead; code that shows one,
between fences or backticks, stays as it is.

Headings and tables are found in any text; whoever wants only those that a reader meets asks for those of `prose`.

`targets`, the links and pictures that a reader meets, decide what goes public with a body; `mentions`, all else that
looks like an address, are what a public body must not name, so there better one too many.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from gongkai.records.numbering import numbers_in

_FENCED = (
    r"^(?P<before>[ \t>]*)(?P<fence>`{3,}|~{3,})[^\n`]*\n"
    r"(?:(?P=before)[^\n]*\n|[ \t>]*\n)*?(?P=before)(?P=fence)[`~]*[ \t]*$"
)
_SPAN = r"(?<![`\\])(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n)(?s:.))+?(?<!`)(?P=ticks)(?!`)"
_COMMENT = r"(?P<comment>(?P<blank>[ \t]*)<!--(?:-?>|(?s:.*?)--!?>))"  # as browsers read it: `<!-->` is a whole one
CODE_OR_COMMENT = re.compile(f"{_FENCED}|{_SPAN}|{_COMMENT}", re.MULTILINE)
_CODE = re.compile(f"{_FENCED}|{_SPAN}", re.MULTILINE)
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$", re.MULTILINE)
_ROW = re.compile(r"\s*\|.*\|\s*$")
_RULE = re.compile(r"\s*\|(?:\s*:?-+:?\s*\|)+\s*$")
#: What parts the cells of a row; a bar written as `\|` parts none.
BAR = re.compile(r"(?<!\\)\|")

_TITLE = r"""(?:\s+(?:"[^"\n]*"|'[^'\n]*'|\([^()\n]*\)))?\s*"""
_ADDRESS = r"""(?:<([^>\n]+)>|((?:[^()<>"'\n]|\([^()\n]*\))+?))"""
_TARGET = re.compile(
    rf"""\]\(\s*{_ADDRESS}{_TITLE}\)"""
    r"""|\b(?:src|href|data|poster|srcset)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""",
    re.IGNORECASE,
)
_DEFINITION = re.compile(
    rf"""^[\s>]{{0,8}}\[(?!\^)([^\]\n]+)\]:[ \t]*\n?[ \t]*(?:<([^>\n]+)>|(\S+)){_TITLE}$""", re.MULTILINE
)
#: What parts one address from the next in any text: blanks, brackets, quotes, and Chinese punctuation.
_APART = re.compile(r"""[\s<>()\[\]{}"'`|=,;\\，。；、：？！“”‘’（）《》〈〉【】]+""")
_MAY_NAME = re.compile(r"[/／]|\.[A-Za-z]|&[#\w]")
_NAMES_A_FILE = re.compile(r"/|\.[A-Za-z]\w{1,4}(?:[?#]|$)")


class Heading(NamedTuple):
    """A heading of `level` 1 to 6 on line `line` (from 1)."""

    line: int
    level: int
    text: str


class Table(NamedTuple):
    """A table as written, its lines without blanks around them; `line` (from 1) is that of its head."""

    line: int
    head: str
    rule: str
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a body links to, as written; `line` counts from 1 in the file."""

    address: str
    line: int


def without_comments(body: str) -> str:
    """`body` without its comments; as many lines as before, so that places in it stay what they were."""
    return CODE_OR_COMMENT.sub(_blank_comment, body) if "<!--" in body else body


def cut_comments(body: str) -> str:
    """`body` without its comments and the lines that they alone stood on, as it is to be printed."""
    return CODE_OR_COMMENT.sub(_cut_comment, body) if "<!--" in body else body


def without_code(body: str, *, word: str = "") -> str:
    """`body` without what stands between fences or backticks; as many lines as before.

    `word` stands in the place of what was between backticks within a sentence.
    """
    if "`" not in body and "~~~" not in body:
        return body
    return _CODE.sub(lambda match: (word if match["ticks"] else "") + _line_breaks(match), body)


def prose(body: str, *, word: str = "") -> str:
    """`body` without comments and code, as many lines as before; `word` is that of `without_code`."""
    return without_code(without_comments(body), word=word)


def unclosed_comment(body: str) -> int | None:
    """The line of `body`, counted from 0, of a comment that has no end; None where there is none."""
    if "<!--" not in body:
        return None
    before, mark, _ = prose(body).partition("<!--")
    return before.count("\n") if mark else None


def _blank_comment(match: re.Match[str]) -> str:
    return match.group() if match["comment"] is None else _line_breaks(match)


def _cut_comment(match: re.Match[str]) -> str:
    """Nothing in a comment's place, but for the blank before it, which would keep a mark after it from closing."""
    if match["comment"] is None:
        return match.group()
    return "" if match.string[match.end() : match.end() + 1] in ("*", "_") else match["blank"]


def _line_breaks(match: re.Match[str]) -> str:
    return "\n" * match.group().count("\n")


def headings(text: str) -> Iterator[Heading]:
    """Every heading of `text` that is written with #."""
    line = 1
    place = 0
    for match in _HEADING.finditer(text):
        line += text.count("\n", place, match.start())
        place = match.start()
        yield Heading(line, len(match[1]), match[2])


def tables(text: str) -> Iterator[Table]:
    """Every table of `text` whose rows begin and end with a bar, as the importer writes them too."""
    table: list[str] = []
    for number, line in enumerate((*text.split("\n"), ""), 1):
        if _ROW.match(line):
            table.append(line.strip())
            continue
        if len(table) > 1 and _RULE.match(table[1]):
            yield Table(number - len(table), table[0], table[1], tuple(table[2:]))
        table = []


def cells(row: str) -> list[str]:
    """The cells of a row of a table, with the blanks around their words."""
    return BAR.split(row.strip().strip("|"))


def targets(body: str, first_line: int = 1) -> tuple[Target, ...]:
    """Every link and picture of a body, in its order; what only an example of code or a comment shows is none.

    `first_line` is the body's place in its file.
    """
    if "](" not in body and "]:" not in body and "=" not in body:
        return ()
    shown = prose(body)
    found = [*_written_links(shown), *_reference_links(shown)]
    return tuple(
        Target(html.unescape(address.strip()), first_line + shown.count("\n", 0, place))
        for place, address in sorted(found)
        if address.strip()
    )


def _written_links(text: str) -> Iterator[tuple[int, str]]:
    for match in _TARGET.finditer(text):
        address = next(filter(None, match.groups()), "")
        is_set = match.group().lower().startswith("srcset")
        for one in address.split(",") if is_set else (address,):
            yield match.start(), one.split()[0] if is_set and one.split() else one


def _reference_links(text: str) -> Iterator[tuple[int, str]]:
    """The addresses of references that are used."""
    definitions = list(_DEFINITION.finditer(text))
    if not definitions:
        return
    rest = " ".join(_DEFINITION.sub("", text).split()).casefold()
    for match in definitions:
        if f"[{' '.join(match[1].split())}]".casefold() in rest:
            yield match.start(), match[2] or match[3]


def mentions(body: str, first_line: int = 1) -> tuple[Target, ...]:
    """Whatever in a body could name a document or a file: addresses, file names, index numbers; comments left aside."""
    if not _MAY_NAME.search(body):
        return ()
    text = without_comments(body)
    found = []
    for number, line in enumerate(text.split("\n"), first_line):
        if _MAY_NAME.search(line):
            plain = html.unescape(line)
            words = (word for word in _APART.split(plain) if _NAMES_A_FILE.search(word))
            found += [Target(word, number) for word in dict.fromkeys((*words, *numbers_in(plain)))]
    return tuple(found)
