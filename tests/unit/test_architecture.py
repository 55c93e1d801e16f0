"""The house stands as the design draws it; every module is parsed once."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "gongkai"
EVENTS = ROOT / "hooks" / "events.py"
TREES = {path: ast.parse(path.read_text("utf-8")) for path in sorted([*PACKAGE.rglob("*.py"), EVENTS])}
LONGEST = 40

BASE = {"records", "site"}
DOMAIN = {*BASE, "memory", "catalogue"}
ENGINE = {*DOMAIN, "pages", "outputs", "search", "checks"}
#: Which rooms a room may call, beside itself.
MAY_CALL = {
    "records": set[str](),
    "site": {"records"},
    "memory": set[str](),
    "catalogue": {*BASE, "memory"},
    "pages": DOMAIN,
    "outputs": DOMAIN,
    "search": DOMAIN,
    "checks": DOMAIN,
    "imports": DOMAIN,
    "engine": ENGINE,
    "receiving": {*ENGINE, "engine"},
    "init": {*BASE, "memory", "engine"},
    "commands": {*ENGINE, "imports", "engine", "receiving", "init"},
    "events": {*ENGINE, "engine"},
}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{name.name}" for name in node.names)


def room(path: Path) -> str:
    if path == EVENTS:
        return "events"
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def test_imports_run_one_way() -> None:
    wrong = {
        str(path.relative_to(ROOT)): called
        for path in TREES
        if (called := _rooms_called(path) - {room(path)} - MAY_CALL.get(room(path), set()))
    }

    assert wrong == {}


def _rooms_called(path: Path) -> set[str]:
    names = {name.split(".")[1] for name in imported(path) if name.startswith("gongkai.")}
    return names - {"INSTALLATION"}  # the package itself says where it stands


def test_only_the_engine_and_the_events_know_mkdocs() -> None:
    knowing = {
        room(path) for path in TREES if any(name.split(".")[0] in ("mkdocs", "material") for name in imported(path))
    }

    assert knowing <= {"engine", "events"}


def test_the_package_calls_neither_its_hook_nor_tests_nor_benchmarks() -> None:
    called = {(name.split(".")[0], str(path)) for path in TREES for name in imported(path)}

    assert [one for one in called if one[0] in ("hooks", "scripts", "tests", "benchmarks")] == []


def test_no_function_is_longer_than_forty_lines() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {node.name}: {lines} lines"
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and (lines := body_lines(node)) > LONGEST
    ]

    assert long == []


def body_lines(function: ast.FunctionDef) -> int:
    doc = ast.get_docstring(function, clean=False)
    first = function.body[0]
    doc_lines = (first.end_lineno or 0) - first.lineno + 1 if doc is not None else 0
    return (function.end_lineno or 0) - function.lineno + 1 - doc_lines


def test_event_functions_have_ten_lines_at_most() -> None:
    events = [node for node in TREES[EVENTS].body if isinstance(node, ast.FunctionDef) and node.name.startswith("on_")]

    assert {event.name: len(event.body) for event in events if len(event.body) > 10} == {}
    assert len(events) >= 5  # the sixth is imported from the engine


def test_no_hook_bears_a_librarys_name() -> None:
    names = {path.stem for path in EVENTS.parent.glob("*.py")} - {"__init__"}

    assert names & sys.stdlib_module_names == set()


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_a_lock_pins_by_hash_and_spells_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    pins = re.findall(r"^\S+==\S+.*\\$", text, re.M)

    assert "://" not in text
    assert len(pins) == len(re.findall(r"==", text)) - len(re.findall(r"python_full_version [<>]?==", text))
    assert text.count("--hash=sha256:") >= len(pins)
