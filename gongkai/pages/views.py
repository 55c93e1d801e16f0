"""What each kind of page hands its template: the template's name and its variables, nothing else.

A document's view depends on its own record and body alone; a listing's on its rows; the home page's on the newest
documents and the counts (invariant 2 of the design).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import unquote

from gongkai.catalogue import attachments
from gongkai.catalogue.listings import Leaf, Listing, Listings
from gongkai.catalogue.order import PublicDocument, Related, validity_notice
from gongkai.pages.facts import (
    HOME,
    Crumb,
    attachment_link,
    breadcrumbs,
    column_of,
    column_tags,
    document_tags,
    field_rows,
    linked_data,
    list_tags,
    shown_moment,
    site_tags,
)
from gongkai.pages.page_history import PageHistory
from gongkai.site import Site

LATEST = 10


@dataclass(frozen=True, slots=True)
class View:
    """A page to be: `address` relative to the site's root, "" for the home page."""

    address: str
    template: str
    variables: Mapping[str, object]

    @property
    def path(self) -> str:
        """The folder of the page below the site's: its address without the percent signs."""
        return unquote(self.address)


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A row of a listing."""

    address: str
    title: str
    index: str
    date: str
    department: str
    description: str
    mark: str


@dataclass(frozen=True, slots=True)
class Group:
    address: str
    name: str
    count: int


def document_view(
    public: PublicDocument,
    site: Site,
    *,
    site_url: str,
    size_of: Callable[[str], int],
    related: tuple[Related, ...],
    history: PageHistory,
) -> View:
    """The page of one document; `size_of` gives a file's bytes by its path relative to docs/."""
    record = public.record
    address = site_url and site_url + public.url
    files = zip(record.attachments, attachments.listed(public.document), strict=True)
    variables = {
        "heading": record.title,
        "index": record.index.text,
        "description": record.description,
        "published": shown_moment(record.published),
        "published_moment": record.published.isoformat(),
        "source": record.source,
        "rows": field_rows(record),
        "attachments": tuple(attachment_link(file, path, size_of(path)) for file, path in files if path),
        "crumbs": breadcrumbs(public, site),
        "here": column_of(public, site).key,
        "tags": document_tags(public, site, address=address),
        "linked_data": linked_data(public, site, address=address),
        "has_body": public.has_body,
        "notice": validity_notice(public) if public.has_body else public.decision.reason,
        "related": related,
        "history": history,
        "how_to_apply": _how_to_apply(site) if public.decision.is_on_request else "",
        "is_unlisted": public.is_withdrawn,
    }
    return View(public.url, "document.html", variables)


def _how_to_apply(site: Site) -> str:
    contact = site.site.contact
    places = "，".join(part for part in (contact.address, contact.telephone, contact.email) if part)
    return f"如需获取，请向{site.organisation.name}提出政府信息公开申请" + (f"（{places}）。" if places else "。")


def listing_view(listing: Listing, leaf: Leaf, site: Site) -> View:
    """One page of a listing."""
    crumbs = (HOME,) if listing.kind not in ("years", "departments") else (HOME, _SECTIONS[listing.kind])
    return View(leaf.address, "listing.html", _listing_variables(listing, leaf, site, crumbs))


_SECTIONS = {"years": Crumb("years/", "按年份"), "departments": Crumb("departments/", "按部门")}


def _listing_variables(listing: Listing, leaf: Leaf, site: Site, crumbs: tuple[Crumb, ...]) -> dict[str, object]:
    heading, lead = _headline(listing, leaf)
    return {
        "heading": heading,
        "lead": lead,
        "documents": tuple(document_row(document) for document in leaf.rows),
        "caption": f"{heading}：公开文件",
        "leaf": replace(leaf, rows=()),
        "crumbs": crumbs,
        "here": listing.kind,
        "tags": (*site_tags(site), *(column_tags(listing.column) if listing.column else list_tags(listing.name))),
    }


def _headline(listing: Listing, leaf: Leaf) -> tuple[str, str]:
    """Heading and lead of a listing's page; a full page's says nothing that a later document would change."""
    if leaf.is_front:
        about = f"{listing.column.description}。" if listing.column and listing.column.description else ""
        return listing.name, about + (f"共 {listing.count} 件，按发布时间从新到旧排列。" if leaf.rows else "")
    if not leaf.rows:
        return f"{listing.name}（更新的文件）", "以后发布的文件会列在这里。"
    first, last = (leaf.rows[place].record.published.date().isoformat() for place in (-1, 0))
    return f"{listing.name}（{first} 至 {last}）", f"这一页有 {len(leaf.rows)} 件，按发布时间从新到旧排列。"


def document_row(public: PublicDocument) -> DocumentRow:
    record = public.record
    return DocumentRow(
        public.url,
        record.title,
        record.index.text,
        record.published.date().isoformat(),
        record.department,
        record.description,
        public.decision.mark,
    )


def home_view(documents: tuple[PublicDocument, ...], lists: Listings, site: Site) -> View:
    variables = {
        "lead": f"{site.organisation.name}的政府信息公开文件，可按栏目、年份和部门查阅，也可全文搜索。",
        "documents": tuple(document_row(document) for document in documents[:LATEST]),
        "columns": _groups(lists.columns),
        "years": _groups(lists.years),
        "here": "home",
    }
    return View("", "home.html", variables)


def section_views(lists: Listings) -> Iterator[View]:
    """The pages that lead to each year and to each department."""
    for kind, listings in (("years", lists.years), ("departments", lists.departments)):
        crumb = _SECTIONS[kind]
        variables = {"heading": crumb.name, "groups": _groups(listings), "crumbs": (HOME,), "here": kind}
        yield View(crumb.address, "groups.html", variables)


def search_view() -> View:
    variables = {"heading": "搜索公开文件", "crumbs": (HOME,), "here": "search"}
    return View("search/", "search.html", variables)


def _groups(listings: tuple[Listing, ...]) -> tuple[Group, ...]:
    return tuple(Group(listing.base, listing.name, listing.count) for listing in listings)
