"""Which files beside a document go public with it: those its front matter lists and those its body shows."""

import posixpath
import re
from urllib.parse import unquote, urlsplit

from hooks.records.reading import Document

_TITLE = r"""(?:\s+(?:"[^"]*"|'[^']*'))?\s*"""
_TARGET = re.compile(
    rf"""\]\(\s*(?:<([^>]+)>|([^()<>"']+?)){_TITLE}\)"""
    r"""|\b(?:src|href)\s*=\s*["']([^"']+)"""
    rf"""|^\s{{0,3}}\[[^\]]+\]:\s*(?:<([^>]+)>|(\S+)){_TITLE}$""",
    re.MULTILINE,
)


def resolve(target: str, folder: str) -> str | None:
    """`target`, written in a document of `folder`, as a path relative to docs/; None when it leads elsewhere."""
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or not parts.path or parts.path.startswith("/"):
        return None
    path = posixpath.normpath(posixpath.join(folder, unquote(parts.path)))
    hidden = any(part.startswith(".") for part in path.split("/"))
    return None if hidden else path


def listed(document: Document) -> tuple[str | None, ...]:
    """The path of each attachment of the front matter, in its order; None for one outside docs/."""
    return tuple(resolve(attachment.file, document.folder) for attachment in document.record.attachments)


def shown_in_body(document: Document) -> frozenset[str]:
    """The paths of files that the body links to or shows, other documents left out."""
    targets = (next(filter(None, found)) for found in _TARGET.findall(document.body))
    paths = (resolve(target, document.folder) for target in targets)
    return frozenset(path for path in paths if path and not path.lower().endswith(".md"))


def public_files(document: Document) -> frozenset[str]:
    """Every file, relative to docs/, that goes public with `document` when its body does."""
    return frozenset(path for path in listed(document) if path) | shown_in_body(document)
