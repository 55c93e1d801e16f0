"""Running git: the one place where the project starts it.

The folder says which repository is meant. The variables that a hook's git sets for itself name the repository that is
being pushed to, so none of them is passed on but configuration (`GIT_CONFIG…`). Answers are in English whatever the
machine speaks.
"""

import os
import subprocess
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path

_CONFIGURATION = "GIT_CONFIG"


class GitError(Exception):
    """Git is not there, or ended with an error; `str()` is what it said, in a sentence for whoever asked."""


class GitMissingError(GitError):
    """Git cannot be started."""


def run_git(
    folder: Path,
    *arguments: str,
    settings: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    given: bytes = b"",
) -> bytes:
    """What git prints in `folder` when it is handed `given` on stdin; raises GitError.

    `settings` are `key=value` for this call alone; `environment` comes on top of this process's own variables.
    """
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name.startswith(_CONFIGURATION) or not name.startswith("GIT_")
    }
    command = ("git", *chain.from_iterable(("-c", setting) for setting in settings), *arguments)
    variables = {**inherited, "LC_ALL": "C", **(environment or {})}
    try:
        done = subprocess.run(command, cwd=folder, env=variables, input=given, capture_output=True, check=False)
    except OSError as problem:
        raise GitMissingError(f"git 运行不了：{problem.strerror}") from None
    if done.returncode:
        raise GitError(done.stderr.decode("utf-8", "replace").strip() or "git 没有说明原因")
    return done.stdout
