"""A series of measurements: every tool, scenario, size and repetition, one run after another.

Tools take turns within a scenario, the first of them another at each repetition, so that whatever else the machine
does hits all alike. Every measured build follows a build of the state before the change, into the same folder.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.archive import SCENARIOS, Archive, weigh
from benchmarks.meter import Order, Usage
from benchmarks.tools import ROOT, Tool

STOPPED = ("time", "memory")


@dataclass(frozen=True)
class Plan:
    """What to measure, where, and the seconds and megabytes at which one measurement is stopped."""

    sizes: Sequence[int]
    scenarios: Sequence[str]
    repeat: int
    folder: Path
    timeout: float
    memory: float


@dataclass(frozen=True)
class Run:
    """One measurement; `output` (bytes) and `files` are those of the site afterwards."""

    size: int
    scenario: str
    tool: str
    repetition: int
    usage: Usage
    output: int
    files: int


def runs(plan: Plan, tools: Sequence[Tool]) -> Iterator[Run]:
    """The measurements, as they are made.

    Among them are failed or stopped builds that nobody asked to measure. A tool that was stopped takes no further part.
    """
    stopped: set[str] = set()
    for size in sorted(plan.sizes):
        taking_part = [tool for tool in tools if _takes_part(tool, size, plan) and tool.name not in stopped]
        folder = plan.folder / str(size)
        try:
            archives = [Archive(tool, size, folder / tool.name) for tool in taking_part]
            for run in _runs_of_size(archives, plan, stopped):
                if run.scenario in plan.scenarios or run.usage.status != "good":
                    yield run
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _takes_part(tool: Tool, size: int, plan: Plan) -> bool:
    is_asked = "cold" in plan.scenarios or not tool.is_measured_cold_only
    return is_asked and (tool.limit is None or size <= tool.limit)


def _runs_of_size(archives: Sequence[Archive], plan: Plan, stopped: set[str]) -> Iterator[Run]:
    for archive in archives:
        archive.write()
    for repetition in range(1, plan.repeat + 1):
        for scenario in _chain(plan.scenarios):
            for archive in _in_turn(archives, repetition):
                tool = archive.tool
                if tool.name in stopped or (tool.is_measured_cold_only and scenario != "cold"):
                    continue
                run = _measured(archive, scenario, repetition, plan)
                if run.usage.status in STOPPED:
                    stopped.add(tool.name)
                yield run


def _chain(asked: Sequence[str]) -> Iterator[str]:
    """The scenarios in order; the cold build is made even where nobody asked for its figures."""
    return (scenario for scenario in SCENARIOS if scenario in asked or scenario == "cold")


def _in_turn(archives: Sequence[Archive], repetition: int) -> Sequence[Archive]:
    first = (repetition - 1) % max(1, len(archives))
    return [*archives[first:], *archives[:first]]


def _measured(archive: Archive, scenario: str, repetition: int, plan: Plan) -> Run:
    archive.change(scenario)
    order = Order(
        steps=archive.tool.steps,
        folder=str(archive.folder),
        environment=_environment(archive, plan),
        timeout=plan.timeout,
        memory=plan.memory,
    )
    usage = metered(order)
    output, files = weigh(archive.folder / "site")
    return Run(archive.size, scenario, archive.tool.name, repetition, usage, output, files)


def _environment(archive: Archive, plan: Plan) -> dict[str, str]:
    """Ours, with caches where a cold build finds none and temporary files on the file system that is measured."""
    temporary = plan.folder / "tmp"
    temporary.mkdir(exist_ok=True)
    own = {"XDG_CACHE_HOME": str(archive.folder / "cache"), "TMPDIR": str(temporary)}
    kept = {name: value for name, value in os.environ.items() if name not in ("GONGKAI_NOW", "PYTHONPATH")}
    return {**kept, **own, "NO_MKDOCS_2_WARNING": "1"}


def metered(order: Order) -> Usage:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.meter"],
        input=json.dumps(asdict(order)),
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        check=True,
    )
    return Usage(**json.loads(done.stdout))
