"""`gongkai check`: every finding in the documents, for people or as JSON."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scripts.options import config_option, docs_option, now_option, settings_at, stop

if TYPE_CHECKING:
    from datetime import datetime

    from hooks.engine.settings import Settings
    from hooks.records.findings import Finding


@click.command(options_metavar="[选项]", short_help="检查文件，列出错误和提醒。")
@click.argument("paths", nargs=-1, metavar="[文件或文件夹]...", type=click.Path(exists=True, path_type=Path))
@config_option
@docs_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
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
@now_option
def check(
    *,
    paths: tuple[Path, ...],
    config_file: Path | None,
    docs_dir: Path | None,
    form: str,
    since: str,
    now: str | None,
) -> None:
    """检查文件，列出错误和提醒；不写文件或文件夹就检查全部。

    错误必须改正，否则不能生成网站；提醒不影响生成。有错误时退出码为 1。
    """
    settings, moment = settings_at(config_file, docs_dir, now)
    _refuse_strangers(paths, settings.docs_dir)
    found, total = _found(settings, moment, since)
    findings = [finding for finding in found if _is_wanted(finding, paths)]
    errors = sum(finding.is_error for finding in findings)
    if form == "json":
        click.echo(json.dumps([_plain(finding) for finding in findings], ensure_ascii=False, indent=1))
    else:
        _print(findings)
        click.echo(f"检查完毕：{len(findings) - errors} 条提醒，{errors} 处错误（可读文件 {total} 件）。")
    sys.exit(1 if errors else 0)


def _refuse_strangers(paths: tuple[Path, ...], docs_dir: Path) -> None:
    """End the command where it is asked to check what does not lie under docs/."""
    strangers = [path for path in paths if not path.resolve().is_relative_to(docs_dir.resolve())]
    if strangers:
        stop(
            f"{strangers[0]} 不在 {docs_dir} 里面，没有检查。请写 docs 文件夹里的文件，或加 --docs-dir",
            2,
        )


def _found(settings: "Settings", moment: "datetime", since: str) -> "tuple[list[Finding], int]":
    """Every finding, those on attachments' texts among them, and how many documents could be read."""
    from hooks.catalogue.history import HistoryError
    from hooks.catalogue.order import public_documents
    from hooks.checks.archive import check_archive
    from hooks.checks.attached import attached_findings

    docs_dir = settings.docs_dir
    try:
        checked = check_archive(docs_dir, settings.site, moment, since=since)
    except HistoryError as problem:
        stop(f"--since {since}: {problem}", 2)
    documents = public_documents(checked.decided)
    told = [one for public in documents for one in attached_findings(public, docs_dir)]
    return sorted([*checked.findings, *told]), len(checked.documents)


def _is_wanted(finding: "Finding", paths: tuple[Path, ...]) -> bool:
    place = Path(finding.path).resolve()
    return not paths or any(place.is_relative_to(path.resolve()) for path in paths)


def _print(findings: Iterable["Finding"]) -> None:
    for finding in findings:
        kind = "错误" if finding.is_error else "提醒"
        click.echo(f"{finding} [{kind} {finding.code}]", err=True)


def _plain(finding: "Finding") -> dict[str, str | int]:
    return {
        "path": finding.path,
        "line": finding.line,
        "field": finding.field,
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
    }
