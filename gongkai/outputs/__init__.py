"""Files that stand beside the pages."""

from typing import NamedTuple


class OutputFile(NamedTuple):
    """A file's path, relative to the site's root, and its bytes."""

    path: str
    data: bytes
