"""Which public document replaces which, seen from both sides whichever of them says so."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from gongkai.catalogue.order import PublicDocument


class Related(NamedTuple):
    """A document named by another: `is_successor` replaces it, else it is replaced by it.

    `title` and `address` (relative to the site's root) are empty where no public document has the number.
    """

    number: str
    is_successor: bool
    title: str = ""
    address: str = ""


#: By path of the document that names them.
Relations = Mapping[str, tuple[Related, ...]]


def relations(documents: Iterable[PublicDocument]) -> Relations:
    """The relations of those of `documents` that have any; successors first, each in the order of numbers."""
    everything = tuple(documents)
    pairs = [pair for public in everything for pair in _pairs(public)]
    if not pairs:
        return {}
    by_number = {public.record.index.text.casefold(): public for public in everything}
    found: dict[str, dict[tuple[bool, str], Related]] = {}
    for own, number, is_successor in pairs:
        for here, there, leads_on in ((own, number, is_successor), (number, own, not is_successor)):
            public, other = by_number.get(here.casefold()), by_number.get(there.casefold())
            if public is not None and here.casefold() != there.casefold():
                related = _related(there, leads_on, other)
                found.setdefault(public.document.path, {})[not leads_on, there.casefold()] = related
    return {path: tuple(known[key] for key in sorted(known)) for path, known in found.items()}


def _pairs(public: PublicDocument) -> Iterator[tuple[str, str, bool]]:
    own = public.record.index.text
    yield from ((own, number, False) for number in public.record.replaces)
    if public.record.replaced_by:
        yield own, public.record.replaced_by, True


def _related(number: str, is_successor: bool, other: PublicDocument | None) -> Related:
    if other is None:
        return Related(number, is_successor)
    return Related(other.record.index.text, is_successor, other.record.title, other.url)
