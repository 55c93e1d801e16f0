"""Previews: the site as a branch would have it, at an address that nobody can guess.

A branch keeps its token (128 bits) as long as it is there. Tokens are kept in the bare repository, which the public
does not see; whoever has the address sees the preview, so it shows no more than would be public now, and nothing that
the site has taken down.
"""

import json
import secrets
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gongkai.engine.edition import BuildFailedError
from gongkai.memory.files import write_atomically
from gongkai.receiving.accept import build_commit, check_commit, preview_text
from gongkai.receiving.checkout import Checkout
from gongkai.receiving.releases import BuildInfo, is_reviving, link_tree, read_info, write_info
from gongkai.receiving.repository import HEADS, RefusedError, Repository, Update
from gongkai.receiving.server import Server

_TOKEN_BYTES = 16


@dataclass(frozen=True, slots=True)
class Previews:
    """The previews of `repository`'s branches, each below `folder` under its token."""

    repository: Repository
    folder: Path

    @property
    def _tokens_file(self) -> Path:
        return self.repository.folder / "previews.json"

    def tokens(self) -> dict[str, str]:
        """Each branch's token."""
        try:
            found = json.loads(self._tokens_file.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return {str(branch): str(token) for branch, token in found.items()}

    def token_of(self, branch: str) -> str:
        """The token of `branch`, a new one where it has none yet."""
        known = self.tokens()
        if branch not in known:
            known[branch] = secrets.token_hex(_TOKEN_BYTES)
            self._write_tokens(known)
        return known[branch]

    def _write_tokens(self, tokens: dict[str, str]) -> None:
        text = json.dumps(tokens, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        write_atomically(self._tokens_file, text.encode("utf-8", "surrogateescape"), mode=0o600)

    def public_folder(self, token: str) -> Path:
        return self.folder / token

    def checkout_folder(self, token: str) -> Path:
        return self.repository.folder / "previews" / token

    def info_file(self, token: str) -> Path:
        """What is known of a preview that is public; no such file for one that is not."""
        return self.checkout_folder(token) / "facts.json"

    def built(self, token: str) -> Path:
        """Where a preview is built, out of the public's sight."""
        return self.checkout_folder(token) / "site"

    def is_due(self, token: str, now: datetime) -> bool:
        """Whether another preview would be built at `now`, or it is not known what the public one shows."""
        info = read_info(self.info_file(token))
        return info.is_due(now) if info else self.public_folder(token).exists()

    def publish(self, token: str) -> None:
        """Put what was built in its public place."""
        self.folder.mkdir(parents=True, exist_ok=True)
        place = self.public_folder(token)
        unfinished, old = self.folder / f".new-{token}", self.folder / f".old-{token}"
        for left in (unfinished, old):
            shutil.rmtree(left, ignore_errors=True)
        link_tree(str(self.built(token)), str(unfinished))
        if place.exists():
            place.rename(old)
        unfinished.rename(place)
        shutil.rmtree(old, ignore_errors=True)

    def withdraw(self, token: str) -> None:
        """Take a preview down; its branch keeps its token."""
        self.info_file(token).unlink(missing_ok=True)
        shutil.rmtree(self.public_folder(token), ignore_errors=True)

    def forget(self, branch: str) -> bool:
        """Remove the preview of a branch, and its token; False where it had none."""
        known = self.tokens()
        token = known.pop(branch, "")
        if not token:
            return False
        self._remove(token)
        self._write_tokens(known)
        return True

    def remove_strays(self) -> None:
        """Remove previews that belong to no branch, and what a killed process left behind."""
        known = set(self.tokens().values())
        sites = (path.name for path in self.folder.glob("*") if not path.name.startswith("."))
        checkouts = (path.name for path in self.checkout_folder("").glob("*"))
        for token in {*sites, *checkouts} - known:
            self._remove(token)
        for left in self.folder.glob(".*"):
            shutil.rmtree(left, ignore_errors=True)

    def _remove(self, token: str) -> None:
        for place in (self.public_folder(token), self.checkout_folder(token)):
            shutil.rmtree(place, ignore_errors=True)


def previews_of(server: Server) -> Previews:
    return Previews(server.repository, server.settings.site / "previews")


def bring_preview_up_to_date(server: Server, update: Update) -> bool:
    """Build and publish the preview of a branch, or forget it with its branch; False where it could not be made."""
    previews = previews_of(server)
    if not update.new:
        if previews.forget(update.branch):
            server.echo(f"分支 {update.branch} 已删除，它的预览也已撤下。")
        return True
    token = previews.token_of(update.branch)
    server.echo(f"正在为分支 {update.branch} 生成预览……")
    try:
        info = _build_preview(server, previews, update.new, token)
    except (RefusedError, BuildFailedError) as problem:
        server.echo(f"没有生成预览：{problem}")
        return False
    server.echo(f"预览（只有知道网址的人能打开，不会被搜索引擎收录）：{info.address}")
    return True


def _build_preview(server: Server, previews: Previews, commit: str, token: str) -> BuildInfo:
    """Raises RefusedError where the commit's documents have errors, or revive what the site took down."""
    checkout = Checkout(server.repository, previews.checkout_folder(token))
    checkout.check_out(commit)
    checkout.refuse_links()
    base = checkout.write_settings(base_url=server.settings.base_url)
    address = checkout.write_settings(base_url=f"{base}previews/{token}/")
    published = server.repository.commit_of(server.settings.branch)
    since = checkout.fork_point(published) if published else ""
    checked = check_commit(server, checkout, since=since)
    for line in preview_text(checked, address=address):
        server.echo(line)
    if checked.errors:
        raise RefusedError("请改正上面的错误，再推送这个分支。")
    previews.info_file(token).unlink(missing_ok=True)
    site_dir = previews.built(token)
    info = build_commit(server, checkout, site_dir, commit=commit, address=address, is_unlisted=True)
    _refuse_revived(server, previews, token, info, checkout.blobs(since) if since else {})
    previews.publish(token)
    write_info(previews.info_file(token), info)
    return info


def _refuse_revived(server: Server, previews: Previews, token: str, info: BuildInfo, before: dict[str, str]) -> None:
    """Take the preview down and raise RefusedError where it shows what the site has taken down since `before`."""
    current = server.releases.current()
    if current and is_reviving(info, current.info, before.values()):
        previews.withdraw(token)
        raise RefusedError("这个分支里有网站上已经撤下的内容。请先把网站的最新内容合并进来（git pull），再推送。")


def withdraw_reviving_previews(server: Server, present: BuildInfo, before: BuildInfo | None) -> None:
    """Take down previews that go on showing what the site, which was `before`, has just taken down."""
    previews = previews_of(server)
    for branch, token in previews.tokens().items():
        info = read_info(previews.info_file(token))
        if info and is_reviving(info, present, before.blobs if before else ()):
            previews.withdraw(token)
            server.echo(f"分支 {branch} 的预览里有刚撤下的内容，预览已一并撤下。")


def previews_due(server: Server) -> list[Update]:
    """The branches in whose previews a document's time has come, or whose making was broken off."""
    previews = previews_of(server)
    due = {branch for branch, token in previews.tokens().items() if previews.is_due(token, server.now)}
    branches = server.repository.branches() if due else {}
    return [Update("", branches[name], f"{HEADS}{name}") for name in sorted(due & branches.keys())]


def bring_all_previews_up_to_date(server: Server) -> None:
    """Build the preview of every branch anew; previews of branches that are gone go."""
    previews, branches = previews_of(server), server.repository.branches()
    previews.remove_strays()
    for branch in set(previews.tokens()) - set(branches):
        previews.forget(branch)
    for branch in sorted(set(branches) - {server.settings.branch}):
        bring_preview_up_to_date(server, Update("", branches[branch], f"{HEADS}{branch}"))
