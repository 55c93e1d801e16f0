"""One stylesheet from the partials' own: fewer requests for readers, one file per partial for engineers."""

import hashlib
from pathlib import Path

from gongkai.outputs import OutputFile

#: Custom properties first; the rest may come in any order and so comes in that of their names.
_FIRST = "tokens.css"


def stylesheet(folder: Path) -> OutputFile:
    """The style sheets of `folder` joined, under a name that changes with their content."""
    sources = sorted(folder.glob("*.css"), key=lambda path: (path.name != _FIRST, path.name))
    data = b"\n".join(path.read_bytes() for path in sources)
    return OutputFile(f"assets/css/gongkai.{hashlib.sha256(data).hexdigest()[:12]}.css", data)
