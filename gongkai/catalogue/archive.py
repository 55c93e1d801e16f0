"""The archive: everything under docs/ taken stock of once, each document read or remembered from the run before.

Whoever asks about more than one document asks here: checks, builds, the register, numbers, withdrawals. A file whose
size, times and inode are those of last time is not opened; one that was touched, as all are in a fresh clone, is
opened, and parsed only where its bytes or its folders' defaults changed.
"""

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import NamedTuple

from gongkai.catalogue.order import Decided, decided
from gongkai.catalogue.register import Claims, Entry, claims, read_register
from gongkai.catalogue.sources import FolderDefaults, Inventory, Signature, folder_of, source_of
from gongkai.memory.digests import canonical, code_digest, digest
from gongkai.memory.pool import Pool, Progress
from gongkai.memory.store import load, save
from gongkai.records.reading import Defaults, Document, Reading, origin_of
from gongkai.site import Site

_BUCKETS = 32
_BATCH = 64
#: Makes a reading of a file's bytes: (bytes, path relative to docs/, its folder's defaults, site). A module's function,
#: so that workers can be handed it by name.
Reader = Callable[[bytes, str, Defaults, Site], Reading]


@dataclass(frozen=True)
class Archive:
    """What lies under docs/, and every document of it read, in the order of their paths.

    `memory` is the folder that remembers from run to run, None for none.
    """

    site: Site
    inventory: Inventory
    defaults: FolderDefaults
    readings: tuple[Reading, ...]
    memory: Path | None = None

    @property
    def docs_dir(self) -> Path:
        return self.inventory.docs_dir

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """Those that could be read."""
        return tuple(reading.document for reading in self.readings if reading.document)

    @cached_property
    def register(self) -> tuple[Entry, ...]:
        """Every line of the register; raises BrokenRegisterError."""
        return read_register(self.docs_dir)

    @cached_property
    def claims(self) -> Claims:
        """Which document was registered with which number; raises BrokenRegisterError."""
        return claims(self.register)

    def decided(self, now: datetime) -> tuple[Decided, ...]:
        """Each document with what of it is public at `now`."""
        return decided(self.documents, now)


def open_archive(
    inventory: Inventory,
    site: Site,
    read: Reader,
    *,
    memory: Path | None = None,
    pool: Pool | None = None,
    progress: Progress | None = None,
) -> Archive:
    """The archive of `inventory`, its documents read by `read`.

    `memory` is the folder that remembers from run to run, None for none; without a `pool` this process reads everything
    itself; `progress` is called with how many documents of how many are read.
    """
    docs_dir = inventory.docs_dir
    defaults = FolderDefaults(docs_dir, site.zone)
    folder = memory / "readings" if memory else None
    known = _Remembered(folder, digest(code_digest(), canonical(_named(site)), canonical(read)))
    wanted = list(_wanted(inventory, defaults, known))
    batches = [_Batch(docs_dir, site, read, wanted[start : start + _BATCH]) for start in range(0, len(wanted), _BATCH)]
    said = partial(_in_documents, progress or _silent, len(wanted))
    found = (pool or Pool(None)).results(read_batch, batches, len(batches), said)
    fresh = {
        one.path: _Kept(inventory.settled(one.path), one.defaults, reading or known[one.path].reading)
        for one, reading in zip(wanted, (reading for batch in found for reading in batch), strict=True)
    }
    readings = known.renewed(inventory.documents, fresh)
    return Archive(site, inventory, defaults, readings, memory)


class _Kept(NamedTuple):
    """A reading, the defaults it was made with, and its file's signature, None where that may deceive."""

    signature: Signature | None
    defaults: Defaults
    reading: Reading


class _Wanted(NamedTuple):
    """A file to be read; `origin` is what it was read from last time, b"" if it was not read then."""

    path: str
    defaults: Defaults
    origin: bytes


class _Batch(NamedTuple):
    docs_dir: Path
    site: Site
    read: Reader
    wanted: Sequence[_Wanted]


def read_batch(batch: _Batch) -> list[Reading | None]:
    """The readings wanted, None for a file whose content is what it was; a task for a worker."""
    return [_read(batch, wanted) for wanted in batch.wanted]


def _read(batch: _Batch, wanted: _Wanted) -> Reading | None:
    data = source_of(batch.docs_dir, wanted.path)
    if isinstance(data, Reading):
        return data
    if wanted.origin and origin_of(data, wanted.defaults) == wanted.origin:
        return None
    return batch.read(data, wanted.path, wanted.defaults, batch.site)


def _in_documents(progress: Progress, total: int, done: int, _: int) -> None:
    progress(min(done * _BATCH, total), total)


def _silent(done: int, total: int) -> None:
    """Nobody asked how far it is."""


class _Remembered:
    """What the last run kept of each document, in files of some dozens, so that one edit writes one of them anew."""

    def __init__(self, folder: Path | None, version: bytes) -> None:
        self._folder = folder
        self._version = version
        self._buckets = [self._loaded(number) for number in range(_BUCKETS)]

    def _loaded(self, number: int) -> dict[str, _Kept]:
        found = load(self._folder / f"{number:02}", version=self._version) if self._folder else None
        return found if isinstance(found, dict) else {}

    def __getitem__(self, path: str) -> _Kept:
        return self._buckets[_bucket_of(path)][path]

    def get(self, path: str) -> _Kept | None:
        return self._buckets[_bucket_of(path)].get(path)

    def renewed(self, paths: Sequence[str], fresh: Mapping[str, _Kept]) -> tuple[Reading, ...]:
        """The readings of `paths`, those `fresh` and those that still hold; what differs is written."""
        after: list[dict[str, _Kept]] = [{} for _ in range(_BUCKETS)]
        for path in paths:
            after[_bucket_of(path)][path] = fresh.get(path) or self[path]
        for number, bucket in enumerate(after):
            is_same = bucket.keys() == self._buckets[number].keys() and fresh.keys().isdisjoint(bucket)
            if self._folder and not is_same:
                save(self._folder / f"{number:02}", bucket, version=self._version)
        return tuple(after[_bucket_of(path)][path].reading for path in paths)


def _bucket_of(path: str) -> int:
    return zlib.crc32(path.encode("utf-8", "surrogateescape")) % _BUCKETS


def _named(site: Site) -> Mapping[str, object]:
    """What of the site a reading depends on."""
    return {
        "code": site.organisation.code,
        "columns": [(column.key, column.name) for column in site.columns],
        "departments": [department.name for department in site.departments],
        "timezone": site.timezone,
        "checks": site.checks.model_dump(),
        "own": site.site.contact.model_dump(),
    }


def _wanted(inventory: Inventory, defaults: FolderDefaults, known: _Remembered) -> Iterator[_Wanted]:
    """The documents that are to be opened."""
    for path in inventory.documents:
        given = defaults.of(folder_of(path))
        kept = known.get(path)
        if kept is None or kept.defaults != given:
            yield _Wanted(path, given, b"")
        elif kept.signature is None or kept.signature != inventory.files[path]:
            document = kept.reading.document
            yield _Wanted(path, given, document.origin if document else b"")
