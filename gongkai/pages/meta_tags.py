"""The meta tags that 国办发〔2017〕47号 (网页设计规范) wants: site, column and content ones, never empty."""

from gongkai.catalogue.order import PublicDocument
from gongkai.pages.facts import column_of
from gongkai.site import Column, Site

Tag = tuple[str, str]


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
