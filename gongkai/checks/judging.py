"""One file read and judged by itself: its fields, and what it says.

A judged reading depends on the file, its folder's defaults and the site's settings, not on the day: what the public
will never see is not looked at, and of the rest `gongkai.checks.archive` asks on the day how much of it goes public.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain

from gongkai.checks.attached import own_words
from gongkai.checks.content import content_spots, guarding_spots
from gongkai.checks.metadata import judged
from gongkai.checks.structure import structure_spots
from gongkai.records.disclosure import Extent, coming
from gongkai.records.findings import Finding
from gongkai.records.front_matter import split_source
from gongkai.records.reading import Defaults, Reading, read_document
from gongkai.records.record import field_texts
from gongkai.site import Site

#: The body's name among the places of a text, and the file's own name.
_BODY, _PATH = "", "path"
#: Fields of a choice of words, of which the reason that a clerk gives is read.
_ASKED_AS = {"status": "reason of the status"}
_KEY_OF = {name: key for key, name in _ASKED_AS.items()}
#: Before anything that could be disclosed.
_EVER = datetime(1900, 1, 1, tzinfo=UTC)


def read_thoroughly(data: bytes, path: str, defaults: Defaults, site: Site) -> Reading:
    """The document in `data`, the file at `path` relative to docs/, with the findings that it gives by itself."""
    return _read(data, path, defaults, site, is_thorough=True)


def read_guarded(data: bytes, path: str, defaults: Defaults, site: Site) -> Reading:
    """The same for a build, which looks for what must not go out and leaves language and structure aside."""
    return _read(data, path, defaults, site, is_thorough=False)


def _read(data: bytes, path: str, defaults: Defaults, site: Site, *, is_thorough: bool) -> Reading:
    reading = read_document(data, path=path, shown=path, zone=site.zone, defaults=defaults)
    said = tuple(sorted(_said(reading, data, site, is_thorough=is_thorough)))
    return judged(reading, site)._replace(content=said)


def _said(reading: Reading, data: bytes, site: Site, *, is_thorough: bool) -> Iterator[Finding]:
    """Findings on the words of a document that is or ever was to become public."""
    document = reading.document
    if document is None or coming(document.record, _EVER).extent is Extent.NOTHING:
        return
    source = split_source(data)
    texts = {_ASKED_AS.get(key, key): text for key, text in field_texts(document.record).items()}
    texts[_PATH] = document.path
    own = own_words(site)
    if is_thorough:
        everything = content_spots(source.body, texts, own=own, banned=site.checks.banned_words)
        spots = chain(everything, ((_BODY, spot) for spot in structure_spots(source.body)))
    else:
        spots = chain(guarding_spots(source.body, texts, own=own))
    for where, spot in spots:
        key = _KEY_OF.get(where, where)
        line = source.body_line + spot.line - 1 if where == _BODY else reading.lines.get(key, 1)
        yield Finding(reading.shown, line, key, spot.code, spot.message)


def counting(reading: Reading, now: datetime) -> Iterator[Finding]:
    """The findings on what a document says that are about something public at `now` or later."""
    if reading.document is None or not reading.content:
        return
    seen = coming(reading.document.record, now)
    shown = {key for part in seen.parts for key in field_texts(part)} | ({_PATH} if seen.parts else set())
    for finding in reading.content:
        if finding.field in shown if finding.field else seen.extent is Extent.FULL:
            yield finding
