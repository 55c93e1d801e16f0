"""`scripts/bench build`: what a build costs, ours and our peers'; see BENCHMARKS.md."""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from benchmarks import report
from benchmarks.machine import available_megabytes, fast_folder, filesystem, load
from benchmarks.peers import set_up_peers
from benchmarks.phases import phases
from benchmarks.plot import Line, plot
from benchmarks.results import Row, rows, table
from benchmarks.series import Plan, Run, runs
from benchmarks.tools import gongkai

SIZES = "300,1000,3000,10000,30000,100000"
SCENARIOS = "cold,unchanged,edited,added,deleted,template"
_FILE = click.Path(dir_okay=False, path_type=Path)


def _sizes(context: click.Context, parameter: click.Parameter, given: str) -> list[int]:
    sizes = [int(word) for word in given.split(",") if word.strip().isdecimal()]
    if len(sizes) != len(given.split(",")) or min(sizes) < 1:
        raise click.BadParameter("numbers with commas between them, such as 300,1000")
    return sizes


def _scenarios(context: click.Context, parameter: click.Parameter, given: str) -> list[str]:
    asked = [word.strip() for word in given.split(",")]
    if unknown := [word for word in asked if word not in SCENARIOS.split(",")]:
        raise click.BadParameter(f"{', '.join(unknown)}: there are {SCENARIOS}")
    return asked


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def bench() -> None:
    """Measure what this project costs."""


@bench.command()
@click.option("--sizes", default=SIZES, show_default=True, callback=_sizes, help="Documents in the archive.")
@click.option("--scenarios", default=SCENARIOS, show_default=True, callback=_scenarios)
@click.option("--repeat", default=3, show_default=True, type=click.IntRange(min=1), help="Medians over these.")
@click.option("--peers", is_flag=True, help="Install and measure Hugo with Pagefind, and Material.")
@click.option("--jobs", type=click.IntRange(min=1), help="Worker processes of ours (default: as the build does).")
@click.option("--output", type=click.Path(file_okay=False, path_type=Path), help="Work here, not in memory.")
@click.option("--timeout", default=1800.0, show_default=True, help="Seconds after which a run is stopped.")
@click.option("--memory", type=float, help="Megabytes at which it is (default: 3/4 of what is available).")
@click.option("--json", "json_file", type=_FILE, help="Write all figures here.")
@click.option("--plot", "plot_file", type=_FILE, help="Draw CPU seconds against documents here (SVG).")
def build(
    *,
    sizes: list[int],
    scenarios: list[str],
    repeat: int,
    peers: bool,
    jobs: int | None,
    output: Path | None,
    timeout: float,
    memory: float | None,
    json_file: Path | None,
    plot_file: Path | None,
) -> None:
    """Builds of archives of invented documents, from nothing and after one change.

    One table on stdout; progress on stderr. Figures are medians; “ours/it” is our CPU time over that tool's.
    """
    with _work_folder(output) as folder:
        limit = memory or 0.75 * available_megabytes()
        plan = Plan(sizes, scenarios, repeat, folder / "runs", timeout, limit)
        before = load()
        tools = [gongkai(jobs=jobs), *(set_up_peers(folder / "peers") if peers else ())]
        measured = list(_reported(runs(plan, tools), plan))
        figures = rows(measured)
        click.echo(table(figures))
        if json_file:
            report.write(json_file, report.Report(plan, jobs, before, measured, figures))
        if plot_file:
            _draw(plot_file, figures)


@contextmanager
def _work_folder(given: Path | None) -> Iterator[Path]:
    """A folder to work in, gone afterwards; in a given one only the peers stay, for the next time."""
    if given is None:
        with TemporaryDirectory(prefix="gongkai-bench-", dir=fast_folder()) as made:
            yield _announced(Path(made))
        return
    if (given / "runs").exists():
        raise click.ClickException(f"{given / 'runs'} is there already; remove it or name another folder")
    given.mkdir(parents=True, exist_ok=True)
    try:
        yield _announced(given.resolve())
    finally:
        shutil.rmtree(given / "runs", ignore_errors=True)


def _announced(folder: Path) -> Path:
    click.echo(f"working in {folder} ({filesystem(folder)})", err=True)
    (folder / "runs").mkdir(exist_ok=True)
    return folder


def _reported(measured: Iterable[Run], plan: Plan) -> Iterator[Run]:
    """The runs, each with a line on stderr when it is done."""
    for run in measured:
        place = f"{run.size} {run.scenario} {run.tool} {run.repetition}/{plan.repeat}"
        problem = run.usage.problem.splitlines()[-1:] if run.usage.status == "failed" else []
        click.echo(f"{place}: {run.usage.cpu:.2f} CPU s, {' '.join([run.usage.status, *problem])}", err=True)
        yield run


def _draw(file: Path, figures: Sequence[Row]) -> None:
    points: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for row in figures:
        if row.cpu:
            points.setdefault((row.tool, row.scenario), []).append((row.size, row.cpu))
    by_tool = sorted(points.items(), key=lambda entry: entry[0][0])
    lines = [Line(tool, scenario, places) for (tool, scenario), places in by_tool]
    try:
        file.write_text(plot(lines, "CPU seconds of a build, search included"), "utf-8")
    except ValueError as problem:
        raise click.ClickException(f"{file}: {problem}") from None


@bench.command("phases")
@click.option("--size", default=1000, show_default=True, type=click.IntRange(min=1), help="Documents.")
def phases_command(size: int) -> None:
    """Where the CPU milliseconds of a document go, phase by phase, in one process."""
    with _work_folder(None) as folder:
        spent = phases(size, folder / "runs")
    for phase, milliseconds in spent.items():
        click.echo(f"{phase:14}{milliseconds:6.3f}")
    click.echo(f"{'in all':14}{sum(spent.values()):6.3f}")


@bench.command("search")
@click.option("--sizes", default="1000,3000", show_default=True, callback=_sizes, help="Documents in the archive.")
@click.option("--scored", default=3000, show_default=True, help="The size at which answers are scored.")
@click.option("--peers", is_flag=True, help="Install Pagefind and Material and ask them the same.")
@click.option("--output", type=click.Path(file_okay=False, path_type=Path), help="Work here, not in memory.")
def search_command(*, sizes: list[int], scored: int, peers: bool, output: Path | None) -> None:
    """What the search finds among invented documents, what it fetches, and what its index costs."""
    from benchmarks.search import search_tables  # noqa: PLC0415 - needs the tests' own libraries

    with _work_folder(output) as folder:
        say = partial(click.echo, err=True)
        click.echo(search_tables(sizes, folder / "runs", scored, say, has_peers=peers))


@bench.command("check")
@click.option("--sizes", default="300,10000", show_default=True, callback=_sizes, help="Documents in the archive.")
@click.option("--output", type=click.Path(file_okay=False, path_type=Path), help="Work here, not in memory.")
def check_command(*, sizes: list[int], output: Path | None) -> None:
    """What a check costs: of everything, of nothing new, and of one edited document."""
    from benchmarks.checking import tables  # noqa: PLC0415 - needs the tests' own libraries

    with _work_folder(output) as folder:
        click.echo(tables(sizes, folder / "runs", partial(click.echo, err=True)))


@bench.command("publish")
@click.option("--sizes", default="300", show_default=True, callback=_sizes, help="Documents in the archive.")
@click.option("--load", "seconds", default=30, show_default=True, help="Seconds of wrk at the first size; 0 for none.")
@click.option("--output", type=click.Path(file_okay=False, path_type=Path), help="Work here, not in memory.")
def publish_command(*, sizes: list[int], seconds: int, output: Path | None) -> None:
    """From a push to the page that nginx sends, and what readers see while ten pushes are published."""
    from benchmarks.publishing import tables  # noqa: PLC0415 - needs the tests' own libraries

    with _work_folder(output) as folder:
        click.echo(tables(sizes, folder / "runs", seconds, partial(click.echo, err=True)))


if __name__ == "__main__":
    bench(prog_name="scripts/bench")
