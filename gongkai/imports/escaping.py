"""Text as Markdown that renders to exactly that text.

Chinese prose stays readable: only characters that Python-Markdown, or an extension the site is likely to
use, would take as markup are escaped, and marks that matter at the start of a block are escaped only there.
Where a backslash works it is used; elsewhere a character reference, which every extension leaves alone.
"""

import re
from typing import Final

_ANYWHERE: Final = str.maketrans(
    {mark: f"\\{mark}" for mark in "\\`*_{}[]#"} | {"<": "&lt;", ">": "&gt;", "|": "&#124;"}
)
_READ_AS_REFERENCE: Final = re.compile(r"&(?=#|[-.0-9A-Za-z]+;)")
_DOUBLED: Final = re.compile(r"~{2,}|\^{2,}|={2,}|\+{2,}")
_LIST_OR_NOTE: Final = re.compile(r"[-+](?=[-+\s]|$)|!(?=!!)")
_ORDERED: Final = re.compile(r"(\d+)([.)])(?=\s|$)")
_OPENING: Final = re.compile(r"\?(?=\?\?)|/(?=//)|:(?=[:\s])")


def escaped(text: str) -> str:
    """One line of text for the inside of a block: a heading's words, for example."""
    plain = _READ_AS_REFERENCE.sub("&amp;", text).translate(_ANYWHERE)
    return _DOUBLED.sub(lambda marks: f"&#{ord(marks[0][0])};" * len(marks[0]), plain)


def escaped_block(text: str) -> str:
    """One line of text that opens a block: a paragraph, or what follows the dash of a list item."""
    return opening(escaped(text))


def opening(inside: str) -> str:
    """Escaped text, or Markdown made of such, so that its first characters open no other block than a paragraph."""
    if _LIST_OR_NOTE.match(inside):
        return f"\\{inside}"
    if _OPENING.match(inside):
        return f"&#{ord(inside[0])};{inside[1:]}"
    return _ORDERED.sub(r"\1\\\2", inside, count=1) if _ORDERED.match(inside) else inside
