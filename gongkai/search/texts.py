"""Where the index takes its texts from: a document's own page, and files of what its attachments say.

Nothing is kept beside the pages for the search alone: what is indexed, and what a result shows, is what the page says.
Only the text of attachments lies in files of its own, named by content.
"""

import gzip
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser

from gongkai.records.plain_text import text_of_node
from gongkai.search.entry import AttachedPage, Entry
from gongkai.search.packing import content_name, packed

FOLDER = "search/index"
NAME_DIGITS = 16
_BODY = "data-document-body"


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
class Source:
    """Where a text lies: its page, files of its attachments' text, and what the index knows without reading."""

    page: Path
    attached: tuple[Path, ...]
    title: str
    index: str
    document_number: str


def text_of(entry: Entry) -> Text:
    """The text of `entry`."""
    said = (page.text for file in entry.attached for page in file.pages)
    return Text(entry.title, entry.index, entry.document_number, entry.text, "\n".join(said))


def read_text(source: Source) -> Text:
    """The text at `source`; raises ValueError or OSError where it is not to be read."""
    body = body_of_page(source.page.read_text("utf-8"))
    attached = "\n".join(read_attached(file.read_bytes()) for file in source.attached)
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


def read_attached(data: bytes) -> str:
    """All text in the bytes of such a file; raises ValueError where it is none."""
    try:
        return "\n".join(text for _, text in json.loads(gzip.decompress(data)))
    except (EOFError, OSError, zlib.error, TypeError) as problem:
        raise ValueError(f"no text of attachments: {problem}") from problem
