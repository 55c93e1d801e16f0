"""One at a time: pushes, ticks and repairs wait for each other, and say so.

A lock lives as long as the process that holds it, and git runs two: one that checks a push, one that publishes it. In
between, the push has the next turn: a ticket names git's own process (its id and when it started), and others wait
until that process is done with it or gone.
"""

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from gongkai.memory.files import write_atomically
from gongkai.receiving.failures import NotYetError
from gongkai.receiving.repository import Repository

Tell = Callable[[str], None]
_LOOK = 0.1
_TELL_EVERY = 10.0


@contextmanager
def turn(repository: Repository, *, wait: float, tell: Tell) -> Iterator[None]:
    """Hold the only turn; raises NotYetError after `wait` seconds of waiting, told now and then; 0 is not to wait."""
    with (repository.folder / "lock").open("a") as lock:
        began = time.monotonic()
        next_told = began
        while not (_is_locked(lock.fileno()) and _is_ours(repository, lock.fileno())):
            waited = time.monotonic() - began
            if waited >= wait:
                raise NotYetError(f"前面的发布还没有完，已等了 {waited:.0f} 秒")
            if time.monotonic() >= next_told:
                tell("前面有人正在发布，排队等候……" if waited < 1 else f"还在排队，已等 {waited:.0f} 秒……")
                next_told += _TELL_EVERY
            time.sleep(_LOOK)
        yield


def _is_locked(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_ours(repository: Repository, lock: int) -> bool:
    """Whether no other push has the next turn; gives the lock back where one has."""
    ticket = _ticket(repository)
    if ticket is None or ticket[0] == os.getppid() or started(ticket[0]) != ticket[1]:
        return True
    fcntl.flock(lock, fcntl.LOCK_UN)
    return False


def take_ticket(repository: Repository) -> None:
    """The push whose git started this process has the next turn, too."""
    parent = os.getppid()
    write_atomically(_ticket_file(repository), json.dumps([parent, started(parent)]).encode())


def give_ticket_back(repository: Repository) -> None:
    _ticket_file(repository).unlink(missing_ok=True)


def _ticket(repository: Repository) -> tuple[int, str] | None:
    try:
        process, moment = json.loads(_ticket_file(repository).read_text("ascii"))
    except (OSError, ValueError):
        return None
    return int(process), str(moment)


def _ticket_file(repository: Repository) -> Path:
    return repository.folder / "ticket"


def started(process: int) -> str:
    """When a process started, as the kernel counts; "" where there is none (any more)."""
    try:
        told = Path(f"/proc/{process}/stat").read_text("utf-8", "replace")
    except OSError:
        return _alive(process)
    state, *fields = told.rpartition(")")[2].split()
    return "" if state in "ZX" else fields[18]


def _alive(process: int) -> str:
    """Where there is no /proc: only whether it lives."""
    try:
        os.kill(process, 0)
    except OSError:
        return ""
    return "alive"
