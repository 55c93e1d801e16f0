"""Putting files of staff in place: whole or not at all."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile


def put(target: Path, data: bytes) -> None:
    """Write `data` to `target` by rename; raises OSError, and then nothing has changed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
    with NamedTemporaryFile("wb", dir=target.parent, prefix=".", suffix=".tmp", delete=False) as file:
        file.write(data)
    temporary = Path(file.name)
    temporary.chmod(mode)
    temporary.replace(target)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
