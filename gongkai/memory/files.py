"""Writing a file so that readers see it whole or not at all."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile


def write_atomically(target: Path, data: bytes, *, mode: int | None = None) -> None:
    """Put `data` in `target` by rename; its folder is made where it lacks.

    The permissions are `mode`, else those of the file that stood there, else the process's own for new files. A file
    that stood there stays as it is under its other names (hard links). Raises OSError, and then nothing has changed.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    if mode is None:
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
    with NamedTemporaryFile("wb", dir=target.parent, prefix=".", suffix=".tmp", delete=False) as file:
        fresh = Path(file.name)
        try:
            file.write(data)
            file.close()
            fresh.chmod(mode)
            fresh.replace(target)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise


def unfinished_writes(folder: Path) -> Iterator[Path]:
    """What a killed process left in `folder` of files that it was writing."""
    yield from folder.glob(".*.tmp")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
