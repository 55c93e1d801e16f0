"""The bare repository that receives pushes: what git says of it, the lock of whoever publishes, and our folder in it.

One process at a time may publish; pushes, ticks and repairs wait for each other, and say so. The lock lives as long as
the process that holds it, and git runs two for a push: one that checks it, one that publishes it. In between, the first
hands over to the second: a file names git's own process (its id and when it started), and others wait until that
process is done or gone.
"""

import fcntl
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from gongkai.catalogue.git import GitError, GitMissingError, run_git
from gongkai.memory.files import write_atomically

HEADS = "refs/heads/"
#: Seconds: how often a waiting process tries the lock, and how often it says that it still waits.
_RETRY_EVERY, _ECHO_EVERY = 0.1, 10.0
#: Seconds: git at work holds a lock on a ref for an instant only; what it received and left for a day is nobody's.
_LONGEST_LOCK, _DAY = 1.5, 86_400
#: Prints a line, or several, for whoever pushed or ran the command.
Echo = Callable[[str], None]


class SetUpError(Exception):
    """The server is not set up as it must be; `str()` says what to do."""


class RefusedError(Exception):
    """A push that is not accepted, or a release that is not published; the arguments are lines for whoever asked."""

    def __str__(self) -> str:
        return "\n".join(map(str, self.args))


class BusyError(Exception):
    """Somebody else is publishing, and the wait is over; nothing was done."""


class Update(NamedTuple):
    """A ref that a push moves; `old` and `new` are commits, "" where the ref is new or goes."""

    old: str
    new: str
    ref: str

    @property
    def branch(self) -> str:
        """The branch's name, "" where the ref is none."""
        return self.ref.removeprefix(HEADS) if self.ref.startswith(HEADS) else ""


def read_updates(text: str) -> list[Update]:
    """What git hands a hook on stdin: `<old> <new> <ref>`, a line each."""
    words = (line.split(" ", 2) for line in text.split("\n") if line)
    return [Update(_commit(old), _commit(new), ref) for old, new, ref in words]


def _commit(name: str) -> str:
    """A commit's name, "" for the zeros that stand for none."""
    return name if name.strip("0") else ""


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

    @property
    def handover_file(self) -> Path:
        return self.folder / "handover"

    def commit_of(self, branch: str) -> str:
        """The commit that `branch` is at, "" where there is no such branch."""
        return self.branches().get(branch, "")

    def branches(self) -> dict[str, str]:
        """Every branch with its commit."""
        listing = git(self.path, "for-each-ref", "--format=%(objectname) %(refname)", HEADS)
        pairs = (line.split(" ", 1) for line in listing.split("\n") if line)
        return {ref.removeprefix(HEADS): commit for commit, ref in pairs}

    def remove_stale_locks(self) -> None:
        """Remove the locks that a killed git left on refs, and, after a day, the objects it was receiving."""
        locks = (*self.path.glob("*.lock"), *(self.path / "refs").rglob("*.lock"))
        seen = {path: found.st_ino for path in locks if (found := _stat(path))}
        if seen:
            time.sleep(_LONGEST_LOCK)
        for path, inode in seen.items():
            now = _stat(path)
            if now and now.st_ino == inode:
                path.unlink(missing_ok=True)
        for path in self.objects.glob("*incoming-*"):
            received = _stat(path)
            if received and received.st_mtime < time.time() - _DAY:
                shutil.rmtree(path, ignore_errors=True)


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


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


@contextmanager
def publishing_lock(repository: Repository, *, wait: float, echo: Echo) -> Iterator[None]:
    """Hold the one lock; raises BusyError after `wait` seconds of waiting, 0 for none, and says now and then that it waits."""
    with (repository.folder / "lock").open("a") as lock:
        if not _try_lock(repository, lock.fileno()):
            _wait_for_lock(repository, lock.fileno(), wait, echo)
        yield


def _wait_for_lock(repository: Repository, lock: int, wait: float, echo: Echo) -> None:
    began = time.monotonic()
    next_echo = began + _ECHO_EVERY
    if wait:
        echo("前面有人正在发布，排队等候……")
    while not _try_lock(repository, lock):
        waited = time.monotonic() - began
        if waited >= wait:
            raise BusyError(f"前面的发布还没有完，已等了 {waited:.0f} 秒")
        if time.monotonic() >= next_echo:
            echo(f"还在排队，已等 {waited:.0f} 秒……")
            next_echo += _ECHO_EVERY
        time.sleep(_RETRY_EVERY)


def _try_lock(repository: Repository, lock: int) -> bool:
    """Take the lock, unless another process has it or it was handed over to another push."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    if _is_handed_to_another(repository):
        fcntl.flock(lock, fcntl.LOCK_UN)
        return False
    return True


def _is_handed_to_another(repository: Repository) -> bool:
    """Whether a push that is still under way, and not this process's own, publishes next."""
    try:
        process, moment = json.loads(repository.handover_file.read_text("ascii"))
    except (OSError, ValueError):
        return False
    return moment != "" and int(process) != os.getppid() and start_time(int(process)) == moment


def hand_over(repository: Repository) -> None:
    """Keep the lock for the push whose git started this process, until its next hook ends the handover."""
    parent = os.getppid()
    write_atomically(repository.handover_file, json.dumps([parent, start_time(parent)]).encode())


def end_handover(repository: Repository) -> None:
    repository.handover_file.unlink(missing_ok=True)


def start_time(process: int) -> str:
    """When a process started, as Linux counts; "" where there is none (any more)."""
    try:
        line = Path(f"/proc/{process}/stat").read_text("utf-8", "replace")
    except OSError:
        return ""
    state, *fields = line.rpartition(")")[2].split()
    return "" if state in "ZX" else fields[18]
