"""A file that stands beside the pages: its path relative to the site's root, and its bytes."""

from typing import NamedTuple


class OutputFile(NamedTuple):
    path: str
    data: bytes
