"""What any kind of file gives when it is read: one value, whatever the kind."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gongkai.imports.visible import Grid


class UnreadableFileError(ValueError):
    """A file that cannot be imported; the message tells the clerk why, and what to do."""


@dataclass(frozen=True, slots=True)
class Page:
    fields: Mapping[str, str]
    """By key, as they were written; those that the file does not have are left out."""
    body: str
    """Markdown."""
    source: tuple[str, ...]
    """What a reader of the original's body sees, line by line, read without the converter."""
    grids: tuple[Grid, ...] = ()
    """The tables of the original, read without the converter."""
    assets: Mapping[str, bytes] = field(default_factory=dict)
    """Files that the body leads to, by the name under which it does."""
    notes: tuple[str, ...] = ()
    """What was assumed, and what was left out as it should be."""
    losses: tuple[str, ...] = ()
    """What could not be kept."""
    is_by_line: bool = False
    """Whether `source` has the lines of the file, so that a line's number leads to it."""
    is_complete: bool = False
    """Whether a field that is not there is one that was left empty: then no default fills it."""
    may_assume: bool = False
    """Whether what is usual may stand for a field that is missing; each time it does, it is told."""
    is_new: bool = False
    """Whether the file was public nowhere yet, so that it becomes so now."""
    raw: Mapping[str, str] = field(default_factory=dict)
    """Further fields by key, as YAML."""
