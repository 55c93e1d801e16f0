"""A bureau's own repository, by a wheel that was installed away from any checkout: laid, checked, built, served, pushed."""

import os
import pty
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.site.repositories import CLERK, git

ROOT = Path(__file__).parents[2]
BUREAU = ("--name", "示例县水利局", "--code", "MB1234562", "--domain", "slj.example")
NOW = ("--now", "2026-01-31T09:00")


@dataclass(frozen=True)
class Installed:
    """A wheel, and the environment that it alone is installed in; the libraries are the tests' own."""

    wheel: Path
    environment: Path

    def run(self, *words: str | Path, cwd: Path, typed: str | None = None) -> "subprocess.CompletedProcess[str]":
        """`gongkai`, with `typed` at a terminal, or without one."""
        ours, theirs = pty.openpty()
        os.write(ours, (typed or "").encode())
        try:
            return subprocess.run(
                [self.environment / "bin" / "gongkai", *words],
                cwd=cwd,
                env=self.variables,
                stdin=subprocess.DEVNULL if typed is None else theirs,
                capture_output=True,
                text=True,
                encoding="utf-8",
                check=False,
            )
        finally:
            os.close(ours)
            os.close(theirs)

    @property
    def variables(self) -> dict[str, str]:
        identity = self.environment / "gitconfig"
        identity.write_text("[user]\nname = 示例科员\nemail = clerk@gongkai.example\n", "utf-8")
        inherited = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        return {**inherited, "GIT_CONFIG_GLOBAL": str(identity), "NO_MKDOCS_2_WARNING": "1"}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    place = tmp_path_factory.mktemp("installed")
    pip = (sys.executable, "-m", "pip")
    quiet = ("--quiet", "--no-deps", "--disable-pip-version-check")
    sources = copied_sources(place / "sources")
    made = f"from setuptools.build_meta import build_wheel; build_wheel({str(place)!r})"
    subprocess.run([sys.executable, "-c", made], cwd=sources, stdout=subprocess.DEVNULL, check=True)
    (wheel,) = place.glob("gongkai-*.whl")
    environment = place / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    (packages,) = environment.glob("lib/python*/site-packages")
    libraries = next(path for path in sys.path if path.endswith("site-packages"))
    (packages / "libraries.pth").write_text(f"{libraries}\n", "utf-8")
    python = environment / "bin" / "python"
    subprocess.run([*pip, "--python", python, "install", *quiet, wheel], check=True)
    return Installed(wheel, environment)


def copied_sources(place: Path) -> Path:
    """What a wheel is made of, in `place`: setuptools leaves its own files there."""
    for name in ("gongkai", "hooks", "overrides", "docs/handbook", "scripts", ".vscode"):
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copy(path, place)
    return place


@pytest.fixture(scope="module")
def laid(installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bureaus") / "bureau"
    done = installed.run("init", folder, *BUREAU, *NOW, cwd=folder.parent)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def bureau(laid: Path, tmp_path: Path) -> Path:
    """A copy of the laid repository, to be worked in."""
    return Path(shutil.copytree(laid, tmp_path / "bureau", symlinks=True))


# The wheel


def test_the_wheel_holds_the_whole_package_and_nothing_beside_it(installed: Installed) -> None:
    names = zipfile.ZipFile(installed.wheel).namelist()
    sources = {
        path.relative_to(ROOT).as_posix()
        for folder in ("gongkai", "overrides", "docs/handbook")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    wanted = {name if name.startswith("gongkai/") else f"gongkai/{name}" for name in sources}

    assert wanted - set(names) == set()
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"gongkai"}


def test_the_wheel_is_the_one_that_runs(installed: Installed, tmp_path: Path) -> None:
    python = installed.environment / "bin" / "python"
    code = (
        "from importlib.util import find_spec as f; print(*(f(n).origin for n in ('gongkai', 'gongkai.hooks.events')))"
    )
    told = subprocess.run([python, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    assert [path for path in told.split() if not path.startswith(str(installed.environment))] == []


def test_outside_of_any_site_a_command_says_what_to_do(installed: Installed, tmp_path: Path) -> None:
    told = installed.run("serve", cwd=tmp_path)

    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr == (
        "这里和上级文件夹里都没有 mkdocs.yml。请在网站的文件夹里运行，或用 -f 指出；还没有网站的，先运行 gongkai init\n"
    )


# The repository


def test_a_laid_repository_names_the_wheel_with_its_hash_and_holds_it(laid: Path, installed: Installed) -> None:
    name = installed.wheel.name
    digest = subprocess.run(["sha256sum", installed.wheel], capture_output=True, text=True, check=True).stdout

    assert (laid / "software" / name).read_bytes() == installed.wheel.read_bytes()
    assert (
        (laid / "requirements.txt")
        .read_text("utf-8")
        .endswith(f"\n-r software/requirements.lock\n./software/{name} --hash=sha256:{digest[:64]}\n")
    )


def test_a_laid_repository_is_committed_and_has_nothing_left_over(laid: Path) -> None:
    assert git(laid, "status", "--porcelain") == ""
    assert git(laid, "log", "--format=%s") == "建立网站\n"


def test_whoever_sits_there_is_asked_and_a_wrong_code_is_asked_again(installed: Installed, tmp_path: Path) -> None:
    typed = "示例县水利局\nMB1234561\nMB1234562\nhttps://slj.example/\n\n办公室、河湖科\n通知公告、guide\n"

    done = installed.run("init", "bureau", "--no-git", cwd=tmp_path, typed=typed)
    text = (tmp_path / "bureau/mkdocs.yml").read_text("utf-8")

    assert done.returncode == 0, done.stderr
    assert "校验位不符，请核对" in done.stdout + done.stderr
    assert "code: MB1234562 " in text
    assert "site_url: https://slj.example/\n" in text
    assert "- {key: department-2, name: 河湖科}\n" in text
    assert sorted(path.name for path in (tmp_path / "bureau/docs").iterdir()) == ["guide", "notices"]


# What is done in it


def test_a_laid_repository_checks_without_an_error_and_builds(bureau: Path, installed: Installed) -> None:
    checked = installed.run("check", *NOW, cwd=bureau)
    built = installed.run("build", *NOW, cwd=bureau)

    assert (checked.returncode, built.returncode) == (0, 0), checked.stderr + built.stderr
    assert {line.rpartition(" ")[2] for line in checked.stderr.splitlines() if line.startswith("docs")} == {
        "column-empty]"
    }
    assert "示例县水利局" in (bureau / "site/index.html").read_text("utf-8")
    assert not (bureau / "site/handbook").exists()


def test_a_preview_shows_the_site_and_the_handbook_that_comes_with_the_software(
    bureau: Path, installed: Installed
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(installed.environment / "bin/gongkai"), "serve", "-a", f"127.0.0.1:{port}"]
    preview = subprocess.Popen(command, cwd=bureau, env=installed.variables, stderr=subprocess.PIPE, text=True)
    try:
        pages = [page(f"http://127.0.0.1:{port}/{path}") for path in ("", "handbook/")]
    finally:
        preview.send_signal(signal.SIGINT)
        told = preview.communicate(timeout=60)[1]

    assert "示例县水利局" in pages[0], told
    assert "五步发布一份文件" in pages[1], told


def page(address: str) -> str:
    """The page, as soon as somebody answers."""
    while True:
        try:
            with urlopen(address, timeout=60) as answer:
                text: str = answer.read().decode()
                return text
        except URLError:
            time.sleep(0.1)


def test_a_push_from_a_laid_repository_is_published(bureau: Path, installed: Installed, tmp_path: Path) -> None:
    program = ("receive", "init", tmp_path / "site.git", "--site", tmp_path / "www")
    opened = installed.run(*program, cwd=tmp_path)
    begun = installed.run("new", "--column", "notices", "--title", "第一份通知", "--name", "first", cwd=bureau)
    git(bureau, "add", "-A")
    git(bureau, "commit", "-q", "-m", "第一份通知")

    pushed = subprocess.run(
        ["git", "push", str(tmp_path / "site.git"), "HEAD:main"],
        cwd=bureau,
        env={**installed.variables, **CLERK},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )

    assert [one.returncode for one in (opened, begun, pushed)] == [0] * 3, pushed.stderr
    assert "已发布，公开文件 1 件：https://slj.example/" in pushed.stderr
    assert "第一份通知" in (tmp_path / "www/current/www/notices/first/index.html").read_text("utf-8")


def test_the_entries_of_a_repository_without_its_wheel_run_the_machines_own(bureau: Path, installed: Installed) -> None:
    lines = (bureau / "requirements.txt").read_text("utf-8").splitlines(keepends=True)
    (bureau / "requirements.txt").write_text("".join(lines[:-1]), "utf-8")
    paths = {"with": f"{installed.environment / 'bin'}:/usr/bin:/bin", "without": f"{bureau / 'scripts'}:/usr/bin:/bin"}
    told = {
        key: subprocess.run(
            [bureau / "scripts/gongkai", "--version"],
            env={**installed.variables, "PATH": path},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        for key, path in paths.items()
    }

    assert told["with"].stdout.startswith("公开（gongkai）"), told["with"].stderr
    assert told["without"].returncode == 2
    assert told["without"].stderr.startswith("这里没有软件。请把 gongkai 的 .whl 文件放进 software 文件夹")
