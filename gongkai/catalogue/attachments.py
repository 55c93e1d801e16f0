"""Which files beside a document go public with it: those its front matter lists and those its body shows."""

import posixpath
from urllib.parse import unquote, urlsplit

from gongkai.records.reading import Document


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
    paths = (resolve(target.address, document.folder) for target in document.links)
    return frozenset(path for path in paths if path and not is_markdown(path))


def is_markdown(path: str) -> bool:
    """Whether MkDocs takes the file for a page's source."""
    return path.lower().endswith((".md", ".markdown", ".mdown", ".mkdn", ".mkd"))


def public_files(document: Document) -> frozenset[str]:
    """Every file, relative to docs/, that goes public with `document` when its body does."""
    return frozenset(path for path in listed(document) if path) | shown_in_body(document)
