"""The values a reader may narrow a search by, and the columns of numbers that say who has which."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hooks.search.member import Member
from hooks.search.packing import varints

_EPOCH = date(1900, 1, 1)
_STEPS = 8  # per doubling: a length is kept to within 5 %


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet's values with the names shown for them; value n is number n + 1, 0 is none."""

    key: str
    names: Mapping[str, str]

    def listed(self) -> list[list[str]]:
        return [[value, name] for value, name in self.names.items()]


def facets_of(
    entries: Sequence[Member], *, columns: Mapping[str, str], departments: Mapping[str, str]
) -> list[Facet]:
    """Return the facets with the values that occur: years newest first, the others in the site's order."""
    years = sorted({entry.year for entry in entries}, reverse=True)
    return [
        Facet("year", {str(year): f"{year}年" for year in years}),
        Facet("column", _occurring(columns, {entry.column for entry in entries})),
        Facet("department", _occurring(departments, {entry.department for entry in entries})),
    ]


def _occurring(names: Mapping[str, str], present: set[str]) -> dict[str, str]:
    strangers = sorted(present - set(names) - {""})
    known = {key: name for key, name in names.items() if key in present}
    return known | {key: key for key in strangers}


def columns_of(entries: Sequence[Member], lengths: Iterable[int], facets: Sequence[Facet]) -> bytes:
    """Return, one after another: lengths, days back from the document before, and each facet's numbers."""
    parts = [bytes(map(rounded_length, lengths)), varints(_days_back(entries))]
    for facet in facets:
        numbers = {value: number for number, value in enumerate(facet.names, start=1)}
        parts.append(varints(numbers.get(str(getattr(entry, facet.key)), 0) for entry in entries))
    return b"".join(parts)


def rounded_length(length: int) -> int:
    """Return a length as eighths of its binary logarithm, one byte."""
    return min(255, round(_STEPS * math.log2(length + 1)))


def _days_back(entries: Sequence[Member]) -> Iterable[int]:
    """Yield the first document's day since 1900, then how many days each lies before the last."""
    before = 0
    for place, entry in enumerate(entries):
        day = (date.fromisoformat(entry.published[:10]) - _EPOCH).days
        yield day if place == 0 else max(0, before - day)
        before = day if place == 0 else min(before, day)
