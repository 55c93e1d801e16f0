"""`gongkai serve`: the site on this machine, made anew whenever a file is saved."""

from pathlib import Path

import click

from gongkai.commands.options import config_option, docs_option, stop


@click.command(options_metavar="[选项]", short_help="在本机预览网站，保存文件后自动刷新。")
@config_option
@docs_option
@click.option("-a", "--address", default="127.0.0.1:8000", show_default=True, help="本机地址和端口。")
@click.option("--jobs", type=click.IntRange(min=1), help="同时工作的进程数，默认有几个处理器就用几个。")
@click.option("--now", metavar="时刻", help="按这一时刻决定哪些文件公开，如 2026-01-31T09:00；默认是现在。")
def serve(config_file: Path | None, docs_dir: Path | None, address: str, jobs: int | None, now: str | None) -> None:
    """在本机预览网站，保存文件后自动刷新；按 Ctrl+C 结束。

    预览里还有工作人员手册（/handbook/），正式网站里没有。
    """
    from gongkai.engine.build import Request
    from gongkai.engine.edition import BuildFailedError
    from gongkai.engine.serving import serve_site
    from gongkai.engine.settings import find_config
    from gongkai.site import SettingsError

    try:
        serve_site(Request(find_config(config_file), docs_dir=docs_dir, now=now, jobs=jobs), address=address)
    except BuildFailedError as problem:
        stop(str(problem), problem.exit_code)
    except SettingsError as problem:
        stop(str(problem), 2)
