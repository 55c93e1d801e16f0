"""Before git accepts a push: whether it may be published, and the site that would be.

The pushed commit is checked out, checked as `gongkai check --changed --since` does it, and built; whatever fails
refuses the push in words for the clerk's terminal. What was built waits for the second hook, see publish.py.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import chdir
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from gongkai.catalogue.history import HistoryError
from gongkai.checks.protocol import Reported, Waived
from gongkai.checks.push_report import PushReport, as_text, everything_new, report_since
from gongkai.checks.run import Asked, Checked, check_folder
from gongkai.engine.build import Request, build_site
from gongkai.engine.edition import BuildFailedError
from gongkai.engine.settings import Settings, read_settings
from gongkai.memory.pool import open_pool
from gongkai.receiving.checkout import Checkout, FlawedError
from gongkai.receiving.releases import BuildInfo, build_info, write_info
from gongkai.receiving.repository import RefusedError, Update, hand_over
from gongkai.receiving.server import Server
from gongkai.site import SettingsError

#: How many of each a clerk is shown.
_ERRORS, _WARNINGS = 50, 10
_UNCHANGED = "网站没有变化。"


def accept(waiting: Server, updates: Sequence[Update], quarantine: Path | None) -> None:
    """Check and build what a push would publish; raises RefusedError, and then nothing has changed.

    `quarantine` is where git keeps the pushed objects until the push is accepted.
    """
    published = [update for update in updates if update.branch == waiting.settings.branch]
    if not published:
        return
    (update,) = published
    with waiting.locked() as server:
        _refuse_stale(server, update)
        server.repository.remove_stale_locks()
        try:
            _check_and_build(server, update, quarantine)
        except (FlawedError, BuildFailedError) as problem:
            lines = str(problem).splitlines()
            raise RefusedError(f"推送没有被接受，{_UNCHANGED}", *lines, "", *_remedy()) from None
        hand_over(server.repository)


def _refuse_stale(server: Server, update: Update) -> None:
    branch = server.settings.branch
    if not update.new:
        raise RefusedError(
            f"不能删除 {branch}：公开的网站由它生成。推送没有被接受，{_UNCHANGED}",
            "要撤下文件，请用 gongkai withdraw。",
        )
    if server.repository.commit_of(branch) != update.old:
        raise RefusedError(
            f"您推送的同时，别人先推送了。推送没有被接受，{_UNCHANGED}",
            "怎么办：先运行 git pull，把别人的改动合并进来，再推送。",
        )


def _check_and_build(server: Server, update: Update, quarantine: Path | None) -> None:
    checkout = server.checkout
    server.echo("正在检查……")
    checkout.check_out(update.new, quarantine=quarantine)
    if not checkout.is_after(update.old, update.new):
        raise RefusedError(
            f"这次推送会丢掉 {server.settings.branch} 上已有的提交（强制推送），没有被接受。{_UNCHANGED}",
            "怎么办：先运行 git pull，把网站上的内容合并进来，再推送；不要加 --force。",
        )
    checkout.refuse_links()
    address = checkout.write_settings(base_url=server.settings.base_url)
    checked = check_commit(server, checkout, since=update.old)
    if checked.errors:
        raise RefusedError(*_refusal(checked))
    for line in _acceptance(checked, address=address):
        server.echo(line)
    changed = checkout.changes_of_installation(update.old)
    if changed:
        server.echo(
            f"推送里改了程序或模板（{'、'.join(changed)}），网站仍用服务器上装好的版本；要换，请网站管理员更新服务器上的程序。"
        )
    build_published(server, update.new, address)


# Checking


class CheckedCommit(NamedTuple):
    """Every finding in a commit, those that were waived, how many documents could be read, and what becomes public."""

    errors: Sequence[Reported]
    warnings: Sequence[Reported]
    waived: Sequence[Waived]
    documents: int
    report: PushReport


def check_commit(server: Server, checkout: Checkout, *, since: str) -> CheckedCommit:
    """All that `gongkai check --changed --since` finds in the commit that is checked out, and what a push of it does.

    "" stands for no commit before: then everything is looked at. Paths are those of the clerk's own work tree.
    """
    memory = checkout.folder / "memory"
    memory.mkdir(parents=True, exist_ok=True)
    memory.chmod(0o700)  # it remembers documents that are not public
    try:
        with chdir(checkout.tree):
            settings = read_settings(checkout.config_file, docs_dir=checkout.docs_dir)
            found = _check_run(server, settings, since, memory)
            everything = found.decided
            if since:
                report = report_since(settings.docs_dir, settings.site, server.now, everything, since=since)
            else:
                report = everything_new(settings.docs_dir, everything, server.now)
    except SettingsError as problem:
        raise FlawedError(*str(problem).splitlines()) from None
    except HistoryError as problem:
        raise RefusedError(f"无法与推送以前的提交比较：{problem}。请告诉网站管理员") from None
    findings = sorted(filter(found.is_asked, found.findings))
    errors = [finding for finding in findings if finding.is_error]
    warnings = [finding for finding in findings if not finding.is_error]
    return CheckedCommit(errors, warnings, found.waived, len(everything), report)


def _check_run(server: Server, settings: Settings, since: str, memory: Path) -> Checked:
    asked = Asked(is_thorough=True, since=since, is_narrow=bool(since))
    with open_pool(jobs=server.settings.jobs or None, scheduler=None) as pool:
        return check_folder(
            settings.docs_dir,
            settings.site,
            server.now,
            asked,
            memory=memory,
            pool=pool,
            anchors_of=settings.anchors_of,
        )


def _refusal(checked: CheckedCommit) -> Iterator[str]:
    """What a clerk reads whose push is not accepted."""
    errors, warnings = checked.errors, checked.warnings
    yield f"检查没有通过：{len(errors)} 处错误必须改正，推送没有被接受。{_UNCHANGED}"
    yield ""
    yield from _listed(errors, _ERRORS, "错误")
    if warnings:
        yield ""
        yield f"另有 {len(warnings)} 条提醒，不改也能发布："
        yield from _listed(warnings, _WARNINGS, "提醒")
    yield ""
    yield from _remedy()


def _remedy() -> Iterator[str]:
    yield "怎么办："
    yield "  1. 按上面写的文件和行号改正；改好后在本机运行 scripts/gongkai check，直到 0 处错误；"
    yield "  2. 再提交、再推送：git add docs，git commit，git push。"
    yield "方括号里的代号在工作人员手册的“错误和提醒”一页里有说明和改法。"


def _acceptance(checked: CheckedCommit, *, address: str) -> Iterator[str]:
    """What a clerk reads whose push passed; `address` is the site's."""
    yield f"检查通过：可读文件 {checked.documents:,} 件，{len(checked.warnings)} 条提醒。"
    yield from _listed(checked.warnings, _WARNINGS, "提醒")
    yield from _waived(checked)
    yield ""
    yield from as_text(checked.report, site=address).split("\n")
    yield ""


def preview_text(checked: CheckedCommit, *, address: str) -> Iterator[str]:
    """What is printed of a branch that is only previewed; `address` is the preview's."""
    errors, warnings = checked.errors, checked.warnings
    yield f"检查：{len(errors)} 处错误，{len(warnings)} 条提醒。"
    yield from _listed(errors, _ERRORS, "错误")
    yield from _listed(warnings, _WARNINGS, "提醒")
    yield from _waived(checked)
    if not errors:
        yield from as_text(checked.report, preview=address).split("\n")


def _waived(checked: CheckedCommit) -> Iterator[str]:
    """What the documents' own waivers answer for: nobody should let that pass unseen."""
    for finding, waiver in checked.waived:
        yield f"  已豁免：{finding} [{finding.code}] 原因：{waiver.reason}；批准：{waiver.allowed_by}"


def _listed(findings: Sequence[Reported], limit: int, kind: str) -> Iterator[str]:
    for finding in findings[:limit]:
        yield f"  {finding} [{kind} {finding.code}]"
    if len(findings) > limit:
        left = len(findings) - limit
        yield f"  ……还有 {left} 条{kind}。要看全部，请在本机运行 scripts/gongkai check。"


# Building


def build_published(server: Server, commit: str, address: str) -> BuildInfo:
    """Build the site of the commit that is checked out, and write what is known of it beside it when it is whole."""
    server.ready_file.unlink(missing_ok=True)
    server.build_folder.mkdir(parents=True, exist_ok=True)
    server.build_folder.chmod(0o700)
    began = time.monotonic()
    info = build_commit(server, server.checkout, server.built_site, commit=commit, address=address)
    write_info(server.ready_file, info)
    server.echo(f"网站已生成，用了 {time.monotonic() - began:.1f} 秒。")
    return info


def build_commit(
    server: Server, checkout: Checkout, site_dir: Path, *, commit: str, address: str, is_unlisted: bool = False
) -> BuildInfo:
    """Build the commit that is checked out to `site_dir`, previews unlisted; raises BuildFailedError."""
    forms = ("gz", "br") if find_spec("brotli") else ("gz",)
    request = Request(
        checkout.config_file,
        docs_dir=checkout.docs_dir,
        site_dir=site_dir,
        now=server.now.isoformat(),
        jobs=server.settings.jobs or None,
        compressions=() if is_unlisted else forms,
        is_unlisted=is_unlisted,
    )
    with chdir(checkout.tree):
        outcome = build_site(request, server.progress)
    return build_info(outcome, commit=commit, now=server.now, address=address, blobs=checkout.blobs())
