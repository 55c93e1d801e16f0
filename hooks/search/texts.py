"""What the search keeps of each document: a file with all that a result shows and all that is looked into.

Named by its content, so that it stays where it is whatever segment lists it, and a changed document has a new one.
"""

import gzip
import json
import zlib
from dataclasses import dataclass

from hooks.search.entry import Entry
from hooks.search.packing import content_name, packed

FOLDER = "search/index"
NAME_DIGITS = 16
_SHOWN = ("url", "title", "index", "document_number", "published", "text")


@dataclass(frozen=True, slots=True)
class Text:
    """The part of a text file that is looked into."""

    title: str
    index: str
    document_number: str
    text: str


def text_file(entry: Entry) -> tuple[str, bytes]:
    """The path of a document's text file, relative to the site's root, and its bytes."""
    shown = {key: getattr(entry, key) for key in _SHOWN}
    raw = json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode()
    return f"{FOLDER}/{text_path(content_name(raw, digits=NAME_DIGITS))}", packed(raw)


def text_path(name: str) -> str:
    """Where below the index's folder the text of that name lies."""
    return f"texts/{name[:2]}/{name[2:]}.bin"


def text_name(path: str) -> str:
    """The name of the text that lies at `path`."""
    folder, _, rest = path.rpartition("/")
    return folder[-2:] + rest.removesuffix(".bin")


def read_text(data: bytes) -> Text:
    """The text in the bytes of its file; raises ValueError or OSError where they are none."""
    try:
        shown = json.loads(gzip.decompress(data))
        return Text(shown["title"], shown["index"], shown["document_number"], shown["text"])
    except (EOFError, zlib.error, KeyError, TypeError) as problem:
        raise ValueError(f"no text of a document: {problem}") from problem
