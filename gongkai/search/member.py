"""A document as the index lists it; whatever is not public never becomes one."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from gongkai.search.entry import Entry
from gongkai.search.packing import content_name
from gongkai.search.texts import text_of

_SEAM = "\n"


@dataclass(frozen=True, slots=True)
class Member:
    """All that the index says of a document; `text` is the digest of what is looked into."""

    text: str
    published: str  # "2018-07-26T09:55:00+08:00"
    index: str  # index number
    url: str  # relative to the site's root
    title: str
    document_number: str  # "" when none
    year: int
    column: str  # key
    department: str  # key or ""
    genre: str  # as written, or ""
    validity: str  # a key of facets.VALIDITY
    has_files: bool
    attached: str = ""  # of each attachment with text its name, its address and the name of its file, as JSON

    @property
    def attached_names(self) -> tuple[str, ...]:
        return attached_names(self.attached)

    @property
    def files(self) -> str:
        return "yes" if self.has_files else ""

    @property
    def mark(self) -> str:
        """What it is known by from build to build: any change makes it another document."""
        parts = (self.text, self.published, self.index, self.url, self.title, self.document_number)
        groups = (str(self.year), self.column, self.department, self.genre, self.validity, self.files)
        said = _SEAM.join((*parts, *groups, self.attached))
        return content_name(said.encode("utf-8", "surrogatepass"), digits=20)


def attached_names(attached: str) -> tuple[str, ...]:
    """The names of the files in what a member says of attachments; raises ValueError where that is something else."""
    return tuple(name for _, _, name in json.loads(attached)) if attached else ()


def listed_attachments(listed: Iterable[tuple[str, str, str]]) -> str:
    """What a member says of attachments: of each the name shown for it, its address, the name of its file."""
    found = [list(one) for one in listed]
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")) if found else ""


def member_of(entry: Entry, attached: str = "") -> Member:
    """How the index lists `entry`; `attached` is as a member has it."""
    return Member(
        text=text_of(entry).digest,
        published=entry.published,
        index=entry.index,
        url=entry.url,
        title=entry.title,
        document_number=entry.document_number,
        year=entry.year,
        column=entry.column,
        department=entry.department,
        genre=entry.genre,
        validity=entry.validity,
        has_files=entry.has_files,
        attached=attached,
    )


Key = tuple[float, str, str]


def order_key(member: Member) -> Key:
    """Newest first, and by index number within an instant: a total order."""
    return -datetime.fromisoformat(member.published).timestamp(), member.index, member.url


def shown(member: Member) -> Iterator[str]:
    """What a result shows of it, in the order in which a block of names has it."""
    yield from (
        member.url,
        member.title,
        member.index,
        member.document_number,
        member.published,
        member.attached,
        member.column,
        member.department,
    )
