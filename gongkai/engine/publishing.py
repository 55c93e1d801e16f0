"""Making what must be made, keeping what need not be, and putting the whole in place.

A build compares each unit's inputs with those of the build before. Units that are alike stay; the others are made by
workers in the standby tree, which then takes the public one's place (`trees`).
"""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from urllib.parse import quote

from gongkai.catalogue.attachments import listed, public_files
from gongkai.catalogue.order import PublicDocument
from gongkai.engine.edition import BuildFailedError, Edition
from gongkai.engine.plan import FRAME, BuildSettings, planned
from gongkai.engine.rendering import department_key
from gongkai.engine.tasks import Batch, Destination, Made, WorkFailedError, made_files, make_batch
from gongkai.engine.templates import style_sheets
from gongkai.engine.trees import Placed, Tree, Workspace, is_intact, link, placed, remove, tree_at
from gongkai.engine.units import Basis, FilesJob, Inputs, Unit, text_unit
from gongkai.memory.digests import canonical, digest
from gongkai.memory.pool import Pool, Progress
from gongkai.outputs.data import catalogue_file
from gongkai.records.values import Status
from gongkai.search.index import Index, update_index
from gongkai.search.members import Member, listed_attachments
from gongkai.search.opening import VALIDITY, Names

_BATCH = 24
_CATALOGUE = "data:catalogue"
#: Told what is being done, how much of it, and of how much.
StageProgress = Callable[[str, int, int], None]


class BuiltUnit(NamedTuple):
    """A unit as it stands in the public tree."""

    kind: str
    inputs: Inputs
    made: Made


@dataclass(frozen=True, slots=True)
class Manifest:
    """The public tree `live`: its units, its search index, and the paths in which the standby tree differs from it."""

    live: Tree | None = None
    standby: Tree | None = None
    stale: frozenset[str] = frozenset()
    units: Mapping[str, BuiltUnit] = field(default_factory=dict)
    index: Index | None = None
    index_files: tuple[Placed, ...] = ()

    def files(self) -> Iterator[Placed]:
        for kept in self.units.values():
            yield from kept.made.files
        yield from self.index_files


@dataclass(frozen=True, slots=True)
class Change:
    """What differs from the build before: units to be made, each with the reason, and units that are no more."""

    wanted: Sequence[Unit]
    reasons: Mapping[str, str]
    removed: Mapping[str, str]
    has_intact_index: bool

    @property
    def is_none(self) -> bool:
        return not self.reasons and not self.removed and self.has_intact_index


def change_since(before: Manifest, edition: Edition, settings: BuildSettings, root: Path) -> Change:
    """What must be done to bring the tree at `root`, described by `before`, to `edition`."""
    wanted = tuple(planned(edition, settings))
    reasons = {unit.name: reason for unit in wanted if (reason := _reason(unit, before, root))}
    names = {_CATALOGUE, *(unit.name for unit in wanted)}
    removed = {name: kept.kind for name, kept in before.units.items() if name not in names}
    catalogue = before.units.get(_CATALOGUE)
    has_intact_index = catalogue is not None and is_intact(str(root), (*catalogue.made.files, *before.index_files))
    return Change(wanted, reasons, removed, has_intact_index)


def _reason(unit: Unit, before: Manifest, root: Path) -> str:
    """Why a unit must be made: the names of the inputs that differ, else a word; "" where it need not be."""
    kept = before.units.get(unit.name)
    if kept is None:
        return "new" if before.units else "first"
    if kept.inputs != unit.inputs:
        pairs = zip(Inputs._fields, kept.inputs, unit.inputs, strict=True)
        return " ".join(name for name, old, new in pairs if old != new)
    return "" if is_intact(str(root), kept.made.files) else "damaged"


@dataclass(frozen=True, slots=True)
class Update:
    """One build that has something to do. `save` keeps a manifest for the next build."""

    edition: Edition
    settings: BuildSettings
    workspace: Workspace
    before: Manifest
    pool: Pool
    progress: StageProgress
    save: Callable[[Manifest], None]

    def publish(self, change: Change) -> Manifest:
        """Make what `change` asks for and put the new tree in place of the public one; what stands then."""
        names = (*change.reasons, *change.removed, _CATALOGUE)
        leaving = {path for name in names for path, _, _ in self._files_of(name)}
        root = self._tree_without(leaving)
        old_root = str(self.workspace.target) if self.workspace.target.exists() else ""
        destination = Destination(str(root), old_root, self.settings.compressions)
        wanted = [unit for unit in change.wanted if unit.name in change.reasons]
        made = produced(wanted, destination, self.settings, self.pool, partial(self.progress, "pages"))
        stand = {unit.name: self._stand(unit, made) for unit in change.wanted}
        catalogue = _catalogue(self.edition, stand, destination, self.settings.basis)
        stand[_CATALOGUE] = catalogue
        before = self.before.index if change.has_intact_index else None
        folders = Folders(root, self.workspace.target, self.workspace.empty())
        shown = names_of(self.edition, self.settings)
        index = index_of(
            self.edition, stand, before, shown, folders, pool=self.pool, progress=partial(self.progress, "search")
        )
        left = {path for path, _, _ in self.before.index_files}.difference(index.paths)
        for path in left:
            remove(str(root), path)
        files = tuple(placed(str(root), path) for path in index.paths)
        fresh = (path for one in (*made.values(), catalogue.made) for path, _, _ in one.files)
        changed = frozenset(leaving | index.written | left | set(fresh))
        return self._put_in_place(root, Manifest(None, None, changed, stand, index, files))

    def _files_of(self, name: str) -> tuple[Placed, ...]:
        kept = self.before.units.get(name)
        return kept.made.files if kept else ()

    def _stand(self, unit: Unit, made: Mapping[str, Made]) -> BuiltUnit:
        fresh = made.get(unit.name)
        return BuiltUnit(unit.kind, unit.inputs, fresh) if fresh else self.before.units[unit.name]

    def _tree_without(self, leaving: set[str]) -> Path:
        """A tree with the public one's files but for those that leave or are made anew."""
        tree, is_standby = self.workspace.next_tree(self.before.standby)
        root, old_root = str(tree), str(self.workspace.target)
        if is_standby:
            for path in self.before.stale | leaving:
                remove(root, path)
            lacking: Iterable[str] = self.before.stale - leaving
        else:
            lacking = (path for path, _, _ in self.before.files() if path not in leaving)
        for path in lacking:
            link(root, path, old_root)
        return tree

    def _put_in_place(self, root: Path, manifest: Manifest) -> Manifest:
        """The new tree public, the old one its standby where it is known file by file, else a tree of links is."""
        is_known = self.before.live is not None
        described = replace(manifest, live=tree_at(root), standby=self.before.live)
        self.save(described)
        self.workspace.put_in_place(root)
        if is_known:
            self.workspace.keep_standby(root)
            return described
        shutil.rmtree(root, ignore_errors=True)
        standby = self.workspace.link_standby(manifest.files())
        linked = replace(described, standby=standby, stale=frozenset())
        self.save(linked)
        return linked


def produced(
    wanted: Sequence[Unit], destination: Destination, settings: BuildSettings, pool: Pool, progress: Progress
) -> dict[str, Made]:
    """The files of the units, made by the pool in batches; raises BuildFailedError naming a unit that fails."""
    groups = [wanted[start : start + _BATCH] for start in range(0, len(wanted), _BATCH)]
    spec = settings.spec
    batches = (Batch(spec, destination, tuple((unit.name, unit.job()) for unit in group)) for group in groups)
    in_units = partial(_progress_in_units, progress, len(wanted))
    try:
        results = pool.results(make_batch, batches, len(groups), in_units)
        made = [one for batch in results for one in batch]
    except WorkFailedError as problem:
        name, why, is_content = problem.args
        raise BuildFailedError(f"{name}: 没有生成出来：{why}。原有网站未变", is_content=is_content) from problem
    return {unit.name: one for unit, one in zip(wanted, made, strict=True)}


def _progress_in_units(progress: Progress, total: int, done: int, _: int) -> None:
    progress(min(done * _BATCH, total), total)


def _catalogue(edition: Edition, stand: Mapping[str, BuiltUnit], destination: Destination, basis: Basis) -> BuiltUnit:
    """`/data/catalogue.json`, which names every year's files with their SHA-256."""
    years = [
        (number, listing.count, stand[f"data:{number}"].made.value.split())
        for listing in edition.browse.years
        for number in (listing.documents[0].year,)
    ]
    job = FilesJob(catalogue_file, (years,), {})
    return BuiltUnit("data", basis.of_files(digest(canonical(years))), made_files(job, destination))


class Folders(NamedTuple):
    """The tree being made, the public one, if any, and an empty folder for what lies between."""

    site: Path
    gone: Path | None
    scratch: Path


def index_of(  # noqa: PLR0913 - all of it is what an index is made of
    edition: Edition,
    stand: Mapping[str, BuiltUnit],
    before: Index | None,
    names: Names,
    folders: Folders,
    *,
    pool: Pool,
    progress: Progress,
) -> Index:
    """The search index of `edition`, brought up to date from `before`."""
    members = list(_members(edition, stand))
    return update_index(
        members,
        before,
        names=names,
        **folders._asdict(),
        executor=pool.executor_for(0 if before else len(members) // 256),
        progress=progress,
    )


def names_of(edition: Edition, settings: BuildSettings) -> Names:
    """The names that the search shows, and the equal writings it knows."""
    columns = {column.key: column.name for column in edition.site.columns}
    departments = {department.key: department.name for department in edition.site.departments}
    return Names(columns, departments, settings.synonyms)


def _members(edition: Edition, stand: Mapping[str, BuiltUnit]) -> Iterator[Member]:
    for public in edition.documents:
        record = public.record
        yield Member(
            text=stand[public.document.path].made.value,
            published=record.published.isoformat(),
            index=record.index.text,
            url=public.url,
            title=record.title,
            document_number=record.document_number,
            year=public.year,
            column=public.document.column,
            department=department_key(public, edition.site),
            genre=record.genre,
            validity=_VALIDITY.get(public.validity, "in-force"),
            has_files=public.has_body and any(path in edition.files for path in listed(public.document)),
            attached=listed_attachments(_attached(public, edition, stand)),
        )


def _attached(
    public: PublicDocument, edition: Edition, stand: Mapping[str, BuiltUnit]
) -> Iterator[tuple[str, str, str]]:
    """The attachments of a document whose text can be searched: only what goes public with its body."""
    if not public.has_body:
        return
    titles = {
        path: one.title for one, path in zip(public.record.attachments, listed(public.document), strict=True) if path
    }
    for path in sorted(public_files(public.document) & edition.files):
        kept = stand.get(text_unit(path))
        for file, _, _ in kept.made.files if kept else ():
            yield titles.get(path) or path.rpartition("/")[2], quote(path), Path(file).stem


#: How the search names what a record says of its validity.
_VALIDITY = dict(zip((Status.IN_FORCE, Status.AMENDED, Status.REPEALED, Status.EXPIRED), VALIDITY, strict=True))


def publish_whole(edition: Edition, settings: BuildSettings, folder: Path) -> None:
    """All files of `edition` but the frame's, into `folder`: for MkDocs' own commands, which keep nothing."""
    wanted = [unit for unit in planned(edition, settings) if unit.name != FRAME]
    destination, pool = Destination(str(folder), ""), Pool(None)
    made_files(FilesJob(style_sheets, (settings.folders,), {}), destination)
    made = produced(wanted, destination, settings, pool, _no_progress)
    stand = {unit.name: BuiltUnit(unit.kind, unit.inputs, made[unit.name]) for unit in wanted}
    _catalogue(edition, stand, destination, settings.basis)
    with TemporaryDirectory(prefix="gongkai-search-") as scratch:
        names = names_of(edition, settings)
        index_of(edition, stand, None, names, Folders(folder, None, Path(scratch)), pool=pool, progress=_no_progress)


def _no_progress(done: int, total: int) -> None:
    """Nobody asked how far it is."""
