"""JSON-LD (schema.org) of a document's page, safe inside a script element."""

import json

from gongkai.catalogue.order import PublicDocument
from gongkai.pages.facts import column_of
from gongkai.site import Site

#: What ends a script element or opens a comment in one, as JSON escapes (HTML Living Standard, 4.12.1.3).
_SCRIPT_SAFE = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def linked_data(public: PublicDocument, site: Site, *, address: str) -> str:
    """The document as a schema.org Report with its index number as identifier; keys without a value left out."""
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
    return json.dumps(known, ensure_ascii=False, separators=(",", ":")).translate(_SCRIPT_SAFE)
