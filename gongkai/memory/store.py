"""What one build leaves for the next: values in files that are believed only when whole and of this very version.

Pickle, because it is the quickest way back to records (15 µs each); each file begins with a digest of its content and
of the version, so that a torn, truncated, altered or foreign file is no file at all. The digest guards against
accidents, not against malice: whoever may write to the folder may as well change the code.
"""

import pickle
from pathlib import Path

from gongkai.memory.digests import digest
from gongkai.memory.files import write_atomically

_DIGEST_BYTES = 16


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
