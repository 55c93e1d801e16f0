"""The documents under docs/: which files they are, the defaults of their folders, and all of them read."""

import os
from collections.abc import Iterator, Mapping
from datetime import tzinfo
from pathlib import Path

from hooks.records.findings import Finding
from hooks.records.reading import Reading, read_defaults, read_document
from hooks.records.record import Value

#: The staff's own folder under docs/: shown by `serve`, never built, holds no documents.
HANDBOOK = "handbook"
DEFAULTS = ".meta.yml"
#: What MkDocs takes for Markdown; documents end in .md, the others are found so that they can be complained of.
_MARKDOWN = (".md", ".markdown", ".mdown", ".mkdn", ".mkd")


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
    return name.lower().endswith(_MARKDOWN) and not name.startswith(".")


def shown_path(path: Path) -> str:
    """A path as messages show it: from the present folder where it lies below it."""
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would show a link's target
    here = Path.cwd()
    return absolute.relative_to(here).as_posix() if absolute.is_relative_to(here) else absolute.as_posix()


class FolderDefaults:
    """The `.meta.yml` files of a docs/ tree, each read once; a nearer folder's word counts."""

    def __init__(self, docs_dir: Path) -> None:
        self.docs_dir = docs_dir
        self.findings: list[Finding] = []
        self._known: dict[str, Mapping[str, Value]] = {}

    def of(self, folder: str) -> Mapping[str, Value]:
        """The defaults for documents in `folder` (relative to docs/, "" for its root)."""
        if folder not in self._known:
            above = self.of(folder.rpartition("/")[0]) if folder else {}
            self._known[folder] = {**above, **self._written_in(folder)}
        return self._known[folder]

    def _written_in(self, folder: str) -> dict[str, Value]:
        path = self.docs_dir / folder / DEFAULTS
        if not path.is_file():
            return {}
        values, findings = read_defaults(path.read_bytes(), shown=shown_path(path))
        self.findings += findings
        return values


def read_sources(docs_dir: Path, defaults: FolderDefaults, *, zone: tzinfo) -> Iterator[Reading]:
    """Every document of `docs_dir`, read in the order of their paths."""
    for path in document_paths(docs_dir):
        file = docs_dir / path
        yield read_document(
            file.read_bytes(),
            path=path,
            shown=shown_path(file),
            zone=zone,
            defaults=defaults.of(path.rpartition("/")[0]),
        )
