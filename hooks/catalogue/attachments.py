"""Which files beside a document go public with it: those its front matter lists and those its body shows."""

import posixpath
import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from hooks.records.reading import Document

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
    """Where the body links to, as written; `line` counts from 1 in the body."""

    address: str
    line: int


def targets(body: str) -> tuple[Target, ...]:
    """Every link and picture of a body, in its order; one in a code example counts too: better one too many."""
    found = []
    line = 1
    position = 0
    for match in _TARGET.finditer(body):
        line += body.count("\n", position, match.start())
        position = match.start()
        found.append(Target(next(filter(None, match.groups())).strip(), line))
    return tuple(found)


def is_address(address: str) -> bool:
    """Whether an address can be taken apart at all (RFC 3986); browsers and MkDocs fail on others."""
    try:
        urlsplit(address)
    except ValueError:
        return False
    return True


def resolve(address: str, folder: str) -> str | None:
    """`address`, written in a document of `folder`, as a path relative to docs/; None when it leads elsewhere."""
    if not is_address(address):
        return None
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not parts.path or parts.path.startswith("/"):
        return None
    return inside(unquote(parts.path), folder)


def inside(name: str, folder: str) -> str | None:
    """A file's name as written in `folder`, as a path relative to docs/; None for a hidden one or one outside."""
    path = posixpath.normpath(posixpath.join(folder, name))
    return None if any(part.startswith(".") for part in path.split("/")) else path


def listed(document: Document) -> tuple[str | None, ...]:
    """The path of each attachment of the front matter, in its order; None for one outside docs/."""
    return tuple(inside(attachment.file, document.folder) for attachment in document.record.attachments)


def shown_in_body(document: Document) -> frozenset[str]:
    """The paths of files that the body links to or shows, other documents left out."""
    paths = (resolve(target.address, document.folder) for target in targets(document.body))
    return frozenset(path for path in paths if path and not is_markdown(path))


def is_markdown(path: str) -> bool:
    """Whether MkDocs takes the file for a page's source."""
    return path.lower().endswith((".md", ".markdown", ".mdown", ".mkdn", ".mkd"))


def public_files(document: Document) -> frozenset[str]:
    """Every file, relative to docs/, that goes public with `document` when its body does."""
    return frozenset(path for path in listed(document) if path) | shown_in_body(document)
