"""Two trees of one site, and the workspace beside it: the public tree, and a standby that takes its place.

The trees share their files by hard links; only folders are there twice. A build renames the standby tree to a name of
its own, brings it up to date (what it lacks it links from the public one, what is new it writes, a file is never
opened for writing where one stands), and exchanges the two in one step of the kernel (renameat2, RENAME_EXCHANGE).
Publishing so costs what changed, and a build killed at any instant leaves the public tree as it was. Where the kernel
or the file system cannot exchange, two renames do it; where it cannot link, files are copied.
"""

import ctypes
import errno
import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple, TypeAlias

from gongkai.engine.edition import BuildFailedError

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_NEXT = "next-"
_CANNOT = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM)


#: A file of a tree: its path relative to the root, and the bytes and mtime (ns) by which it is known again. A plain
#: tuple, because a build keeps three for each document, and named ones take three times as long to keep.
Placed: TypeAlias = tuple[str, int, int]


class Tree(NamedTuple):
    """Which folder a tree is, whatever its name: device and inode."""

    device: int
    inode: int


def tree_at(folder: Path) -> Tree | None:
    """The tree that stands at `folder`, None if there is none."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return Tree(found.st_dev, found.st_ino)


def place(root: str, path: str, data: bytes, old_root: str = "") -> Placed:
    """Put a file into the tree at `root`; where the old tree has it byte for byte, that one is linked."""
    if old_root and _has(f"{old_root}/{path}", data) and _linked(f"{old_root}/{path}", f"{root}/{path}"):
        return placed(root, path)
    target = f"{root}/{path}"
    descriptor = _created(target)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
        found = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    return path, found.st_size, found.st_mtime_ns


def placed(root: str, path: str) -> Placed:
    """The file that stands at `path` of the tree at `root`."""
    found = os.stat(f"{root}/{path}")  # noqa: PTH116 - called for every file of a site
    return path, found.st_size, found.st_mtime_ns


def place_copy(root: str, path: str, source: Path, old_root: str = "") -> Placed:
    """Put a copy of `source` into the tree; never a link, because people write into their own files."""
    target = f"{root}/{path}"
    os.close(_created(target))
    Path(target).unlink()
    if not (old_root and _is_copy(source, Path(old_root, path)) and _linked(f"{old_root}/{path}", target)):
        shutil.copyfile(source, target)
    return placed(root, path)


def is_intact(root: str, files: Iterable[Placed]) -> bool:
    """Whether all of `files` still stand in the tree as they were placed."""
    try:
        for path, size, mtime in files:
            found = os.stat(f"{root}/{path}")  # noqa: PTH116 - called for every file of a site
            if found.st_size != size or found.st_mtime_ns != mtime:
                return False
    except OSError:
        return False
    return True


def remove(root: str, path: str) -> None:
    """Take a file out of a tree, if it is there, and the folders that it leaves empty."""
    try:
        os.unlink(f"{root}/{path}")  # noqa: PTH108 - called for every file that changes
        folder = path.rpartition("/")[0]
        while folder:
            os.rmdir(f"{root}/{folder}")  # noqa: PTH106 - as above
            folder = folder.rpartition("/")[0]
    except OSError as problem:
        if problem.errno not in (errno.ENOENT, errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
            raise


def link(root: str, path: str, old_root: str) -> bool:
    """Let the tree at `root` have the file that the old tree has; False where that has none."""
    source = f"{old_root}/{path}"
    if not os.path.isfile(source):  # noqa: PTH113 - called for every file of a site
        return False
    if not _linked(source, f"{root}/{path}"):
        os.makedirs(os.path.dirname(f"{root}/{path}"), exist_ok=True)  # noqa: PTH103, PTH120 - as above
        shutil.copy2(source, f"{root}/{path}")
    return True


def _linked(source: str, target: str) -> bool:
    """Whether `source` could be linked at `target`; what stood there is gone in any case."""
    for _ in range(3):
        try:
            os.link(source, target)
        except FileExistsError:
            os.unlink(target)  # noqa: PTH108 - as above
        except FileNotFoundError:
            os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120 - as above
        except OSError as problem:
            if problem.errno in (*_CANNOT, errno.EXDEV, errno.EMLINK):
                return False
            raise
        else:
            return True
    return False


def _created(target: str) -> int:
    """A new file, open for writing; what stood there stays as it is under its other names."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    while True:
        try:
            return os.open(target, flags, 0o666)
        except FileExistsError:
            os.unlink(target)  # noqa: PTH108 - called for every file that changes
        except FileNotFoundError:
            os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120 - as above


def _has(file: str, data: bytes) -> bool:
    try:
        with open(file, "rb") as old:  # noqa: PTH123 - called for every page that is made again
            return old.read(len(data) + 1) == data
    except OSError:
        return False


def _is_copy(source: Path, old: Path) -> bool:
    try:
        with source.open("rb") as one, old.open("rb") as other:
            while (block := one.read(1 << 20)) == other.read(1 << 20):
                if not block:
                    return True
    except OSError:
        pass
    return False


def exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; False where kernel or file system cannot."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    if rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _CANNOT:
        return False
    raise OSError(number, os.strerror(number), str(other))


class Workspace:
    """The hidden folder beside a site, `.site.gongkai/`: the standby tree and what one build keeps for the next.

    All of it may be deleted at any time; the next build is then slower, not wrong. `target` is the public tree;
    `memory`, `attached`, `history` and `state` are where builds remember.
    """

    def __init__(self, target: Path) -> None:
        self.target = target
        self.folder = target.with_name(f".{target.name}.gongkai")
        self.memory = self.folder / "readings"
        self.attached = self.folder / "attached"
        self.state = self.folder / "state"
        self.history = self.folder / "history"
        self.standby = self.folder / "standby"
        self._old = self.folder / "old"

    def recover(self) -> None:
        """Clear what a killed build left; a site that it had moved aside comes back first."""
        if self._old.exists() and not self.target.exists():
            self._old.rename(self.target)
        for left in (*self.folder.glob(f"{_NEXT}*"), self._old, self.folder / "spare"):  # "spare" until 0.2
            shutil.rmtree(left, ignore_errors=True)
        for left in (*self.folder.glob(".*.tmp"), *self.memory.glob(".*.tmp")):
            left.unlink(missing_ok=True)

    def empty(self) -> Path:
        """A new folder in the workspace, open to be read by a web server."""
        folder = Path(mkdtemp(prefix=_NEXT, dir=self.folder))
        folder.chmod(0o755)
        return folder

    def next_tree(self, standby: Tree | None) -> tuple[Path, bool]:
        """The tree to be made public next, and whether it is the standby tree that the build before left; else it is empty."""
        fresh = self.empty()
        if standby is None or tree_at(self.standby) != standby:
            shutil.rmtree(self.standby, ignore_errors=True)
            return fresh, False
        fresh.rmdir()
        self.standby.rename(fresh)
        return fresh, True

    def put_in_place(self, fresh: Path) -> None:
        """Make `fresh` the public tree; the one before it becomes `fresh`, or is nowhere if there was none."""
        if not self.target.exists():
            fresh.rename(self.target)
        elif not exchange(fresh, self.target):
            self.target.rename(self._old)
            fresh.rename(self.target)
            self._old.rename(fresh)

    def keep_standby(self, old: Path) -> None:
        """The tree that was public till now is what the next build begins with."""
        shutil.rmtree(self.standby, ignore_errors=True)
        old.rename(self.standby)

    def link_standby(self, files: Iterable[Placed]) -> Tree | None:
        """A standby tree like the public one, of `files`; where the file system has no links, none."""
        fresh = self.empty()
        for path, _, _ in files:
            link(str(fresh), path, str(self.target))
        self.keep_standby(fresh)
        return tree_at(self.standby)


@contextmanager
def locked_workspace(target: Path) -> Iterator[Workspace]:
    """The workspace of the site at `target`, locked; raises BuildFailedError where another build has it."""
    workspace = Workspace(target)
    workspace.folder.mkdir(parents=True, exist_ok=True)
    workspace.folder.chmod(0o700)  # it remembers documents that are not public, and those that no longer are
    with (workspace.folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BuildFailedError(f"另一个生成正在写 {target}。请等它结束再试") from None
        workspace.recover()
        try:
            yield workspace
        finally:
            for left in workspace.folder.glob(f"{_NEXT}*"):
                shutil.rmtree(left, ignore_errors=True)
