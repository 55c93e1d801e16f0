"""From a push to the public: what is checked and built, when it is shown, and what is done after anything went wrong.

A push to the branch that is published is laid out, checked and built before git accepts it; all that is left to do
afterwards is to link what was built into a release and to let `current` lead to it. Which site is public follows from
what the branch says, from the clock, and from a pin, never from what a process remembers: whoever comes next, a push,
a tick or a repair, brings the site to where it should be, wherever the one before was stopped.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import chdir, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path

from gongkai.engine.build import Outcome, Request, build_site
from gongkai.engine.edition import BuildFailedError
from gongkai.engine.publishing import StageProgress
from gongkai.receiving.desk import Desk
from gongkai.receiving.failures import FlawedError, NotYetError, RefusedError, SetUpError
from gongkai.receiving.judging import (
    UNCHANGED,
    Judgement,
    acceptance,
    findings_of_preview,
    judge,
    refusal,
    what_to_do,
)
from gongkai.receiving.previews import Previews
from gongkai.receiving.releases import (
    Facts,
    Release,
    Shelf,
    brought_back,
    facts_of,
    find,
    is_exposing,
    is_reviving,
    keep_facts,
    kept_facts,
    to_be_dropped,
)
from gongkai.receiving.repository import HEADS, Repository, Update, free_refs
from gongkai.receiving.settings import Settings, read_settings
from gongkai.receiving.turns import Tell, give_ticket_back, take_ticket, turn

_LATER = "下一次推送、定时任务或 gongkai receive repair 会补上。"


@dataclass(frozen=True, slots=True)
class Server:
    """A repository, its site, the instant, and who is told what happens; `clock` tells the instant anew."""

    repository: Repository
    settings: Settings
    clock: Callable[[], datetime]
    now: datetime
    tell: Tell
    tell_stage: StageProgress

    @property
    def desk(self) -> Desk:
        return Desk(self.repository, self.repository.folder / "main")

    @property
    def shelf(self) -> Shelf:
        return Shelf(self.settings.site)

    @property
    def previews(self) -> Previews:
        return Previews(self.repository, self.settings.site / "previews")

    @property
    def workshop(self) -> Path:
        """Where the published branch is built; the public does not see it."""
        return self.settings.site / ".build"

    @property
    def built(self) -> Path:
        return self.workshop / "site"

    @property
    def ready(self) -> Path:
        """What is known of the site that stands in the workshop; no such file while it is being built."""
        return self.workshop / "ready.json"

    @property
    def pin(self) -> Path:
        """Names the release that stays public until somebody says otherwise."""
        return self.repository.folder / "pinned"


def server_at(path: Path, now: Callable[[], datetime], tell: Tell, tell_stage: StageProgress) -> Server:
    """The server whose bare repository is at `path`; raises SetUpError where it is none of ours."""
    repository = Repository(path.resolve())
    return Server(repository, read_settings(repository), now, now(), tell, tell_stage)


@contextmanager
def in_turn(server: Server, *, wait: float | None = None) -> Iterator[Server]:
    """The server with the only turn, as of when it came: others may have published for later instants meanwhile."""
    patience = server.settings.wait if wait is None else wait
    with turn(server.repository, wait=patience, tell=server.tell):
        yield replace(server, now=server.clock())


# Before git accepts a push


def accept(waiting: Server, updates: Sequence[Update], quarantine: Path | None) -> None:
    """Check and build what a push would publish; raises RefusedError, and then nothing has changed."""
    main = [update for update in updates if update.branch == waiting.settings.branch]
    if not main:
        return
    (update,) = main
    with in_turn(waiting) as server:
        _refuse_stale(server, update)
        free_refs(server.repository)
        try:
            _prepare_push(server, update, quarantine)
        except (FlawedError, BuildFailedError) as problem:
            lines = str(problem).splitlines()
            raise RefusedError(f"推送没有被接受，{UNCHANGED}", *lines, "", *what_to_do()) from None
        take_ticket(server.repository)


def _refuse_stale(server: Server, update: Update) -> None:
    branch = server.settings.branch
    if not update.new:
        raise RefusedError(
            f"不能删除 {branch}：公开的网站由它生成。推送没有被接受，{UNCHANGED}",
            "要撤下文件，请用 gongkai withdraw。",
        )
    if server.repository.commit_of(branch) != update.old:
        raise RefusedError(
            f"您推送的同时，别人先推送了。推送没有被接受，{UNCHANGED}",
            "怎么办：先运行 git pull，把别人的改动合并进来，再推送。",
        )


def _prepare_push(server: Server, update: Update, quarantine: Path | None) -> None:
    desk, tell = server.desk, server.tell
    tell("正在检查……")
    desk.lay_out(update.new, quarantine=quarantine)
    if not desk.is_after(update.old, update.new):
        raise RefusedError(
            f"这次推送会丢掉 {server.settings.branch} 上已有的提交（强制推送），没有被接受。{UNCHANGED}",
            "怎么办：先运行 git pull，把网站上的内容合并进来，再推送；不要加 --force。",
        )
    desk.refuse_strange()
    taken = desk.take_settings(base_url=server.settings.base_url)
    judgement = _judged(server, desk, since=update.old)
    if judgement.errors:
        raise RefusedError(*refusal(judgement))
    for line in acceptance(judgement, address=taken.address):
        tell(line)
    _tell_of_code(server, update.old)
    _build(server, update.new, taken.address)


def _judged(server: Server, desk: Desk, *, since: str) -> Judgement:
    """What is found in the commit that is laid out, and what it does to the commit `since`."""
    jobs = server.settings.jobs or None
    with chdir(desk.tree):
        return judge(desk, server.now, since=since, memory=desk.folder / "memory", jobs=jobs)


def _tell_of_code(server: Server, old: str) -> None:
    changed = server.desk.changes_of_installation(old)
    if changed:
        server.tell(
            f"推送里改了程序或模板（{'、'.join(changed)}），网站仍用服务器上装好的版本；要换，请网站管理员更新服务器上的程序。"
        )


def _build(server: Server, commit: str, address: str) -> Facts:
    """Build the commit that is laid out; the site and what is known of it stand in the workshop."""
    server.ready.unlink(missing_ok=True)
    server.workshop.mkdir(parents=True, exist_ok=True)
    server.workshop.chmod(0o700)
    began = time.monotonic()
    outcome = _built(server, server.desk, server.built)
    facts = facts_of(outcome, commit=commit, now=server.now, address=address, blobs=server.desk.blobs())
    keep_facts(server.ready, facts)
    server.tell(f"网站已生成，用了 {time.monotonic() - began:.1f} 秒。")
    return facts


def _built(server: Server, desk: Desk, target: Path, *, is_unlisted: bool = False) -> Outcome:
    forms = ("gz", "br") if find_spec("brotli") else ("gz",)
    request = Request(
        desk.config_file,
        docs_dir=desk.docs_dir,
        site_dir=target,
        now=server.now.isoformat(),
        jobs=server.settings.jobs or None,
        compressions=() if is_unlisted else forms,
        is_unlisted=is_unlisted,
    )
    with chdir(desk.tree):
        return build_site(request, server.tell_stage)


# After git accepted it


def publish(waiting: Server, updates: Sequence[Update]) -> None:
    """Show what a push brought: the branch that is published, then previews of the others."""
    settings = waiting.settings
    try:
        with in_turn(waiting) as server:
            try:
                if any(update.branch == settings.branch for update in updates):
                    server.pin.unlink(missing_ok=True)
                    bring_up_to_date(server)
            finally:
                give_ticket_back(server.repository)
            for update in updates:
                if update.branch not in ("", settings.branch):
                    _preview(server, update)
    except NotYetError as problem:
        waiting.tell(f"推送已经收下，但{problem}，还没有发布。{_LATER}")
    except (BuildFailedError, FlawedError, RefusedError, SetUpError, OSError) as problem:
        waiting.tell(f"推送已经收下，但没有发布成，网站还是原来的。{_LATER}请告诉网站管理员：")
        waiting.tell(str(problem))


def bring_up_to_date(server: Server) -> Release | None:
    """Let `current` lead to the site that the branch says, as of now, unless a release is pinned."""
    server.shelf.clear()
    commit = server.repository.commit_of(server.settings.branch)
    if not commit:
        return None
    releases, current, pin = server.shelf.releases(), server.shelf.current(), pinned(server)
    if kept := next((release for release in releases if release.name == pin), None):
        server.shelf.show(kept)
        return kept
    facts = _ready(server, commit) or _rebuilt(server, commit)
    same = (one for one in releases if (one.facts.commit, one.facts.content) == (commit, facts.content))
    release = next(same, None) or server.shelf.add(server.built, facts)
    server.shelf.renew(release, facts)
    server.shelf.show(release)
    if current and current.name == release.name:
        server.tell(f"网站已经是最新的：{facts.address}")
        return release
    server.tell(f"已发布，公开文件 {facts.public:,} 件：{facts.address}")
    _prune(server, server.settings.keep)
    _withdraw_previews(server, facts, current.facts if current else None)
    return release


def _ready(server: Server, commit: str) -> Facts | None:
    """What stands in the workshop, if it is the site of `commit` as of now."""
    facts = kept_facts(server.ready)
    if facts is None or facts.commit != commit or facts.is_due(server.now) or not server.built.is_dir():
        return None
    return facts


def _rebuilt(server: Server, commit: str) -> Facts:
    server.desk.lay_out(commit)
    taken = server.desk.take_settings(base_url=server.settings.base_url)
    return _build(server, commit, taken.address)


def pinned(server: Server) -> str:
    """The name of the release that is pinned, "" for none."""
    with suppress(OSError):
        return server.pin.read_text("utf-8").strip()
    return ""


# Other branches


def _preview(server: Server, update: Update) -> bool:
    """Bring a branch's preview up to date; False where it could not be made."""
    previews = server.previews
    if not update.new:
        if previews.forget(update.branch):
            server.tell(f"分支 {update.branch} 已删除，它的预览也已撤下。")
        return True
    token = previews.token_of(update.branch)
    server.tell(f"正在为分支 {update.branch} 生成预览……")
    try:
        facts = _previewed(server, update.new, token)
    except (FlawedError, RefusedError, BuildFailedError) as problem:
        server.tell(f"没有生成预览：{problem}")
        return False
    server.tell(f"预览（只有知道网址的人能打开，不会被搜索引擎收录）：{facts.address}")
    return True


def _previewed(server: Server, commit: str, token: str) -> Facts:
    """Build the preview of a commit; raises RefusedError where its documents have errors."""
    previews = server.previews
    desk = Desk(server.repository, previews.desk_of(token))
    desk.lay_out(commit)
    desk.refuse_strange()
    base = desk.take_settings(base_url=server.settings.base_url).address
    taken = desk.take_settings(base_url=f"{base}previews/{token}/")
    published = server.repository.commit_of(server.settings.branch)
    since = desk.since(published) if published else ""
    judgement = _judged(server, desk, since=since)
    for line in findings_of_preview(judgement, address=taken.address):
        server.tell(line)
    if judgement.errors:
        raise RefusedError("请改正上面的错误，再推送这个分支。")
    previews.facts_of(token).unlink(missing_ok=True)
    outcome = _built(server, desk, previews.workshop_of(token), is_unlisted=True)
    facts = facts_of(outcome, commit=commit, now=server.now, address=taken.address, blobs=desk.blobs())
    current = server.shelf.current()
    had = desk.blobs(since).values() if since else ()
    if current and is_reviving(facts, current.facts, had):
        previews.hide(token)
        raise RefusedError(
            "这个分支里有网站上已经撤下的内容。请先把网站的最新内容合并进来（git pull），再推送。"
        )
    previews.show(token)
    keep_facts(previews.facts_of(token), facts)
    return facts


def _withdraw_previews(server: Server, present: Facts, before: Facts | None) -> None:
    """A preview must not go on showing what the site, which was `before`, has just taken down."""
    for branch, token in server.previews.tokens().items():
        facts = kept_facts(server.previews.facts_of(token))
        if facts and is_reviving(facts, present, before.blobs if before else ()):
            server.previews.hide(token)
            server.tell(f"分支 {branch} 的预览里有刚撤下的内容，预览已一并撤下。")


# Clock, repair, rollback


def tick(waiting: Server) -> bool:
    """Bring the site up to date where a document's time has come or a push was left undone; whether there was need.

    A pinned release stays, until it shows what no longer is public. While others publish it leaves off: it comes again.
    """
    current, commit = waiting.shelf.current(), waiting.repository.commit_of(waiting.settings.branch)
    previews = _previews_due(waiting)
    if not commit or (current and _is_right(waiting, current, commit) and not previews):
        return False
    with suppress(NotYetError), in_turn(waiting, wait=0) as server:
        return _catch_up(server, commit, previews)
    return False


def _catch_up(server: Server, commit: str, previews: Sequence[Update]) -> bool:
    for update in previews:
        if not _preview(server, update):  # what has had its time must not stay
            server.previews.hide(server.previews.token_of(update.branch))
    current = server.shelf.current()
    if current and _is_right(server, current, commit):
        return bool(previews)
    if current and current.name == pinned(server):
        return _tick_pinned(server, current, commit)
    bring_up_to_date(server)
    return True


def _previews_due(server: Server) -> list[Update]:
    """The branches in whose previews a document's time has come."""
    tokens = server.previews.tokens()
    kept = {branch: kept_facts(server.previews.facts_of(token)) for branch, token in tokens.items()}
    due = {branch for branch, facts in kept.items() if facts and facts.is_due(server.now)}
    branches = server.repository.branches() if due else {}
    return [Update("", branches[name], f"{HEADS}{name}") for name in sorted(due & branches.keys())]


def _is_right(server: Server, current: Release, commit: str) -> bool:
    is_of_commit = current.facts.commit == commit or current.name == pinned(server)
    return is_of_commit and not current.facts.is_due(server.now)


def _tick_pinned(server: Server, current: Release, commit: str) -> bool:
    """Whether a pin had to give way: what is public now is asked of the branch, not of the release."""
    facts = _ready(server, commit) or _rebuilt(server, commit)
    if not is_exposing(current.facts, facts):
        server.shelf.renew(current, replace(current.facts, until=facts.until))
        return False
    server.tell(f"固定的版本 {current.name} 里有文件现在不再公开，已取消固定。")
    server.pin.unlink(missing_ok=True)
    bring_up_to_date(server)
    return True


def repair(waiting: Server) -> None:
    """Bring everything to where it should be, whatever happened before; the workshop is built anew from nothing."""
    with in_turn(waiting) as server:
        give_ticket_back(server.repository)
        free_refs(server.repository)
        server.ready.unlink(missing_ok=True)
        _repair_pin(server)
        bring_up_to_date(server)
        server.shelf.drop_broken()
        server.previews.clear()
        branches = server.repository.branches()
        for branch in set(server.previews.tokens()) - set(branches):
            server.previews.forget(branch)
        for branch in sorted(set(branches) - {server.settings.branch}):
            _preview(server, Update("", branches[branch], f"{HEADS}{branch}"))


def _repair_pin(server: Server) -> None:
    """A pin on a release that is not there any more counts for nothing."""
    if pinned(server) not in {release.name for release in server.shelf.releases()}:
        server.pin.unlink(missing_ok=True)


def roll_back(waiting: Server, asked: str, *, is_forced: bool) -> Release:
    """Show an older release and pin it; raises RefusedError where it would bring back what is no longer public."""
    with in_turn(waiting) as server:
        releases, current = server.shelf.releases(), server.shelf.current()
        target = find(releases, asked) if asked else _one_before(releases, current)
        commit = server.repository.commit_of(server.settings.branch)
        present = _ready(server, commit) or _rebuilt(server, commit)
        lines = brought_back(target.facts, present)
        if lines and not is_forced:
            raise RefusedError(
                f"没有退回：版本 {target.name} 会让现在不公开的内容重新公开：",
                *(f"  {line}" for line in lines[:20]),
                *([f"  ……还有 {len(lines) - 20} 项"] if len(lines) > 20 else []),
                "请改文件，再推送。确实要这样做，加 --force。",
            )
        for line in lines:
            server.tell(f"注意：重新公开了 {line}")
        server.pin.write_text(target.name + "\n", "utf-8")
        server.shelf.show(target)
        return target


def _one_before(releases: Sequence[Release], current: Release | None) -> Release:
    """The release that was made before the public one."""
    names = [release.name for release in releases]
    place = names.index(current.name) + 1 if current and current.name in names else 0
    if place >= len(releases):
        raise RefusedError("没有更早的版本可以退回。")
    return releases[place]


def unpin(waiting: Server) -> bool:
    """Let the branch decide again what is public; False where nothing was pinned."""
    with in_turn(waiting) as server:
        if not pinned(server):
            return False
        server.pin.unlink(missing_ok=True)
        bring_up_to_date(server)
        return True


def prune(waiting: Server, keep: int) -> list[Release]:
    """Drop the releases beyond `keep`, and those that show what no longer is public; which they were."""
    with in_turn(waiting) as server:
        server.shelf.clear()
        return _prune(server, keep)


def _prune(server: Server, keep: int) -> list[Release]:
    current = server.shelf.current()
    if current is None:
        return []
    gone = to_be_dropped(server.shelf.releases(), current, keep=keep, pinned=current.name == pinned(server))
    for release in gone:
        server.shelf.drop(release)
    return gone
