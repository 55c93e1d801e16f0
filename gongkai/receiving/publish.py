"""After git accepted a push: what was built becomes a release, `current` leads to it, other branches get previews.

Which site is public follows from what the branch says, from the clock, and from a pin, never from what a process
remembers: whoever comes next, a push, a tick or a repair, brings the site to where it should be, wherever the one
before was stopped.
"""

from collections.abc import Sequence

from gongkai.engine.edition import BuildFailedError
from gongkai.receiving.accept import build_published
from gongkai.receiving.previews import bring_preview_up_to_date, withdraw_reviving_previews
from gongkai.receiving.releases import BuildInfo, Release, read_info, to_be_removed
from gongkai.receiving.repository import BusyError, RefusedError, SetUpError, Update, end_handover
from gongkai.receiving.server import Server

_LATER = "下一次推送、定时任务或 gongkai receive repair 会补上。"


def publish(waiting: Server, updates: Sequence[Update]) -> None:
    """Publish what a push brought: the branch that is published, then previews of the others; failures are printed, not raised."""
    try:
        with waiting.locked() as server:
            _publish(server, updates)
    except BusyError as problem:
        waiting.echo(f"推送已经收下，但{problem}，还没有发布。{_LATER}")
    except (BuildFailedError, RefusedError, SetUpError, OSError) as problem:
        waiting.echo(f"推送已经收下，但没有发布成，网站还是原来的。{_LATER}请告诉网站管理员：")
        waiting.echo(str(problem))


def _publish(server: Server, updates: Sequence[Update]) -> None:
    published = server.settings.branch
    try:
        if any(update.branch == published for update in updates):
            server.pin_file.unlink(missing_ok=True)
            bring_up_to_date(server)
    finally:
        end_handover(server.repository)
    for update in updates:
        if update.branch not in ("", published):
            bring_preview_up_to_date(server, update)


def bring_up_to_date(server: Server) -> Release | None:
    """Let `current` lead to the site that the branch says, as of now, unless a release is pinned."""
    server.releases.remove_unfinished()
    commit = server.repository.commit_of(server.settings.branch)
    if not commit:
        return None
    releases, current, pinned = server.releases.newest_first(), server.releases.current(), server.pinned
    if kept := next((release for release in releases if release.name == pinned), None):
        server.releases.publish(kept)
        return kept
    info = site_of(server, commit)
    same = (one for one in releases if (one.info.commit, one.info.content) == (commit, info.content))
    release = next(same, None) or server.releases.add(server.built_site, info)
    server.releases.update_info(release, info)
    server.releases.publish(release)
    if current and current.name == release.name:
        server.echo(f"网站已经是最新的：{info.address}")
        return release
    server.echo(f"已发布，公开文件 {info.public:,} 件：{info.address}")
    remove_old_releases(server, server.settings.keep)
    withdraw_reviving_previews(server, info, current.info if current else None)
    return release


def site_of(server: Server, commit: str) -> BuildInfo:
    """What is known of the built site of `commit` as of now; it is built where it does not stand there yet."""
    info = read_info(server.ready_file)
    if info and info.commit == commit and not info.is_due(server.now) and server.built_site.is_dir():
        return info
    server.checkout.check_out(commit)
    address = server.checkout.write_settings(base_url=server.settings.base_url)
    return build_published(server, commit, address)


def remove_old_releases(server: Server, keep: int) -> list[Release]:
    """Remove the releases beyond `keep`, and those that show what no longer is public; which they were."""
    current = server.releases.current()
    if current is None:
        return []
    is_pinned = current.name == server.pinned
    gone = to_be_removed(server.releases.newest_first(), current, keep=keep, is_pinned=is_pinned)
    for release in gone:
        server.releases.remove(release)
    return gone
