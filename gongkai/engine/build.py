"""The build by command: everything read, what differs made, the whole put in place; all or nothing."""

import gc
import hashlib
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple, TextIO

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, MkDocsException

from gongkai.catalogue.archive import open_archive
from gongkai.catalogue.history import History
from gongkai.catalogue.sources import Inventory, take_inventory
from gongkai.checks.readers import read_guarded
from gongkai.checks.rules import why_not_silenced
from gongkai.checks.run import Asked, Checked, check_archive
from gongkai.engine.edition import (
    BuildFailedError,
    ContentError,
    Summary,
    edition_of,
    history_beside,
    read_now,
    summary_of,
)
from gongkai.engine.plan import BuildSettings, build_settings
from gongkai.engine.plugins import check_plugins
from gongkai.engine.publishing import Manifest, StageProgress, Update, change_since
from gongkai.engine.report import Report, report_of, unchanged
from gongkai.engine.settings import open_config
from gongkai.engine.trees import Workspace, is_intact, locked_workspace, tree_at
from gongkai.memory.digests import canonical, code_digest, digest
from gongkai.memory.pool import Pool, PoolError, open_pool
from gongkai.memory.store import load, save
from gongkai.records.disclosure import turning_points
from gongkai.site import Site, read_site


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for; None is the settings' own, for `jobs` as many as there are processors.

    `preview_url` is where `serve` shows the site, the handbook with it; "" for a site to be published. A site that
    `is_unlisted` asks search engines to stay away: `noindex` in every page, no sitemap.
    """

    config_file: Path
    docs_dir: Path | None = None
    site_dir: Path | None = None
    now: str | None = None
    clean: bool = False
    jobs: int | None = None
    scheduler: str | None = None
    compressions: tuple[str, ...] = ()
    preview_url: str = ""
    is_unlisted: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """The site's folder, what stands there, what was done for it, and what it holds.

    `until` is the first instant at which another site would be built of the same documents, None for never.
    """

    site_dir: Path
    docs_dir: Path
    manifest: Manifest
    report: Report
    summary: Summary
    until: datetime | None


class Fingerprint(NamedTuple):
    """What tells a build that there is nothing to do: the same inputs, and an instant between `since` and `until`.

    `racy` are files whose times may deceive (in git's sense: changed within the clock's grain), with a digest of what
    they held before they were read.
    """

    inputs: bytes
    racy: tuple[tuple[str, bytes], ...]
    since: datetime
    until: datetime | None
    summary: Summary


class State(NamedTuple):
    """What a build leaves for the next, in the workspace's file `state`."""

    manifest: Manifest
    fingerprint: Fingerprint


def build_site(request: Request, progress: StageProgress | None = None) -> Outcome:
    """Build the site and put it in place. Raises BuildFailedError, which leaves the old site as it was."""
    config, site, now = _read_settings(request)
    target = Path(request.site_dir or config.site_dir).resolve()
    _refuse_strange(target, Path(config.docs_dir).resolve())
    with _as_build_failures(target), _no_collections(), locked_workspace(target) as workspace:
        settings = build_settings(
            config,
            site,
            has_handbook=bool(request.preview_url),
            is_unlisted=request.is_unlisted,
            compressions=request.compressions,
        )
        with open_pool(jobs=request.jobs, scheduler=request.scheduler) as workers:
            build = Build(workspace, settings, now, workers, progress or _no_progress)
            return build.outcome(None if request.clean else state_before(workspace))


@dataclass(frozen=True, slots=True)
class Build:
    """One build of a site whose settings are known and whose workspace is locked."""

    workspace: Workspace
    settings: BuildSettings
    now: datetime
    workers: Pool
    progress: StageProgress

    def outcome(self, before: State | None) -> Outcome:
        inventory = take_inventory(self.settings.docs_dir)
        known = load(self.workspace.history, version=code_digest())
        history = history_beside(self.settings.docs_dir, known if isinstance(known, History) else None)
        inputs = _inputs_digest(inventory, self.settings, history)
        if before and self._is_up_to_date(before, inputs):
            return self._outcome(before.manifest, unchanged(before.manifest), before.fingerprint)
        racy = tuple((path, self._content(path)) for path in inventory.files if not inventory.settled(path))
        archive = open_archive(
            inventory,
            self.settings.site,
            read_guarded,
            memory=self.workspace.folder,
            pool=self.workers,
            progress=partial(self.progress, "sources"),
        )
        checked = check_archive(archive, self.now, Asked(), pool=self.workers)
        edition = edition_of(
            checked, inventory, site=self.settings.site, site_url=self.settings.site_url, history=history
        )
        if history is not known:
            save(self.workspace.history, history, version=code_digest())
        fingerprint = Fingerprint(inputs, racy, *_span(checked, self.now), summary_of(edition))
        manifest = before.manifest if before else Manifest()
        change = change_since(manifest, edition, self.settings, self.workspace.target)
        if change.is_none:
            self._save(manifest, fingerprint)
        else:
            _collect_from_now_on()
            keep = partial(self._save, fingerprint=fingerprint)
            update = Update(edition, self.settings, self.workspace, manifest, self.workers, self.progress, keep)
            manifest = update.publish(change)
        return self._outcome(manifest, report_of(change), fingerprint)

    def _is_up_to_date(self, before: State, inputs: bytes) -> bool:
        fingerprint = before.fingerprint
        return (
            fingerprint.inputs == inputs
            and fingerprint.since <= self.now
            and (fingerprint.until is None or self.now < fingerprint.until)
            and all(self._content(path) == content for path, content in fingerprint.racy)
            and is_intact(str(self.workspace.target), before.manifest.files())
        )

    def _content(self, path: str) -> bytes:
        try:
            with (self.settings.docs_dir / path).open("rb") as file:
                return hashlib.file_digest(file, "sha256").digest()
        except OSError:
            return b""

    def _save(self, manifest: Manifest, fingerprint: Fingerprint) -> None:
        save(self.workspace.state, State(manifest, fingerprint), version=code_digest())

    def _outcome(self, manifest: Manifest, report: Report, fingerprint: Fingerprint) -> Outcome:
        return Outcome(
            self.workspace.target, self.settings.docs_dir, manifest, report, fingerprint.summary, fingerprint.until
        )


def state_before(workspace: Workspace) -> State | None:
    """What the last build left, if it describes the tree that is public now."""
    state = load(workspace.state, version=code_digest())
    if not isinstance(state, State) or state.manifest.live != tree_at(workspace.target):
        return None
    return state


def _inputs_digest(inventory: Inventory, settings: BuildSettings, history: History) -> bytes:
    """A digest of all that a site is made from, the clock apart; of documents it has their signatures only."""
    basis = settings.basis
    return digest(
        repr(sorted(inventory.files.items())),
        repr(inventory.strange),
        canonical(settings.site.model_dump()),
        repr(settings.spec),
        repr((history.head, history.is_shallow)),
        *(basis.code, basis.compressions, basis.settings, basis.markdown, settings.frame_plugins, basis.plugins),
    )


def _span(checked: Checked, now: datetime) -> tuple[datetime, datetime | None]:
    """The span around `now` in which every document is decided alike: from its first instant to that after its last."""
    points = [point for one in checked.decided for point in turning_points(one.document.record)]
    since = max((point for point in points if point <= now), default=datetime.min.replace(tzinfo=UTC))
    return since, min((point for point in points if point > now), default=None)


def _read_settings(request: Request) -> tuple[MkDocsConfig, Site, datetime]:
    try:
        config = open_config(request.config_file, request.docs_dir)
        _refuse_incomplete(config, request.config_file)
        check_plugins(config)
        site = read_site(config.extra.get("disclosure"), file=str(request.config_file), not_silenced=why_not_silenced)
        now = read_now(request.now, site)
    except ValueError as problem:
        raise BuildFailedError(str(problem)) from None
    config.site_url = request.preview_url or config.site_url
    return config, site, now


def _refuse_incomplete(config: MkDocsConfig, file: Path) -> None:
    if not any(Path(hook).name == "events.py" for hook in config.hooks):
        raise BuildFailedError(
            f"{file}: hooks: 应有 hooks/events.py，没有它就分不清什么可以公开。请照项目自带的 mkdocs.yml 补上"
        )
    if not config.site_url:
        raise BuildFailedError(f"{file}: site_url: 缺少网站的网址，订阅和网站地图要用它。请补上")


def _refuse_strange(target: Path, docs_dir: Path) -> None:
    """A site folder that is not ours to replace."""
    if target == docs_dir or docs_dir.is_relative_to(target) or target.is_relative_to(docs_dir):
        raise BuildFailedError(f"输出文件夹 {target} 与文件所在的 {docs_dir} 重叠。请用 --site-dir 另指一个文件夹")
    if target.is_dir() and any(target.iterdir()) and not (target / "data" / "catalogue.json").is_file():
        raise BuildFailedError(f"输出文件夹 {target} 里有不是本系统生成的文件，不敢清空。请清空它或另指一个文件夹")


@contextmanager
def _as_build_failures(target: Path) -> Iterator[None]:
    """Whatever stops a build, as a BuildFailedError."""
    try:
        yield
    except ContentError as problem:
        raise BuildFailedError(str(problem), is_content=True) from None
    except (Abort, MkDocsException, PoolError) as problem:
        raise BuildFailedError(str(problem)) from None
    except OSError as problem:
        raise BuildFailedError(
            f"{problem.filename or target}: 读写失败：{problem.strerror or problem}。原有网站未变"
        ) from None


@contextmanager
def _no_collections() -> Iterator[None]:
    """What a build reads lives till its end: looking through it for garbage would be a sixth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        if was_enabled:
            gc.enable()


def _collect_from_now_on() -> None:
    """Rendering leaves garbage; what was read before is not looked at."""
    gc.freeze()
    gc.enable()


def _no_progress(stage: str, done: int, total: int) -> None:
    """Nobody asked how far it is."""


@contextmanager
def quiet_mkdocs(stream: TextIO = sys.stderr) -> Iterator[None]:
    """MkDocs' own log: warnings and worse only, as plain lines on `stream`."""
    logger = logging.getLogger("mkdocs")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.removeHandler(handler)
