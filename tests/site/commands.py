"""`gongkai` run as a process of its own, without a second of imports: forked from one that has imported everything.

`python -m tests.site.commands` is that one. It reads a request of one line, `{words, cwd, environment, output}`, forks,
lets the fork be `gongkai` with the two files in the folder `output` for its streams, and answers with its exit code.
"""

import atexit
import importlib
import json
import os
import pkgutil
import subprocess
import sys
import traceback
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from gongkai.commands.entry import speak_chinese

Done = subprocess.CompletedProcess[str]
ROOT = Path(__file__).parents[2]
#: The installed command, for what is about starting a process and for terminals.
GONGKAI = Path(sys.executable).with_name("gongkai")


def run(*words: str | Path, cwd: Path, environment: Mapping[str, str] | None = None) -> Done:
    """What `gongkai WORDS` did in `cwd`, with `environment` beside the test's own and nothing to read."""
    with TemporaryDirectory() as output:
        request = {
            "words": ["gongkai", *map(str, words)],
            "cwd": str(cwd),
            "environment": {**os.environ, **(environment or {})},
            "output": output,
        }
        code = _answer(json.dumps(request))
        out, err = (Path(output, name).read_text("utf-8") for name in ("stdout", "stderr"))
    return subprocess.CompletedProcess([*words], code, out, err)


def _answer(request: str) -> int:
    standby = _standby()
    assert standby.stdin is not None
    assert standby.stdout is not None
    standby.stdin.write(f"{request}\n")
    standby.stdin.flush()
    return int(standby.stdout.readline())


@cache
def _standby() -> "subprocess.Popen[str]":
    standby = subprocess.Popen(
        [sys.executable, "-m", "tests.site.commands"],
        cwd=ROOT,
        env={**os.environ, "LC_ALL": "C"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    atexit.register(standby.communicate)
    return standby


def main() -> None:
    speak_chinese()
    for module in pkgutil.walk_packages(importlib.import_module("gongkai").__path__, "gongkai."):
        importlib.import_module(module.name)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _become(**json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)  # noqa: T201 - the answer


def _become(words: list[str], cwd: str, environment: dict[str, str], output: str) -> None:
    """Be `gongkai`, and never return."""
    try:
        for number, path in enumerate((os.devnull, f"{output}/stdout", f"{output}/stderr")):
            os.dup2(os.open(path, os.O_RDWR | os.O_CREAT), number)
        os.chdir(cwd)
        os.environ.clear()
        os.environ.update(environment)
        sys.argv = words
        from gongkai.commands.entry import main as gongkai  # noqa: PLC0415 - the caller must not need it

        gongkai()
    except SystemExit as ended:
        sys.stderr.write(f"{ended.code}\n")
    except BaseException:  # whatever it is, it ends in this process and is read by the test
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(1)


if __name__ == "__main__":
    main()
