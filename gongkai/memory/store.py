"""What one build leaves for the next: values in files that are believed only when whole and of this very version.

Pickle, because it is the quickest way back to records (15 µs each); each file begins with a digest of its content and
of the version, so that a torn, truncated, altered or foreign file is no file at all. The digest guards against
accidents, not against malice: whoever may write to the folder may as well change the code.

Commands keep theirs in the user's own cache folder, never the bureau's. It holds documents that are not public, so
nobody else may look into it; it can be deleted at any time.
"""

import hashlib
import os
import pickle
import shutil
from pathlib import Path

from gongkai.memory.digests import digest
from gongkai.memory.files import write_atomically

_DIGEST_BYTES = 16
#: Names the folder of documents, so that what is remembered of it can go with it.
_NAME = "docs"


def save(path: Path, value: object, *, version: bytes) -> None:
    """Put `value` in `path`, in one step as far as readers can see."""
    content = pickle.dumps(value, protocol=5)
    write_atomically(path, digest(version, content) + content)


def load(path: Path, *, version: bytes) -> object | None:
    """The value kept in `path`, or None where there is none that this version can believe."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    content = memoryview(data)[_DIGEST_BYTES:]
    if digest(version, content) != data[:_DIGEST_BYTES]:
        return None
    value: object = pickle.loads(content)
    return value


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
