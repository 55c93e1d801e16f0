"""Scripts for readers are what the modules of overrides/parts/ make, and the modules' types hold."""

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMITTED = ROOT / "overrides/assets/js"
DIGESTS = ROOT / "overrides/parts/bundled.sha256"
#: What browsers have had since later only; of the language itself, jsconfig.json allows nothing after 2020.
LATER = ("replaceChildren", "requestSubmit", "structuredClone", "checkVisibility", "randomUUID", "replaceAll", "at")
AGAIN = "run scripts/bundle (it needs Node 18 or later) and commit what it writes"


def sums() -> str:
    """The digests of modules, scripts and tools as they are now, in the form of `sha256sum`."""
    scripts = [*COMMITTED.rglob("*.js"), *COMMITTED.rglob("*.mjs")]
    tools = [ROOT / "package.json", ROOT / "scripts/bundle.mjs"]
    files = {path.relative_to(ROOT).as_posix(): path for path in (*DIGESTS.parent.rglob("*.mjs"), *scripts, *tools)}
    return "".join(f"{hashlib.sha256(files[name].read_bytes()).hexdigest()}  {name}\n" for name in sorted(files))


def tool(*command: str) -> str:
    """What a development tool has to say; fails the test where Node or the tools are missing."""
    if not shutil.which("node") or not (ROOT / "node_modules").is_dir():
        pytest.fail(
            "Node 18 or later and its tools are missing; install it (Debian: apt-get install nodejs npm) and run "
            "`npm ci`, or leave this test out: scripts/test --quick"
        )
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr + f"{command[0]} answered {done.returncode}"


def test_the_scripts_are_of_the_modules_that_lie_there() -> None:
    assert DIGESTS.read_text("utf-8") == sums(), f"the scripts are not made of these modules: {AGAIN}"


@pytest.mark.tools
def test_the_scripts_are_what_esbuild_makes(tmp_path: Path) -> None:
    assert tool("node", "scripts/bundle.mjs", str(tmp_path)) == ""

    made, committed = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*js")}
        for folder in (tmp_path, COMMITTED)
    )
    assert made == committed, AGAIN


@pytest.mark.tools
@pytest.mark.parametrize("settings", ["jsconfig.json", "scripts/jsconfig.json"])
def test_the_types_of_every_module_hold(settings: str) -> None:
    assert tool("node", "node_modules/typescript/bin/tsc", "--project", settings) == ""


@pytest.mark.parametrize("script", sorted(COMMITTED.rglob("*js")), ids=lambda path: path.name)
def test_a_script_calls_nothing_that_chromium_80_lacks(script: Path) -> None:
    text = script.read_text("utf-8")

    assert [name for name in LATER if f".{name}(" in text] == []
