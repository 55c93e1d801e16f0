"""The documents under docs/: which files they are, the defaults of their folders, and all of them read."""

import os
from collections.abc import Iterator
from datetime import tzinfo
from pathlib import Path

from hooks.catalogue.attachments import is_markdown
from hooks.records.findings import Finding
from hooks.records.reading import Defaults, Reading, read_defaults, read_document

#: The staff's own folder under docs/: shown by `serve`, never built, holds no documents.
HANDBOOK = "handbook"
DEFAULTS = ".meta.yml"


def strange_paths(docs_dir: Path) -> list[tuple[Path, str]]:
    """What lies under docs/ and would be passed over in silence, with what to do about it."""
    found = []
    for folder, folders, files in os.walk(docs_dir, followlinks=False):
        places = [Path(folder) / name for name in folders]
        found += [
            (p, "这是一个链接，里面的文件不会读入。请换成真正的文件夹") for p in places if p.is_symlink()
        ]
        if ".meta.yaml" in files:
            found.append((Path(folder) / ".meta.yaml", "文件夹默认值的文件名应为 .meta.yml。请改名"))
    return sorted(found)


def document_paths(docs_dir: Path) -> list[str]:
    """Every Markdown file that is meant as a document, relative to docs/ with "/", sorted; hidden ones are not."""
    found = []
    for folder, folders, files in os.walk(docs_dir, followlinks=False):
        relative = Path(folder).relative_to(docs_dir)
        is_root = relative == Path()
        folders[:] = sorted(f for f in folders if not f.startswith(".") and not (is_root and f == HANDBOOK))
        found += [(relative / name).as_posix() for name in files if _is_document(name)]
    return sorted(found)


def _is_document(name: str) -> bool:
    return is_markdown(name) and not name.startswith(".")


def shown_path(path: Path) -> str:
    """A path as messages show it: from the present folder where it lies below it."""
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would show a link's target
    here = Path.cwd()
    shown = absolute.relative_to(here) if absolute.is_relative_to(here) else absolute
    return shown.as_posix().encode("utf-8", "replace").decode()


class FolderDefaults:
    """The `.meta.yml` files of a docs/ tree, each read once; a nearer folder's word counts."""

    def __init__(self, docs_dir: Path, zone: tzinfo) -> None:
        self.docs_dir = docs_dir
        self.zone = zone
        self.findings: list[Finding] = []
        self._known: dict[str, Defaults] = {}

    def of(self, folder: str) -> Defaults:
        """The defaults for documents in `folder` (relative to docs/, "" for its root)."""
        if folder not in self._known:
            above = self.of(folder.rpartition("/")[0]) if folder else Defaults()
            self._known[folder] = above.under(self._written_in(folder))
        return self._known[folder]

    def _written_in(self, folder: str) -> Defaults:
        path = self.docs_dir / folder / DEFAULTS
        if not path.is_file():
            return Defaults()
        try:
            data = path.read_bytes()
        except OSError as problem:
            message = f"文件打不开：{problem.strerror}。请检查权限"
            self.findings.append(Finding(shown_path(path), 1, "", "file-unreadable", message))
            return Defaults()
        defaults, findings = read_defaults(data, shown=shown_path(path), zone=self.zone)
        self.findings += findings
        return defaults


def read_sources(docs_dir: Path, defaults: FolderDefaults) -> Iterator[Reading]:
    """Every document of `docs_dir`, read in the order of their paths."""
    for path in document_paths(docs_dir):
        file = docs_dir / path
        shown = shown_path(file)
        try:
            path.encode()
            data = file.read_bytes()
        except UnicodeEncodeError:
            message = "文件名的编码不对（像是旧压缩包解出来的）。请改名，再试一次"
            yield Reading(shown, None, (Finding(shown, 1, "", "file-unreadable", message),), {})
        except OSError as problem:
            message = f"文件打不开：{problem.strerror}。请检查文件是否还在、是否有权限"
            yield Reading(shown, None, (Finding(shown, 1, "", "file-unreadable", message),), {})
        else:
            own = defaults.of(path.rpartition("/")[0])
            yield read_document(data, path=path, shown=shown, zone=defaults.zone, defaults=own)
