"""The bare repository that receives pushes: what git tells of it, and the folder `gongkai/` in it that is ours."""

import os
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from gongkai.catalogue.git import GitError, GitMissingError, run_git
from gongkai.memory.files import write_atomically
from gongkai.receiving.failures import SetUpError

HEADS = "refs/heads/"
_NOTHING = "0"
_PATIENCE = 1.5
_DAY = 86_400


class Update(NamedTuple):
    """A ref that a push moves; `old` and `new` are commits, "" where the ref is new or goes."""

    old: str
    new: str
    ref: str

    @property
    def branch(self) -> str:
        """The branch's name, "" where the ref is none."""
        return self.ref.removeprefix(HEADS) if self.ref.startswith(HEADS) else ""


def read_updates(lines: Sequence[str]) -> list[Update]:
    """What git hands a hook on stdin: `<old> <new> <ref>`, a line each."""
    words = (line.rstrip("\n").split(" ", 2) for line in lines)
    return [Update(_commit(old), _commit(new), ref) for old, new, ref in words]


def _commit(name: str) -> str:
    """A commit's name, "" for the zeros that stand for none."""
    return name if name.strip(_NOTHING) else ""


@dataclass(frozen=True, slots=True)
class Repository:
    """The bare repository at `path`."""

    path: Path

    @property
    def folder(self) -> Path:
        """Where we keep what the public must not see: settings, checkouts, tokens of previews."""
        return self.path / "gongkai"

    @property
    def objects(self) -> Path:
        return self.path / "objects"

    def commit_of(self, branch: str) -> str:
        """The commit that `branch` is at, "" where there is no such branch."""
        told = git(self.path, "for-each-ref", "--format=%(objectname)", f"{HEADS}{branch}")
        return told.partition("\n")[0]

    def branches(self) -> dict[str, str]:
        """Every branch with its commit."""
        told = git(self.path, "for-each-ref", "--format=%(objectname) %(refname)", HEADS)
        pairs = (line.split(" ", 1) for line in told.splitlines())
        return {ref.removeprefix(HEADS): commit for commit, ref in pairs}


def git(folder: Path, *words: str) -> str:
    """What git prints in `folder`, whose repository it finds by itself; raises SetUpError where it fails."""
    try:
        return run_git(folder, *words).decode("utf-8", "surrogateescape")
    except GitMissingError as problem:
        raise SetUpError(str(problem)) from None
    except GitError as problem:
        raise SetUpError(f"git {words[0]}：{problem}") from None


def replace_if_changed(target: Path, data: bytes, *, mode: int = 0o644) -> bool:
    """Write `data` to `target` in one step; False, and nothing is touched, where it stands there already."""
    if target.is_file() and target.read_bytes() == data and target.stat().st_mode & 0o777 == mode:
        return False
    write_atomically(target, data, mode=mode)
    return True


def free_refs(repository: Repository) -> None:
    """Remove the locks that a killed git left on refs, and what it received; one at work holds a lock for an instant."""
    locks = (*repository.path.glob("*.lock"), *(repository.path / "refs").rglob("*.lock"))
    seen = {path: found.st_ino for path in locks if (found := _found(path))}
    if seen:
        time.sleep(_PATIENCE)
    for path, inode in seen.items():
        now = _found(path)
        if now and now.st_ino == inode:
            path.unlink(missing_ok=True)
    for path in repository.objects.glob("*incoming-*"):
        received = _found(path)
        if received and received.st_mtime < time.time() - _DAY:
            shutil.rmtree(path, ignore_errors=True)


def _found(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


def unfinished_writes(folder: Path) -> Iterator[Path]:
    """The temporary files that a killed process left in `folder`."""
    yield from folder.glob(".*.tmp")
