"""`gongkai check`: every finding in the documents, for people, for programs or for a workflow."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from gongkai.commands.options import config_option, docs_option, now_option, settings_at, stop

if TYPE_CHECKING:
    from datetime import datetime

    from gongkai.checks.settling import Settled
    from gongkai.engine.examining import Examined, Scope
    from gongkai.engine.settings import Settings
    from gongkai.records.findings import Finding


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
    from gongkai.commands.reporting import REPORTERS
    from gongkai.engine.examining import Scope

    settings, moment = settings_at(config_file, docs_dir, now)
    _refuse_strangers(paths, settings.docs_dir)
    _refuse_unknown(families)
    if fix and form != "text":
        stop("--fix 要显示改动，只与 --format text 同用。请去掉其中一个", 2)
    if yes and not fix:
        stop("--yes 只与 --fix 同用。请加上 --fix，或去掉 --yes", 2)
    scope = Scope(since, is_narrow=changed, is_online=online)
    found = _examined(settings, moment, scope)
    if fix and _fixed(found, paths, settings, is_agreed=yes):
        found = _examined(settings, moment, scope)
    told = _wanted(found, paths, families)
    REPORTERS[form](told, len(found.checked.documents), has_waived=waived)
    sys.exit(1 if any(finding.is_error for finding in told.findings) else 0)


def _refuse_strangers(paths: tuple[Path, ...], docs_dir: Path) -> None:
    """End the command where it is asked to check what does not lie under docs/."""
    strangers = [path for path in paths if not path.resolve().is_relative_to(docs_dir.resolve())]
    if strangers:
        stop(
            f"{strangers[0]} 不在 {docs_dir} 里面，没有检查。请写 docs 文件夹里的文件，或加 --docs-dir",
            2,
        )


def _refuse_unknown(families: tuple[str, ...]) -> None:
    from gongkai.records.findings import FAMILIES

    for family in families:
        if family not in FAMILIES:
            known = "、".join(f"{key}（{name}）" for key, name in FAMILIES.items())
            stop(f"--family: 没有“{family}”这一类。可用：{known}", 2)


def _examined(settings: "Settings", moment: "datetime", scope: "Scope") -> "Examined":
    from gongkai.catalogue.history import HistoryError
    from gongkai.commands.checking import examined

    try:
        return examined(settings, moment, scope)
    except HistoryError as problem:
        _refuse(scope, str(problem))


def _refuse(scope: "Scope", why: str) -> NoReturn:
    stop(f"--since {scope.since}: {why}" if scope.since else f"--changed: {why}", 2)


def _fixed(found: "Examined", paths: tuple[Path, ...], settings: "Settings", *, is_agreed: bool) -> bool:
    """Whether something was written."""
    from gongkai.commands.fixing import fix_files

    everything = (one.document.path for one in found.checked.decided)
    wanted = [path for path in everything if _is_under(settings.docs_dir / path, paths)]
    if found.touched is not None:
        from gongkai.catalogue.sources import shown_path

        wanted = [path for path in wanted if shown_path(settings.docs_dir / path) in found.touched]
    return fix_files(wanted, found.checked, settings, is_agreed=is_agreed)


def _wanted(found: "Examined", paths: tuple[Path, ...], families: tuple[str, ...]) -> "Settled":
    """What was asked about."""
    from gongkai.checks.settling import Settled

    def is_wanted(finding: "Finding") -> bool:
        is_kind = not families or finding.kind.family in families
        return found.is_near(finding) and is_kind and _is_under(Path(finding.path), paths)

    told = found.settled
    return Settled(
        tuple(filter(is_wanted, told.findings)),
        tuple(one for one in told.waived if is_wanted(one.finding)),
        told.silenced,
    )


def _is_under(place: Path, paths: tuple[Path, ...]) -> bool:
    return not paths or any(place.resolve().is_relative_to(path.resolve()) for path in paths)
