"""How much each token of one document weighs: the specification that `runs` carries out for many at once.

A weight is the frequency (6 bits), 64 when in the title, 128 when in an identifier.
"""

from collections import Counter
from collections.abc import Mapping

from hooks.search.texts import Text
from hooks.search.tokens import characters, identifier_keys, normalise, split

MOST_OFTEN = 63
IN_TITLE = 64
IN_IDENTIFIER = 128


def weigh(entry: Text) -> tuple[Mapping[str, int], int]:
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
