"""Every source read, or remembered from the build before.

A file whose size, times and inode are those of last time is not opened; one that was touched, as all are in a fresh
clone, is opened, and parsed only where its bytes changed.
"""

import zlib
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from gongkai.catalogue.sources import FolderDefaults, Inventory, Signature, folder_of
from gongkai.checks.judging import read_judged
from gongkai.memory.digests import canonical, code_digest, digest
from gongkai.memory.pool import Pool, Progress
from gongkai.memory.store import load, save
from gongkai.records.reading import Defaults, Reading, origin_of
from gongkai.site import Site

_BUCKETS = 32
_BATCH = 64


class Kept(NamedTuple):
    """A judged reading, the defaults it was read with, and its file's signature, None where that may deceive."""

    signature: Signature | None
    defaults: Defaults
    reading: Reading


class Wanted(NamedTuple):
    """A file to be read; `origin` is what it was read from last time, b"" if it was not read then."""

    path: str
    defaults: Defaults
    origin: bytes


class Batch(NamedTuple):
    docs_dir: Path
    site: Site
    wanted: Sequence[Wanted]
    is_thorough: bool


def read_all(  # noqa: PLR0913 - what to read, how well, and by what means
    inventory: Inventory,
    defaults: FolderDefaults,
    site: Site,
    *,
    memory: Path,
    pool: Pool,
    tell: Progress,
    is_thorough: bool = False,
) -> list[Reading]:
    """Every document of `inventory`, judged, in the order of their paths; `memory` is the folder that remembers them.

    Those that are not read thoroughly are judged as far as a build must know.
    """
    version = digest(code_digest(), canonical(_named(site)), repr(is_thorough))
    before = [_bucket(load(memory / f"{number:02}", version=version)) for number in range(_BUCKETS)]
    wanted = list(_wanted(inventory, defaults, before))
    batches = [
        Batch(inventory.docs_dir, site, wanted[start : start + _BATCH], is_thorough)
        for start in range(0, len(wanted), _BATCH)
    ]
    fresh: dict[str, Kept] = {}
    told = partial(_told_in_files, tell, len(wanted))
    read = (
        reading for readings in pool.results(read_batch, batches, len(batches), told) for reading in readings
    )
    for (path, given, _), reading in zip(wanted, read, strict=True):
        own = reading or before[_number(path)][path].reading
        fresh[path] = Kept(inventory.settled(path), given, own)
    after = _remembered(inventory, before, fresh)
    for number, bucket in enumerate(after):
        if bucket.keys() != before[number].keys() or not fresh.keys().isdisjoint(bucket):
            save(memory / f"{number:02}", bucket, version=version)
    return [after[_number(path)][path].reading for path in inventory.documents]


def _told_in_files(tell: Progress, total: int, done: int, _: int) -> None:
    tell(min(done * _BATCH, total), total)


def read_batch(batch: Batch) -> list[Reading | None]:
    """The readings wanted, None for a file whose content is what it was; a task for a worker."""
    return [_read(batch, wanted) for wanted in batch.wanted]


def _read(batch: Batch, wanted: Wanted) -> Reading | None:
    if wanted.origin and _origin(batch.docs_dir / wanted.path, wanted.defaults) == wanted.origin:
        return None
    return read_judged(
        batch.docs_dir, wanted.path, wanted.defaults, batch.site, is_thorough=batch.is_thorough
    )


def _origin(file: Path, defaults: Defaults) -> bytes:
    try:
        return origin_of(file.read_bytes(), defaults)
    except OSError:
        return b""


def _named(site: Site) -> Mapping[str, object]:
    """What of the site the judging of a reading depends on."""
    return {
        "code": site.organisation.code,
        "columns": [(column.key, column.name) for column in site.columns],
        "departments": [department.name for department in site.departments],
        "timezone": site.timezone,
        "checks": site.checks.model_dump(),
        "own": site.site.contact.model_dump(),
    }


def _number(path: str) -> int:
    return zlib.crc32(path.encode("utf-8", "surrogateescape")) % _BUCKETS


def _bucket(loaded: object) -> dict[str, Kept]:
    return loaded if isinstance(loaded, dict) else {}


def _wanted(
    inventory: Inventory, defaults: FolderDefaults, before: Sequence[Mapping[str, Kept]]
) -> "Sequence[Wanted]":
    wanted = []
    for path in inventory.documents:
        given = defaults.of(folder_of(path))
        known = before[_number(path)].get(path)
        if known is None or known.defaults != given:
            wanted.append(Wanted(path, given, b""))
        elif known.signature is None or known.signature != inventory.files[path]:
            document = known.reading.document
            wanted.append(Wanted(path, given, document.origin if document else b""))
    return wanted


def _remembered(
    inventory: Inventory, before: Sequence[Mapping[str, Kept]], fresh: Mapping[str, Kept]
) -> list[dict[str, Kept]]:
    after: list[dict[str, Kept]] = [{} for _ in range(_BUCKETS)]
    for path in inventory.documents:
        number = _number(path)
        after[number][path] = fresh.get(path) or before[number][path]
    return after
