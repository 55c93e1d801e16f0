"""Whatever stops a build at whatever instant, readers see the old site whole, and the next build is right."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from gongkai.engine.build import Request, build_site
from gongkai.engine.edition import BuildFailedError
from tests.budgets import budget
from tests.site.conftest import contents, snapshot
from tests.waiting import PATIENCE, until
from tests.writing import markdown

ROOT = Path(__file__).parents[2]
NOW = "2026-01-31T09:00"
BUILD = [sys.executable, "-m", "tests.site.interrupting"]


@dataclass(frozen=True)
class Bureau:
    """A bureau of forty documents with its site, one document changed since; what its site is and is to be."""

    folder: Path
    before: dict[str, bytes]
    after: dict[str, bytes]


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return right(changed(laid(tmp_path_factory.mktemp("laid"))))


@pytest.fixture
def bureau(tmp_path: Path, after: dict[str, bytes]) -> Bureau:
    build_site(request(laid(tmp_path)))
    before = snapshot(tmp_path / "site")
    return Bureau(changed(tmp_path), before, after)


def laid(folder: Path) -> Path:
    write(folder / "docs", {f"notices/{n}.md": f"第{n}份通知。" for n in range(40)})
    return folder


def changed(folder: Path) -> Path:
    write(folder / "docs", {"notices/7.md": "改过的第7份通知。"})
    return folder


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


#: A build of the bureau touches a few more than these.
FILES_TOUCHED = 800
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
def test_a_build_killed_at_a_moment_leaves_a_whole_site(bureau: Bureau, fatal: str) -> None:
    site, is_done = bureau.folder / "site", fatal == "trees.exchange 1 after"

    killed = start(bureau.folder, fatal)
    killed.communicate(timeout=PATIENCE)

    assert killed.returncode == -signal.SIGKILL
    assert contents(site) == bureau.after if is_done else snapshot(site) == bureau.before
    assert contents(build_site(request(bureau.folder)).site_dir) == bureau.after
    assert list((bureau.folder / ".site.gongkai").glob("next-*")) == []


@pytest.mark.parametrize("seed", range(budget(3, 20)))
def test_a_build_killed_at_random_leaves_the_site_of_before_or_after(bureau: Bureau, seed: int) -> None:
    """Killed with its workers when it has opened, renamed or removed so and so many files, however fast it is."""
    site, count = bureau.folder / "site", random.Random(seed).randrange(FILES_TOUCHED)

    killed = start(bureau.folder, f"files {count}", "2")
    killed.communicate(timeout=PATIENCE)

    assert killed.returncode == -signal.SIGKILL
    assert snapshot(site) == bureau.before or contents(site) == bureau.after
    assert contents(build_site(request(bureau.folder)).site_dir) == bureau.after


def test_a_killed_worker_is_told_and_leaves_a_whole_site(tmp_path: Path) -> None:
    write(tmp_path / "docs", {f"notices/{n}.md": f"第{n}份通知。" for n in range(400)})

    failed = start(tmp_path, "", "2")
    until(lambda: any((tmp_path / ".site.gongkai").glob("*/notices/*/index.html")))
    os.kill(workers_of(failed.pid)[0], signal.SIGKILL)
    told = failed.communicate(timeout=PATIENCE)[1]

    assert failed.returncode == 2, told
    assert "一个工作进程意外中止" in told
    assert not (tmp_path / "site").exists()
    assert contents(build_site(request(tmp_path)).site_dir) == right(tmp_path)


def workers_of(process: int) -> list[int]:
    """Processes that have work: grandchildren, by way of the fork server."""
    return [worker for child in children(process) for worker in children(child)]


def children(process: int) -> list[int]:
    """None of a process, or of a thread of it, that has just ended."""
    found: list[int] = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):
            found += map(int, task.read_text("ascii").split())
    return found


def test_workers_end_with_a_build_that_was_killed(tmp_path: Path) -> None:
    write(tmp_path / "docs", {f"notices/{n}.md": f"第{n}份通知。" for n in range(400)})
    killed = start(tmp_path, "", "2")
    worker = until(lambda: workers_of(killed.pid))[0]

    killed.kill()
    killed.communicate(timeout=PATIENCE)

    assert until(lambda: not Path(f"/proc/{worker}").exists())


def test_a_full_disk_is_told_and_leaves_the_old_site(tmp_path: Path) -> None:
    """In a mount namespace of its own, so that it needs no rights on the machine but those of a user."""
    script = [sys.executable, "-m", "tests.site.full_disk", str(ROOT / "mkdocs.yml"), str(tmp_path)]

    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", *script],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
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
