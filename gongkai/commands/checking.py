"""What `gongkai check` does before it looks: finds the folder that remembers, and people to do the work."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from gongkai.memory.cache import cache_of

if TYPE_CHECKING:
    from datetime import datetime

    from gongkai.engine.examining import Examined, Scope
    from gongkai.engine.settings import Settings


def examined(settings: "Settings", now: "datetime", scope: "Scope") -> "Examined":
    """Everything there is to find; raises HistoryError where there is no such commit."""
    from gongkai.commands.progress import progress
    from gongkai.engine.examining import examine
    from gongkai.memory.pool import open_pool

    with (
        _memory(settings.docs_dir) as memory,
        open_pool(jobs=None, scheduler=None) as workers,
        progress() as tell,
    ):
        return examine(
            settings,
            now,
            scope,
            memory=memory,
            pool=workers,
            tell=lambda done, total: tell("sources", done, total),
        )


@contextmanager
def _memory(docs_dir: Path) -> Iterator[Path]:
    """The folder that remembers; one for this time only where there can be no other."""
    cache = cache_of(docs_dir)
    if cache:
        yield cache
        return
    with TemporaryDirectory(prefix="gongkai-") as folder:
        yield Path(folder)
