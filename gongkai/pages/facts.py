"""What a document's page prints of its record: rows, dates and names ready for the template."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from gongkai.catalogue.order import PublicDocument
from gongkai.records.record import Attachment, Record
from gongkai.records.vocabulary import TABLE, label
from gongkai.site import Column, Site


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
        quote(address),
        attachment.title or name,
        suffix.upper() if suffix != name else "文件",
        shown_size(size),
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
