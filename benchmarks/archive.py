"""A tool's folder: the documents written its way, the changes a scenario makes, and what the site weighs."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.corpus import Paper, paper, papers
from benchmarks.tools import Tool

#: In the order in which they are measured: a change stays until the next cold build. A deletion comes last, because
#: a tool may refuse it, and whatever followed with it.
SCENARIOS = ("cold", "unchanged", "edited", "added", "template", "deleted")


@dataclass(frozen=True)
class Archive:
    """`size` documents for `tool` in `folder`."""

    tool: Tool
    size: int
    folder: Path

    def write(self) -> None:
        for one in papers(self.size):
            self._put(one)

    def change(self, scenario: str) -> None:
        """Make the one change that `scenario` is about."""
        if scenario == "cold":
            self._start_afresh()
        elif scenario == "edited":
            self._put(_edited(paper(self.size // 2, self.size)))
        elif scenario == "added":
            self._put(paper(self.size, self.size))
        elif scenario == "deleted":
            self._file(paper(self.size // 3, self.size)).unlink()
        elif scenario == "template":
            with (self.folder / self.tool.template).open("a", encoding="utf-8") as template:
                template.write(self.tool.comment)

    def _start_afresh(self) -> None:
        """Documents as they were written, settings anew, and nothing of an earlier build."""
        for entry in self.folder.iterdir():
            if entry.name != "docs":
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        self._file(paper(self.size, self.size)).unlink(missing_ok=True)
        self._put(paper(self.size // 2, self.size))
        self._put(paper(self.size // 3, self.size))
        self.tool.prepare(self.folder)

    def _put(self, one: Paper) -> None:
        file = self._file(one)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(self.tool.write(one), "utf-8")

    def _file(self, one: Paper) -> Path:
        return self.folder / "docs" / one.path


def _edited(one: Paper) -> Paper:
    return replace(one, body=f"本文于公开后更正一处。\n\n{one.body}")


def weigh(folder: Path) -> tuple[int, int]:
    """Bytes and files below `folder`."""
    sizes = list(_sizes(folder)) if folder.is_dir() else []
    return sum(sizes), len(sizes)


def _sizes(folder: Path) -> Iterator[int]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _sizes(Path(entry.path))
            else:
                yield entry.stat(follow_symlinks=False).st_size
