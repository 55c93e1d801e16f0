"""Two trees of one site: the one that is public, and one beside it that the next build changes and puts in its place.

The trees share their files by hard links; only folders are there twice. A build renames the spare tree to a name of
its own, brings it up to date (what it lacks it links from the public one, what is new it writes, a file is never
opened for writing where one stands), and exchanges the two in one step of the kernel (renameat2, RENAME_EXCHANGE).
Publishing so costs what changed, and a build killed at any instant leaves the public tree as it was. Where the kernel
or the file system cannot exchange, two renames do it; where it cannot link, files are copied.
"""

import ctypes
import errno
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple, TypeAlias

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
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
