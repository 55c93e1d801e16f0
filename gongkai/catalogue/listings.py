"""The lists that readers browse: the catalogue, each year, column and department."""

from collections.abc import Iterator
from dataclasses import dataclass

from gongkai.catalogue.order import PublicDocument, grouped
from gongkai.site import Column, Site


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
class Browsing:
    """Every listing of a site; years newest first, columns and departments as the settings order them."""

    catalogue: Listing
    years: tuple[Listing, ...]
    columns: tuple[Listing, ...]
    departments: tuple[Listing, ...]

    def __iter__(self) -> Iterator[Listing]:
        return iter((self.catalogue, *self.years, *self.columns, *self.departments))


def browsing(documents: tuple[PublicDocument, ...], site: Site) -> Browsing:
    """The listings of `documents` (newest first); columns and departments without any have an empty one."""
    by_year = grouped(documents, lambda d: str(d.year))
    by_column = grouped(documents, lambda d: d.document.column)
    by_department = grouped(documents, lambda d: d.record.department)
    return Browsing(
        Listing("catalogue", "catalogue/", "政府信息公开目录", documents),
        tuple(Listing("years", f"years/{year}/", f"{year}年", members) for year, members in by_year.items()),
        tuple(Listing(c.key, f"{c.key}/", c.name, by_column.get(c.key, ()), c) for c in site.columns),
        tuple(
            Listing("departments", f"departments/{d.key}/", d.name, by_department.get(d.name, ()))
            for d in site.departments
        ),
    )
