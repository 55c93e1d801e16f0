"""Making what must be made, keeping what need not be, and putting the whole in place.

A build compares each unit's parts with those of the build before. Units that are alike stay; the others are made by
workers in the spare tree, which then takes the public one's place (`workplace`, `trees`).
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
from gongkai.engine.edition import Edition
from gongkai.engine.failures import BuildFailedError
from gongkai.engine.frame import joined_files
from gongkai.engine.plan import FRAME, Outlook, planned
from gongkai.engine.rendering import department_key
from gongkai.engine.tasks import Batch, Made, Where, WorkFailedError, made_files, make_batch
from gongkai.engine.trees import Placed, Tree, is_intact, link, placed, remove, tree_at
from gongkai.engine.units import Basis, FilesJob, Parts, Unit, text_unit
from gongkai.engine.workplace import Workplace
from gongkai.memory.digests import canonical, digest
from gongkai.memory.pool import Pool, Progress
from gongkai.outputs.data import catalogue_file
from gongkai.records.values import Status
from gongkai.search.facets import VALIDITY
from gongkai.search.index import Index, update_index
from gongkai.search.member import Member, listed_attachments
from gongkai.search.opening import Names

_BATCH = 24
_CATALOGUE = "data:catalogue"
#: Told what is being done, how much of it, and of how much.
TellStage = Callable[[str, int, int], None]


class Kept(NamedTuple):
    """A unit as it stands in the public tree."""

    kind: str
    parts: Parts
    made: Made


@dataclass(frozen=True, slots=True)
class Standing:
    """The public tree `live`: its units, its search index, and in which paths the spare tree differs from it."""

    live: Tree | None = None
    spare: Tree | None = None
    behind: frozenset[str] = frozenset()
    units: Mapping[str, Kept] = field(default_factory=dict)
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
    gone: Mapping[str, str]
    is_closing_intact: bool

    @property
    def is_none(self) -> bool:
        return not self.reasons and not self.gone and self.is_closing_intact


def change_since(before: Standing, edition: Edition, outlook: Outlook, root: Path) -> Change:
    """What must be done to bring the tree at `root`, described by `before`, to `edition`."""
    wanted = tuple(planned(edition, outlook))
    reasons = {unit.name: reason for unit in wanted if (reason := _reason(unit, before, root))}
    names = {_CATALOGUE, *(unit.name for unit in wanted)}
    gone = {name: kept.kind for name, kept in before.units.items() if name not in names}
    closing = before.units.get(_CATALOGUE)
    is_closing_intact = closing is not None and is_intact(
        str(root), (*closing.made.files, *before.index_files)
    )
    return Change(wanted, reasons, gone, is_closing_intact)


def _reason(unit: Unit, before: Standing, root: Path) -> str:
    """Why a unit must be made: the names of the parts that differ, else a word; "" where it need not be."""
    kept = before.units.get(unit.name)
    if kept is None:
        return "new" if before.units else "first"
    if kept.parts != unit.parts:
        pairs = zip(Parts._fields, kept.parts, unit.parts, strict=True)
        return " ".join(name for name, old, new in pairs if old != new)
    return "" if is_intact(str(root), kept.made.files) else "damaged"


@dataclass(frozen=True, slots=True)
class Making:
    """One build that has something to do. `save` keeps a standing for the next build."""

    edition: Edition
    outlook: Outlook
    place: Workplace
    before: Standing
    pool: Pool
    tell: TellStage
    save: Callable[[Standing], None]

    def publish(self, change: Change) -> Standing:
        """Make what `change` asks for and put the new tree in place of the public one; what stands then."""
        names = (*change.reasons, *change.gone, _CATALOGUE)
        leaving = {path for name in names for path, _, _ in self._files_of(name)}
        root = self._tree_without(leaving)
        old_root = str(self.place.target) if self.place.target.exists() else ""
        where = Where(str(root), old_root, self.outlook.compressions)
        wanted = [unit for unit in change.wanted if unit.name in change.reasons]
        made = produced(wanted, where, self.outlook, self.pool, partial(self.tell, "pages"))
        stand = {unit.name: self._stand(unit, made) for unit in change.wanted}
        catalogue = _catalogue(self.edition, stand, where, self.outlook.basis)
        stand[_CATALOGUE] = catalogue
        before = self.before.index if change.is_closing_intact else None
        folders = Folders(root, self.place.target, self.place.empty())
        shown = names_of(self.edition, self.outlook)
        index = index_of(
            self.edition, stand, before, shown, folders, pool=self.pool, tell=partial(self.tell, "search")
        )
        left = {path for path, _, _ in self.before.index_files}.difference(index.paths)
        for path in left:
            remove(str(root), path)
        files = tuple(placed(str(root), path) for path in index.paths)
        fresh = (path for one in (*made.values(), catalogue.made) for path, _, _ in one.files)
        changed = frozenset(leaving | index.written | left | set(fresh))
        return self._put_in_place(root, Standing(None, None, changed, stand, index, files))

    def _files_of(self, name: str) -> tuple[Placed, ...]:
        kept = self.before.units.get(name)
        return kept.made.files if kept else ()

    def _stand(self, unit: Unit, made: Mapping[str, Made]) -> Kept:
        fresh = made.get(unit.name)
        return Kept(unit.kind, unit.parts, fresh) if fresh else self.before.units[unit.name]

    def _tree_without(self, leaving: set[str]) -> Path:
        """A tree with the public one's files but for those that leave or are made anew."""
        tree, is_spare = self.place.next_tree(self.before.spare)
        root, old_root = str(tree), str(self.place.target)
        if is_spare:
            for path in self.before.behind | leaving:
                remove(root, path)
            lacking: Iterable[str] = self.before.behind - leaving
        else:
            lacking = (path for path, _, _ in self.before.files() if path not in leaving)
        for path in lacking:
            link(root, path, old_root)
        return tree

    def _put_in_place(self, root: Path, standing: Standing) -> Standing:
        """The new tree public, the old one its spare where it is known file by file, else a spare of links."""
        is_known = self.before.live is not None
        described = replace(standing, live=tree_at(root), spare=self.before.live)
        self.save(described)
        self.place.put_in_place(root)
        if is_known:
            self.place.keep_spare(root)
            return described
        shutil.rmtree(root, ignore_errors=True)
        spare = self.place.link_spare(standing.files())
        linked = replace(described, spare=spare, behind=frozenset())
        self.save(linked)
        return linked


def produced(
    wanted: Sequence[Unit], where: Where, outlook: Outlook, pool: Pool, tell: Progress
) -> dict[str, Made]:
    """The files of the units, made by the pool in batches; raises BuildFailedError naming a unit that fails."""
    groups = [wanted[start : start + _BATCH] for start in range(0, len(wanted), _BATCH)]
    spec = outlook.spec
    batches = (Batch(spec, where, tuple((unit.name, unit.job()) for unit in group)) for group in groups)
    told = partial(_told_in_units, tell, len(wanted))
    try:
        results = pool.results(make_batch, batches, len(groups), told)
        made = [one for batch in results for one in batch]
    except WorkFailedError as problem:
        name, why, is_content = problem.args
        raise BuildFailedError(
            f"{name}: 没有生成出来：{why}。原有网站未变", is_content=is_content
        ) from problem
    return {unit.name: one for unit, one in zip(wanted, made, strict=True)}


def _told_in_units(tell: Progress, total: int, done: int, _: int) -> None:
    tell(min(done * _BATCH, total), total)


def _catalogue(edition: Edition, stand: Mapping[str, Kept], where: Where, basis: Basis) -> Kept:
    """`/data/catalogue.json`, which names every year's files with their SHA-256."""
    years = [
        (number, listing.count, stand[f"data:{number}"].made.value.split())
        for listing in edition.browse.years
        for number in (listing.documents[0].year,)
    ]
    job = FilesJob(catalogue_file, (years,), {})
    return Kept("data", basis.of_files(digest(canonical(years))), made_files(job, where))


class Folders(NamedTuple):
    """The tree being made, the public one, if any, and an empty folder for what lies between."""

    site: Path
    gone: Path | None
    scratch: Path


def index_of(  # noqa: PLR0913 - all of it is what an index is made of
    edition: Edition,
    stand: Mapping[str, Kept],
    before: Index | None,
    names: Names,
    folders: Folders,
    *,
    pool: Pool,
    tell: Progress,
) -> Index:
    """The search index of `edition`, brought up to date from `before`."""
    members = list(_members(edition, stand))
    return update_index(
        members,
        before,
        names=names,
        **folders._asdict(),
        executor=pool.executor_for(0 if before else len(members) // 256),
        tell=tell,
    )


def names_of(edition: Edition, outlook: Outlook) -> Names:
    """The names that the search shows, and the equal writings it knows."""
    columns = {column.key: column.name for column in edition.site.columns}
    departments = {department.key: department.name for department in edition.site.departments}
    return Names(columns, departments, outlook.synonyms)


def _members(edition: Edition, stand: Mapping[str, Kept]) -> Iterator[Member]:
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
    public: PublicDocument, edition: Edition, stand: Mapping[str, Kept]
) -> Iterator[tuple[str, str, str]]:
    """The attachments of a document whose text can be searched: only what goes public with its body."""
    if not public.has_body:
        return
    titles = {
        path: one.title
        for one, path in zip(public.record.attachments, listed(public.document), strict=True)
        if path
    }
    for path in sorted(public_files(public.document) & edition.files):
        kept = stand.get(text_unit(path))
        for file, _, _ in kept.made.files if kept else ():
            yield titles.get(path) or path.rpartition("/")[2], quote(path), Path(file).stem


#: How the search names what a record says of its validity.
_VALIDITY = dict(
    zip((Status.IN_FORCE, Status.AMENDED, Status.REPEALED, Status.EXPIRED), VALIDITY, strict=True)
)


def publish_whole(edition: Edition, outlook: Outlook, folder: Path) -> None:
    """All files of `edition` but the frame's, into `folder`: for MkDocs' own commands, which keep nothing."""
    wanted = [unit for unit in planned(edition, outlook) if unit.name != FRAME]
    where, pool = Where(str(folder), ""), Pool(None)
    made_files(FilesJob(joined_files, (outlook.overrides / "assets",), {}), where)
    made = produced(wanted, where, outlook, pool, _unheard)
    stand = {unit.name: Kept(unit.kind, unit.parts, made[unit.name]) for unit in wanted}
    _catalogue(edition, stand, where, outlook.basis)
    with TemporaryDirectory(prefix="gongkai-search-") as scratch:
        names = names_of(edition, outlook)
        index_of(edition, stand, None, names, Folders(folder, None, Path(scratch)), pool=pool, tell=_unheard)


def _unheard(done: int, total: int) -> None:
    """Nobody asked how far it is."""
