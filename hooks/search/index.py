"""The files a static site needs so that its reader can search it.

`manifest.json` alone keeps its name from build to build and says where all else lies; every other
name follows from content. The reader's side is `overrides/assets/js/search/`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from hooks.search.entry import Entry
from hooks.search.facets import Facet, facets_of
from hooks.search.packing import content_name, packed
from hooks.search.segment import NAMES_A_BLOCK, Segment, build_segment, text_of, text_path

FORMAT = 1
FOLDER = "search/index"


def build_index(
    entries: Iterable[Entry], *, columns: Mapping[str, str], departments: Mapping[str, str]
) -> Iterator[tuple[str, bytes]]:
    """Yield every file of the index: its path from the site's root, its bytes.

    The order in which entries come does not matter. `columns` and `departments` name the keys, in
    the order in which the site shows them.
    """
    documents = newest_first(entries)
    facets = facets_of(documents, columns=columns, departments=departments)
    names: list[str] = []
    taken: set[str] = set()
    for document in documents:
        raw = text_of(document)
        names.append(_free_name(raw, taken))
        yield f"{FOLDER}/{text_path(names[-1])}", packed(raw)
    segments = [build_segment(documents, names, facets)] if documents else []
    for segment in segments:
        for path, content in segment.files.items():
            yield f"{FOLDER}/{path}", content
    yield f"{FOLDER}/manifest.json", _manifest(segments, facets)


def newest_first(entries: Iterable[Entry]) -> list[Entry]:
    """Order by publication, the latest first, and by index number within an instant."""

    def key(entry: Entry) -> tuple[float, str, str]:
        return -datetime.fromisoformat(entry.published).timestamp(), entry.index, entry.url

    return sorted(entries, key=key)


def _free_name(raw: bytes, taken: set[str]) -> str:
    """Name a text by its content; should two contents ever meet in a name, the later one takes another."""
    name = content_name(raw)
    while name in taken:
        name = content_name(name.encode(), raw)
    taken.add(name)
    return name


def _manifest(segments: Sequence[Segment], facets: Sequence[Facet]) -> bytes:
    documents = sum(segment.documents for segment in segments)
    length = sum(segment.length for segment in segments)
    content = {
        "format": FORMAT,
        "documents": documents,
        "mean_length": round(length / documents, 3) if documents else 0,
        "names_a_block": NAMES_A_BLOCK,
        "facets": [{"key": facet.key, "values": facet.listed()} for facet in facets],
        "segments": [segment.described() for segment in segments],
    }
    return (json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
