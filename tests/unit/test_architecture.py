"""The house stands as the design draws it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted([*(ROOT / "hooks").rglob("*.py"), *(ROOT / "scripts").glob("*.py")])
LONGEST = 40

#: Which rooms a room may call, beside itself.
MAY_CALL = {
    "records": set[str](),
    "site": {"records"},
    "catalogue": {"records", "site"},
    "pages": {"records", "site", "catalogue"},
    "outputs": {"records", "site", "catalogue"},
    "search": {"records", "site", "catalogue"},
    "checks": {"records", "site", "catalogue"},
    "imports": {"records", "site", "catalogue"},
    "engine": {"records", "site", "catalogue", "pages", "outputs", "search", "checks"},
    "receiving": {"records", "site", "catalogue", "search", "checks", "engine"},
    "events": {"records", "site", "catalogue", "pages", "outputs", "search", "checks", "engine"},
}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{name.name}" for name in node.names)


def room(path: Path) -> str:
    return path.relative_to(ROOT / "hooks").with_suffix("").parts[0]


def hook_modules() -> list[Path]:
    return [path for path in MODULES if path.is_relative_to(ROOT / "hooks") and path.parent.name != ""]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_one_way(path: Path) -> None:
    if path.is_relative_to(ROOT / "scripts"):
        return
    own = room(path)
    called = {name.split(".")[1] for name in imported(path) if name.startswith("hooks.")} - {own}

    assert called <= MAY_CALL.get(own, set()), f"{path}: calls {sorted(called)}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_the_engine_and_the_events_know_mkdocs(path: Path) -> None:
    knows = any(name.split(".")[0] in ("mkdocs", "material") for name in imported(path))

    assert not knows or (path.is_relative_to(ROOT / "hooks") and room(path) in ("engine", "events"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_hooks_do_not_call_commands_nor_tests(path: Path) -> None:
    called = {name.split(".")[0] for name in imported(path)}

    assert "tests" not in called
    assert "scripts" not in called or path.is_relative_to(ROOT / "scripts")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_function_is_longer_than_forty_lines(path: Path) -> None:
    long = [
        f"{node.name}: {lines} lines"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and (lines := body_lines(node)) > LONGEST
    ]

    assert long == []


def body_lines(function: ast.FunctionDef) -> int:
    doc = ast.get_docstring(function, clean=False)
    first = function.body[0]
    doc_lines = (first.end_lineno or 0) - first.lineno + 1 if doc is not None else 0
    return (function.end_lineno or 0) - function.lineno + 1 - doc_lines


def test_event_functions_have_ten_lines_at_most() -> None:
    tree = ast.parse((ROOT / "hooks" / "events.py").read_text("utf-8"))
    events = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("on_")]

    assert {event.name: len(event.body) for event in events if len(event.body) > 10} == {}
    assert len(events) >= 6


def test_no_module_bears_a_librarys_name() -> None:
    import sys  # noqa: PLC0415 - the only test that asks

    names = {path.stem for path in (ROOT / "hooks").glob("*.py")} | {
        p.name for p in (ROOT / "hooks").iterdir()
    }

    assert names - {"__init__", "site"} & sys.stdlib_module_names == names - {"__init__", "site"} & set()


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_a_lock_pins_by_hash_and_spells_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    pins = re.findall(r"^\S+==\S+.*\\$", text, re.M)

    assert "://" not in text
    assert len(pins) == len(re.findall(r"==", text)) - len(re.findall(r"python_full_version [<>]?==", text))
    assert text.count("--hash=sha256:") >= len(pins)
