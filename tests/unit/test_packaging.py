"""What a wheel and an editable install are made of is named where setuptools reads it, and is there."""

import ast
import importlib
import tomllib
from pathlib import Path

from gongkai import INSTALLATION

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
SETUP = ast.parse((ROOT / "setup.py").read_text("utf-8"))


def beside() -> tuple[str, ...]:
    """What setup.py lays into the wheel's package from the checkout's top."""
    (names,) = (
        node.value
        for node in SETUP.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "BESIDE"
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
