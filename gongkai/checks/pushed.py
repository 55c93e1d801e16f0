"""What a push does, told from git: the documents as they are against those of the commit that it goes out from."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from gongkai.catalogue.attachments import is_markdown, public_files
from gongkai.catalogue.history import (
    HistoryError,
    base_of,
    changed_since,
    commit_of,
    repository_of,
    unknown_to,
)
from gongkai.catalogue.order import Decided, decided
from gongkai.catalogue.sources import DEFAULTS
from gongkai.checks.baseline import defaults_folders, documents_at, is_below
from gongkai.checks.push_report import Archive, PushReport, push_report
from gongkai.records.reading import body_of
from gongkai.site import Site


def report_since(
    docs_dir: Path, site: Site, now: datetime, present: Sequence[Decided], *, since: str = ""
) -> PushReport:
    """What changed for the public between the commit `since` and `present`, the documents that are there now.

    "" stands for the commit that the present work began at. Raises HistoryError where there is none to compare with.
    """
    repository = repository_of(docs_dir)
    if repository is None:
        raise HistoryError(f"{docs_dir} 不在 git 仓库里，没有以前的状态可比")
    if not (since or repository.head):
        return everything_new(docs_dir, present, now)
    commit, _ = commit_of(repository, since or base_of(repository))
    changed = changed_since(repository, commit)
    paths = [one.document.path for one in present]
    changed |= dict.fromkeys(unknown_to(repository, commit, paths))
    old = decided(documents_at(repository, changed, site, paths), now)
    files = frozenset(path for path in changed if not is_markdown(path))
    touched = {one.document.path for one in old} | {
        one.document.path for one in present if _is_touched(one, changed)
    }
    new = [one for one in present if one.document.path in touched or _shows(one, files)]
    before = [*old, *(one for one in new if one.document.path not in touched)]
    was, now_is = partial(_old_body, docs_dir, changed), partial(_body, docs_dir)
    return push_report(Archive(before, was), Archive(new, now_is), now, files=files)


def _is_touched(one: Decided, changed: Mapping[str, bytes | None]) -> bool:
    """Whether a document's own file or a folder's defaults are others."""
    path = one.document.path
    return path in changed or any(is_below(path, folder) for folder in defaults_folders(changed))


def everything_new(docs_dir: Path, present: Sequence[Decided], now: datetime) -> PushReport:
    """What a first push does."""
    body = partial(_body, docs_dir)
    return push_report(Archive((), body), Archive(present, body), now)


def _shows(one: Decided, files: frozenset[str]) -> bool:
    names = {path for path in files if path.rpartition("/")[2] != DEFAULTS}
    return bool(names) and not one.is_hidden and not names.isdisjoint(public_files(one.document))


def _body(docs_dir: Path, path: str) -> str:
    return body_of((docs_dir / path).read_bytes())


def _old_body(docs_dir: Path, changed: Mapping[str, bytes | None], path: str) -> str:
    """The body that the commit had; one that is not among what changed is still there."""
    data = changed.get(path)
    return body_of(data) if data is not None else _body(docs_dir, path)
