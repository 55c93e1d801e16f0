"""What git remembers of the documents: their versions in one pass, and what an earlier commit held.

Only asked, never written to. A shallow clone does not know what came before its boundary; the commits there are not
versions of anything, and whoever prints a history says so.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NamedTuple

from gongkai.catalogue.git import GitError, run_git

_SOURCES = "*.md"
_COMMIT = "\x01"
#: Asking takes no lock, which might stop a clerk's own git.
_READING = {"GIT_OPTIONAL_LOCKS": "0"}
#: What would change the answers were it set by a clerk.
_SETTINGS = (
    "core.quotePath=false",
    "log.showRoot=true",
    "log.showSignature=false",
    "diff.noprefix=false",
    "diff.mnemonicPrefix=false",
    "diff.renames=false",
    "diff.autoRefreshIndex=false",  # asking changes nothing
)


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

    In a shallow clone the oldest ones are missing. `order` counts the commits, later ones higher: clocks may go wrong.
    """

    head: str = ""
    is_shallow: bool = False
    versions: Mapping[str, Sequence[Version]] = field(default_factory=dict)
    order: Mapping[str, int] = field(default_factory=dict)

    def of(self, paths: Iterable[str]) -> tuple[Version, ...]:
        """The versions of a document that stood at `paths` one after another, oldest first, each commit once."""
        found = {version.commit: version for path in paths for version in self.versions.get(path, ())}
        return tuple(sorted(found.values(), key=lambda version: self.order.get(version.commit, 0)))


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
        *("log", repository.head, "--date-order", "--raw", "--no-abbrev", "-z", "-M100%", "-c", "--relative"),
        *(f"--format={_COMMIT}%H %ct", "--", _SOURCES),
    )
    boundary = _boundary(repository) if repository.is_shallow else frozenset()
    return _read_log(log, boundary, repository)


class _Told(NamedTuple):
    """A line of a commit: what became of the file that is at `path` after it, and where it was before."""

    status: str
    blob: str
    path: str
    was: str


def _read_log(log: str, boundary: frozenset[str], repository: Repository) -> History:
    """What a log tells, newest commit first."""
    found = _Files()
    order: dict[str, int] = {}
    for commit, moment, told in _commits(log):
        order[commit] = -len(order)
        found.take(told, partial(Version, commit, moment) if commit not in boundary else None)
    return History(repository.head, repository.is_shallow, found.versions(order), order)


def _commits(log: str) -> Iterator[tuple[str, int, list[_Told]]]:
    """Each commit, its time, and its lines."""
    tokens = iter(log.split("\0"))
    commit, moment, told = "", 0, list[_Told]()
    for token in tokens:
        line = token.lstrip("\n")
        if token.startswith(_COMMIT):
            if commit:
                yield commit, moment, told
            commit, _, seconds = token[1:].partition(" ")
            moment, told = int(seconds), []
        elif line.startswith(":"):
            *_, blob, status = line.split()
            path = was = next(tokens)
            if status.startswith("R") and not line.startswith("::"):  # of a merge's file one name is told
                path = next(tokens)
            told.append(_Told(status, blob, path, was))
    if commit:
        yield commit, moment, told


class _Files:
    """Versions by the present path of their file, gathered from the newest commit back."""

    def __init__(self) -> None:
        self._found: dict[str, list[Version]] = {}
        self._later_name: dict[str, str] = {}
        self._begun: set[str] = set()

    def take(self, told: Sequence[_Told], version_of: Callable[[str], Version] | None) -> None:
        """One commit, older than those before; documents may have changed places in it. None brings no versions."""
        renamed = {one.was: self._later_name.get(one.path, one.path) for one in told if one.was != one.path}
        for status, blob, path, _ in told:
            if version_of and status.strip("D"):
                self._found.setdefault(self._later_name.get(path, path), []).append(version_of(blob))
        self._begun |= {one.path for one in told if one.status[0] in "AR"}
        self._later_name |= renamed
        for was, now in renamed.items():
            if was not in self._begun and was != now:  # what another branch did to it meanwhile
                self._found.setdefault(now, []).extend(self._found.pop(was, ()))

    def versions(self, order: Mapping[str, int]) -> dict[str, tuple[Version, ...]]:
        """Oldest first."""
        return {
            path: tuple(sorted(versions, key=lambda version: order[version.commit]))
            for path, versions in self._found.items()
        }


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
        repository.docs_dir, *("diff", revision, "--raw", "--no-abbrev", "-z", "--no-renames", "--relative", "--", ".")
    )
    tokens = raw.split("\0")
    pairs = zip(tokens[::2], tokens[1::2], strict=False)
    blobs = {path: line.split()[2] for line, path in pairs}
    old = {path: blob for path, blob in blobs.items() if blob.strip("0")}
    contents = dict(zip(old, _contents(repository, list(old.values())), strict=True))
    return {path: contents.get(path) for path in blobs if not _is(repository.docs_dir / path, contents.get(path))}


def _is(file: Path, content: bytes | None) -> bool:
    """Whether a file that git only knows to be touched holds just what it did."""
    try:
        return content is not None and file.read_bytes() == content
    except OSError:
        return False


def unknown_to(repository: Repository, revision: str, paths: Sequence[str]) -> frozenset[str]:
    """Which of `paths` (relative to docs/) `revision` does not have."""
    if not paths:
        return frozenset()
    known = _git(repository.docs_dir, "ls-tree", "-r", "-z", "--name-only", revision).split("\0")
    return frozenset(paths).difference(known)


def commit_of(repository: Repository, revision: str) -> tuple[str, int]:
    """The commit that `revision` names, and its time in seconds since 1970; raises HistoryError where there is none."""
    verify = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    try:
        commit = _git(repository.docs_dir, *verify).strip()
        return commit, int(_git(repository.docs_dir, "log", "-1", "--format=%ct", commit, "--"))
    except (HistoryError, ValueError):
        raise HistoryError(f"没有“{revision}”这个提交") from None


def base_of(repository: Repository) -> str:
    """The commit that the present work began at: the last one that the branch shares with its upstream, else the head."""
    try:
        return _git(repository.docs_dir, "merge-base", "HEAD", "@{upstream}").strip()
    except HistoryError:
        return repository.head


def branch_tips(repository: Repository) -> Iterator[str]:
    """The commits that any branch, tag or the work tree stands at."""
    if repository.head:
        yield repository.head
    yield from _git(repository.docs_dir, "for-each-ref", "--format=%(objectname)").split()


def lines_ever_added(repository: Repository, wanted: str, *, beyond: Iterable[str] = ()) -> Iterator[str]:
    """Every line that a commit on any branch added below docs/ in a file where `wanted` came or went.

    `wanted` is an extended regular expression. Commits at or behind `beyond` are left out; raises HistoryError where
    one of those is not there.
    """
    if not repository.head:
        return
    log = _git(
        repository.docs_dir,
        *("log", "--all", "-m", "-p", "-U0", "--no-color", "--no-ext-diff", "--no-textconv", "--format="),
        *(f"-G{wanted}", *(f"^{commit}" for commit in sorted(beyond)), "--", "."),
    )
    is_header = True
    for line in log.split("\n"):
        if line.startswith(("diff --git ", "@@")):
            is_header = line.startswith("diff")
        elif line.startswith("+") and not is_header:
            yield line[1:]


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
    try:
        return run_git(folder, *arguments, settings=_SETTINGS, environment=_READING, given=given)
    except GitError as problem:
        raise HistoryError(str(problem)) from None
