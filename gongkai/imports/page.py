"""What any kind of file gives when it is read, and the Markdown file that it becomes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from gongkai.imports.visible import Grid
from gongkai.records.chinese import half_width
from gongkai.records.editing import front_matter_text
from gongkai.records.vocabulary import FIELDS, TABLE, label

_ALWAYS: Final = ("title", "index", "published")
"""Fields that are written even where they are empty."""


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


def document_text(page: Page) -> str:
    """The whole file.

    Of a page that has its field table every field is written, empty ones too, so that no default fills them.
    """
    order = ("title", *TABLE, "published", "source")
    further = tuple(field.key for field in FIELDS if field.key not in order)
    values: Mapping[str, str] = {
        key: page.fields.get(key, "")
        for key in (*order, *further)
        if page.fields.get(key) or (key in order and (page.is_complete or key in _ALWAYS))
    }
    text = front_matter_text({key: value for key, value in values.items() if key not in page.raw}, page.body)
    if not page.raw:
        return text
    head, fence, body = text[4:].partition("\n---\n")
    more = "".join(f"\n{label(key)}: {value}" for key, value in page.raw.items())
    return f"---\n{head}{more}{fence}{body}"


def file_names(number: str, source_stem: str) -> tuple[str, ...]:
    """The names it may be filed under, the best first.

    What follows the organisation in its index number (`2019-136425.md`), the whole number where another
    organisation's document already has that name, or the name of the source where it has no number.
    """
    plain = half_width(number).strip()
    wanted = (plain.rpartition("/")[2], plain) if plain else (source_stem,)
    names = (re.sub(r"[^\w-]+", "-", name).strip("-").lower() for name in wanted)
    return tuple(f"{name or 'document'}.md" for name in names)
