"""`gongkai build`: docs/ to a site, all or nothing."""

from pathlib import Path

import click

from scripts.options import config_option, docs_option, say, stop


@click.command(options_metavar="[选项]", short_help="生成网站。")
@config_option
@docs_option
@click.option(
    "--site-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="输出文件夹，默认按 mkdocs.yml（site）。",
)
@click.option("--clean", is_flag=True, help="不用以前的结果，全部重新生成（目前每次都是全部重新生成）。")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="同时工作的进程数（目前只用一个）。",
)
@click.option("--now", metavar="时刻", help="按这一时刻决定哪些文件公开，如 2026-01-31T09:00；默认是现在。")
def build(
    config_file: Path | None,
    docs_dir: Path | None,
    site_dir: Path | None,
    clean: bool,
    jobs: int,
    now: str | None,
) -> None:
    """生成网站。

    先检查全部文件；有一处错误就什么也不生成，原有网站不变。成功后整个换上新网站。
    """
    from hooks.engine.build import BuildFailedError, build_site, quiet_mkdocs
    from hooks.engine.settings import find_config

    try:
        with quiet_mkdocs():
            folder, edition = build_site(
                find_config(config_file), docs_dir=docs_dir, site_dir=site_dir, now=now
            )
    except BuildFailedError as problem:
        stop(str(problem), problem.exit_code)
    warnings = len(edition.checked.findings)
    if warnings:
        say([f"有 {warnings} 条提醒（不影响生成），运行 gongkai check 查看。"])
    hidden = len(edition.checked.documents) - len(edition.documents)
    click.echo(f"已生成网站：{folder}")
    click.echo(
        f"公开文件 {len(edition.documents)} 件" + (f"，另有 {hidden} 件未到或不予公开。" if hidden else "。")
    )
