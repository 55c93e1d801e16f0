"""An imported page as a Markdown file: front matter under Chinese labels, and the name it is filed under."""

import re
from collections.abc import Mapping
from typing import Final

from gongkai.imports.page import Page
from gongkai.records.chinese import half_width
from gongkai.records.editing import front_matter_text
from gongkai.records.vocabulary import FIELDS, TABLE, label

_ALWAYS: Final = ("title", "index", "published")


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
