"""`gongkai receive`: a bare repository that publishes what is pushed to it."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gongkai.commands.options import stop

if TYPE_CHECKING:
    from gongkai.receiving.repository import Update
    from gongkai.receiving.server import Server

#: Control characters of a pushed file's name or text, which a terminal would obey.
_CONTROL = dict.fromkeys((*range(9), *range(10, 32), *range(127, 160)), "�")

repository_option = click.option(
    "--repository",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="收推送的仓库，默认是当前文件夹。",
)
instant_option = click.option(
    "--now", metavar="时刻", help="当作是这一时刻，只用于试验，如 2026-01-31T09:00；默认是现在。"
)


@click.group(options_metavar="[选项]", subcommand_metavar="子命令 [参数]...", short_help="收推送并发布。")
def receive() -> None:
    """收推送并发布：推送到主分支，检查通过就公布；推送到其他分支，生成预览。"""


@receive.command(options_metavar="[选项]", short_help="建立或修好收推送的仓库。")
@click.argument("path", metavar="仓库", type=click.Path(file_okay=False, path_type=Path))
@click.option("--site", type=click.Path(file_okay=False, path_type=Path), help="网站文件夹，如 /srv/www。")
@click.option("--base-url", default="", metavar="网址", help="网站的网址，默认按推送来的 mkdocs.yml。")
@click.option("--branch", default="main", show_default=True, metavar="分支", help="推送到哪个分支就发布。")
@click.option("--keep", default=10, show_default=True, type=click.IntRange(min=1), help="留几个版本。")
def init(path: Path, site: Path | None, base_url: str, branch: str, keep: int) -> None:
    """建立收推送的仓库。再运行一次只修好钩子，已有的设置和内容不变。"""
    from pydantic import ValidationError

    from gongkai.receiving.repository import SetUpError
    from gongkai.receiving.server import Settings, set_up

    try:
        given = Settings(site=site.absolute(), base_url=base_url, branch=branch, keep=keep) if site else None
        set_up(path, program(), given, echo=click.echo)
    except ValidationError:
        stop(f"--base-url 应以 http:// 或 https:// 开头，--branch 应为分支名，实为“{base_url}”“{branch}”", 2)
    except (SetUpError, OSError) as problem:
        stop(str(problem), 2)


@receive.command(options_metavar="[选项]", short_help="由钩子调用：推送被接受以前检查并生成。")
def accept() -> None:
    """由 git 的 pre-receive 钩子调用：检查推送的内容并生成网站，不合格就不接受。"""
    from gongkai.receiving.accept import accept as accept_push

    quarantine = os.environ.get("GIT_QUARANTINE_PATH")
    with opened(Path()) as server:
        accept_push(server, _updates(), Path(quarantine).absolute() if quarantine else None)


@receive.command(options_metavar="[选项]", short_help="由钩子调用：推送被接受以后发布。")
def publish() -> None:
    """由 git 的 post-receive 钩子调用：公布主分支，为其他分支生成预览。"""
    import signal

    from gongkai.receiving.publish import publish as publish_push

    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # whoever pushed may hang up; what was accepted is published
    with opened(Path()) as server:
        publish_push(server, _updates())


@receive.command(options_metavar="[选项]", short_help="到时的公开，到期的撤下。")
@repository_option
@instant_option
def tick(repository: Path, now: str | None) -> None:
    """有文件到了公开、撤下或失效的时刻，就重新生成并公布；没有就什么也不做。由定时任务调用。"""
    from gongkai.receiving.upkeep import tick as tick_once

    with opened(repository, now) as server:
        tick_once(server)


@receive.command(options_metavar="[选项]", short_help="出过故障以后，恢复到应有的样子。")
@repository_option
@instant_option
def repair(repository: Path, now: str | None) -> None:
    """按主分支重新核对并公布，清理半途而废的文件，重新生成各分支的预览。"""
    from gongkai.receiving.upkeep import repair as repair_all

    with opened(repository, now) as server:
        repair_all(server)


@receive.command(options_metavar="[选项]", short_help="印出 Nginx 的配置。")
@repository_option
@click.option("--server-name", required=True, metavar="域名", help="网站的域名，如 gongkai.example。")
@click.option("--listen", default="80", show_default=True, metavar="端口", help="监听的端口，或“地址:端口”。")
def nginx(repository: Path, server_name: str, listen: str) -> None:
    """印出 Nginx 的配置，存到 /etc/nginx/conf.d/ 就能用。"""
    from gongkai.receiving.server import nginx as configuration

    with opened(repository) as server:
        click.echo(configuration(server.settings, server_name=server_name, listen=listen), nl=False)


@receive.command(options_metavar="[选项]", short_help="印出 systemd 的定时任务。")
@repository_option
@click.option("--user", default="git", show_default=True, metavar="账户", help="用哪个系统账户运行。")
def systemd(repository: Path, user: str) -> None:
    """印出 systemd 的单元文件：每分钟看一次有没有到时的文件；旧网址有变化时让 Nginx 重读配置。"""
    from gongkai.receiving.server import systemd as units

    with opened(repository) as server:
        click.echo(units(server.repository, server.settings, program(), user=user), nl=False)


def program() -> Path:
    """The `gongkai` of this installation."""
    return Path(sys.executable).with_name("gongkai")


def _updates() -> "list[Update]":
    from gongkai.receiving.repository import read_updates

    return read_updates(sys.stdin.read())


@contextmanager
def opened(path: Path, now: str | None = None) -> "Iterator[Server]":
    """The server at `path`; what stops it ends the command, a push with 1, a set-up with 2."""
    from gongkai.commands.progress import Lines
    from gongkai.engine.build import quiet_mkdocs
    from gongkai.engine.edition import BuildFailedError
    from gongkai.receiving.repository import BusyError, RefusedError, SetUpError
    from gongkai.receiving.server import server_at
    from gongkai.site import SettingsError

    os.umask(0o022)  # what is published is for a web server to read, whoever pushed
    try:
        with quiet_mkdocs():
            yield server_at(path, _clock(now), echo, Lines(lambda line: echo(f"  {line}")))
    except (RefusedError, SettingsError) as problem:
        for line in problem.args:
            echo(line)
        sys.exit(1)
    except BusyError as problem:
        stop(f"{problem}。没有做什么，网站没有变化。请过一会儿再试一次。", 1)
    except BuildFailedError as problem:
        stop(str(problem), problem.exit_code)
    except (SetUpError, OSError) as problem:
        stop(f"{problem}\n没有做完，网站没有变化。请告诉网站管理员。", 2)


def _clock(now: str | None) -> Callable[[], datetime]:
    from zoneinfo import ZoneInfo

    from gongkai.records.dates import read_moment

    zone = ZoneInfo("Asia/Shanghai")
    if not now:
        return lambda: datetime.now(zone)
    try:
        moment = read_moment(now, zone)[0]
    except ValueError as problem:
        stop(f"--now: {problem}，实为“{now}”", 2)
    return lambda: moment


def echo(line: str) -> None:
    """Print a line, or several, at once; whoever pushed may have hung up."""
    with suppress(BrokenPipeError):
        for part in line.split("\n"):
            click.echo(part.translate(_CONTROL))
        sys.stdout.flush()
