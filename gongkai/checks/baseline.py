"""What was published before: read from the register, and from the commit that the present work began at."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from gongkai.catalogue.archive import Archive
from gongkai.catalogue.attachments import is_markdown
from gongkai.catalogue.history import (
    HistoryError,
    Repository,
    base_of,
    changed_since,
    commit_of,
    repository_of,
    unknown_to,
)
from gongkai.catalogue.numbers import numbers_ever
from gongkai.catalogue.order import Decided, decided
from gongkai.catalogue.register import (
    WITHDRAWN,
    BrokenRegisterError,
    Claims,
    Entry,
    claims,
    is_register,
    parse_register,
)
from gongkai.catalogue.sources import DEFAULTS, HANDBOOK, REGISTER, FolderDefaults, Inventory, folder_of
from gongkai.records.disclosure import Extent
from gongkai.records.findings import Finding
from gongkai.records.reading import Document, read_document
from gongkai.site import Site


class Published(NamedTuple):
    """A document as the public had it; `notes` is how many changes it told of, `has_body` whether its body was shown."""

    number: str
    path: str
    title: str
    created: date
    published: datetime
    sha256: str
    notes: int
    has_body: bool
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class Baseline:
    """What was published, by number in one case; what of it a commit tells.

    `fresh` are the paths that this commit does not have, `since` is its day; both empty where no commit was asked.
    `exempt` are the numbers of documents that may be older than that day all the same.
    """

    published: Mapping[str, Published] = field(default_factory=dict)
    fresh: frozenset[str] = frozenset()
    since: date | None = None
    exempt: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        return not self.published and not self.fresh


@dataclass(frozen=True, slots=True)
class Before:
    """What was published, who holds which number, and what is wrong with the register; findings relative to docs/.

    `ever` gives the numbers that git remembers, whatever became of them.
    """

    baseline: Baseline
    claims: Claims
    findings: tuple[Finding, ...] = ()
    ever: Callable[[], Iterable[str]] = tuple


def registered(archive: Archive) -> Before:
    """What the register tells."""
    try:
        known = archive.claims
    except BrokenRegisterError as problem:
        path, line, why = problem.args
        return Before(Baseline(), {}, (Finding(path, "", "register-broken", why, line),))
    except OSError as problem:
        message = f"登记簿打不开：{problem.strerror}。请检查权限"
        return Before(Baseline(), {}, (Finding(REGISTER, "", "register-broken", message),))
    return Before(Baseline(_published_of(known)), known)


def _published_of(claims: Claims) -> dict[str, Published]:
    return {
        key: Published(
            claim.number,
            entry.path,
            entry.title,
            entry.created,
            entry.published,
            entry.sha256,
            entry.notes,
            entry.state not in (WITHDRAWN, "依申请公开", "公开期已结束"),
            entry.state == WITHDRAWN,
        )
        for key, claim in claims.items()
        for entry in (claim.latest,)
    }


def _published_in(decided: Iterable[Decided]) -> dict[str, Published]:
    """What of `decided`, the documents of an earlier commit, was public."""
    return {
        record.index.text.casefold(): Published(
            record.index.text,
            one.document.path,
            record.title,
            record.created,
            record.published,
            one.document.sha256,
            one.decision.notes,
            one.decision.extent is Extent.FULL,
            one.decision.extent is Extent.TOMBSTONE,
        )
        for one in decided
        if not one.is_hidden
        for record in (one.document.record,)
    }


def _merged(register: Mapping[str, Published], commit: Mapping[str, Published]) -> dict[str, Published]:
    """What either knows; the register's word counts, but a withdrawal that it does not have yet is one."""
    both = {
        key: one._replace(is_withdrawn=True)
        for key, one in register.items()
        if key in commit and commit[key].is_withdrawn
    }
    return {**commit, **register, **both}


def before_push(archive: Archive, now: datetime, *, since: str = "") -> Before:
    """What the register tells, and what the commit `since` had published of documents that are now others or gone.

    "" stands for the commit that the present work began at. Raises HistoryError where there is no such commit.
    """
    docs_dir, site, paths = archive.docs_dir, archive.site, archive.inventory.documents
    known = registered(archive)
    repository = repository_of(docs_dir)
    if repository is None or not (since or repository.head):
        if since:
            raise HistoryError(f"{docs_dir} 不在 git 仓库里，没有“{since}”可比")
        return known
    commit, seconds = commit_of(repository, since or base_of(repository))
    changed = changed_since(repository, commit)
    if known.findings:
        return known
    arrived = _arrived(archive.register, changed)
    held = claims(archive.register, arrived=arrived)
    old = _published_in(decided(documents_at(repository, changed, site, paths), now))
    fresh = unknown_to(repository, commit, paths)
    baseline = Baseline(
        published=_merged(_published_of(held), old),
        fresh=fresh if len(fresh) < len(paths) else frozenset(),  # all of them: an archive that is only moving in
        since=datetime.fromtimestamp(seconds, UTC).astimezone(site.zone).date(),
        exempt=frozenset(old)
        | {key for key, one in held.items() if one.first.event == "imported" or one.first in arrived},
    )
    ever = partial(numbers_ever, archive, now.year)
    return Before(baseline, held, tuple(_rewritten(docs_dir, changed)), ever)


def touched(inventory: Inventory, *, since: str = "") -> frozenset[str]:
    """Paths relative to docs/ of files that are not as the commit `since` had them, or that it did not have.

    With a folder's defaults, every document below is touched: a line there may open or date it. Raises HistoryError where there is no such commit, and where there is no repository to ask.
    """
    repository = repository_of(inventory.docs_dir)
    if repository is None or not repository.head:
        raise HistoryError(f"{inventory.docs_dir} 不在 git 仓库里，不知道哪些文件有改动")
    commit, _ = commit_of(repository, since or base_of(repository))
    defaults = [path for path in inventory.files if path.rpartition("/")[2] == DEFAULTS]
    fresh = unknown_to(repository, commit, [*inventory.documents, *inventory.others, *defaults])
    changed = fresh | changed_since(repository, commit).keys()
    return changed.union(below_changed_defaults(inventory.documents, changed))


def _arrived(entries: Sequence[Entry], changed: Mapping[str, bytes | None]) -> frozenset[Entry]:
    """The lines that the register had at the commit from which `changed` tells."""
    lines = (parse_register(data or b"", path) for path, data in changed.items() if is_register(path))
    try:
        old = frozenset(chain.from_iterable(lines))
    except BrokenRegisterError:
        old = frozenset()
    years = {entry.recorded.year for entry in entries if f"{REGISTER}/{entry.recorded.year}.jsonl" not in changed}
    return old | {entry for entry in entries if entry.recorded.year in years}


def documents_at(
    repository: Repository, changed: Mapping[str, bytes | None], site: Site, paths: Iterable[str]
) -> list[Document]:
    """The documents that the commit from which `changed` tells had otherwise: their own file or their folder's defaults were others."""
    defaults = FolderDefaults(repository.docs_dir, site.zone, instead=changed)
    below = {
        path: (repository.docs_dir / path).read_bytes()
        for path in below_changed_defaults(paths, changed)
        if path not in changed
    }
    own = {path: data for path, data in changed.items() if data is not None and _is_document(path)}
    readings = (
        read_document(data, path=path, zone=site.zone, defaults=defaults.of(folder_of(path)))
        for path, data in {**below, **own}.items()
    )
    return [reading.document for reading in readings if reading.document]


def _is_document(path: str) -> bool:
    return is_markdown(path) and not path.startswith((f"{HANDBOOK}/", f"{REGISTER}/"))


def below_changed_defaults(paths: Iterable[str], changed: Iterable[str]) -> list[str]:
    """Those of `paths` that lie below a folder whose defaults are among the paths `changed`."""
    folders = [folder_of(path) for path in changed if path.rpartition("/")[2] == DEFAULTS]
    starts = tuple(f"{folder}/" if folder else "" for folder in folders)
    return [path for path in paths if path.startswith(starts)]


def _rewritten(docs_dir: Path, changed: Mapping[str, bytes | None]) -> Iterator[Finding]:
    """Lines that the register had and has no more: it is only ever added to."""
    for path, old in changed.items():
        if is_register(path) and old:
            file = docs_dir / path
            kept = set(file.read_bytes().split(b"\n")) if file.is_file() else set()
            lost = [line for line in old.split(b"\n") if line.strip() and line not in kept]
            if lost:
                message = f"登记簿只能续写，原有的 {len(lost)} 行被改动或删去了。请从 git 恢复这个文件"
                yield Finding(path, "", "register-rewritten", message)
