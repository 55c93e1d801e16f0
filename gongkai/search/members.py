"""A document as the index lists it, and where its text lies. What is not public never becomes a member.

Nothing is kept beside the pages for the search alone: what is indexed, and what a result shows, is what the page says.
Only the text of attachments lies in files of its own, named by content.
"""

import gzip
import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser

from gongkai.records.plain_text import text_of_node
from gongkai.search.packing import content_name, packed

FOLDER = "search/index"
NAME_DIGITS = 16
_BODY = "data-document-body"
_SEAM = "\n"


class AttachedPage(NamedTuple):
    """The text of one page of an attachment; `number` is None where its kind has no pages."""

    number: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """What of a document is looked into."""

    title: str
    index: str
    document_number: str
    text: str
    attached: str = ""

    @property
    def digest(self) -> str:
        """What tells it from every other text; files of attachments are named by what they say."""
        parts = (self.title, self.index, self.document_number, self.text)
        return content_name("\0".join(parts).encode("utf-8", "surrogatepass"), digits=NAME_DIGITS)


@dataclass(frozen=True, slots=True)
class Member:
    """All that the index says of a document; `text` is the digest of what is looked into."""

    text: str
    published: str  # "2018-07-26T09:55:00+08:00"
    index: str  # index number
    url: str  # relative to the site's root
    title: str
    document_number: str  # "" when none
    year: int
    column: str  # key
    department: str  # key or ""
    genre: str  # as written, or ""
    validity: str  # a key of opening.VALIDITY
    has_files: bool
    attached: str = ""  # of each attachment with text its name, its address and the name of its file, as JSON

    @property
    def files(self) -> str:
        return "yes" if self.has_files else ""

    @property
    def mark(self) -> str:
        """What it is known by from build to build: any change makes it another document."""
        parts = (self.text, self.published, self.index, self.url, self.title, self.document_number)
        groups = (str(self.year), self.column, self.department, self.genre, self.validity, self.files)
        said = _SEAM.join((*parts, *groups, self.attached))
        return content_name(said.encode("utf-8", "surrogatepass"), digits=20)


def listed_attachments(listed: Iterable[tuple[str, str, str]]) -> str:
    """What a member says of attachments: of each the name shown for it, its address, the name of its file."""
    found = [list(one) for one in listed]
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")) if found else ""


def order_key(member: Member) -> tuple[float, str, str]:
    """Newest first, and by index number within an instant: a total order."""
    return -datetime.fromisoformat(member.published).timestamp(), member.index, member.url


def shown(member: Member) -> tuple[str, ...]:
    """What a result shows of it, in the order in which a block of names has it."""
    numbers = (member.index, member.document_number, member.published)
    return (member.url, member.title, *numbers, member.attached, member.column, member.department)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a text lies: below `site`; the rest is as a member has it."""

    site: Path
    url: str
    title: str
    index: str
    document_number: str
    attached: str


def source_of(site: Path, member: Member) -> Source:
    return Source(site, member.url, member.title, member.index, member.document_number, member.attached)


def read_text(source: Source) -> Text:
    """The text at `source`; raises ValueError or OSError where it is not to be read."""
    body = body_of_page((source.site / page_path(source.url)).read_text("utf-8"))
    names = [name for _, _, name in json.loads(source.attached)] if source.attached else []
    attached = "\n".join(_read_attached((source.site / attached_path(name)).read_bytes()) for name in names)
    return Text(source.title, source.index, source.document_number, body, attached)


def body_of_page(html: str) -> str:
    """The visible text of a document's body as its page shows it; "" where the page has none."""
    start = html.find(_BODY)
    if start < 0:
        return ""
    body = LexborHTMLParser(html[html.rfind("<", 0, start) :]).css_first(f"[{_BODY}]")
    return text_of_node(body) if body is not None else ""


def page_path(url: str) -> str:
    """The file of the page at `url`, both relative to the site's root."""
    return f"{unquote(url)}index.html"


def attached_file(address: str, pages: Sequence[AttachedPage]) -> tuple[str, bytes]:
    """The name of the file with the text of the attachment at `address`, and its bytes."""
    raw = json.dumps([list(page) for page in pages], ensure_ascii=False, separators=(",", ":"))
    data = raw.encode("utf-8", "surrogatepass")
    return content_name(address.encode(), b"\0", data, digits=NAME_DIGITS), packed(data)


def attached_path(name: str) -> str:
    """Where the file of that name lies, relative to the site's root."""
    return f"{FOLDER}/files/{name}.bin"


def _read_attached(data: bytes) -> str:
    """All text in the bytes of such a file; raises ValueError where it is none."""
    try:
        return "\n".join(text for _, text in json.loads(gzip.decompress(data)))
    except (EOFError, OSError, zlib.error, TypeError) as problem:
        raise ValueError(f"no text of attachments: {problem}") from problem
