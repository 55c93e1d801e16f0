"""The values a reader may narrow a search by, and the columns of numbers that say who has which."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hooks.search.member import Member
from hooks.search.packing import varints

_EPOCH = date(1900, 1, 1)
_STEPS = 3  # per doubling: a length is kept to within 13 %
VALIDITY = {"in-force": "现行有效", "amended": "已修改", "repealed": "已废止", "expired": "已失效"}
_FILES = {"yes": "有附件"}


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet's values with the names shown for them; value n is number n + 1, 0 is none."""

    key: str
    names: Mapping[str, str]

    def listed(self) -> list[list[str]]:
        return [[value, name] for value, name in self.names.items()]


def facets_of(
    members: Sequence[Member], *, columns: Mapping[str, str], departments: Mapping[str, str]
) -> list[Facet]:
    """Return the facets with the values that occur: years newest first, the others in the site's order."""
    years = sorted({member.year for member in members}, reverse=True)
    genres = sorted({member.genre for member in members} - {""})
    return [
        Facet("year", {str(year): f"{year}年" for year in years}),
        Facet("column", _occurring(columns, {member.column for member in members})),
        Facet("department", _occurring(departments, {member.department for member in members})),
        Facet("genre", {genre: genre for genre in genres}),
        Facet("validity", _occurring(VALIDITY, {member.validity for member in members})),
        Facet("files", _occurring(_FILES, {member.files for member in members})),
    ]


def _occurring(names: Mapping[str, str], present: set[str]) -> dict[str, str]:
    strangers = sorted(present - set(names) - {""})
    known = {key: name for key, name in names.items() if key in present}
    return known | {key: key for key in strangers}


def columns_of(members: Sequence[Member], lengths: Iterable[int], facets: Sequence[Facet]) -> list[bytes]:
    """Return, one after another: lengths, days back from the document before, and each facet's numbers."""
    parts = [bytes(map(rounded_length, lengths)), varints(_days_back(members))]
    for facet in facets:
        numbers = {value: number for number, value in enumerate(facet.names, start=1)}
        parts.append(varints(numbers.get(str(getattr(member, facet.key)), 0) for member in members))
    return parts


def rounded_length(length: int) -> int:
    """Return a length as thirds of its binary logarithm, one byte."""
    return min(255, round(_STEPS * math.log2(length + 1)))


def _days_back(members: Sequence[Member]) -> Iterable[int]:
    """Yield the first document's day since 1900, then how many days each lies before the last."""
    before = 0
    for place, member in enumerate(members):
        day = (date.fromisoformat(member.published[:10]) - _EPOCH).days
        yield day if place == 0 else max(0, before - day)
        before = day if place == 0 else min(before, day)
