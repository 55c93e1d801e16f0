"""A document as the index lists it; whatever is not public never becomes one."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Member:
    """`text` names its text file: distinct documents have distinct ones, and a changed document has a new one."""

    text: str
    published: str  # "2018-07-26T09:55:00+08:00"
    index: str  # index number
    url: str  # relative to the site's root
    year: int
    column: str  # key
    department: str  # key or ""

    @property
    def mark(self) -> str:
        """What it is known by from build to build: another department makes it another document, its text the same."""
        return "/".join((self.text, str(self.year), self.column, self.department))


def text_of_mark(mark: str) -> str:
    return mark.partition("/")[0]


Key = tuple[float, str, str]


def order_key(member: Member) -> Key:
    """Newest first, and by index number within an instant: a total order."""
    return -datetime.fromisoformat(member.published).timestamp(), member.index, member.url
