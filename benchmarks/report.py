"""All figures of a series for machines: every run, the medians, and under which conditions they were taken."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.corpus import SEED
from benchmarks.machine import description, load
from benchmarks.peers import VERSIONS
from benchmarks.results import Row
from benchmarks.series import Plan, Run


@dataclass(frozen=True)
class Report:
    """`load_before` is the machine's before the first run."""

    plan: Plan
    jobs: int | None
    load_before: float
    measured: Sequence[Run]
    figures: Sequence[Row]


def write(file: Path, report: Report) -> None:
    """Write `report` to `file` as JSON, with the instant and the machine's load at the end."""
    plan = report.plan
    content = {
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "seed": SEED,
        "jobs": report.jobs,
        "repeat": plan.repeat,
        "timeout_seconds": plan.timeout,
        "memory_megabytes": plan.memory,
        "machine": {**description(plan.folder), "load_before": report.load_before, "load_after": load()},
        "peers": VERSIONS,
        "rows": [asdict(row) for row in report.figures],
        "runs": [asdict(run) for run in report.measured],
    }
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
