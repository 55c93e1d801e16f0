"""What changes the public site without a push: the clock, a repair, and an administrator who goes back to a release.

Going back pins the older release, until the next push or until the pin is removed. A pin gives way only where its
release shows a document whose time is over.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from gongkai.receiving.previews import (
    bring_all_previews_up_to_date,
    bring_preview_up_to_date,
    previews_due,
    previews_of,
)
from gongkai.receiving.publish import bring_up_to_date, remove_old_releases, site_of
from gongkai.receiving.releases import Release, exposed_again, find, is_exposing
from gongkai.receiving.repository import BusyError, RefusedError, Update, end_handover
from gongkai.receiving.server import Server

#: How many reasons not to go back are listed.
_LISTED = 20


def tick(waiting: Server) -> bool:
    """Bring the site up to date where a document's time has come or a push was left undone; whether there was need.

    A pinned release stays, until it shows what no longer is public. While others publish it leaves off: it comes again.
    """
    current, commit = waiting.releases.current(), waiting.repository.commit_of(waiting.settings.branch)
    due = previews_due(waiting)
    if not commit or (current and _is_right(waiting, current, commit) and not due):
        return False
    with suppress(BusyError), waiting.locked(wait=0) as server:
        return _catch_up(server, commit, due)
    return False


def _catch_up(server: Server, commit: str, due: Sequence[Update]) -> bool:
    for update in due:
        if not bring_preview_up_to_date(server, update):  # what has had its time must not stay
            previews = previews_of(server)
            previews.withdraw(previews.token_of(update.branch))
    current = server.releases.current()
    if current and _is_right(server, current, commit):
        return bool(due)
    if current and current.name == server.pinned:
        return _give_up_pin_if_exposing(server, current, commit)
    bring_up_to_date(server)
    return True


def _is_right(server: Server, current: Release, commit: str) -> bool:
    is_of_commit = current.info.commit == commit or current.name == server.pinned
    return is_of_commit and not current.info.is_due(server.now)


def _give_up_pin_if_exposing(server: Server, current: Release, commit: str) -> bool:
    """Whether the pin had to give way: what is public now is asked of the branch, not of the release."""
    info = site_of(server, commit)
    if not is_exposing(current.info, info):
        server.releases.update_info(current, replace(current.info, until=info.until))
        return False
    server.echo(f"固定的版本 {current.name} 里有文件现在不再公开，已取消固定。")
    server.pin_file.unlink(missing_ok=True)
    bring_up_to_date(server)
    return True


def repair(waiting: Server) -> None:
    """Bring everything to where it should be, whatever happened before; the published site is built anew."""
    with waiting.locked() as server:
        end_handover(server.repository)
        server.repository.remove_stale_locks()
        server.ready_file.unlink(missing_ok=True)
        if server.pinned not in {release.name for release in server.releases.newest_first()}:
            server.pin_file.unlink(missing_ok=True)
        bring_up_to_date(server)
        server.releases.remove_broken()
        bring_all_previews_up_to_date(server)


def roll_back(waiting: Server, asked: str, *, is_forced: bool) -> Release:
    """Publish an older release and pin it; raises RefusedError where it would bring back what is no longer public.

    `asked` is the beginning of its name, "" for the one before the public one.
    """
    with waiting.locked() as server:
        releases = server.releases.newest_first()
        target = find(releases, asked) if asked else _one_before(releases, server.releases.current())
        commit = server.repository.commit_of(server.settings.branch)
        lines = exposed_again(target.info, site_of(server, commit))
        if lines and not is_forced:
            raise RefusedError(
                f"没有退回：版本 {target.name} 会让现在不公开的内容重新公开：",
                *(f"  {line}" for line in lines[:_LISTED]),
                *([f"  ……还有 {len(lines) - _LISTED} 项"] if len(lines) > _LISTED else []),
                "请改文件，再推送。确实要这样做，加 --force。",
            )
        for line in lines:
            server.echo(f"注意：重新公开了 {line}")
        server.pin_file.write_text(target.name + "\n", "utf-8")
        server.releases.publish(target)
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
    with waiting.locked() as server:
        if not server.pinned:
            return False
        server.pin_file.unlink(missing_ok=True)
        bring_up_to_date(server)
        return True


def prune(waiting: Server, keep: int) -> list[Release]:
    """Remove the releases beyond `keep`, and those that show what no longer is public; which they were."""
    with waiting.locked() as server:
        server.releases.remove_unfinished()
        return remove_old_releases(server, keep)
