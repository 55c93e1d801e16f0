"""The benchmark's own promises: the same documents every time, honest meters, figures that add up."""

import json
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from benchmarks import corpus
from benchmarks.archive import SCENARIOS, Archive, weigh
from benchmarks.command import bench
from benchmarks.machine import filesystem
from benchmarks.meter import Order, Usage
from benchmarks.plot import Line, plot
from benchmarks.results import rows, table
from benchmarks.search import Score, score
from benchmarks.search_corpus import KINDS, LAY, Question, entries, questions
from benchmarks.series import Plan, Run, runs
from benchmarks.tools import ROOT, Tool, gongkai
from tests.writing import reading

#: Seconds that no run here comes near, on however busy a machine.
LONG = 600.0
#: 80 megabytes, held until somebody ends the program.
HOLD = "held = bytearray(80_000_000)\nimport signal\nsignal.pause()"
GOOD = Usage("good", cpu=2.0, wall=3.0, peak=50.0, largest=40.0, steps=[2.0])


def run(tool: str, cpu: float, repetition: int = 1, *, status: str = "good", scenario: str = "cold") -> Run:
    return Run(300, scenario, tool, repetition, replace(GOOD, cpu=cpu, status=status), 2 * 1024 * 1024, 10)


def tool(code: str, name: str = "toy") -> Tool:
    """A tool whose build is `code`, run by Python."""
    return Tool(name, lambda paper: paper.body, lambda folder: None, [[sys.executable, "-c", code]], "t", "c")


def metered(code: str, *, program: str = sys.executable, timeout: float = LONG, memory: float = 4_000) -> Usage:
    """What the meter says of `code`, measured as a real run is: by a process of its own."""
    order = asdict(Order([[program, "-c", code]], "/", {}, timeout, memory))
    command = [sys.executable, "-m", "benchmarks.meter"]
    done = subprocess.run(command, input=json.dumps(order), capture_output=True, text=True, cwd=ROOT, check=True)
    return Usage(**json.loads(done.stdout))


def test_a_paper_is_the_same_at_every_run() -> None:
    again = subprocess.run(
        [sys.executable, "-c", "from benchmarks.corpus import paper; print(repr(paper(7, 30)))"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
        env={"PYTHONHASHSEED": "1"},
    )

    assert again.stdout.strip() == repr(corpus.paper(7, 30))


def test_papers_are_about_three_thousand_characters_within_bounds() -> None:
    lengths = [len(paper.body) for paper in corpus.papers(400)]

    assert 2_700 < sum(lengths) / len(lengths) < 3_100
    assert min(lengths) > 1_250
    assert max(lengths) < 8_800


def test_papers_span_27_years_and_5_columns_and_no_number_comes_twice() -> None:
    papers = list(corpus.papers(400))

    assert len({paper.index for paper in papers}) == len({paper.path for paper in papers}) == 400
    assert len({paper.column for paper in papers}) == 5
    assert papers[-1].published.year - papers[0].published.year == 27


def test_the_paper_to_be_added_is_newer_than_all_others() -> None:
    assert corpus.paper(40, 40).published > max(paper.published for paper in corpus.papers(40))


def test_papers_are_made_one_at_a_time() -> None:
    assert next(corpus.papers(10**9)).number == 0


@pytest.mark.parametrize("number", range(10))
def test_our_front_matter_reads_without_a_finding(number: int) -> None:
    paper = corpus.paper(number, 10)

    assert reading(gongkai(jobs=None).write(paper), paper.path).findings == ()


def test_children_count_in_time_and_memory() -> None:
    child = "b = bytearray(80_000_000)\nimport time\nt = time.process_time()\nwhile time.process_time() - t < .4: pass"
    usage = metered(f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {child!r}], check=True)")

    assert usage.status == "good"
    assert usage.cpu >= 0.4
    assert usage.peak >= usage.largest > 75


def test_memory_is_that_of_the_tree_not_of_one_process() -> None:
    starts = f"subprocess.Popen([sys.executable, '-c', {HOLD!r}])"
    usage = metered(f"import subprocess, sys\nfor p in [{starts} for _ in 'ab']: p.wait()", memory=130)

    assert usage.status == "memory"
    assert usage.largest < 110
    assert usage.peak > 130


def test_an_orphan_is_ended_and_its_time_counts(tmp_path: Path) -> None:
    """The parent ends when its child has worked for 0.3 seconds and has said so; the child would never end."""
    child = "import time\nwhile time.process_time() < .3: pass\nprint(flush=True)\nwhile True: time.sleep(60)"
    started = f"subprocess.Popen([sys.executable, '-c', {child!r}], stdout=subprocess.PIPE)"
    pid = tmp_path / "pid"
    usage = metered(
        f"import pathlib, subprocess, sys\np = {started}\n"
        f"pathlib.Path({str(pid)!r}).write_text(str(p.pid))\np.stdout.readline()"
    )

    assert usage.status == "good"
    assert usage.cpu >= 0.3
    assert not Path("/proc", pid.read_text()).exists()


def test_a_run_that_takes_too_long_is_stopped_and_marked() -> None:
    usage = metered("while True: pass", timeout=0.5)

    assert usage.status == "time"
    assert usage.wall >= 0.5


def test_a_run_that_takes_too_much_memory_is_stopped_and_marked() -> None:
    usage = metered(HOLD, memory=60)

    assert usage.status == "memory"
    assert usage.peak > 60


def test_a_run_that_fails_says_why() -> None:
    usage = metered("raise SystemExit('no such thing')")

    assert usage.status == "failed"
    assert usage.problem == "no such thing"


def test_a_command_that_is_not_there_fails_as_a_run() -> None:
    usage = metered("", program="/no/such/command")

    assert usage.status == "failed"
    assert "/no/such/command" in usage.problem


def test_ratios_are_taken_within_a_repetition() -> None:
    measured = [run("gongkai", 1), run("peer", 2), run("gongkai", 30, 2), run("peer", 40, 2)]

    ours, peer = rows(measured)

    assert ours.ratio is None
    assert peer.ratio == pytest.approx((1 / 2 + 30 / 40) / 2)


def test_a_stopped_run_counts_in_no_median_and_is_named_in_the_table() -> None:
    figures = rows([run("gongkai", 1), run("gongkai", 99, 2, status="time")])

    assert figures[0].cpu == 1
    assert "gongkai (time)" in table(figures)


def test_the_table_has_a_line_for_each_size_scenario_and_tool() -> None:
    measured = [run(tool, 1, scenario=scenario) for scenario in SCENARIOS for tool in ("gongkai", "peer")]

    assert len(table(rows(measured)).splitlines()) == 1 + 2 * len(SCENARIOS)


def test_the_plot_is_svg_with_a_point_for_each_figure_and_a_name_for_each_line() -> None:
    lines = [Line("gongkai", "cold", [(300, 3), (3_000, 30)]), Line("a<b", "edited", [(300, 0.5)])]

    drawing = ElementTree.fromstring(plot(lines, "CPU"))

    space = "{http://www.w3.org/2000/svg}"
    assert len(drawing.findall(f"{space}circle")) == 3
    assert {"gongkai, cold", "a<b, edited"} <= {text.text for text in drawing.findall(f"{space}text")}


def test_on_logarithmic_axes_equal_factors_are_equal_distances() -> None:
    drawing = ElementTree.fromstring(plot([Line("a", "cold", [(10, 1), (100, 10), (1_000, 100)])], "CPU"))

    across = [float(circle.attrib["cx"]) for circle in drawing.iter("{http://www.w3.org/2000/svg}circle")]

    assert across[1] - across[0] == pytest.approx(across[2] - across[1], abs=0.2)


def test_nothing_to_plot_is_refused() -> None:
    with pytest.raises(ValueError, match="no figures"):
        plot([], "CPU")


def test_each_scenario_changes_one_document_and_a_cold_build_undoes_them(tmp_path: Path) -> None:
    archive = Archive(tool(""), 30, tmp_path)
    archive.write()
    before = {file: file.read_bytes() for file in tmp_path.rglob("*.md")}

    archive.change("edited")
    archive.change("added")
    archive.change("deleted")
    after = {file: file.read_bytes() for file in tmp_path.rglob("*.md")}
    archive.change("cold")

    assert len(before.keys() - after.keys()) == len(after.keys() - before.keys()) == 1
    assert len([file for file in before.keys() & after.keys() if before[file] != after[file]]) == 1
    assert {file: file.read_bytes() for file in tmp_path.rglob("*.md")} == before


def test_the_template_scenario_leaves_the_projects_templates_alone(tmp_path: Path) -> None:
    ours = ROOT / "overrides" / "document.html"
    before = ours.read_bytes()
    archive = Archive(gongkai(jobs=None), 1, tmp_path)
    archive.write()
    archive.change("cold")

    archive.change("template")

    assert (tmp_path / "overrides" / "document.html").read_bytes() != before
    assert ours.read_bytes() == before


def test_a_site_weighs_what_its_files_hold(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b").write_bytes(b"123")
    (tmp_path / "c").write_bytes(b"45")

    assert weigh(tmp_path) == (5, 2)


def test_tools_take_turns_and_a_stopped_one_takes_no_further_part(tmp_path: Path) -> None:
    tools = [tool("", "small"), tool(HOLD, "large")]
    plan = Plan([3, 2], ["cold", "edited"], 2, tmp_path, timeout=LONG, memory=60)

    order = [(run.size, run.scenario, run.tool) for run in runs(plan, tools)]

    assert order[:2] == [(2, "cold", "small"), (2, "cold", "large")]
    assert [one for one in order if one[2] == "large"] == [(2, "cold", "large")]
    assert order.count((3, "edited", "small")) == 2
    assert [*tmp_path.glob("[0-9]*")] == []


def test_who_starts_changes_from_one_repetition_to_the_next(tmp_path: Path) -> None:
    plan = Plan([1], ["cold"], 3, tmp_path, timeout=LONG, memory=4_000)

    order = [run.tool for run in runs(plan, [tool("", "a"), tool("", "b")])]

    assert order == ["a", "b", "b", "a", "a", "b"]


def test_a_tool_stopped_for_its_time_takes_no_further_part(tmp_path: Path) -> None:
    plan = Plan([3, 2], ["cold", "edited"], 2, tmp_path, timeout=0.4, memory=4_000)

    order = [(run.size, run.scenario) for run in runs(plan, [tool("while True: pass", "endless")])]

    assert order == [(2, "cold")]


def test_the_file_system_is_named() -> None:
    assert filesystem(Path("/proc")) == "proc"


@pytest.mark.parametrize("given", ["--sizes=many", "--sizes=0", "--scenarios=cold,warm"])
def test_wrong_use_is_refused_before_anything_is_made(given: str) -> None:
    result = CliRunner().invoke(bench, ["build", given])

    assert result.exit_code == 2
    assert "Error: Invalid value" in result.output


def test_five_documents_are_measured_cold_and_unchanged(tmp_path: Path) -> None:
    figures, drawing = tmp_path / "figures.json", tmp_path / "plot.svg"
    words = ["build", "--sizes=5", "--scenarios=cold,unchanged", "--repeat=1"]
    files = [f"--json={figures}", f"--plot={drawing}", f"--output={tmp_path / 'work'}"]

    result = CliRunner().invoke(bench, [*words, *files], catch_exceptions=False)

    report = json.loads(figures.read_text("utf-8"))
    assert result.exit_code == 0
    assert [(row["scenario"], row["status"]) for row in report["rows"]] == [("cold", "good"), ("unchanged", "good")]
    assert report["rows"][0]["files"] > 10
    assert report["rows"][0]["cpu"] > 0.1
    assert ElementTree.fromstring(drawing.read_text("utf-8")).tag.endswith("svg")
    assert [*(tmp_path / "work").iterdir()] == []


def test_the_phases_of_a_document_are_told() -> None:
    result = CliRunner().invoke(bench, ["phases", "--size=5"], catch_exceptions=False)

    names = ["read", "front matter", "Markdown", "template", "text", "write", "search", "in all"]
    assert [line[:14].strip() for line in result.stdout.splitlines()] == names


def test_of_more_documents_than_are_shown_any_ten_are_all() -> None:
    many = Question("phrase", "甲", frozenset(map(str, range(30))), False)
    one = Question("phrase", "乙", frozenset(["7"]), False)

    found = score([many, one], [[str(number) for number in range(10)], ["x", "7"]])

    assert found == Score(2, 1.0, 0.75, 0.0)


def test_questions_are_the_same_at_every_run_and_have_answers() -> None:
    documents = list(entries(40))

    asked = questions(documents, each=2, lay=4)

    assert asked == questions(list(entries(40)), each=2, lay=4)
    assert {one.kind for one in asked} == {*KINDS, LAY}
    assert all(one.answers <= {document.url for document in documents} for one in asked)
