"""What each token of a document weighs, and runs: the postings of 256 documents as sorted arrays.

A weight is one byte: whether the token stands in the title (1) and in an identifier (2), and above these its frequency
(times 4). Of a token that the document has but once it says where: 0 to 15, the sixteenth of 256 characters in which it
begins, so that the reader can tell a phrase from its parts; 16 where that is not known, 17 to 23 for what is more often.

`tests/weighing.py` is the specification, one document in plain Python; `run_of` carries it out for many at once, and a
test holds the two together. In a run tokens are numbers. Two Han characters are their code points side by side (42 bits), one Han
character alone is followed by nothing; a word (Latin letters, digits, an identifier's key) is the BLAKE2b digest of its
letters with the highest bit set.
"""

import hashlib
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gongkai.search.members import Text
from gongkai.search.packing import CODE_BITS, Bytes, Numbers, Small, fnv1a, han_hashes, reversed_bits
from gongkai.search.tokens import LONGEST_TOKEN, WORD, identifier_keys, normalise, split

IN_TITLE = 1
IN_IDENTIFIER = 2
ONCE = 16
STRETCH = 16
#: The least frequency of each class after the first.
CLASSES = (2, 3, 4, 5, 7, 10, 16)
#: Documents in a run.
DOCUMENTS = 256
#: Set in a token that is a word, not Han characters.
WORD_BIT = 1 << 63
_DOCUMENT_BITS = np.uint64(8)
_PLACE_BITS = np.uint64(4)
_CODE_BITS = np.uint64(CODE_BITS)
_WORD = np.uint64(WORD_BIT)
#: Within a run words go by their place in its list of words, so that a token and a document fit into 64 bits.
_LOCAL_WORD = 1 << 42
_FIELDS = 4
_BODY, _TITLE, _IDENTIFIERS, _ATTACHED = range(_FIELDS)
_SIXTEEN = 16
#: Between texts; where a text itself holds one, it becomes the end of a line.
_STOP = "\0"


def tokens_of(text: Text) -> set[str]:
    """Every token of one document but single characters out of a run."""
    fields = (text.title, text.text, text.attached, text.index, text.document_number)
    keys = {f"#{key}" for key in identifier_keys(text.index, text.document_number)}
    return keys.union(*(split(normalise(field)) for field in fields))


class Run(NamedTuple):
    """Postings of consecutive documents, token by token, tokens ordered by their reversed hashes.

    The postings of token n are `documents[starts[n]:starts[n + 1]]`, numbers from 0 within the run, ascending, with
    `weights` beside them. `lengths` has each document's tokens; `words` the letters of each word among the tokens, in
    their order.
    """

    hashes: Small
    tokens: Numbers
    starts: Small
    documents: Bytes
    weights: Bytes
    lengths: Small
    words: Sequence[str]


def run_of(texts: Sequence[Text]) -> Run:
    """The run of at most 256 texts."""
    fields = [_normal_fields(text) for text in texts]
    listed: dict[str, int] = {}
    columns = [_Column.of([one[field] for one in fields]) for field in range(_FIELDS)]
    found = [
        one
        for field, column in enumerate(columns)
        for one in (*_han_keys(field, column), _word_keys(field, column, listed))
    ]
    keys, weights, lengths = _weighed(found, _identifier_keys(texts, listed), len(texts))
    return _arranged(keys, weights, lengths, listed)


class _Occurrences(NamedTuple):
    """Tokens found, one key (token and document) each; those not `counted` answer a question without being a term.

    `places` are their stretches, where these are known.
    """

    field: int
    counted: bool
    keys: Numbers
    places: Numbers | None = None


def _normal_fields(text: Text) -> list[str]:
    identifiers = f"{text.index}\n{text.document_number}"
    fields = (text.text, text.title, identifiers, text.attached)
    return [normalise(field.replace(_STOP, "\n")) for field in fields]


class _Column(NamedTuple):
    """One field of all texts: its code points, one after another with a stop after each text, and whose they are."""

    points: Small
    documents: Numbers
    places: Numbers
    is_han: NDArray[np.bool_]

    @classmethod
    def of(cls, texts: Sequence[str]) -> "_Column":
        points = np.frombuffer(_STOP.join([*texts, ""]).encode("utf-32-le"), np.uint32)
        sizes = np.array([len(text) + 1 for text in texts], np.int64)
        documents = np.repeat(np.arange(len(texts), dtype=np.uint64), sizes)
        within = np.arange(len(points)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        places = (within // STRETCH % _SIXTEEN).astype(np.uint64)
        return cls(points, documents, places, _is_han(points))


def _han_keys(field: int, column: _Column) -> Iterator[_Occurrences]:
    points, documents, places, is_han = column
    first = points.astype(np.uint64) << _CODE_BITS
    has_next = np.append(is_han[1:], False) & is_han
    has_before = np.insert(is_han[:-1], 0, False) & is_han
    pairs = np.flatnonzero(has_next)
    alone = np.flatnonzero(is_han & ~has_next & ~has_before)
    known = None if field == _IDENTIFIERS else places[pairs]
    yield _Occurrences(field, True, _keys(first[pairs] | points[pairs + 1], documents[pairs]), known)
    yield _Occurrences(field, True, _keys(first[alone], documents[alone]))
    if field != _IDENTIFIERS:
        yield _Occurrences(field, False, _each_once(points[is_han], documents[is_han]))


def _each_once(points: Small, documents: Numbers) -> Numbers:
    """The keys of single characters, each once in a document: by a table of marks, which is quicker than sorting."""
    is_short = points <= 0xFFFF
    marks = np.zeros(1 << 24, np.bool_)
    marks[(points[is_short].astype(np.uint64) << _DOCUMENT_BITS) | documents[is_short]] = True
    found = np.flatnonzero(marks).astype(np.uint64)
    mask = np.uint64(DOCUMENTS - 1)
    short = _keys((found >> _DOCUMENT_BITS) << _CODE_BITS, found & mask)
    rest = _keys(points[~is_short].astype(np.uint64) << _CODE_BITS, documents[~is_short])
    return np.concatenate([short, _distinct(rest)])


def _distinct(keys: Numbers) -> Numbers:
    """The keys in order, each once; numpy's own `unique` hashes, which takes three times as long here."""
    ordered = np.sort(keys)
    return ordered[np.insert(ordered[1:] != ordered[:-1], 0, True)] if len(ordered) else ordered


def _is_han(points: Small) -> NDArray[np.bool_]:
    """`tokens.HAN`, as ranges."""
    found = (points >= 0x4E00) & (points <= 0x9FFF)
    for low, high in ((0x3005, 0x3005), (0x3007, 0x3007), (0x3400, 0x4DBF), (0xF900, 0xFAFF), (0x20000, 0x323AF)):
        found |= (points >= low) & (points <= high)
    return found


def _keys(tokens: Numbers, documents: Numbers) -> Numbers:
    return (tokens << _DOCUMENT_BITS) | documents


def _word_keys(field: int, column: _Column, listed: dict[str, int]) -> _Occurrences:
    """The words, sought in what is left when of each run of Han characters one is kept, and 年, which matters to dates."""
    points, is_han = column.points, column.is_han
    is_kept = ~is_han | ~np.insert(is_han[:-1], 0, False) | (points == ord("年"))
    texts = points[is_kept].tobytes().decode("utf-32-le").split(_STOP)
    begins = accumulate((len(text) + 1 for text in texts), initial=0)
    found = [
        (_local_key(match[0].replace(",", "")[:LONGEST_TOKEN], document, listed), begin + match.start())
        for document, (text, begin) in enumerate(zip(texts, begins, strict=False))
        for match in WORD.finditer(text)
    ]
    keys = np.array([key for key, _ in found], np.uint64)
    if field == _IDENTIFIERS:
        return _Occurrences(field, True, keys)
    return _Occurrences(field, True, keys, column.places[is_kept][[at for _, at in found]] if found else keys)


def _identifier_keys(texts: Sequence[Text], listed: dict[str, int]) -> Numbers:
    keys = [
        _local_key(f"#{key}", document, listed)
        for document, text in enumerate(texts)
        for key in identifier_keys(text.index, text.document_number)
    ]
    return np.array(keys, np.uint64)


def _local_key(word: str, document: int, listed: dict[str, int]) -> int:
    return (_LOCAL_WORD | listed.setdefault(word, len(listed))) << int(_DOCUMENT_BITS) | document


def _weighed(found: Sequence[_Occurrences], exact: Numbers, count: int) -> tuple[Numbers, Bytes, Small]:
    """Every key once, ascending, with its weight; and each document's number of counted tokens."""
    terms, frequencies, lengths = _frequencies([one for one in found if one.counted], count)
    keys = _distinct(np.concatenate([terms, exact, *(one.keys for one in found if not one.counted)]))
    weights = np.full(len(keys), ONCE << 2, np.uint8)
    weights[np.searchsorted(keys, terms)] = frequencies << np.uint8(2)
    for field, mark, more in ((_TITLE, IN_TITLE, []), (_IDENTIFIERS, IN_IDENTIFIER, [exact])):
        marked = np.concatenate([*(one.keys for one in found if one.field == field), *more])
        weights[np.searchsorted(keys, marked)] |= np.uint8(mark)
    return keys, weights, lengths


def _frequencies(counted: Sequence[_Occurrences], count: int) -> tuple[Numbers, Bytes, Small]:
    """Every counted key once, ascending, with its frequency as weights have it; and each document's tokens."""
    no_place = np.uint64(0)
    placed = np.concatenate(
        [one.keys << _PLACE_BITS | (no_place if one.places is None else one.places) for one in counted]
    )
    known = np.concatenate([np.full(len(one.keys), one.places is not None) for one in counted])
    placed = np.sort(placed << np.uint64(1) | known)
    keys = placed >> (_PLACE_BITS + np.uint64(1))
    starts = np.flatnonzero(np.insert(keys[1:] != keys[:-1], 0, True)[: len(keys)])
    often = np.diff(np.append(starts, len(keys)))
    firsts = placed[starts]
    place = np.where(firsts & np.uint64(1), firsts >> np.uint64(1) & np.uint64(_SIXTEEN - 1), ONCE)
    classes = ONCE + np.searchsorted(np.array(CLASSES), often, side="right")
    lengths = np.bincount((keys & np.uint64(DOCUMENTS - 1)).astype(np.int64), minlength=count)
    frequencies = np.where(often == 1, place, classes)
    return keys[starts], frequencies.astype(np.uint8), lengths.astype(np.uint32)


def _arranged(keys: Numbers, weights: Bytes, lengths: Small, listed: dict[str, int]) -> Run:
    local = keys >> _DOCUMENT_BITS
    starts = np.flatnonzero(np.insert(local[1:] != local[:-1], 0, True)) if len(local) else np.zeros(0, np.int64)
    tokens, hashes, words = _named(local[starts], list(listed))
    order = np.lexsort((tokens, hashes))
    sizes = np.diff(np.append(starts, len(keys)))[order]
    postings = gathered(starts[order], sizes)
    documents = (keys & np.uint64(DOCUMENTS - 1)).astype(np.uint8)
    ends = np.insert(np.cumsum(sizes), 0, 0).astype(np.uint32)
    tokens = tokens[order]
    spelt = [words[token] for token in tokens[tokens >= _WORD].tolist()]
    return Run(hashes[order], tokens, ends, documents[postings], weights[postings], lengths, spelt)


def _named(local: Numbers, listed: Sequence[str]) -> tuple[Numbers, Small, dict[int, str]]:
    """Tokens by the numbers that all runs share, with their reversed hashes and the letters of words."""
    is_word = local >= np.uint64(_LOCAL_WORD)
    spelt = [listed[int(number) - _LOCAL_WORD] for number in local[is_word]]
    tokens = local.copy()
    tokens[is_word] = np.array([word_number(word) for word in spelt], np.uint64)
    hashes = np.empty(len(local), np.uint32)
    hashes[~is_word] = han_hashes(local[~is_word])
    hashes[is_word] = np.array([fnv1a(word) for word in spelt], np.uint32)
    return tokens, reversed_bits(hashes), dict(zip(tokens[is_word].tolist(), spelt, strict=True))


def word_number(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "big") | WORD_BIT


def gathered(starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """The places start, start + 1, … of each size, one after another."""
    before = np.cumsum(sizes) - sizes
    places: NDArray[np.int64] = np.arange(int(sizes.sum())) + np.repeat(starts - before, sizes)
    return places
