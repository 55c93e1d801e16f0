"""`gongkai report`: what a push makes public, changes and takes from view."""

import json
from pathlib import Path

import click

from gongkai.commands.options import archive_of, config_option, docs_option, now_option, settings_at, stop


@click.command(options_metavar="[选项]", short_help="推送报告：会公开什么、改动什么、撤下什么。")
@config_option
@docs_option
@click.option("--since", metavar="提交", default="", help="与 git 的这个提交比较；默认是上一次推送。")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="输出格式；markdown 用作合并请求的评论。",
)
@click.option("--site-url", metavar="网址", default="", help="网站的网址，各页的链接由它开头。")
@click.option("--preview-url", metavar="网址", default="", help="预览的网址；写了就链接到预览。")
@now_option
def report(  # noqa: PLR0913 - an argument for each option
    *,
    config_file: Path | None,
    docs_dir: Path | None,
    since: str,
    form: str,
    site_url: str,
    preview_url: str,
    now: str | None,
) -> None:
    """推送报告：与推送以前相比，哪些文件将要公开、哪些公开的内容有变化、哪些不再公开。

    定时公开的和不公开的也列出来，并写明原因。有错误的文件不在报告里，请先运行 gongkai check。
    """
    from gongkai.catalogue.history import HistoryError
    from gongkai.checks.push_report import as_markdown, as_text, report_since

    settings, moment = settings_at(config_file, docs_dir, now)
    present = archive_of(settings).decided(moment)
    try:
        found = report_since(settings.docs_dir, settings.site, moment, present, since=since)
    except HistoryError as problem:
        stop(f"--since {since}: {problem}" if since else str(problem), 2)
    if form == "json":
        click.echo(json.dumps([item._asdict() for item in found.items], ensure_ascii=False, indent=1))
    else:
        written = as_markdown if form == "markdown" else as_text
        click.echo(written(found, site=site_url, preview=preview_url).rstrip("\n"))
