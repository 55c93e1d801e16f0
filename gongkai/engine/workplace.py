"""The hidden folder beside a site, `.site.gongkai/`: the spare tree and what one build remembers for the next.

One build at a time holds its lock. All of it may be deleted at any time; the next build is then slower, not wrong.
"""

import fcntl
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from gongkai.engine.failures import BuildFailedError
from gongkai.engine.trees import Placed, Tree, exchange, link, tree_at

_NEXT = "next-"


class Workplace:
    """`target` is the public tree; `memory`, `attached`, `history` and `state` are where builds remember, `spare` is the tree to come."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.folder = target.with_name(f".{target.name}.gongkai")
        self.memory = self.folder / "readings"
        self.attached = self.folder / "attached"
        self.state = self.folder / "state"
        self.history = self.folder / "history"
        self.spare = self.folder / "spare"
        self._old = self.folder / "old"

    def recover(self) -> None:
        """Clear what a killed build left; a site that it had moved aside comes back first."""
        if self._old.exists() and not self.target.exists():
            self._old.rename(self.target)
        for left in (*self.folder.glob(f"{_NEXT}*"), self._old):
            shutil.rmtree(left, ignore_errors=True)
        for left in (*self.folder.glob(".*.tmp"), *self.memory.glob(".*.tmp")):
            left.unlink(missing_ok=True)

    def empty(self) -> Path:
        """A new folder in the workplace, open to be read by a web server."""
        folder = Path(mkdtemp(prefix=_NEXT, dir=self.folder))
        folder.chmod(0o755)
        return folder

    def next_tree(self, spare: Tree | None) -> tuple[Path, bool]:
        """The tree to be made public next, and whether it is the spare one, if that is still the one that was left.

        Else it is empty.
        """
        fresh = self.empty()
        if spare is None or tree_at(self.spare) != spare:
            shutil.rmtree(self.spare, ignore_errors=True)
            return fresh, False
        fresh.rmdir()
        self.spare.rename(fresh)
        return fresh, True

    def put_in_place(self, fresh: Path) -> None:
        """Make `fresh` the public tree; the one before it becomes `fresh`, or is nowhere if there was none."""
        if not self.target.exists():
            fresh.rename(self.target)
        elif not exchange(fresh, self.target):
            self.target.rename(self._old)
            fresh.rename(self.target)
            self._old.rename(fresh)

    def keep_spare(self, old: Path) -> None:
        """The tree that was public till now is what the next build begins with."""
        shutil.rmtree(self.spare, ignore_errors=True)
        old.rename(self.spare)

    def link_spare(self, files: Iterable[Placed]) -> Tree | None:
        """A spare tree like the public one, of `files`; where the file system has no links, none."""
        fresh = self.empty()
        for path, _, _ in files:
            link(str(fresh), path, str(self.target))
        self.keep_spare(fresh)
        return tree_at(self.spare)


@contextmanager
def workplace(target: Path) -> Iterator[Workplace]:
    """The workplace of the site at `target`, locked; raises BuildFailedError where another build has it."""
    place = Workplace(target)
    place.folder.mkdir(parents=True, exist_ok=True)
    place.folder.chmod(0o700)  # it remembers documents that are not public, and those that no longer are
    with (place.folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BuildFailedError(f"另一个生成正在写 {target}。请等它结束再试") from None
        place.recover()
        try:
            yield place
        finally:
            for left in place.folder.glob(f"{_NEXT}*"):
                shutil.rmtree(left, ignore_errors=True)
