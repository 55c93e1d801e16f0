"""What a command costs, its whole process tree included: run as a process of its own, once per measurement.

Reads an `Order` as JSON on stdin and writes a `Usage` as JSON on stdout. CPU seconds come from the kernel's account of
reaped children; this process is their subreaper, so that orphans count too. Memory is sampled every 50 ms: the
resident set where there is one process, the sum of proportional sets (shared pages counted once) where there are
several. Nothing but the standard library is imported: a child's peak cannot be read below this process's own size.
Linux only.
"""

import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryFile
from types import FrameType

INTERVAL = 0.05
_PAGE_KB = os.sysconf("SC_PAGE_SIZE") // 1024
_SET_DEATH_SIGNAL, _SET_SUBREAPER = 1, 36


@dataclass(frozen=True)
class Order:
    """Commands to run one after another, and the seconds and megabytes at which they are stopped."""

    steps: Sequence[Sequence[str]]
    folder: str
    environment: dict[str, str]
    timeout: float
    memory: float


@dataclass(frozen=True)
class Usage:
    """`status` is good, time, memory (stopped) or failed; megabytes are 2^20 bytes.

    `peak` is the tree's, `largest` the biggest single process's; `steps` are CPU seconds command by command.
    """

    status: str
    cpu: float
    wall: float
    peak: float
    largest: float
    steps: Sequence[float]
    problem: str = ""


def measure(order: Order) -> Usage:
    """Run the steps of `order` until one does not end well."""
    started = time.perf_counter()
    before = _children_cpu()
    status, problem, peak = "good", "", 0.0
    steps: list[float] = []
    for step in order.steps:
        at = _children_cpu()
        with TemporaryFile() as errors:
            status, tree = _run(step, order, started + order.timeout, errors.fileno())
            problem = _tail(errors.fileno()) if status == "failed" else ""
        peak = max(peak, tree)
        steps.append(round(_children_cpu() - at, 3))
        if status != "good":
            break
    wall = time.perf_counter() - started
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    cpu = _children_cpu() - before
    return Usage(status, round(cpu, 3), round(wall, 3), max(peak, largest), largest, steps, problem)


def _run(step: Sequence[str], order: Order, deadline: float, errors: int) -> tuple[str, float]:
    """How the step ended, and the tree's peak in megabytes. Nothing of it runs any more afterwards."""
    peak = 0.0
    try:
        process = subprocess.Popen(
            step, cwd=order.folder, env=order.environment, stdout=subprocess.DEVNULL, stderr=errors
        )
    except OSError as missing:
        os.write(errors, str(missing).encode())
        return "failed", 0.0
    try:
        while True:
            peak = max(peak, _tree_megabytes(peak))
            if peak > order.memory:
                return "memory", peak
            if time.perf_counter() > deadline:
                return "time", peak
            try:
                return ("failed" if process.wait(INTERVAL) else "good"), peak
            except subprocess.TimeoutExpired:
                continue
    finally:
        _end_all(process)


def _tree_megabytes(known: float) -> float:
    """The tree's memory now; 0 where it cannot exceed `known` (a proportional set is never above a resident one)."""
    tree = list(_descendants(os.getpid()))
    resident = sum(_resident_kb(process) for process in tree) / 1024
    if len(tree) < 2 or resident <= known:
        return resident if len(tree) < 2 else 0.0
    return sum(_proportional_kb(process) for process in tree) / 1024


def _descendants(process: int) -> Iterator[int]:
    for task in _listed(Path(f"/proc/{process}/task")):
        for child in _read(task / "children").split():
            yield int(child)
            yield from _descendants(int(child))


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:  # it ended meanwhile
        return []


def _read(path: Path) -> str:
    try:
        return path.read_text("ascii")
    except OSError:  # it ended meanwhile
        return ""


def _resident_kb(process: int) -> int:
    words = _read(Path(f"/proc/{process}/statm")).split()
    return int(words[1]) * _PAGE_KB if words else 0


def _proportional_kb(process: int) -> int:
    lines = _read(Path(f"/proc/{process}/smaps_rollup")).splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def _end_all(process: "subprocess.Popen[bytes]") -> None:
    """Kill what is left of the tree, ours alone, and reap it, so that its CPU seconds count."""
    while left := list(_descendants(os.getpid())):
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        _reap(process)


def _reap(process: "subprocess.Popen[bytes]") -> None:
    process.wait()
    try:
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            continue
    except ChildProcessError:
        return


def _children_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _tail(descriptor: int) -> str:
    size = os.fstat(descriptor).st_size
    return os.pread(descriptor, 600, max(0, size - 600)).decode("utf-8", "replace").strip()


def _stop(signum: int, frame: FrameType | None) -> None:
    sys.exit(2)


def main() -> None:
    signal.signal(signal.SIGTERM, _stop)
    kernel = ctypes.CDLL(None)
    kernel.prctl(_SET_SUBREAPER, 1, 0, 0, 0)
    kernel.prctl(_SET_DEATH_SIGNAL, int(signal.SIGTERM), 0, 0, 0)
    order = Order(**json.loads(sys.stdin.read()))
    sys.stdout.write(json.dumps(asdict(measure(order))))


if __name__ == "__main__":
    main()
