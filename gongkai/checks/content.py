"""All that the checks of content say of one document or one attachment, place by place.

A body is read without its comments, which never come to the public; addresses written with %E5 are read as they are
meant, because a file's name can hold an identity number. Of the fields only those that hold somebody's words are asked.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import unquote

from gongkai.checks.damage import text_damage
from gongkai.checks.figures import contradictions
from gongkai.checks.privacy import personal_data
from gongkai.checks.properties import hidden_properties
from gongkai.checks.secrecy import secret_marks
from gongkai.checks.spots import Spot
from gongkai.checks.wording import wrong_words
from gongkai.records.markdown import without_comments

__all__ = ["content_spots", "file_spots", "hidden_properties"]

#: Fields whose values come from a list or are numbers and dates: 公开方式: 不予公开 is no stamp.
FIXED_FIELDS: Final = frozenset(
    "disclosure created term audience index published year status replaces replaced_by document_number".split()  # noqa: SIM905
)
NONE: Final[Mapping[str, str]] = MappingProxyType({})
_ESCAPED: Final = re.compile(r"(?:%[0-9A-Fa-f]{2})+")


def content_spots(
    body: str,
    fields: Mapping[str, str],
    *,
    own: frozenset[str] = frozenset(),
    banned: Mapping[str, str] = NONE,
) -> Iterator[tuple[str, Spot]]:
    """(field, spot) of everything found in a document; "" is its body, whose lines count from 1 at its first line.

    `fields` are the values that are printed, a list's joined by line breaks; `own` are the office's own telephones and
    mailboxes, `banned` the words it does not print.
    """
    yield from guarding_spots(body, fields, own=own)
    shown = without_comments(body)
    for spot in (*text_damage(shown), *contradictions(shown), *wrong_words(shown, banned)):
        yield "", spot
    for key, value in fields.items():
        if key not in FIXED_FIELDS and value:
            for spot in wrong_words(value, banned):
                yield key, spot


def guarding_spots(
    body: str, fields: Mapping[str, str], *, own: frozenset[str] = frozenset()
) -> Iterator[tuple[str, Spot]]:
    """The same of personal data and marks of secrecy alone: what a build must not let out."""
    for spot in _guarded(without_comments(body), own):
        yield "", spot
    for key, value in fields.items():
        if key not in FIXED_FIELDS and value:
            for spot in _guarded(value, own):
                yield key, spot


def file_spots(path: Path, text: str, *, own: frozenset[str] = frozenset()) -> Iterator[Spot]:
    """What is found in the name of an attachment and in its text."""
    name = _guarded(path.name, own)
    yield from (spot._replace(line=1) for spot in name)
    yield from (spot for spot in _guarded(text, own) if spot not in name)


def _guarded(text: str, own: frozenset[str]) -> tuple[Spot, ...]:
    """Personal data and marks of secrecy: what must never go out."""
    if "%" in text:
        text = _ESCAPED.sub(lambda match: unquote(match[0]).replace("\n", " "), text)
    return (*personal_data(text, own=own), *secret_marks(text))
