"""Where commands remember what they read: the user's own cache folder, never the bureau's.

What is kept there holds documents that are not public, so nobody else may look into it. It can be deleted at any time.
"""

import hashlib
import os
import shutil
from pathlib import Path

_NAME = "docs"


def cache_of(docs_dir: Path) -> Path | None:
    """A folder for what was read of `docs_dir`; None where there can be none.

    What is remembered of folders that are no more is deleted.
    """
    try:
        home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        folder = home / "gongkai" / hashlib.sha256(os.fsencode(docs_dir.resolve())).hexdigest()[:16]
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.parent.chmod(0o700)
        (folder / _NAME).write_bytes(os.fsencode(docs_dir.resolve()))
    except (OSError, RuntimeError):
        return None
    _forget_what_is_gone(folder.parent)
    return folder


def _forget_what_is_gone(folder: Path) -> None:
    for one in folder.iterdir():
        try:
            if not Path(os.fsdecode((one / _NAME).read_bytes())).is_dir():
                shutil.rmtree(one, ignore_errors=True)
        except OSError:
            continue
