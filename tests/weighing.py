"""What each token of a document weighs: the specification of `gongkai.search.postings`, in plain Python."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping

from gongkai.search.members import Text
from gongkai.search.postings import CLASSES, IN_IDENTIFIER, IN_TITLE, ONCE, STRETCH
from gongkai.search.tokens import HAN, LONGEST_TOKEN, RUN, identifier_keys, normalise, split


def weigh(text: Text) -> tuple[Mapping[str, int], int]:
    """Return the weight of each token of one document, and its length in tokens."""
    title, body, attached = normalise(text.title), normalise(text.text), normalise(text.attached)
    in_title = split(title)
    in_identifiers = split(normalise(f"{text.index}\n{text.document_number}"))
    counts = Counter(split(body))
    counts.update(split(attached))
    counts.update(in_title)
    counts.update(in_identifiers)
    places = {token: place for field in (title, body, attached) for token, place in _places(field)}
    weights = dict.fromkeys(characters(f"{title}\n{body}\n{attached}"), ONCE << 2)
    weights |= {token: _frequency(count, places.get(token, ONCE)) << 2 for token, count in counts.items()}
    for token in {*in_title, *characters(title)}:
        weights[token] |= IN_TITLE
    for token in set(in_identifiers):
        weights[token] |= IN_IDENTIFIER
    for key in identifier_keys(text.index, text.document_number):
        weights[f"#{key}"] = ONCE << 2 | IN_IDENTIFIER
    return weights, counts.total()


def _frequency(count: int, place: int) -> int:
    return place if count == 1 else ONCE + bisect_right(CLASSES, count)


def _places(normal: str) -> Iterator[tuple[str, int]]:
    """The tokens of a normalised text, and in which stretch each begins."""
    return ((token, at // STRETCH % 16) for token, at in placed(normal))


def placed(normal: str) -> Iterator[tuple[str, int]]:
    """Yield the tokens of a normalised text and where each begins; not those of one Han character."""
    for run in RUN.finditer(normal):
        han, word = run.groups()
        if word:
            yield word.replace(",", "")[:LONGEST_TOKEN], run.start()
        for at in range(run.start(), run.end() - 1) if han else ():
            yield normal[at : at + 2], at


def characters(normal: str) -> list[str]:
    """Return the Han characters of a normalised text, each once: they answer a question of one character."""
    return re.findall(f"[{HAN}]", "".join(set(normal)))
