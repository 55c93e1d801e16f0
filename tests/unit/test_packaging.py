"""What a wheel and an editable install are made of is named where setuptools reads it, and is there."""

import ast
import importlib
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from gongkai import INSTALLATION
from gongkai.commands.build import build
from gongkai.receiving.checkout import installation

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
SETUP = ast.parse((ROOT / "setup.py").read_text("utf-8"))


def beside() -> tuple[str, ...]:
    """What setup.py lays into the wheel's package from the checkout's top."""
    (names,) = (
        node.value for node in SETUP.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "BESIDE"
    )
    return tuple(ast.literal_eval(names))


def test_every_folder_of_code_is_a_package_of_the_wheel() -> None:
    folders = {path.parent.relative_to(ROOT) for path in (ROOT / "gongkai").rglob("*.py")}
    named = set(PROJECT["tool"]["setuptools"]["packages"])

    assert named - {"gongkai.hooks"} == {".".join(folder.parts) for folder in folders}


def test_nothing_but_gongkai_is_at_the_top_of_the_wheel() -> None:
    named = PROJECT["tool"]["setuptools"]["packages"]

    assert {name.partition(".")[0] for name in named} == {"gongkai"}


def test_what_is_laid_into_the_wheel_is_there_and_under_the_same_name_in_the_installation() -> None:
    assert [name for name in beside() if not (ROOT / name).exists()] == []
    assert [name for name in beside() if not (INSTALLATION / name).exists()] == []


def test_the_hook_is_importable_from_the_package() -> None:
    events = importlib.import_module("gongkai.hooks.events")

    assert callable(events.on_config)


def test_a_server_renders_with_what_stands_around_its_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clone of a bureau's repository has its own templates; an environment that stands alone has the software's."""
    monkeypatch.setattr(sys, "prefix", str(tmp_path / ".venv"))
    alone = installation()
    (tmp_path / "hooks").mkdir()
    (tmp_path / "overrides").mkdir()
    for name in ("mkdocs.yml", "hooks/events.py"):
        (tmp_path / name).write_text("", "utf-8")

    assert (alone, installation()) == (INSTALLATION, tmp_path)


def test_a_library_that_is_missing_is_named_and_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    done = CliRunner().invoke(build, ["--precompress", "br"])

    assert (done.exit_code, done.stderr) == (2, "--precompress br 要用 brotli：请在同一个 Python 环境里安装 brotli\n")


def texts_for_staff() -> Iterator[Path]:
    """Everything that staff read: what the program says, the handbook, the pages of the project, what is laid."""
    for folder in ("gongkai", "docs", "hooks", "scripts", "overrides", "adr", ".github", ".gitlab"):
        yield from (path for path in (ROOT / folder).rglob("*") if path.suffix not in (".docx", ".xlsx", ".pdf"))
    yield from ROOT.glob("*.md")
    yield from (ROOT / name for name in ("pyproject.toml", "Dockerfile", ".gitlab-ci.yml"))


def test_nothing_tells_anyone_to_install_by_the_bare_name() -> None:
    """The name on a public index is free for a stranger to take: a wheel file and a lock are installed, never a name."""
    bare = re.compile(rb"install\b[^\n]*[\s'\"`]gongkai(?=[\[\s'\"`=<>~]|$)", re.M)
    found = [path for path in texts_for_staff() if path.is_file() and bare.search(path.read_bytes())]
    extras = [path for path in texts_for_staff() if path.is_file() and b"gongkai[" in path.read_bytes()]

    assert [path.relative_to(ROOT).as_posix() for path in found] == []
    assert [path.relative_to(ROOT).as_posix() for path in extras] == ["pyproject.toml"]
