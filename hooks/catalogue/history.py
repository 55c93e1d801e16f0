"""What git remembers of the documents: their versions in one pass, and what an earlier commit held.

Only asked, never written to. A shallow clone does not know what came before its boundary; the commits there are not
versions of anything, and whoever prints a history says so.
"""

import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

_SOURCES = "*.md"
_COMMIT = "\x01"
#: What a hook's git sets for its own repository; here the docs folder says which one is asked.
_OTHERS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")


class HistoryError(Exception):
    """Git could not answer; `str()` is what it said, in a sentence for whoever asked."""


class Version(NamedTuple):
    """One state of a file: the commit that brought it, when (seconds since 1970), and git's name of the content."""

    commit: str
    moment: int
    blob: str


@dataclass(frozen=True, slots=True)
class Repository:
    """The repository around a docs folder; `head` is its commit, "" where there is none yet."""

    docs_dir: Path
    head: str
    is_shallow: bool


@dataclass(frozen=True, slots=True)
class History:
    """The versions of each source up to `head`, by its path relative to docs/, oldest first.

    In a shallow clone the oldest ones are missing.
    """

    head: str = ""
    is_shallow: bool = False
    versions: Mapping[str, Sequence[Version]] = field(default_factory=dict)

    def of(self, paths: Iterable[str]) -> tuple[Version, ...]:
        """The versions of a document that stood at `paths` one after another, oldest first, each commit once."""
        found = {version.commit: version for path in paths for version in self.versions.get(path, ())}
        return tuple(sorted(found.values(), key=lambda version: version.moment))


def repository_of(docs_dir: Path) -> Repository | None:
    """The repository that `docs_dir` is part of; None where there is none, or no git."""
    try:
        told = _git(docs_dir, "rev-parse", "--is-inside-work-tree", "--is-shallow-repository").split()
    except HistoryError:
        return None
    if not told or told[0] != "true" or _is_ignored(docs_dir):
        return None
    try:
        head = _git(docs_dir, "rev-parse", "--verify", "--quiet", "HEAD").strip()
    except HistoryError:
        head = ""
    return Repository(docs_dir, head, told[1:] == ["true"])


def history_of(repository: Repository) -> History:
    """Every version of every source that the repository's head has behind it, in one pass of `git log`.

    A file that was moved unchanged keeps its versions; raises HistoryError where git fails.
    """
    if not repository.head:
        return History()
    log = _git(
        repository.docs_dir,
        *("log", repository.head, "--raw", "--no-abbrev", "-z", "-M100%", "-c", "--relative"),
        *(f"--format={_COMMIT}%H %ct", "--", _SOURCES),
    )
    boundary = _boundary(repository) if repository.is_shallow else frozenset()
    return History(repository.head, repository.is_shallow, _versions(log, boundary))


def _versions(log: str, boundary: frozenset[str]) -> Mapping[str, Sequence[Version]]:
    """The versions that a log tells of, newest commit first in `log`, oldest first in each list."""
    found: dict[str, list[Version]] = {}
    later_name: dict[str, str] = {}
    commit, moment = "", 0
    tokens = iter(log.split("\0"))
    for token in tokens:
        if token.startswith(_COMMIT):
            commit, _, seconds = token[1:].partition(" ")
            moment = int(seconds)
        elif token.lstrip("\n").startswith(":"):
            *_, blob, status = token.split()
            path = next(tokens)
            if status.startswith("R"):
                old, path = path, next(tokens)
                later_name[old] = later_name.get(path, path)
            if not status.startswith("D") and commit not in boundary:
                found.setdefault(later_name.get(path, path), []).append(Version(commit, moment, blob))
    return {path: tuple(reversed(versions)) for path, versions in found.items()}


def _boundary(repository: Repository) -> frozenset[str]:
    """The commits of a shallow clone whose parents it has not."""
    place = Path(_git(repository.docs_dir, "rev-parse", "--git-path", "shallow").strip())
    try:
        return frozenset((repository.docs_dir / place).read_text("ascii").split())
    except OSError:
        return frozenset()


def changed_since(repository: Repository, revision: str) -> dict[str, bytes | None]:
    """What `revision` held of each file below docs/ that is now another, by path relative to docs/; None for nothing."""
    raw = _git(
        repository.docs_dir,
        *("diff", revision, "--raw", "--no-abbrev", "-z", "--no-renames", "--relative", "--", "."),
    )
    tokens = raw.split("\0")
    pairs = zip(tokens[::2], tokens[1::2], strict=False)
    blobs = {path: line.split()[2] for line, path in pairs}
    old = {path: blob for path, blob in blobs.items() if blob.strip("0")}
    contents = dict(zip(old, _contents(repository, list(old.values())), strict=True))
    return {path: contents.get(path) for path in blobs}


def unknown_to(repository: Repository, revision: str, paths: Sequence[str]) -> frozenset[str]:
    """Which of `paths` (relative to docs/) `revision` does not have."""
    if not paths:
        return frozenset()
    prefix = _git(repository.docs_dir, "rev-parse", "--show-prefix").strip("\n")
    asked = "".join(f"{revision}:{prefix}{path}\n" for path in paths if "\n" not in path)
    told = _git(repository.docs_dir, "cat-file", "--batch-check", given=asked.encode())
    answers = zip((path for path in paths if "\n" not in path), told.splitlines(), strict=True)
    return frozenset(path for path, answer in answers if answer.endswith(" missing"))


def commit_of(repository: Repository, revision: str) -> tuple[str, int]:
    """The commit that `revision` names, and its time in seconds since 1970; raises HistoryError where there is none."""
    asked = ("log", "-1", "--format=%H %ct", "--end-of-options", revision, "--")
    try:
        commit, seconds = _git(repository.docs_dir, *asked).split()
    except (HistoryError, ValueError):
        raise HistoryError(f"没有“{revision}”这个提交") from None
    return commit, int(seconds)


def base_of(repository: Repository) -> str:
    """The commit that the present work began at: the last one that the branch shares with its upstream, else the head."""
    try:
        return _git(repository.docs_dir, "merge-base", "HEAD", "@{upstream}").strip()
    except HistoryError:
        return repository.head


def lines_ever_added(repository: Repository, wanted: str) -> Iterator[str]:
    """Every line that a commit on any branch added below docs/ in a file where `wanted` (a basic regex) came or went."""
    if not repository.head:
        return
    log = _git(
        repository.docs_dir,
        *("log", "--all", "-p", "-U0", "--no-color", "--no-ext-diff", "--format=", f"-G{wanted}", "--", "."),
    )
    yield from (line[1:] for line in log.splitlines() if line.startswith("+") and not line.startswith("+++"))


def _contents(repository: Repository, blobs: Sequence[str]) -> Iterator[bytes]:
    """The content of each blob, by one process."""
    if not blobs:
        return
    data = _run(repository.docs_dir, ("cat-file", "--batch"), "".join(f"{blob}\n" for blob in blobs).encode())
    place = 0
    for _ in blobs:
        end = data.index(b"\n", place)
        size = int(data[place:end].split()[2])
        yield data[end + 1 : end + 1 + size]
        place = end + 2 + size


def _is_ignored(docs_dir: Path) -> bool:
    """Whether the folder lies in a work tree that does not want to know of it, as builds of tests and caches do."""
    try:
        _git(docs_dir, "check-ignore", "--quiet", ".")
    except HistoryError:
        return False
    return True


def _git(folder: Path, *arguments: str, given: bytes = b"") -> str:
    return _run(folder, arguments, given).decode("utf-8", "surrogateescape")


def _run(folder: Path, arguments: Sequence[str], given: bytes) -> bytes:
    """What git prints; raises HistoryError where it fails or is not installed."""
    inherited = {name: value for name, value in os.environ.items() if name not in _OTHERS}
    environment = {**inherited, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
    command = ("git", "-c", "core.quotePath=false", *arguments)
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, input=given, capture_output=True, check=False
        )
    except OSError as problem:
        raise HistoryError(f"git 运行不了：{problem.strerror}") from None
    if done.returncode:
        raise HistoryError(done.stderr.decode("utf-8", "replace").strip() or "git 没有说明原因")
    return done.stdout
