"""`gongkai build`: docs/ to a site, all or nothing."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gongkai.commands.options import config_option, docs_option, say, stop

if TYPE_CHECKING:
    from gongkai.engine.build import Outcome, Request


@click.command(options_metavar="[选项]", short_help="生成网站。")
@config_option
@docs_option
@click.option(
    "--site-dir", type=click.Path(file_okay=False, path_type=Path), help="输出文件夹，默认按 mkdocs.yml（site）。"
)
@click.option("--clean", is_flag=True, help="不用以前的结果，全部重新生成。")
@click.option("--jobs", type=click.IntRange(min=1), help="同时工作的进程数，默认有几个处理器就用几个。")
@click.option(
    "--scheduler", metavar="地址", help="交给 dask 集群生成，如 tcp://127.0.0.1:8786（要先安装 distributed）。"
)
@click.option(
    "--precompress",
    type=click.Choice(["gz", "br"]),
    multiple=True,
    help="在页面旁边另存压缩好的文件，可写两次（br 要先安装 brotli）。",
)
@click.option(
    "--explain", "asked", metavar="路径", multiple=True, help="说明某个文件或网址为什么重新生成或没有，可写多次。"
)
@click.option("--now", metavar="时刻", help="按这一时刻决定哪些文件公开，如 2026-01-31T09:00；默认是现在。")
def build(  # noqa: PLR0913 - an argument for each option
    *,
    config_file: Path | None,
    docs_dir: Path | None,
    site_dir: Path | None,
    clean: bool,
    jobs: int | None,
    scheduler: str | None,
    precompress: tuple[str, ...],
    asked: tuple[str, ...],
    now: str | None,
) -> None:
    """生成网站。

    先检查全部文件；有一处错误就什么也不生成，原有网站不变。只重新生成有变化的部分，成功后整个换上新网站。
    """
    from importlib.util import find_spec

    from gongkai.engine.build import Request
    from gongkai.engine.settings import find_config

    if "br" in precompress and find_spec("brotli") is None:
        stop("--precompress br 要用 brotli：请在同一个 Python 环境里安装 brotli", 2)
    request = Request(
        find_config(config_file),
        docs_dir=docs_dir,
        site_dir=site_dir,
        now=now,
        clean=clean,
        jobs=jobs,
        scheduler=scheduler,
        compressions=tuple(sorted(set(precompress), reverse=True)),
    )
    _tell(_built(request), asked)


def _built(request: "Request") -> "Outcome":
    from gongkai.commands.progress import progress
    from gongkai.engine.build import build_site, quiet_mkdocs
    from gongkai.engine.edition import BuildFailedError

    try:
        with quiet_mkdocs(), progress() as tell:
            return build_site(request, tell)
    except BuildFailedError as problem:
        stop(str(problem), problem.exit_code)


def _tell(outcome: "Outcome", asked: tuple[str, ...]) -> None:
    """What was done and why, what was asked about, and where it all stands."""
    from gongkai.engine.report import explained

    summary = outcome.summary
    if summary.warnings:
        say([f"有 {summary.warnings} 条提醒（不影响生成），运行 gongkai check 查看。"])
    for line in outcome.report.lines():
        click.echo(line)
    for path in asked:
        click.echo(explained(path, outcome.docs_dir, outcome.manifest, outcome.report))
    click.echo(f"{'网站没有变化' if outcome.report.is_nothing else '已生成网站'}：{outcome.site_dir}")
    click.echo(
        f"公开文件 {len(summary.documents)} 件"
        + (f"，另有 {summary.hidden} 件未到或不予公开。" if summary.hidden else "。")
    )
