"""What the search is told about one public document."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class AttachedPage(NamedTuple):
    """The text of one page of an attachment; `number` is None where its kind has no pages."""

    number: int | None
    text: str


class AttachedText(NamedTuple):
    """What of an attachment can be searched: the name shown for it, its address, its pages in their order."""

    name: str
    address: str
    pages: Sequence[AttachedPage]


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
    genre: str = ""  # 体裁 as written
    validity: str = "in-force"  # a key of facets.VALIDITY
    has_files: bool = False  # whether attachments are listed beside it
    attached: tuple[AttachedText, ...] = ()
