"""What the search is told about one public document."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as the reader may find it; whatever is not public never becomes one."""

    url: str  # relative to the site's root, e.g. "summaries/2018/"
    title: str
    index: str  # the index number verbatim, "000014349/2019-136425"
    document_number: str  # "" when none
    column: str  # key
    department: str  # key or ""
    year: int  # of publication
    published: str  # "2018-07-26T09:55:00+08:00"
    text: str  # visible text of the body, a line per block
