"""Where the figures come from: what a reader must know of the machine, and where the work is done on it."""

import os
import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from tempfile import gettempdir

_SHARED_MEMORY = Path("/dev/shm")


def fast_folder() -> Path:
    """Shared memory where there is some, else the folder for temporary files."""
    return _SHARED_MEMORY if _SHARED_MEMORY.is_dir() and os.access(_SHARED_MEMORY, os.W_OK) else Path(gettempdir())


def filesystem(folder: Path) -> str:
    """The kind of file system that `folder` lies on, as the kernel calls it."""
    mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text("utf-8").splitlines()]
    above = [(len(place), kind) for place, kind in mounts if folder.resolve().is_relative_to(place)]
    return max(above)[1] if above else "unknown"


def available_megabytes() -> int:
    """Memory that programs could still take."""
    lines = Path("/proc/meminfo").read_text("ascii").splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("MemAvailable:"))


def load() -> float:
    """Programs wanting to run, on average over the last minute: above the number of processors, the machine is busy."""
    return round(os.getloadavg()[0], 2)


def description(folder: Path) -> Mapping[str, str | int]:
    return {
        "system": platform.platform(terse=True),
        "processors": os.cpu_count() or 1,
        "available_megabytes": available_megabytes(),
        "filesystem": filesystem(folder),
        "python": platform.python_version(),
        "mkdocs": version("mkdocs"),
        "mkdocs-material": version("mkdocs-material"),
    }
