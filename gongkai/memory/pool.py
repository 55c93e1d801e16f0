"""Worker pools: this process, processes of its own, or a cluster, all behind `concurrent.futures.Executor`.

Workers read the sources and write the pages themselves, so those of a cluster need the same folders at the same paths.
"""

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from itertools import islice
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R")
#: Called with how many batches of how many are done.
Progress = Callable[[int, int], None]
#: With fewer batches than this, starting processes costs more than it saves.
FEW = 16
_UNDER_WAY = 64


class PoolError(Exception):
    """Work could not be done because of its workers; `str()` says why, for staff."""


class Inline(Executor):
    """An executor that runs each call at once, in this process."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as problem:
            future.set_exception(problem)
        return future


class Pool:
    """The executor of one build; processes start when there is first work for more than one."""

    def __init__(self, start: Callable[[], Executor] | None, *, is_remote: bool = False) -> None:
        self._start = start
        self._started: Executor | None = None
        self._few = 0 if is_remote else FEW

    def executor_for(self, batches: int) -> Executor:
        """The executor for work that comes in so many batches."""
        if self._start is None or (self._started is None and batches < self._few):
            return Inline()
        if self._started is None:
            self._started = self._start()
        return self._started

    def results(self, task: Callable[[T], R], batches: Iterable[T], count: int, progress: Progress) -> Iterator[R]:
        """What `task` makes of each of `count` batches, in their order; a few dozen are under way at once."""
        executor = self.executor_for(count)
        waiting = iter(batches)
        window: deque[Future[R]] = deque()
        try:
            for done in range(1, count + 1):
                window += [executor.submit(task, batch) for batch in islice(waiting, _UNDER_WAY - len(window))]
                yield window.popleft().result()
                progress(done, count)
        finally:
            for future in window:
                future.cancel()

    def close(self) -> None:
        if self._started is not None:
            self._started.shutdown(wait=True)


@contextmanager
def open_pool(*, jobs: int | None, scheduler: str | None) -> Iterator[Pool]:
    """The pool of one run: `jobs` processes (None: as many as there are processors), or a dask scheduler's workers."""
    with ExitStack() as opened:
        if scheduler:
            made = Pool(lambda: _cluster(scheduler, opened), is_remote=True)
        else:
            count = jobs or available_processors()
            made = Pool(None if count == 1 else lambda: _processes(count))
        try:
            yield made
        except BrokenProcessPool:
            raise PoolError("一个工作进程意外中止（多半是内存不足）。原有网站未变；请加 --jobs 1 再试") from None


def available_processors() -> int:
    count = getattr(os, "sched_getaffinity", None)
    return len(count(0)) if count else os.cpu_count() or 1


def _processes(count: int) -> Executor:
    """Processes forked from a fresh server: this one may have threads (`serve`) and much memory."""
    has_server = "forkserver" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if has_server else "spawn")
    if has_server:
        context.set_forkserver_preload(["gongkai.engine.tasks"])
    return ProcessPoolExecutor(count, mp_context=context, initializer=_end_with_parent)


def _end_with_parent() -> None:
    """A worker whose build was killed must not go on writing."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_exit_after, args=(parent.join,), daemon=True).start()


def _exit_after(end: Callable[[], None]) -> None:
    end()
    os._exit(1)


def _cluster(address: str, opened: ExitStack) -> Executor:
    try:
        from distributed import Client  # noqa: PLC0415 - an extra
    except ImportError:
        raise PoolError("--scheduler 要用 distributed：请在同一个 Python 环境里安装 distributed") from None
    try:
        client = Client(address, timeout=10, set_as_default=False)  # type: ignore[no-untyped-call]  # dask types little
    except (OSError, ValueError) as problem:
        raise PoolError(f"--scheduler: 连不上 {address}：{problem}") from None
    opened.callback(client.close)
    executor: Executor = client.get_executor()  # type: ignore[no-untyped-call]  # as above
    return executor
