"""Releases: whole sites that stay as they were built, and the one that is public.

`<site>/current` is a symbolic link to one of `<site>/releases/<commit>/`, which holds `www/` (what a web server gives
out), `moved/` (an empty file for each address that a document has left) and `release.json`. A release shares its files
with the others by hard links; it is made under another name and renamed, and `current` changes by one rename, so that
at any instant it leads to a whole release.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from urllib.parse import unquote

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from gongkai.engine.build import Outcome
from gongkai.memory.files import unfinished_writes, write_atomically
from gongkai.receiving.repository import RefusedError, replace_if_changed
from gongkai.records.disclosure import Extent

_UNFINISHED = ".new-"
_INFO = "release.json"
_REDIRECTS = "redirects.map"


@dataclass(frozen=True, slots=True)
class BuildInfo:
    """What is known of a built site: its commit, from when until when it is right, and what of which document is in it.

    `content` is the same for sites of the same bytes. `documents` are extents by index number; `address` is the site's;
    `blobs` are git's names of the contents of `files`, the attachments.
    """

    commit: str
    at: AwareDatetime
    until: AwareDatetime | None
    content: str
    address: str
    public: int
    documents: Mapping[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    moves: tuple[tuple[str, str], ...] = ()
    blobs: frozenset[str] = frozenset()

    def is_due(self, now: datetime) -> bool:
        """Whether another site would be built of the same documents at `now`."""
        return now < self.at or (self.until is not None and self.until <= now)


_JSON = TypeAdapter(BuildInfo)


@dataclass(frozen=True, slots=True)
class Release:
    """`name` is that of its folder; `info` is what is known of its site."""

    name: str
    info: BuildInfo


def build_info(outcome: Outcome, *, commit: str, now: datetime, address: str, blobs: Mapping[str, str]) -> BuildInfo:
    """What is known of the site that was just built of `commit`; `blobs` are git's names of its files' contents."""
    content = hashlib.blake2b(digest_size=16)
    for placed in sorted(outcome.manifest.files()):
        content.update(repr(placed).encode("utf-8", "surrogateescape"))
    summary = outcome.summary
    return BuildInfo(
        commit,
        now,
        outcome.until,
        content.hexdigest(),
        address,
        len(summary.documents),
        dict(summary.documents),
        summary.files,
        summary.moves,
        frozenset(blobs[path] for path in summary.files if path in blobs),
    )


def write_info(file: Path, info: BuildInfo) -> None:
    write_atomically(file, _JSON.dump_json(info))


def read_info(file: Path) -> BuildInfo | None:
    """What `file` holds; None where there is none that can be read."""
    try:
        return _JSON.validate_json(file.read_bytes())
    except (OSError, ValidationError):
        return None


@dataclass(frozen=True, slots=True)
class Releases:
    """The releases of the site at `site`."""

    site: Path

    @property
    def folder(self) -> Path:
        return self.site / "releases"

    @property
    def link(self) -> Path:
        return self.site / "current"

    def newest_first(self) -> list[Release]:
        """Every whole release."""
        found = [
            ((file.parent / "www").stat().st_mtime_ns, Release(file.parent.name, info))
            for file in self.folder.glob(f"*/{_INFO}")
            if not file.parent.name.startswith(".") and (info := read_info(file))
        ]
        return [release for _, release in sorted(found, key=lambda pair: pair[0], reverse=True)]

    def current(self) -> Release | None:
        """The public release; None where there is none."""
        name = self._current_name()
        info = read_info(self.folder / name / _INFO) if name else None
        return Release(name, info) if info else None

    def _current_name(self) -> str:
        try:
            return Path(os.readlink(self.link)).name  # noqa: PTH115 - Path.readlink resolves nothing either; the name is wanted
        except OSError:
            return ""

    def add(self, built: Path, info: BuildInfo) -> Release:
        """A release of the site at `built`, linked file by file; nobody sees it before `publish`."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = self._free_name(info.commit)
        unfinished = self.folder / f"{_UNFINISHED}{name}"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir()
        link_tree(str(built), str(unfinished / "www"))
        for old, _ in info.moves:
            marker = unfinished / "moved" / unquote(old) / "is"
            marker.parent.mkdir(parents=True, exist_ok=True)
            marker.touch()
        write_info(unfinished / _INFO, info)
        unfinished.rename(self.folder / name)
        return Release(name, info)

    def _free_name(self, commit: str) -> str:
        """The commit's, with a number behind it where there is a release of it already."""
        names = (commit if number == 1 else f"{commit}-{number}" for number in count(1))
        return next(name for name in names if not (self.folder / name).exists())

    def publish(self, release: Release) -> None:
        """Make `release` the public one, in one step; then write the list of moved addresses for nginx."""
        fresh = self.site / ".current.new"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(Path("releases", release.name))
        fresh.replace(self.link)
        replace_if_changed(self.site / _REDIRECTS, redirects(release.info.moves).encode())

    def update_info(self, release: Release, info: BuildInfo) -> None:
        """Write what is known now of a release whose site would be built the same."""
        write_info(self.folder / release.name / _INFO, info)

    def remove(self, release: Release) -> None:
        """Remove a release; another name first, so that nothing takes half of it for a whole."""
        gone = self.folder / f"{_UNFINISHED}gone-{release.name}"
        shutil.rmtree(gone, ignore_errors=True)
        (self.folder / release.name).rename(gone)
        shutil.rmtree(gone, ignore_errors=True)

    def remove_broken(self) -> None:
        """Remove what cannot be read as a release, but for what the public sees."""
        kept = {self._current_name(), *(release.name for release in self.newest_first())}
        for broken in self.folder.glob("*"):
            if broken.is_dir() and broken.name not in kept:
                shutil.rmtree(broken, ignore_errors=True)

    def remove_unfinished(self) -> None:
        """Remove what a killed process left behind."""
        for folder in self.folder.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(folder, ignore_errors=True)
        for file in (self.site / ".current.new", *unfinished_writes(self.site)):
            file.unlink(missing_ok=True)


def exposed_again(old: BuildInfo, present: BuildInfo) -> list[str]:
    """What `old` shows and `present` does not any more, a line each for whoever wants to go back to `old`."""
    numbers = [
        f"信息索取号 {number}：现在{_EXTENTS[now]}，那时{_EXTENTS[then]}"
        for number, then in old.documents.items()
        if shows_more(then, now := present.documents.get(number, _NOTHING))
    ]
    files = sorted(set(old.files).difference(present.files))
    return [*numbers, *(f"附件 {path}：现在已经不公开" for path in files)]


_NOTHING = Extent.NOTHING.value
_EXTENTS: Mapping[str, str] = {
    Extent.FULL.value: "公开全文",
    Extent.ROW.value: "只列目录",
    Extent.TOMBSTONE.value: "已撤回",
    _NOTHING: "不公开",
}


def shows_more(then: str, now: str) -> bool:
    """Whether the extent `then` shows more of a document than `now`."""
    return Extent(then).rank > Extent(now).rank


def is_exposing(old: BuildInfo, present: BuildInfo) -> bool:
    """Whether `old` shows more of a document than `present` does, or an attachment that is there no more."""
    gone = set(old.files).difference(present.files)
    return bool(gone and not old.blobs <= present.blobs) or any(
        shows_more(extent, present.documents.get(number, _NOTHING)) for number, extent in old.documents.items()
    )


def is_reviving(preview: BuildInfo, present: BuildInfo, before: Iterable[str]) -> bool:
    """Whether a preview shows more of a document than the site does that knows of it, or an attachment it took down.

    `before` are git's names of the contents of files that the site had, or may have had, before.
    """
    taken_down = frozenset(before) - present.blobs
    return not taken_down.isdisjoint(preview.blobs) or any(
        shows_more(preview.documents.get(number, _NOTHING), extent) for number, extent in present.documents.items()
    )


def to_be_removed(releases: Iterable[Release], current: Release, *, keep: int, is_pinned: bool) -> list[Release]:
    """Of `releases`, newest first: those beyond `keep`, and those that show what no longer is public.

    While a release is pinned, nobody knows better than it what is public: then only the oldest go.
    """
    others = [release for release in releases if release.name != current.name]
    kept = others[: max(keep - 1, 0)]
    return [
        release
        for release in others
        if release not in kept or (not is_pinned and is_exposing(release.info, current.info))
    ]


def find(releases: Iterable[Release], asked: str) -> Release:
    """The release whose name begins with `asked`; raises RefusedError where it is none, or may be several."""
    known = list(releases)
    exact = [release for release in known if release.name == asked]
    found = exact or [release for release in known if asked and release.name.startswith(asked)]
    if len(found) == 1:
        return found[0]
    why = f"“{asked}”可能是好几个版本，请多写几位" if found else f"没有“{asked}”这个版本"
    raise RefusedError(f"{why}。有哪些版本，请看 gongkai release list")


def redirects(moves: Iterable[tuple[str, str]]) -> str:
    """What nginx' `map` reads: the address that a document has left, and where it is now."""
    lines = ((unquote(old), new) for old, new in moves)
    return "".join(f'"/{_escaped(old)}" "/{new}";\n' for old, new in lines if old.isprintable())


def _escaped(path: str) -> str:
    """`path` as it stands between nginx' quotes."""
    return path.replace("\\", "\\\\").replace('"', '\\"')


def link_tree(source: str, target: str) -> None:
    """The tree at `source` again at `target`: folders anew, files by hard link, or copied where there are no links."""
    os.mkdir(target)  # noqa: PTH102 - called for every folder of a site
    with os.scandir(source) as entries:
        for entry in entries:
            place = f"{target}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                link_tree(entry.path, place)
            else:
                _link(entry.path, place)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
