"""`scripts/bench check`: what `gongkai check` costs of everything, of nothing new, and of one edited document."""

import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.archive import Archive
from benchmarks.meter import Order, Usage
from benchmarks.series import metered
from benchmarks.tools import NOW, gongkai
from tests.site.repositories import git

_TIMEOUT, _MEMORY = 3600.0, 16_000.0


class Cost(NamedTuple):
    """A check of `size` documents."""

    size: int
    name: str
    usage: Usage


def tables(sizes: Sequence[int], folder: Path, say: Callable[[str], None]) -> str:
    """A table of all costs, in Markdown."""
    costs = [cost for size in sizes for cost in _checks(size, folder / str(size), say)]
    head = "| documents | check | CPU s | ms a document | peak MB | clock s |\n|---|---|---|---|---|---|"
    return "\n".join([head, *(_row(cost) for cost in costs)])


def _checks(size: int, folder: Path, say: Callable[[str], None]) -> Iterator[Cost]:
    tool = gongkai(jobs=None)
    archive = Archive(tool, size, folder)
    (folder / "docs").mkdir(parents=True)
    archive.write()
    archive.change("cold")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "docs")
    git(folder, "commit", "-q", "-m", "documents")
    for name, scenario, words in (
        ("everything, nothing remembered", "", ()),
        ("everything, nothing changed", "", ()),
        ("what changed: one document", "edited", ("--changed",)),
    ):
        archive.change(scenario)
        say(f"{size}: {name}")
        yield Cost(size, name, metered(_order(folder, tool.steps[0][0], words)))


def _order(folder: Path, program: str, words: Sequence[str]) -> Order:
    command = [program, "check", "-f", "mkdocs.yml", "--docs-dir", "docs", "--now", NOW, *words]
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}
    return Order([command], str(folder), environment, _TIMEOUT, _MEMORY)


def _row(cost: Cost) -> str:
    usage = cost.usage
    if usage.status != "good":
        raise subprocess.SubprocessError(f"{cost.size}, {cost.name}: {usage.status}: {usage.problem}")
    each = usage.cpu * 1000 / cost.size
    return f"| {cost.size:,} | {cost.name} | {usage.cpu:.2f} | {each:.2f} | {usage.peak:.0f} | {usage.wall:.1f} |"
