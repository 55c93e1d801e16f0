"""One place in a text that a check points at, and how it may be shown: reports go to logs, so never in full."""

import re
from typing import NamedTuple

_LONG_NUMBER = re.compile(r"[0-9０-９](?:[ -]?[0-9０-９]){9,}[Xx]?")


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
