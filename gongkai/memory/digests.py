"""Digests: 16 bytes of BLAKE2b (RFC 7693). Equal digests stand for equal things; nothing here looks at a clock."""

import hashlib
import os
import sys
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]


def digest(*parts: bytes | memoryview | str) -> bytes:
    """The digest of `parts` in their order; where one ends and the next begins counts."""
    state = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        state.update(len(data).to_bytes(8, "big"))
        state.update(data)
    return state.digest()


@cache
def code_digest() -> bytes:
    """The generator's own code, the interpreter, and the name and version of every library beside it."""
    sources = sorted(_PACKAGE.rglob("*.py"))
    own = (part for path in sources for part in (path.relative_to(_PACKAGE).as_posix(), path.read_bytes()))
    folders = (Path(place) for place in sys.path if place and Path(place).is_dir())
    installed = {name for folder in folders for name in os.listdir(folder) if name.endswith(".dist-info")}  # noqa: PTH208 - names only
    return digest(sys.version, *own, *sorted(installed))


def canonical(value: object) -> str:
    """A value of the settings as text that is the same in every process; functions by name, not by address."""
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{canonical(key)}:{canonical(value[key])}" for key in value) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, partial):
        return f"{canonical(value.func)}({canonical(value.args)}{canonical(value.keywords)})"
    if isinstance(value, os.PathLike):
        return repr(os.fspath(value))
    if callable(value):
        return f"{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', type(value).__name__)}"
    return repr(value)


def folder_digest(folder: Path) -> bytes:
    """Every file below `folder`, by name and content; that of an empty one where there is none."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return digest(*(part for path in paths for part in (path.relative_to(folder).as_posix(), path.read_bytes())))
