"""The documents under docs/: which files they are, the defaults of their folders, and all of them read."""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from gongkai.catalogue.attachments import is_markdown
from gongkai.records.findings import Finding
from gongkai.records.reading import Defaults, Reading, read_defaults, read_document

#: The staff's own folder under docs/: shown by `serve`, never built, holds no documents.
HANDBOOK = "handbook"
DEFAULTS = ".meta.yml"
#: The register of everything ever published: a folder right under docs/.
REGISTER = ".register"


#: What tells a changed file from an unchanged one without opening it: bytes, mtime and ctime (ns), inode.
Signature = tuple[int, int, int, int]
_SETTLED_NS = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Inventory:
    """What lies under docs/, hidden files and folders left out but for folders' defaults and the register.

    `files` has each file's signature by its path relative to docs/ (with "/"), None for a link that leads nowhere;
    `strange` are paths that would be passed over in silence, each with what to do about it; `taken` is when, in
    nanoseconds since 1970.
    """

    docs_dir: Path
    files: Mapping[str, Signature | None]
    strange: tuple[tuple[str, str], ...]
    taken: int

    @property
    def documents(self) -> list[str]:
        """Every Markdown file that is meant as a document, sorted."""
        return sorted(
            path for path in self.files if is_markdown(path) and not path.startswith((f"{HANDBOOK}/", f"{REGISTER}/"))
        )

    @property
    def others(self) -> list[str]:
        """Every file that is neither a document nor the handbook's nor the house's own, sorted."""
        own = (f"{HANDBOOK}/", f"{REGISTER}/")
        return sorted(
            path
            for path in self.files
            if not (is_markdown(path) or path.startswith(own) or path.rpartition("/")[2] == DEFAULTS)
        )

    def settled(self, path: str) -> Signature | None:
        """The file's signature, None where it may deceive.

        A second change within one tick of the clock would not show, so a file that changed within the last two
        seconds is not believed (git's index has the same rule).
        """
        signature = self.files.get(path)
        if signature is None or max(signature[1], signature[2]) > self.taken - _SETTLED_NS:
            return None
        return signature


def take_inventory(docs_dir: Path) -> Inventory:
    """One walk through `docs_dir`; links to folders are not followed, nor does the walk open a file."""
    taken = time.time_ns()
    files: dict[str, Signature | None] = {}
    strange: list[tuple[str, str]] = []
    folders = [""] if docs_dir.is_dir() else []
    while folders:
        below = folders.pop()
        try:
            with os.scandir(docs_dir / below) as entries:
                for entry in entries:
                    _take(entry, f"{below}{entry.name}", files, folders, strange)
        except OSError as problem:
            strange.append((below or ".", f"文件夹打不开：{problem.strerror}。请检查权限"))
    return Inventory(docs_dir, files, tuple(sorted(strange)), taken)


def _take(
    entry: "os.DirEntry[str]",
    path: str,
    files: dict[str, Signature | None],
    folders: list[str],
    strange: list[tuple[str, str]],
) -> None:
    if entry.is_dir(follow_symlinks=False):
        if not entry.name.startswith(".") or path == REGISTER:
            folders.append(f"{path}/")
    elif entry.is_dir():
        strange.append((path, "这是一个链接，里面的文件不会读入。请换成真正的文件夹"))
    elif entry.name == ".meta.yaml":
        strange.append((path, "文件夹默认值的文件名应为 .meta.yml。请改名"))
    elif not entry.name.startswith(".") or entry.name == DEFAULTS:
        files[path] = _signature(entry)


def _signature(entry: "os.DirEntry[str]") -> Signature | None:
    try:
        found = entry.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def shown_path(path: Path) -> str:
    """A path as messages show it: from the present folder where it lies below it."""
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would show a link's target
    here = Path.cwd()
    shown = absolute.relative_to(here) if absolute.is_relative_to(here) else absolute
    return shown.as_posix().encode("utf-8", "replace").decode()


class FolderDefaults:
    """The `.meta.yml` files of a docs/ tree, each read once; a nearer folder's word counts.

    `instead` has what to take for some of its files, by path relative to docs/: None for one that is not there.
    """

    def __init__(self, docs_dir: Path, zone: tzinfo, *, instead: Mapping[str, bytes | None] | None = None) -> None:
        self.docs_dir = docs_dir
        self.zone = zone
        self.findings: list[Finding] = []
        self._instead = instead or {}
        self._known: dict[str, Defaults] = {}

    def of(self, folder: str) -> Defaults:
        """The defaults for documents in `folder` (relative to docs/, "" for its root)."""
        if folder not in self._known:
            above = self.of(folder_of(folder)) if folder else Defaults()
            self._known[folder] = above.under(self._written_in(folder))
        return self._known[folder]

    def _written_in(self, folder: str) -> Defaults:
        path = f"{folder}/{DEFAULTS}".lstrip("/")
        try:
            data = self._content(path)
        except OSError as problem:
            message = f"文件打不开：{problem.strerror}。请检查权限"
            self.findings.append(Finding(path, "", "file-unreadable", message))
            return Defaults()
        if data is None:
            return Defaults()
        defaults, findings = read_defaults(data, path=path, zone=self.zone)
        self.findings += findings
        return defaults

    def _content(self, path: str) -> bytes | None:
        if path in self._instead:
            return self._instead[path]
        file = self.docs_dir / path
        return file.read_bytes() if file.is_file() else None


def read_source(docs_dir: Path, path: str, defaults: Defaults, zone: tzinfo) -> Reading:
    """The document at `path` of `docs_dir`; a file that cannot be opened is a finding like any other."""
    data = source_of(docs_dir, path)
    if isinstance(data, Reading):
        return data
    return read_document(data, path=path, zone=zone, defaults=defaults)


def source_of(docs_dir: Path, path: str) -> bytes | Reading:
    """The bytes of a document, or why there are none."""
    try:
        path.encode()
        return (docs_dir / path).read_bytes()
    except UnicodeEncodeError:
        return _unreadable(path, "文件名的编码不对（像是旧压缩包解出来的）。请改名，再试一次")
    except OSError as problem:
        return _unreadable(path, f"文件打不开：{problem.strerror}。请检查文件是否还在、是否有权限")


def _unreadable(path: str, message: str) -> Reading:
    return Reading(path, None, (Finding(path, "", "file-unreadable", message),), {})


def folder_of(path: str) -> str:
    """The folder of a file's path, "" for the root."""
    return path.rpartition("/")[0]
