"""How far a long command is: a bar on a terminal, plain lines elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Protocol

import click

STAGES = {"sources": "读入文件", "pages": "生成页面", "search": "更新搜索索引"}
#: With fewer things to do than this, it is over before anyone could read a line.
_FEW = 200


class Tell(Protocol):
    def __call__(self, stage: str, done: int, total: int) -> None: ...


@contextmanager
def progress() -> Iterator[Tell]:
    """Something to be told of progress, on stderr."""
    shown = _Bar() if sys.stderr.isatty() else Lines(partial(click.echo, err=True))
    try:
        yield shown
    finally:
        shown.end()


class Lines:
    """A line for each tenth of a stage, as logs keep them."""

    def __init__(self, echo: Callable[[str], None]) -> None:
        self._echo = echo
        self._last = ("", 0)

    def __call__(self, stage: str, done: int, total: int) -> None:
        step = (stage, done * 10 // total if total else 0)
        if total >= _FEW and step != self._last and step[1]:
            self._echo(f"{STAGES[stage]}：{done:,} / {total:,}")
            self._last = step

    def end(self) -> None:
        """Nothing stays open."""


class _Bar:
    """One bar for each stage."""

    def __init__(self) -> None:
        self._stage = ""
        self._bar: click._termui_impl.ProgressBar[int] | None = None

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage != self._stage:
            self.end()
            self._stage = stage
            self._bar = click.progressbar(length=max(total, 1), label=STAGES[stage], file=sys.stderr)
            self._bar.render_progress()
        if self._bar is not None:
            self._bar.update(done - self._bar.pos)

    def end(self) -> None:
        if self._bar is not None:
            self._bar.render_finish()
        self._bar = None
