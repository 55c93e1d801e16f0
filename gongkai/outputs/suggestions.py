"""`search/suggest.json`: what the search box offers while a reader types: titles with their numbers, and columns.

One small file, fetched when the box is first used. A title that comes back year after year stands in it once, as the
text around its years, with a member for each: so most of an archive fits, and an earlier year's counterpart is at hand.
Where not all fits, those go in whose newest member is the newest.
"""

import gzip
import json
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from gongkai.catalogue.order import PublicDocument
from gongkai.catalogue.series import Pattern, title_pattern
from gongkai.records.disclosure import Extent
from gongkai.records.values import Status

PATH = "search/suggest.json"
FORMAT = 1
#: Bytes after gzip.
LIMIT = 30_000
#: No file within the limit holds more titles than this.
_MOST = 6_000
_OUT_OF_FORCE = (Status.REPEALED, Status.EXPIRED)


class Offer(NamedTuple):
    """What is offered of a document; plain values, so that it can be sent to a worker."""

    title: str
    number: str
    document_number: str


def offers(documents: Iterable[PublicDocument]) -> tuple[Offer, ...]:
    """What may be offered of `documents`, in their order: whatever listings show as it is in force."""
    return tuple(
        Offer(public.record.title, public.record.index.text, public.record.document_number)
        for public in documents
        if public.decision.extent in (Extent.FULL, Extent.ROW) and public.validity not in _OUT_OF_FORCE
    )


def suggestions(newest_first: Sequence[Offer], columns: Sequence[tuple[str, str]]) -> bytes:
    """The content of the file: at most `LIMIT` bytes when compressed; `columns` are keys with names."""
    titles = series_of(newest_first)[:_MOST]

    def size_of(count: int) -> int:
        return len(gzip.compress(_content(titles[:count], columns), 9, mtime=0))

    fitting = bisect_right(range(1, len(titles) + 1), LIMIT, key=size_of)
    return _content(titles[:fitting], columns)


def series_of(newest_first: Sequence[Offer]) -> list[list[object]]:
    """A row for each title: `[title, [index, document number]]`, the number left out where there is none.

    A title known from two years or more is a pattern, and its members begin with their years.
    """
    groups: dict[Pattern, list[tuple[int, Offer]]] = {}
    for offer in newest_first:
        pattern, year = title_pattern(offer.title)
        groups.setdefault(pattern, []).append((year, offer))
    rows: list[list[object]] = []
    for pattern, members in groups.items():
        years = {year for year, _ in members}
        if len(years) > 1:
            dated = sorted(members, key=lambda member: -member[0])
            rows.append([list(pattern), *([year, *_numbers(offer)] for year, offer in dated)])
        else:
            rows.append([members[0][1].title, *(_numbers(offer) for _, offer in members)])
    return rows


def _numbers(offer: Offer) -> list[str]:
    return [offer.number, offer.document_number] if offer.document_number else [offer.number]


def _content(titles: Sequence[Sequence[object]], columns: Sequence[tuple[str, str]]) -> bytes:
    content = {"format": FORMAT, "columns": columns, "titles": titles}
    return (json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
