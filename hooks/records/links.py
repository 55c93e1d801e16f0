"""Where a document's body leads: every address of a link or picture in it, with its line."""

import re
from dataclasses import dataclass

_TITLE = r"""(?:\s+(?:"[^"]*"|'[^']*'))?\s*"""
_ADDRESS = r"""(?:<([^>\n]+)>|((?:[^()<>"'\n]|\([^()\n]*\))+?))"""
_TARGET = re.compile(
    rf"""\]\(\s*{_ADDRESS}{_TITLE}\)"""
    r"""|\b(?:src|href)\s*=\s*["']([^"'\n]+)"""
    rf"""|^\s{{0,3}}\[[^\]\n]+\]:\s*(?:<([^>\n]+)>|(\S+)){_TITLE}$""",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a body links to, as written; `line` counts from 1 in the file."""

    address: str
    line: int


def targets(body: str, first_line: int = 1) -> tuple[Target, ...]:
    """Every link and picture of a body, in its order; one in a code example counts too: better one too many.

    `first_line` is the body's place in its file.
    """
    if "](" not in body and "]:" not in body and "=" not in body:
        return ()
    found = []
    line = first_line
    position = 0
    for match in _TARGET.finditer(body):
        line += body.count("\n", position, match.start())
        position = match.start()
        found.append(Target(next(filter(None, match.groups())).strip(), line))
    return tuple(found)
