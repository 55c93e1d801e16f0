"""A build that kills itself: `python -m tests.site.interrupting "trees.place 3 before" CONFIG DOCS SITE NOW [JOBS]`.

"files 700" instead of a call lets it die with its workers before the 701st file is touched.
"""

import importlib
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from gongkai.engine.build import Request, build_site
from gongkai.engine.edition import BuildFailedError

#: Where a name is looked up when it is called, beside the module that defines it.
USED_IN = {
    "place": ("engine.tasks",),
    "remove": ("engine.publishing",),
    "exchange": ("engine.trees",),
    "save": ("catalogue.archive", "engine.build"),
}


def arm(fatal: str) -> None:
    """Let the process die at the call that `fatal` describes."""
    if fatal.startswith("files "):
        _arm_files(int(fatal.removeprefix("files ")))
        return
    where, number, order = fatal.split()
    module_name, name = where.split(".")
    if where == "store.replace":
        _arm(Path, "replace", int(number), order)
        return
    caller = f"engine.{module_name}"
    module = caller if caller in USED_IN[name] else USED_IN[name][0]
    _arm(importlib.import_module(f"gongkai.{module}"), name, int(number), order)


#: What Python reports (PEP 578) before it touches a file.
_TOUCHING = frozenset(("open", "os.rename", "os.remove", "os.link", "os.mkdir", "os.rmdir"))


def _arm_files(number: int) -> None:
    """Let the process and its workers die before the file with this number, from now on, is touched."""
    touched = iter(range(number))

    def hook(event: str, _: object) -> None:
        if event in _TOUCHING and next(touched, None) is None:
            os.killpg(0, signal.SIGKILL)

    sys.addaudithook(hook)


def _arm(holder: object, name: str, number: int, order: str) -> None:
    original: Callable[..., object] = getattr(holder, name)
    calls = iter(range(1, 1_000_000))

    def fatal(*args: object, **options: object) -> object:
        is_last = next(calls) == number
        if is_last and order == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(*args, **options)
        if is_last:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(holder, name, fatal)


def main() -> None:
    fatal, config, docs, site, now, *jobs = sys.argv[1:]
    if fatal:
        arm(fatal)
    asked = Request(Path(config), docs_dir=Path(docs), site_dir=Path(site), now=now, jobs=int(jobs[0]) if jobs else 1)
    try:
        build_site(asked)
    except BuildFailedError as problem:
        sys.stderr.write(f"{problem}\n")
        sys.exit(problem.exit_code)


if __name__ == "__main__":
    main()
