"""From single runs to the figures that are shown: medians, ratios within a repetition, and the table."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from benchmarks.archive import SCENARIOS
from benchmarks.series import Run
from benchmarks.tools import OURS

_MEGABYTE = 1024 * 1024
_HEAD = ("documents", "scenario", "tool", "CPU s", "wall s", "tree MB", "process MB", "site MB", "files", "ours/it")


@dataclass(frozen=True)
class Row:
    """Medians of the good runs of one tool; None where there is none, and `status` says what went wrong.

    `ratio` is our CPU seconds over this tool's, repetition by repetition, then their median.
    """

    size: int
    scenario: str
    tool: str
    status: str
    cpu: float | None
    wall: float | None
    peak: float | None
    largest: float | None
    output: float | None
    files: float | None
    ratio: float | None


def rows(measured: Sequence[Run]) -> list[Row]:
    """A row for each size, scenario and tool, in this order."""
    places = {tool: place for place, tool in enumerate(dict.fromkeys(run.tool for run in measured))}

    def key(run: Run) -> tuple[int, int, int]:
        return run.size, SCENARIOS.index(run.scenario), places[run.tool]

    return [_row(list(alike), measured) for _, alike in groupby(sorted(measured, key=key), key=key)]


def _row(alike: Sequence[Run], measured: Sequence[Run]) -> Row:
    first = alike[0]
    good = [run for run in alike if run.usage.status == "good"]
    bad = next((run.usage.status for run in alike if run.usage.status != "good"), "good")
    return Row(
        size=first.size,
        scenario=first.scenario,
        tool=first.tool,
        status=bad,
        cpu=_median(run.usage.cpu for run in good),
        wall=_median(run.usage.wall for run in good),
        peak=_median(run.usage.peak for run in good),
        largest=_median(run.usage.largest for run in good),
        output=_median(run.output / _MEGABYTE for run in good),
        files=_median(run.files for run in good),
        ratio=_median(_ratios(good, measured)),
    )


def _median(figures: Iterable[float]) -> float | None:
    found = list(figures)
    return median(found) if found else None


def _ratios(peer: Sequence[Run], measured: Sequence[Run]) -> Iterator[float]:
    """Ours over `peer`'s, of the repetitions in which both went well."""
    if peer and peer[0].tool == OURS:
        return
    ours = {
        (run.size, run.scenario, run.repetition): run.usage.cpu
        for run in measured
        if run.tool == OURS and run.usage.status == "good"
    }
    for run in peer:
        cpu = ours.get((run.size, run.scenario, run.repetition))
        if cpu is not None and run.usage.cpu:
            yield cpu / run.usage.cpu


def table(figures: Sequence[Row]) -> str:
    """The rows as lines of text, numbers to the right."""
    cells = [_HEAD, *(_cells(row) for row in figures)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(_HEAD))]
    return "\n".join(_aligned(line, widths) for line in cells)


def _cells(row: Row) -> tuple[str, ...]:
    status = "" if row.status == "good" else f" ({row.status})"
    return (
        f"{row.size}",
        row.scenario,
        row.tool + status,
        _number(row.cpu, 2),
        _number(row.wall, 2),
        _number(row.peak, 0),
        _number(row.largest, 0),
        _number(row.output, 1),
        _number(row.files, 0),
        "" if row.ratio is None else _number(row.ratio, 3),
    )


def _number(figure: float | None, digits: int) -> str:
    return "-" if figure is None else f"{figure:.{digits}f}"


def _aligned(line: Sequence[str], widths: Sequence[int]) -> str:
    words = [
        cell.ljust(width) if column in (1, 2) else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(line, widths, strict=True))
    ]
    return "  ".join(words).rstrip()
