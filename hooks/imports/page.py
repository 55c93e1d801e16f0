"""What any kind of file gives when it is read: one value, whatever the kind."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from hooks.imports.visible import Grid

NOTHING: Mapping[str, str] = MappingProxyType({})


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
    may_assume: bool = False
    """Whether the file is a paper of the office's own, which has no field table: what is usual may stand in."""
