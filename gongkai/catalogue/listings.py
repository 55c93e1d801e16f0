"""The lists that readers browse: the catalogue, each year, column and department, in pages of 50 rows.

Pages are filled from the oldest document on. Page 1 holds the 50 oldest and so for ever: a new document goes to the last
page, or begins one. The last page is what the listing's own address shows; it also stands at its number, and where it
is full the number after it has an empty page, so that a full page's link to the newer one is there from the first and
never changes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gongkai.catalogue.order import PublicDocument, grouped
from gongkai.site import Column, Site

ROWS = 50


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of documents, newest first, at `base` (`years/2018/`); `kind` is the section it belongs to."""

    kind: str
    base: str
    name: str
    documents: tuple[PublicDocument, ...]
    column: Column | None = None

    @property
    def count(self) -> int:
        return len(self.documents)


@dataclass(frozen=True, slots=True)
class Listings:
    """Every listing of a site; years newest first, columns and departments as the settings order them."""

    catalogue: Listing
    years: tuple[Listing, ...]
    columns: tuple[Listing, ...]
    departments: tuple[Listing, ...]

    def __iter__(self) -> Iterator[Listing]:
        return iter((self.catalogue, *self.years, *self.columns, *self.departments))


def site_listings(documents: tuple[PublicDocument, ...], site: Site) -> Listings:
    """The listings of `documents` (newest first); columns and departments without any have an empty one."""
    by_year = grouped(documents, lambda d: str(d.year))
    by_column = grouped(documents, lambda d: d.document.column)
    by_department = grouped(documents, lambda d: d.record.department)
    return Listings(
        Listing("catalogue", "catalogue/", "政府信息公开目录", documents),
        tuple(Listing("years", f"years/{year}/", f"{year}年", members) for year, members in by_year.items()),
        tuple(Listing(c.key, f"{c.key}/", c.name, by_column.get(c.key, ()), c) for c in site.columns),
        tuple(
            Listing("departments", f"departments/{d.key}/", d.name, by_department.get(d.name, ()))
            for d in site.departments
        ),
    )


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of a listing. `number` counts from the oldest; `is_front` is the page at the listing's address."""

    address: str
    base: str
    number: int
    rows: tuple[PublicDocument, ...]
    is_front: bool
    newer: str
    older: str

    @property
    def is_paged(self) -> bool:
        return bool(self.newer or self.older)


def leaves(base: str, documents: Sequence[PublicDocument]) -> tuple[Leaf, ...]:
    """The pages of the listing at `base` (`years/2018/`); `documents` are newest first. An empty one has one page."""
    oldest_first = tuple(reversed(documents))
    chunks = [oldest_first[start : start + ROWS][::-1] for start in range(0, len(oldest_first), ROWS)] or [()]
    last = len(chunks)
    front = Leaf(base, base, last, chunks[-1], is_front=True, newer="", older=_page(base, last - 1))
    if last == 1:
        return (front,)
    numbered = [*chunks, ()] if len(chunks[-1]) == ROWS else chunks
    return (front, *(_numbered(base, number, rows) for number, rows in enumerate(numbered, 1)))


def _numbered(base: str, number: int, rows: tuple[PublicDocument, ...]) -> Leaf:
    newer = _page(base, number + 1) if len(rows) == ROWS else ""
    return Leaf(_page(base, number), base, number, rows, is_front=False, newer=newer, older=_page(base, number - 1))


def _page(base: str, number: int) -> str:
    return f"{base}page/{number}/" if number > 0 else ""
