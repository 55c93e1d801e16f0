"""How much each token of one document weighs: the specification that `runs` carries out for many at once.

A weight is one byte: whether the token stands in the title (1) and in an identifier (2), and above these its frequency
(times 4). Of a token that the document has but once it says where: 0 to 15, the sixteenth of 256 characters in which it
begins, so that the reader can tell a phrase from its parts; 16 where that is not known, 17 to 23 for what is more often.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping

from gongkai.search.texts import Text
from gongkai.search.tokens import characters, identifier_keys, normalise, placed, split

IN_TITLE = 1
IN_IDENTIFIER = 2
ONCE = 16
STRETCH = 16
#: The least frequency of each class after the first.
CLASSES = (2, 3, 4, 5, 7, 10, 16)


def weigh(entry: Text) -> tuple[Mapping[str, int], int]:
    """Return the weight of each token of one document, and its length in tokens."""
    title, body, attached = normalise(entry.title), normalise(entry.text), normalise(entry.attached)
    in_title = split(title)
    in_identifiers = split(normalise(f"{entry.index}\n{entry.document_number}"))
    counts = Counter(split(body))
    counts.update(split(attached))
    counts.update(in_title)
    counts.update(in_identifiers)
    places = {token: place for text in (title, body, attached) for token, place in _places(text)}
    weights = dict.fromkeys(characters(f"{title}\n{body}\n{attached}"), ONCE << 2)
    weights |= {token: _frequency(count, places.get(token, ONCE)) << 2 for token, count in counts.items()}
    for token in {*in_title, *characters(title)}:
        weights[token] |= IN_TITLE
    for token in set(in_identifiers):
        weights[token] |= IN_IDENTIFIER
    for key in identifier_keys(entry.index, entry.document_number):
        weights[f"#{key}"] = ONCE << 2 | IN_IDENTIFIER
    return weights, counts.total()


def _frequency(count: int, place: int) -> int:
    return place if count == 1 else ONCE + bisect_right(CLASSES, count)


def _places(normal: str) -> Iterator[tuple[str, int]]:
    """The tokens of a normalised text, and in which stretch each begins."""
    return ((token, at // STRETCH % 16) for token, at in placed(normal))
