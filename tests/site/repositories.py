"""Real git repositories for tests: a bureau's documents, committed by a made-up clerk at chosen times."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

CLERK = {
    "GIT_AUTHOR_NAME": "示例科员",
    "GIT_AUTHOR_EMAIL": "clerk@gongkai.example",
    "GIT_COMMITTER_NAME": "示例科员",
    "GIT_COMMITTER_EMAIL": "clerk@gongkai.example",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


def git(folder: Path, *words: str, when: str = "2026-01-20T10:00:00+08:00") -> str:
    """What git prints; raises CalledProcessError where it refuses."""
    dates = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
    done = subprocess.run(
        ["git", *words],
        cwd=folder,
        env={**os.environ, **CLERK, **dates, "LC_ALL": "C"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout


def refused(folder: Path, *words: str) -> str:
    """What git says when it refuses; fails where it does not."""
    done = subprocess.run(
        ["git", *words],
        cwd=folder,
        env={**os.environ, **CLERK, "LC_ALL": "C"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode != 0, done.stdout
    return done.stderr


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def commit(folder: Path, message: str, when: str) -> str:
    """Everything as it is, committed at `when`; the commit's name."""
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", message, when=when)
    return git(folder, "rev-parse", "HEAD").strip()


def repository(folder: Path, files: Mapping[str, str], when: str) -> Path:
    """A new repository of `files`, committed at `when`."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", "-b", "main")
    write(folder, files)
    commit(folder, "第一批文件", when)
    return folder
