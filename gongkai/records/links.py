"""Where a document's body leads: its links and pictures, and all else in it that looks like an address.

The former decide what goes public with the body, so they are those that a reader meets; the latter what a public body
must not name, so there better one too many.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from gongkai.records.comments import without_code, without_comments
from gongkai.records.numbering import numbers_in

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


@dataclass(frozen=True, slots=True)
class Target:
    """Where a body links to, as written; `line` counts from 1 in the file."""

    address: str
    line: int


def targets(body: str, first_line: int = 1) -> tuple[Target, ...]:
    """Every link and picture of a body, in its order; what only an example of code or a comment shows is none.

    `first_line` is the body's place in its file.
    """
    if "](" not in body and "]:" not in body and "=" not in body:
        return ()
    shown = without_code(without_comments(body))
    found = [*_inline(shown), *_defined(shown)]
    return tuple(
        Target(html.unescape(address.strip()), first_line + shown.count("\n", 0, place))
        for place, address in sorted(found)
        if address.strip()
    )


def _inline(text: str) -> Iterator[tuple[int, str]]:
    for match in _TARGET.finditer(text):
        address = next(filter(None, match.groups()), "")
        is_set = match.group().lower().startswith("srcset")
        for one in address.split(",") if is_set else (address,):
            yield match.start(), one.split()[0] if is_set and one.split() else one


def _defined(text: str) -> Iterator[tuple[int, str]]:
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
