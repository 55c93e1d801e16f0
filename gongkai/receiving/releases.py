"""Releases: whole sites that stay as they were built, and the one that is public.

`<site>/current` is a symbolic link to one of `<site>/releases/<commit>/`, which holds `www/` (what a web server gives
out), `moved/` (an empty file for each address that a document has left) and `release.json`. A release shares its files
with the others by hard links; it is made under another name and renamed, and `current` changes by one rename, so that
at any instant it leads to a whole release.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from gongkai.engine.build import Outcome
from gongkai.memory.files import write_atomically
from gongkai.receiving.failures import RefusedError
from gongkai.receiving.repository import replace_if_changed, unfinished_writes
from gongkai.records.disclosure import Extent

_MAKING = ".new-"
_FACTS = "release.json"
MAP = "redirects.map"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a built site: of which commit, as of when, until when, and what it shows of whom.

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


_FACTS_OF = TypeAdapter(Facts)


@dataclass(frozen=True, slots=True)
class Release:
    name: str
    facts: Facts


def facts_of(
    outcome: Outcome, *, commit: str, now: datetime, address: str, blobs: Mapping[str, str]
) -> Facts:
    """The facts of what was just built of `commit`; `blobs` are git's names of its files' contents."""
    state = hashlib.blake2b(digest_size=16)
    for placed in sorted(outcome.manifest.files()):
        state.update(repr(placed).encode("utf-8", "surrogateescape"))
    summary = outcome.summary
    return Facts(
        commit,
        now,
        outcome.until,
        state.hexdigest(),
        address,
        len(summary.documents),
        dict(summary.documents),
        summary.files,
        summary.moves,
        frozenset(blobs[path] for path in summary.files if path in blobs),
    )


def keep_facts(file: Path, facts: Facts) -> None:
    write_atomically(file, _FACTS_OF.dump_json(facts))


def kept_facts(file: Path) -> Facts | None:
    """The facts in `file`; None where there are none that can be read."""
    try:
        return _FACTS_OF.validate_json(file.read_bytes())
    except (OSError, ValidationError):
        return None


@dataclass(frozen=True, slots=True)
class Shelf:
    """All releases of the site at `site`."""

    site: Path

    @property
    def folder(self) -> Path:
        return self.site / "releases"

    @property
    def link(self) -> Path:
        return self.site / "current"

    def releases(self) -> list[Release]:
        """Every whole release, the newest first."""
        found = [
            ((file.parent / "www").stat().st_mtime_ns, Release(file.parent.name, facts))
            for file in self.folder.glob(f"*/{_FACTS}")
            if not file.parent.name.startswith(".") and (facts := kept_facts(file))
        ]
        return [release for _, release in sorted(found, key=lambda pair: pair[0], reverse=True)]

    def current(self) -> Release | None:
        """The public release; None where there is none."""
        try:
            name = Path(os.readlink(self.link)).name  # noqa: PTH115 - Path.readlink resolves nothing either; the name is wanted
        except OSError:
            return None
        facts = kept_facts(self.folder / name / _FACTS)
        return Release(name, facts) if facts else None

    def add(self, built: Path, facts: Facts) -> Release:
        """A release of the site at `built`, linked file by file; nobody sees it before `show`."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = self._free_name(facts.commit)
        making = self.folder / f"{_MAKING}{name}"
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir()
        link_tree(str(built), str(making / "www"))
        for old, _ in facts.moves:
            marker = making / "moved" / unquote(old) / "is"
            marker.parent.mkdir(parents=True, exist_ok=True)
            marker.touch()
        keep_facts(making / _FACTS, facts)
        making.rename(self.folder / name)
        return Release(name, facts)

    def _free_name(self, commit: str) -> str:
        """The commit's, with a number behind it where there is a release of it already."""
        names = (commit if number == 1 else f"{commit}-{number}" for number in range(1, 1_000_000))
        return next(name for name in names if not (self.folder / name).exists())

    def show(self, release: Release) -> None:
        """Make `release` the public one, in one step; addresses that moved are told to the web server after."""
        fresh = self.site / ".current.new"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(Path("releases", release.name))
        fresh.replace(self.link)
        replace_if_changed(self.site / MAP, map_of(release.facts.moves).encode())

    def renew(self, release: Release, facts: Facts) -> None:
        """What is known of a release whose site would be built the same."""
        keep_facts(self.folder / release.name / _FACTS, facts)

    def drop(self, release: Release) -> None:
        """Remove a release; another name first, so that nothing takes half of it for a whole."""
        gone = self.folder / f"{_MAKING}gone-{release.name}"
        shutil.rmtree(gone, ignore_errors=True)
        (self.folder / release.name).rename(gone)
        shutil.rmtree(gone, ignore_errors=True)

    def drop_broken(self) -> None:
        """Remove what can not be read as a release, but for what the public sees."""
        kept = {release.name for release in self.releases()}
        with suppress(OSError):
            kept.add(Path(os.readlink(self.link)).name)  # noqa: PTH115 - as in `current`
        for broken in self.folder.glob("*"):
            if broken.is_dir() and broken.name not in kept:
                shutil.rmtree(broken, ignore_errors=True)

    def clear(self) -> None:
        """Remove what a kill left behind."""
        for left in (
            *self.folder.glob(f"{_MAKING}*"),
            *self.site.glob(".current.new"),
            *unfinished_writes(self.site),
        ):
            if left.is_symlink() or left.is_file():
                left.unlink(missing_ok=True)
            else:
                shutil.rmtree(left, ignore_errors=True)


def brought_back(old: Facts, present: Facts) -> list[str]:
    """What `old` shows that `present` does not any more, a line each."""
    numbers = [
        f"信息索取号 {number}：现在{_SHOWN[present.documents.get(number, Extent.NOTHING.value)]}，那时{_SHOWN[extent]}"
        for number, extent in old.documents.items()
        if exposes(extent, present.documents.get(number, Extent.NOTHING.value))
    ]
    files = sorted(set(old.files).difference(present.files))
    return [*numbers, *(f"附件 {path}：现在已经不公开" for path in files)]


_SHOWN: Mapping[str, str] = {
    Extent.FULL.value: "公开全文",
    Extent.ROW.value: "只列目录",
    Extent.TOMBSTONE.value: "已撤回",
    Extent.NOTHING.value: "不公开",
}


def exposes(then: str, now: str) -> bool:
    """Whether the extent `then` shows more than `now`."""
    return Extent(then).rank > Extent(now).rank


def is_exposing(old: Facts, present: Facts) -> bool:
    """Whether `old` shows more of a document than `present` does, or an attachment that is there no more."""
    nothing = Extent.NOTHING.value
    gone = set(old.files).difference(present.files)
    return bool(gone and not old.blobs <= present.blobs) or any(
        exposes(extent, present.documents.get(number, nothing)) for number, extent in old.documents.items()
    )


def is_reviving(preview: Facts, present: Facts, before: Iterable[str]) -> bool:
    """Whether a preview shows more of a document than the site does that knows of it, or an attachment it took down.

    `before` are git's names of the contents of files that the site had, or may have had, before.
    """
    taken_down = frozenset(before) - present.blobs
    return not taken_down.isdisjoint(preview.blobs) or any(
        exposes(preview.documents.get(number, Extent.NOTHING.value), extent)
        for number, extent in present.documents.items()
    )


def to_be_dropped(releases: Iterable[Release], current: Release, *, keep: int, pinned: bool) -> list[Release]:
    """Of `releases`, newest first: those beyond `keep`, and those that show what no longer is public.

    While a release is pinned, nobody knows better than it what is public: then only the oldest go.
    """
    others = [release for release in releases if release.name != current.name]
    spare = others[: max(keep - 1, 0)]
    return [
        release
        for release in others
        if release not in spare or (not pinned and is_exposing(release.facts, current.facts))
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


def map_of(moves: Iterable[tuple[str, str]]) -> str:
    """What nginx' `map` reads: the address that a document has left, and where it is now."""
    return "".join(f'"/{key}" "/{new}";\n' for old, new in moves for key in _keys(unquote(old)))


def _keys(path: str) -> Iterator[str]:
    """`path` as it stands between quotes; none where nginx could not read it."""
    if path.isprintable():
        yield path.replace("\\", "\\\\").replace('"', '\\"')


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


def plain(release: Release, *, is_current: bool, is_pinned: bool) -> Mapping[str, object]:
    """A release as JSON gives it out."""
    facts = release.facts
    return {
        "release": release.name,
        "commit": facts.commit,
        "at": facts.at.isoformat(),
        "until": facts.until.isoformat() if facts.until else None,
        "documents": facts.public,
        "current": is_current,
        "pinned": is_pinned,
    }


def json_of(rows: Iterable[Mapping[str, object]]) -> str:
    return json.dumps(list(rows), ensure_ascii=False, indent=1)
