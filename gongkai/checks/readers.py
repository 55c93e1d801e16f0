"""One document, and one file attached, read and checked by itself; what is found is remembered with it.

It depends on the file, its folder's defaults and the site's settings, not on the day: what the public will never see is
not looked at, and of the rest `countable` tells on the day how much goes public.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from gongkai.catalogue.sources import Inventory, Signature
from gongkai.checks.attached_files import content_of
from gongkai.checks.protocol import AttachedFile, Fields, FieldsRule, FileRule, Read, ReadingRule, Words, WordsRule
from gongkai.checks.rules import CODES, found
from gongkai.checks.texts import Spot
from gongkai.memory.digests import canonical, code_digest, digest
from gongkai.memory.pool import Pool
from gongkai.memory.store import load, save
from gongkai.records.disclosure import Extent, coming
from gongkai.records.findings import Finding
from gongkai.records.front_matter import split_source
from gongkai.records.markdown import without_comments
from gongkai.records.reading import Defaults, Document, Reading, read_document
from gongkai.records.record import field_texts
from gongkai.site import Site

#: The file's own name among the fields whose words are read.
_PATH = "path"
#: Fields whose values come from a list or are numbers and dates: 公开方式: 不予公开 is no stamp.
_FIXED = frozenset(
    "disclosure created term audience index published year replaces replaced_by document_number".split()  # noqa: SIM905
)
#: Before anything that could be disclosed.
_EVER = datetime(1900, 1, 1, tzinfo=UTC)
_BATCH = 4


def read_thoroughly(data: bytes, path: str, defaults: Defaults, site: Site) -> Reading:
    """The document in `data`, the file at `path` relative to docs/, with the findings that it gives by itself."""
    return _read(data, path, defaults, site, is_thorough=True)


def read_guarded(data: bytes, path: str, defaults: Defaults, site: Site) -> Reading:
    """The same for a build, which looks for what must not go out and leaves language and structure aside."""
    return _read(data, path, defaults, site, is_thorough=False)


def _read(data: bytes, path: str, defaults: Defaults, site: Site, *, is_thorough: bool) -> Reading:
    reading = read_document(data, path=path, zone=site.zone, defaults=defaults)
    findings = [*found(ReadingRule, Read(reading, CODES), is_thorough=is_thorough)]
    content: list[Finding] = []
    if reading.document:
        findings += found(FieldsRule, Fields(reading.document, site), is_thorough=is_thorough)
        content += _content(reading.document, data, site, is_thorough=is_thorough)
    return reading._replace(findings=tuple(sorted(findings)), content=tuple(sorted(content)))


def _content(document: Document, data: bytes, site: Site, *, is_thorough: bool) -> Iterator[Finding]:
    """Findings on the words of a document that is or ever was to become public."""
    if coming(document.record, _EVER).extent is Extent.NOTHING:
        return
    source = split_source(data)
    texts = {**field_texts(document.record), _PATH: document.path}
    own, banned = own_words(site), site.checks.banned_words
    for key, spot in content_spots(source.body, texts, own=own, banned=banned, is_thorough=is_thorough):
        line = 0 if key else source.body_line + spot.line - 1
        yield Finding(document.path, key, spot.code, spot.message, line)


def content_spots(
    body: str,
    fields: Mapping[str, str],
    *,
    own: frozenset[str] = frozenset(),
    banned: Mapping[str, str] | None = None,
    is_thorough: bool = True,
) -> Iterator[tuple[str, Spot]]:
    """(field, spot) of everything found in a document; "" is its body, whose lines count from 1 at its first line.

    `fields` are the values that are printed, a list's joined by line breaks. A body is read without its comments, which
    never come to the public.
    """
    texts = {"": without_comments(body)} | {key: value for key, value in fields.items() if key not in _FIXED and value}
    for key, text in texts.items():
        for spot in found(WordsRule, Words(text, key, own, banned or {}), is_thorough=is_thorough):
            yield key, spot


def countable(reading: Reading, now: datetime) -> Iterator[Finding]:
    """The findings on what a document says that are about something public at `now` or later."""
    if reading.document is None or not reading.content:
        return
    seen = coming(reading.document.record, now)
    shown = {key for part in seen.parts for key in field_texts(part)} | ({_PATH} if seen.parts else set())
    for finding in reading.content:
        if finding.field in shown if finding.field else seen.extent is Extent.FULL:
            yield finding


def own_words(site: Site) -> frozenset[str]:
    """What the office says of itself on every page, and therefore may say anywhere."""
    contact = site.site.contact
    return frozenset(filter(None, (contact.telephone, contact.email, contact.address)))


def _own_names(site: Site) -> frozenset[str]:
    """Whom a file's properties may name: the office, not its people."""
    return frozenset((site.organisation.name, site.site.host, *site.department_by_name)) - {""}


def file_spots(file: Path, site: Site) -> tuple[Spot, ...]:
    """What is found in one file that goes public, whoever publishes it; nothing where there is none."""
    return tuple(_file_spots(file, site)) if file.is_file() else ()


def _file_spots(file: Path, site: Site) -> Iterator[Spot]:
    content = content_of(file)
    pages = ((f"第 {page.number} 页：" if page.number else "：", page.text) for page in content.attached.pages)
    for where, text in (*pages, ("：", "\n".join(content.names)), ("：", file.name)):
        for spot in found(WordsRule, Words(text, own=own_words(site)), is_thorough=False):
            yield spot._replace(message=f"{where}{spot.message}")
    yield from found(FileRule, AttachedFile(file, content, _own_names(site)), is_thorough=False)


class _Kept(NamedTuple):
    """What was found in a file, and its signature."""

    signature: Signature
    spots: tuple[Spot, ...]


class _Batch(NamedTuple):
    docs_dir: Path
    site: Site
    paths: Sequence[str]


def read_files(batch: _Batch) -> list[tuple[Spot, ...]]:
    """A task for a worker."""
    return [file_spots(batch.docs_dir / path, batch.site) for path in batch.paths]


def spots_in_files(
    paths: Iterable[str], inventory: Inventory, site: Site, *, memory: Path | None, pool: Pool
) -> Mapping[str, tuple[Spot, ...]]:
    """What is found in each of some files under docs/; `memory` is the file that remembers it, None for none.

    A file that did not change is not opened again.
    """
    version = digest(code_digest(), canonical((sorted(own_words(site)), sorted(_own_names(site)))))
    loaded = load(memory, version=version) if memory else None
    before: dict[str, _Kept] = loaded if isinstance(loaded, dict) else {}
    wanted = sorted(set(paths))
    fresh = [path for path in wanted if path not in before or before[path].signature != inventory.settled(path)]
    batches = [_Batch(inventory.docs_dir, site, fresh[at : at + _BATCH]) for at in range(0, len(fresh), _BATCH)]
    read = [spots for one in pool.results(read_files, batches, len(batches), _silent) for spots in one]
    spots = {path: before[path].spots for path in wanted if path in before} | dict(zip(fresh, read, strict=True))
    kept = {path: _Kept(signature, spots[path]) for path in spots if (signature := inventory.settled(path)) is not None}
    after = {path: one for path, one in before.items() if path in inventory.files} | kept
    if memory and after != before:
        save(memory, after, version=version)
    return spots


def _silent(done: int, total: int) -> None:
    """A few files, soon read."""
