"""Whatever stops a build at whatever instant, readers see the old site whole, and the next build is right."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from gongkai.engine.build import Request, build_site
from gongkai.engine.edition import BuildFailedError
from tests.site.conftest import contents, snapshot
from tests.writing import markdown

ROOT = Path(__file__).parents[2]
NOW = "2026-01-31T09:00"
BUILD = [sys.executable, "-m", "tests.site.interrupting"]


@pytest.fixture
def bureau(tmp_path: Path) -> Path:
    """A bureau of forty documents with its site, one document changed since."""
    write(tmp_path / "docs", {f"notices/{n}.md": f"第{n}份通知。" for n in range(40)})
    build_site(request(tmp_path))
    write(tmp_path / "docs", {"notices/7.md": "改过的第7份通知。"})
    return tmp_path


def write(docs: Path, bodies: Mapping[str, str]) -> None:
    for name, body in bodies.items():
        path = docs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(markdown(f"{body}\n\n" + "加强研发投入。" * 50, 信息索取号=f"a/{path.stem}"), "utf-8")


def request(folder: Path, jobs: int | None = None) -> Request:
    return Request(ROOT / "mkdocs.yml", docs_dir=folder / "docs", site_dir=folder / "site", now=NOW, jobs=jobs)


def right(folder: Path) -> dict[str, bytes]:
    """What the site should be: that of a build from nothing, elsewhere."""
    elsewhere = folder / "elsewhere"
    whole = Request(ROOT / "mkdocs.yml", docs_dir=folder / "docs", site_dir=elsewhere / "site", now=NOW, clean=True)
    return contents(build_site(whole).site_dir)


def start(folder: Path, fatal: str, *options: str) -> "subprocess.Popen[str]":
    """A build in a process group of its own that kills itself where `fatal` says ("" is nowhere)."""
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    command = [*BUILD, fatal, str(ROOT / "mkdocs.yml"), str(folder / "docs"), str(folder / "site"), NOW, *options]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


#: Where the build dies: module, function, at which call, and whether the function was carried out before.
MOMENTS = (
    "store.save 1 before",
    "store.replace 1 before",
    "trees.remove 1 before",
    "trees.place 2 before",
    "trees.place 3 after",
    "build.save 1 before",
    "build.save 1 after",
    "trees.exchange 1 before",
    "trees.exchange 1 after",
)


@pytest.mark.parametrize("fatal", MOMENTS)
def test_a_build_killed_at_a_moment_leaves_a_whole_site(bureau: Path, fatal: str) -> None:
    before, after = snapshot(bureau / "site"), right(bureau)
    is_done = fatal == "trees.exchange 1 after"

    killed = start(bureau, fatal)
    killed.communicate(timeout=60)

    assert killed.returncode == -signal.SIGKILL
    assert contents(bureau / "site") == after if is_done else snapshot(bureau / "site") == before
    assert contents(build_site(request(bureau)).site_dir) == after
    assert list((bureau / ".site.gongkai").glob("next-*")) == []


@pytest.mark.parametrize("seed", range(20))
def test_a_build_killed_at_random_leaves_the_site_of_before_or_after(bureau: Path, seed: int) -> None:
    before, after = snapshot(bureau / "site"), right(bureau)

    killed = start(bureau, "", "2")
    time.sleep(random.Random(seed).uniform(0.2, 1.4))
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate(timeout=60)

    assert snapshot(bureau / "site") == before or contents(bureau / "site") == after
    assert contents(build_site(request(bureau)).site_dir) == after


def test_a_killed_worker_is_told_and_leaves_a_whole_site(tmp_path: Path) -> None:
    write(tmp_path / "docs", {f"notices/{n}.md": f"第{n}份通知。" for n in range(400)})

    failed = start(tmp_path, "", "2")
    os.kill(next(workers_of(failed.pid)), signal.SIGKILL)
    told = failed.communicate(timeout=60)[1]

    assert failed.returncode == 2, told
    assert "一个工作进程意外中止" in told
    assert not (tmp_path / "site").exists()
    assert contents(build_site(request(tmp_path)).site_dir) == right(tmp_path)


def workers_of(process: int) -> Iterator[int]:
    """Processes that have work: grandchildren, by way of the fork server."""
    for _ in range(3000):
        yield from (worker for child in children(process) for worker in children(child))
        time.sleep(0.01)


def children(process: int) -> list[int]:
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text("ascii").split()]


def test_workers_end_with_a_build_that_was_killed(tmp_path: Path) -> None:
    write(tmp_path / "docs", {f"notices/{n}.md": f"第{n}份通知。" for n in range(400)})
    killed = start(tmp_path, "", "2")
    worker = next(workers_of(killed.pid))

    killed.kill()
    killed.communicate(timeout=60)

    assert has_ended(worker)


def has_ended(process: int) -> bool:
    for _ in range(500):
        if not Path(f"/proc/{process}").exists():
            return True
        time.sleep(0.02)
    return False


def test_a_full_disk_is_told_and_leaves_the_old_site(tmp_path: Path) -> None:
    """In a mount namespace of its own, so that it needs no rights on the machine but those of a user."""
    script = [sys.executable, "-m", "tests.site.full_disk", str(ROOT / "mkdocs.yml"), str(tmp_path)]

    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", *script],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert (done.returncode, done.stdout) == (0, "small\nfull: old site whole\nroom: right\n"), done.stderr


def test_a_worker_s_error_names_the_document(tmp_path: Path) -> None:
    write(tmp_path / "docs", {f"notices/{n}.md": f"第{n}份通知。" for n in range(200)})
    build_site(request(tmp_path))
    write(tmp_path / "docs", {f"notices/{n}.md": f"改过的第{n}份通知。" for n in range(200)})
    (tmp_path / "docs/notices/77.md").write_text(markdown("- " * 1500 + "深", 信息索取号="a/77"), "utf-8")

    with pytest.raises(BuildFailedError, match=r"notices/77\.md: 没有生成出来"):
        build_site(request(tmp_path, jobs=2))
