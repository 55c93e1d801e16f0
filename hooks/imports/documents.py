"""An imported page as a Markdown file: front matter under Chinese labels, and the name it is filed under."""

import re
from collections.abc import Mapping

from hooks.imports.flattened import Imported
from hooks.records.editing import front_matter_text
from hooks.records.vocabulary import TABLE
from hooks.records.writing import half_width


def document_text(imported: Imported) -> str:
    """The whole file; every field of the source is written, empty ones too, so that no default fills them."""
    values: Mapping[str, str] = {
        "title": imported.title,
        **{key: imported.fields.get(key, "") for key in TABLE},
        "published": imported.published,
        "source": imported.source,
    }
    return front_matter_text(values, imported.body)


def file_names(imported: Imported, source_stem: str) -> tuple[str, ...]:
    """The names it may be filed under, the best first.

    What follows the organisation in its index number (`2019-136425.md`), the whole number where another
    organisation's document already has that name, or the name of the source where it has no number.
    """
    number = half_width(imported.fields.get("index", "")).strip()
    wanted = (number.rpartition("/")[2], number) if number else (source_stem,)
    names = (re.sub(r"[^\w-]+", "-", name).strip("-").lower() for name in wanted)
    return tuple(f"{name or 'document'}.md" for name in names)
