"""What was found in attachments, remembered: a file that did not change is not opened again."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from gongkai.catalogue.sources import Inventory, Signature
from gongkai.checks.attached import SpotsOf, attached_spots, own_names, own_words
from gongkai.checks.spots import Spot
from gongkai.memory.digests import canonical, code_digest, digest
from gongkai.memory.pool import Pool
from gongkai.memory.store import load, save
from gongkai.site import Site

_BATCH = 4


class Kept(NamedTuple):
    """What was found in a file, and its signature."""

    signature: Signature
    spots: tuple[Spot, ...]


class Batch(NamedTuple):
    docs_dir: Path
    site: Site
    paths: Sequence[str]


def remembering(inventory: Inventory, site: Site, *, memory: Path, pool: Pool) -> SpotsOf:
    """Reads files of `inventory`; `memory` is the file that remembers what was found in them."""
    return partial(_spots_of, inventory=inventory, site=site, memory=memory, pool=pool)


def read_batch(batch: Batch) -> list[tuple[Spot, ...]]:
    """A task for a worker."""
    return [attached_spots(batch.docs_dir / path, batch.site) for path in batch.paths]


def _spots_of(
    paths: Sequence[str], *, inventory: Inventory, site: Site, memory: Path, pool: Pool
) -> Mapping[str, tuple[Spot, ...]]:
    version = digest(code_digest(), canonical((sorted(own_words(site)), sorted(own_names(site)))))
    loaded = load(memory, version=version)
    before: dict[str, Kept] = loaded if isinstance(loaded, dict) else {}
    fresh = [path for path in paths if not _is_known(path, before, inventory)]
    batches = [
        Batch(inventory.docs_dir, site, fresh[start : start + _BATCH])
        for start in range(0, len(fresh), _BATCH)
    ]
    read = [spots for found in pool.results(read_batch, batches, len(batches), _unheard) for spots in found]
    spots = {path: before[path].spots for path in paths if path in before} | dict(
        zip(fresh, read, strict=True)
    )
    kept = {
        path: Kept(signature, spots[path])
        for path in spots
        if (signature := inventory.settled(path)) is not None
    }
    after = {path: one for path, one in before.items() if path in inventory.files} | kept
    if after != before:
        save(memory, after, version=version)
    return spots


def _is_known(path: str, before: Mapping[str, Kept], inventory: Inventory) -> bool:
    return path in before and before[path].signature == inventory.settled(path)


def _unheard(done: int, total: int) -> None:
    """A few files, soon read."""
