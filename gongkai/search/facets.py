"""The values a reader may narrow a search by, and the columns of numbers that say who has which."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gongkai.search.member import Member
from gongkai.search.packing import varint, varints

_FEW = 4
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


def numbers_of(members: Sequence[Member], facet: Facet) -> list[int]:
    """Each member's number of its value of a facet."""
    numbers = {value: number for number, value in enumerate(facet.names, start=1)}
    return [numbers.get(str(getattr(member, facet.key)), 0) for member in members]


def column(numbers: Sequence[int]) -> bytes:
    """A column: the number that most have; how many have another; how far each of these lies from the one before; theirs.

    Where others are more than a few, none is taken for common, and all are listed.
    """
    common, count = Counter(numbers).most_common(1)[0] if numbers else (0, 0)
    if len(numbers) - count > len(numbers) // _FEW:
        return varint(0) + varint(len(numbers)) + bytes(len(numbers)) + varints(numbers)
    places = [place for place, number in enumerate(numbers) if number != common]
    head = varint(common) + varint(len(places)) + varints(_distances(places))
    return head + varints(numbers[place] for place in places)


def _distances(places: Sequence[int]) -> Iterator[int]:
    before = -1
    for place in places:
        yield place - before - 1
        before = place
