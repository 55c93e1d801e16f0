"""Which token stands in which document, and how much it weighs there.

While documents are read, a posting is one 32-bit number: the document's place above, the weight in
the lowest byte. On the way out it becomes the distance from the document before (a varint) and the
weight. A weight is the frequency (6 bits), 64 when in the title, 128 when in an identifier.
"""

from array import array
from collections import Counter
from collections.abc import Iterable
from operator import sub

from hooks.search.entry import Entry
from hooks.search.packing import varint
from hooks.search.tokens import characters, identifier_keys, normalise, split

MOST_OFTEN = 63
IN_TITLE = 64
IN_IDENTIFIER = 128
MOST_DOCUMENTS = 1 << 24

Postings = dict[str, "array[int]"]


def collect(entries: Iterable[Entry]) -> tuple[Postings, list[int]]:
    """Return the postings of documents given newest first, and each document's length in tokens."""
    postings: Postings = {}
    lengths: list[int] = []
    for place, entry in enumerate(entries):
        weights, length = weigh(entry)
        lengths.append(length)
        _add(postings, place, weights)
    if len(lengths) > MOST_DOCUMENTS:
        raise ValueError(f"a segment holds at most {MOST_DOCUMENTS} documents, not {len(lengths)}")
    return postings, lengths


def _add(postings: Postings, place: int, weights: dict[str, int]) -> None:
    base = place << 8
    for token, weight in weights.items():
        try:  # most tokens are known, and this loop is half the cost of an index
            postings[token].append(base | weight)
        except KeyError:
            postings[token] = array("I", (base | weight,))


def weigh(entry: Entry) -> tuple[dict[str, int], int]:
    """Return the weight of each token of one document, and its length in tokens."""
    title, body = normalise(entry.title), normalise(entry.text)
    in_title = split(title)
    in_identifiers = split(normalise(f"{entry.index}\n{entry.document_number}"))
    counts = Counter(split(body))
    counts.update(in_title)
    counts.update(in_identifiers)
    weights = dict.fromkeys(characters(f"{title}\n{body}"), 1)
    weights.update(counts)
    for token in [token for token, count in counts.items() if count > MOST_OFTEN]:
        weights[token] = MOST_OFTEN
    for token in {*in_title, *characters(title)}:
        weights[token] |= IN_TITLE
    for token in set(in_identifiers):
        weights[token] |= IN_IDENTIFIER
    for key in identifier_keys(entry.index, entry.document_number):
        weights[f"#{key}"] = 1 | IN_IDENTIFIER
    return weights, counts.total()


def encode(postings: "array[int]") -> bytes:
    """Return postings as distances and weights."""
    places = [posting >> 8 for posting in postings]
    gaps = [*places[:1], *map(sub, places[1:], places)]
    out = bytearray(2 * len(gaps))
    out[1::2] = bytes([posting & 0xFF for posting in postings])
    if max(gaps, default=0) < 0x80:  # most postings are of common tokens: laid down without a loop
        out[::2] = bytes(gaps)
        return bytes(out)
    return b"".join(
        [varint(gap) + out[at : at + 1] for at, gap in zip(range(1, len(out), 2), gaps, strict=True)]
    )
