"""What a page says of a record: rows, dates and names for the template, its meta tags and its JSON-LD."""

import json
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from gongkai.catalogue.order import PublicDocument
from gongkai.records.record import Attachment, Record
from gongkai.records.vocabulary import TABLE, label
from gongkai.site import Column, Site

#: What ends a script element or opens a comment in one, as JSON escapes (HTML Living Standard, 4.12.1.3).
_SAFE_IN_A_SCRIPT = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)
#: A meta tag of 国办发〔2017〕47号 (网页设计规范): site, column and content ones, never empty.
Tag = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the field table; `moment` is the machine's form of a date, else empty."""

    key: str
    label: str
    value: str
    moment: str = ""


@dataclass(frozen=True, slots=True)
class AttachmentLink:
    """`address` is relative to the site's root; `kind` and `size` are for people (`PDF`, `38 KB`)."""

    address: str
    title: str
    kind: str
    size: str


@dataclass(frozen=True, slots=True)
class Crumb:
    address: str
    name: str


HOME = Crumb("", "首页")


def field_rows(record: Record) -> tuple[Row, ...]:
    """The statutory table, all eight rows, empty ones too."""
    return tuple(_row(record, key) for key in TABLE)


def _row(record: Record, key: str) -> Row:
    if key == "created":
        return Row(key, label(key), record.created.isoformat(), record.created.isoformat())
    return Row(key, label(key), str(getattr(record, key)))


def shown_moment(moment: datetime) -> str:
    """A moment as disclosure pages print it: `2018-07-26 09:55:00`."""
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def attachment_link(attachment: Attachment, address: str, size: int) -> AttachmentLink:
    """The link to an attachment of `size` bytes."""
    name = attachment.file.rpartition("/")[2]
    suffix = name.rpartition(".")[2]
    return AttachmentLink(
        quote(address), attachment.title or name, suffix.upper() if suffix != name else "文件", shown_size(size)
    )


def shown_size(size: int) -> str:
    """A size for people, in units of 1024 bytes: `820 B`, `38 KB`, `1.4 MB`."""
    if size < 1024:
        return f"{size} B"
    if size < 1024 * 1024:
        return f"{size / 1024:.0f} KB"
    return f"{size / 1024 / 1024:.1f} MB"


def breadcrumbs(document: PublicDocument, site: Site) -> tuple[Crumb, ...]:
    """From the home page to the document's column; the page itself is not among them."""
    column = column_of(document, site)
    return (HOME, Crumb(f"{column.key}/", column.name))


def column_of(document: PublicDocument, site: Site) -> Column:
    return site.column_by_key[document.document.column]


def site_tags(site: Site) -> tuple[Tag, ...]:
    """For every page."""
    website = site.site
    return (
        ("SiteName", website.name or site.organisation.name),
        ("SiteDomain", website.domain),
        ("SiteIDCode", website.id_code),
    )


def column_tags(column: Column) -> tuple[Tag, ...]:
    """For list and detail pages."""
    return (
        ("ColumnName", column.name),
        ("ColumnDescription", column.description or column.name),
        ("ColumnKeywords", column.keywords or column.name),
        ("ColumnType", column.type),
    )


def list_tags(name: str) -> tuple[Tag, ...]:
    """For a list that is no column: a year, a department, the catalogue."""
    return (
        ("ColumnName", name),
        ("ColumnDescription", f"{name}的公开文件"),
        ("ColumnKeywords", name),
        ("ColumnType", "信息公开目录"),
    )


def document_tags(public: PublicDocument, site: Site, *, address: str) -> tuple[Tag, ...]:
    """For a document's page; `address` is its full one, empty when the site's is not set. Optional ones where known."""
    record = public.record
    tags = (
        ("ArticleTitle", record.title),
        ("PubDate", record.published.strftime("%Y-%m-%d %H:%M")),
        ("ContentSource", record.source or site.organisation.name),
        ("Keywords", ",".join(record.keywords)),
        ("Author", record.publisher or record.department),
        ("Description", record.description),
        ("Url", address),
    )
    known = tuple((name, value) for name, value in tags if value)
    return (*site_tags(site), *column_tags(column_of(public, site)), *known)


def linked_data(public: PublicDocument, site: Site, *, address: str) -> str:
    """JSON-LD, safe inside a script element: the document as a schema.org Report with its index number as identifier; keys without a value left out."""
    record = public.record
    organisation = {"@type": "GovernmentOrganization", "name": site.organisation.name}
    statement = {
        "@context": "https://schema.org",
        "@type": "Report",
        "headline": record.title,
        "identifier": record.index.text,
        "reportNumber": record.document_number,
        "dateCreated": record.created.isoformat(),
        "datePublished": record.published.isoformat(),
        "dateModified": public.updated.isoformat() if public.updated > record.published else "",
        "inLanguage": "zh-CN",
        "isAccessibleForFree": public.has_body,
        "articleSection": column_of(public, site).name,
        "abstract": record.description,
        "keywords": list(record.keywords),
        "publisher": organisation,
        "sourceOrganization": {"@type": "Organization", "name": record.source} if record.source else None,
        "url": address,
    }
    known = {key: value for key, value in statement.items() if value not in ("", None, [])}
    return json.dumps(known, ensure_ascii=False, separators=(",", ":")).translate(_SAFE_IN_A_SCRIPT)
