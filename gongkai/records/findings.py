"""What a reader or a rule found amiss in a file.

Which codes there are, how grave each is and what it stands for is told by the rules (`gongkai.checks.rules`); the line
that a clerk reads is made by the run of the checks (`gongkai.checks.run`).
"""

from dataclasses import dataclass

from gongkai.records.vocabulary import label

#: The code of a value that was read with goodwill; with any other finding of its reader a file is refused.
READ_AS = "read-as"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One finding in the file at `path`, relative to docs/; `field` is an English key or "".

    `line` counts from 1 where a line of the text is meant; 0 stands for the line of the field, or else the first.
    """

    path: str
    field: str
    code: str
    message: str
    line: int = 0

    @property
    def is_refusal(self) -> bool:
        """Whether a document is refused for it, where its reader found it."""
        return self.code != READ_AS


def as_line(path: str, line: int, field: str, message: str) -> str:
    """The line a clerk reads: `docs/summaries/2017.md:5: 生成日期: 应为…，实为…`."""
    return f"{path}:{line}: " + (f"{label(field)}: " if field else "") + message
