"""`gongkai check`: every finding in the documents, for people, for programs or for a workflow."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from gongkai.commands.options import config_option, docs_option, now_option, say, settings_at, stop
from gongkai.memory.files import write_atomically
from gongkai.memory.store import cache_of

if TYPE_CHECKING:
    from datetime import datetime

    from gongkai.checks.fixing import Change
    from gongkai.checks.protocol import Reported
    from gongkai.checks.run import Asked, Checked
    from gongkai.engine.settings import Settings


@click.command(options_metavar="[选项]", short_help="检查文件，列出错误和提醒。")
@click.argument("paths", nargs=-1, metavar="[文件或文件夹]...", type=click.Path(exists=True, path_type=Path))
@config_option
@docs_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="输出格式。",
)
@click.option(
    "--since",
    metavar="提交",
    default="",
    help="与 git 的这个提交比较，看公开过的文件有没有丢失、改号或倒填时间；默认是上一次推送。",
)
@click.option("--changed", is_flag=True, help="只看与那个提交相比有改动的文件；错误仍全部列出。")
@click.option("--family", "families", metavar="类别", multiple=True, help="只列这一类，如 links，可写多次。")
@click.option("--waived", is_flag=True, help="json 和 github 格式里也列出已豁免的。")
@click.option("--online", is_flag=True, help="到网上核对站外的链接打不打得开。")
@click.option("--fix", is_flag=True, help="改正只有一种改法的写法：先显示改动，问过再写。")
@click.option("--yes", is_flag=True, help="与 --fix 同用：不再问，直接写。")
@now_option
def check(  # noqa: PLR0913 - an argument for each option
    *,
    paths: tuple[Path, ...],
    config_file: Path | None,
    docs_dir: Path | None,
    form: str,
    since: str,
    changed: bool,
    families: tuple[str, ...],
    waived: bool,
    online: bool,
    fix: bool,
    yes: bool,
    now: str | None,
) -> None:
    """检查文件，列出错误和提醒；不写文件或文件夹就检查全部。

    错误必须改正，否则不能生成网站；提醒不影响生成。有错误时退出码为 1。
    """
    from gongkai.checks.run import Asked
    from gongkai.commands.reporting import REPORTERS

    settings, moment = settings_at(config_file, docs_dir, now)
    _refuse_strangers(paths, settings.docs_dir)
    _refuse_unknown(families)
    if fix and form != "text":
        stop("--fix 要显示改动，只与 --format text 同用。请去掉其中一个", 2)
    if yes and not fix:
        stop("--yes 只与 --fix 同用。请加上 --fix，或去掉 --yes", 2)
    asked = Asked(is_thorough=True, since=since, is_narrow=changed, is_online=online)
    found = _checked(settings, moment, asked)
    if fix and _fixed(found, paths, settings, is_agreed=yes):
        found = _checked(settings, moment, asked)
    wanted = _wanted(found, paths, families)
    REPORTERS[form](wanted, has_waived=waived)
    sys.exit(1 if wanted.has_errors else 0)


def _refuse_strangers(paths: tuple[Path, ...], docs_dir: Path) -> None:
    """End the command where it is asked to check what does not lie under docs/."""
    strangers = [path for path in paths if not path.resolve().is_relative_to(docs_dir.resolve())]
    if strangers:
        stop(f"{strangers[0]} 不在 {docs_dir} 里面，没有检查。请写 docs 文件夹里的文件，或加 --docs-dir", 2)


def _refuse_unknown(families: tuple[str, ...]) -> None:
    from gongkai.checks.rules import FAMILIES

    for family in families:
        if family not in FAMILIES:
            known = "、".join(f"{key}（{name}）" for key, name in FAMILIES.items())
            stop(f"--family: 没有“{family}”这一类。可用：{known}", 2)


def _checked(settings: "Settings", now: "datetime", asked: "Asked") -> "Checked":
    from gongkai.catalogue.history import HistoryError

    try:
        return checked_by(settings, now, asked)
    except HistoryError as problem:
        stop(f"--since {asked.since}: {problem}" if asked.since else f"--changed: {problem}", 2)


def checked_by(settings: "Settings", now: "datetime", asked: "Asked") -> "Checked":
    """The check run of a command, which remembers what was read; raises HistoryError."""
    from gongkai.checks.run import check_folder
    from gongkai.commands.progress import progress
    from gongkai.memory.pool import open_pool

    with _memory(settings.docs_dir) as memory, open_pool(jobs=None, scheduler=None) as workers, progress() as bar:
        return check_folder(
            settings.docs_dir,
            settings.site,
            now,
            asked,
            memory=memory,
            pool=workers,
            progress=lambda done, total: bar("sources", done, total),
            anchors_of=settings.anchors_of,
        )


@contextmanager
def _memory(docs_dir: Path) -> Iterator[Path]:
    """The folder that remembers what was read; one for this time only where there can be no other."""
    cache = cache_of(docs_dir)
    if cache:
        yield cache
        return
    with TemporaryDirectory(prefix="gongkai-") as folder:
        yield Path(folder)


def _wanted(found: "Checked", paths: tuple[Path, ...], families: tuple[str, ...]) -> "Checked":
    """What was asked about."""

    def is_wanted(finding: "Reported") -> bool:
        is_kind = not families or finding.kind.family in families
        return found.is_asked(finding) and is_kind and _is_under(Path(finding.path), paths)

    return replace(
        found,
        findings=tuple(filter(is_wanted, found.findings)),
        waived=tuple(one for one in found.waived if is_wanted(one.finding)),
    )


def _is_under(place: Path, paths: tuple[Path, ...]) -> bool:
    return not paths or any(place.resolve().is_relative_to(path.resolve()) for path in paths)


def _fixed(found: "Checked", paths: tuple[Path, ...], settings: "Settings", *, is_agreed: bool) -> bool:
    """Mend what was asked about, once somebody agreed; whether anything was written."""
    from gongkai.catalogue.sources import shown_path
    from gongkai.checks.fixing import changes

    asked_about = [
        one
        for one in found.decided
        for file in (settings.docs_dir / one.document.path,)
        if _is_under(file, paths) and (found.touched is None or shown_path(file) in found.touched)
    ]
    proposed = list(changes(settings.docs_dir, asked_about, settings.site.zone))
    if not proposed:
        click.echo("没有可以自动改正的写法。")
        return False
    for change in proposed:
        click.echo("".join(change.difference()), nl=False)
    if not is_agreed and not _agreed(len(proposed)):
        return False
    _write(proposed)
    return True


def _agreed(count: int) -> bool:
    """Whether the user at the terminal agrees; without a terminal nothing is agreed."""
    if sys.stdin.isatty():
        return click.confirm(f"写入以上 {count} 个文件的改动？")
    say([f"以上 {count} 个文件可以改正，还没有写入。要写入，请加 --yes"])
    return False


def _write(changes: "Iterable[Change]") -> None:
    written = []
    for change in changes:
        try:
            write_atomically(change.file, change.after)
        except OSError as problem:
            stop(f"{change.shown}：写不进去：{problem.strerror}。请检查权限，前面的文件已经改好", 2)
        written.append(change)
    click.echo(f"已改正 {len(written)} 个文件。")
    public = [f"  {change.shown}" for change in written if change.is_public]
    if public:
        heading = "下面的文件已经公开，文字有了改动。改的若不只是标点，请在“更正”里加一条说明（change-unnoted）："
        say([heading, *public])
