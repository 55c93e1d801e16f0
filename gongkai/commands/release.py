"""`gongkai release`: the published versions of a site that receives pushes, and going back to one."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gongkai.commands.receive import opened, repository_option

if TYPE_CHECKING:
    from gongkai.receiving.releases import Release
    from gongkai.receiving.server import Server


@click.group(options_metavar="[选项]", subcommand_metavar="子命令 [参数]...", short_help="发布过的版本。")
def release() -> None:
    """发布过的版本：列出、退回、清理。"""


@release.command("list", options_metavar="[选项]", short_help="列出留着的版本。")
@repository_option
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="输出格式。"
)
def list_command(repository: Path, form: str) -> None:
    """列出留着的版本，新的在前：版本、什么时候的、公开文件件数、是不是正在公布的。"""
    with opened(repository) as server:
        current, releases = server.releases.current(), server.releases.newest_first()
        name = current.name if current else ""
        if form == "json":
            rows = [_row(release, current=name, pinned=server.pinned) for release in releases]
            click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        for release in releases:
            click.echo(_line(release, current=name, pinned=server.pinned))


def _row(release: "Release", *, current: str, pinned: str) -> dict[str, object]:
    info = release.info
    return {
        "release": release.name,
        "commit": info.commit,
        "at": info.at.isoformat(),
        "until": info.until.isoformat() if info.until else None,
        "documents": info.public,
        "current": release.name == current,
        "pinned": release.name == pinned,
    }


def _line(release: "Release", *, current: str, pinned: str) -> str:
    marks = ("正在公布" if release.name == current else "") + ("，已固定" if release.name == pinned else "")
    info = release.info
    return "\t".join((release.name, f"{info.at:%Y-%m-%d %H:%M:%S}", f"{info.public} 件", marks)).rstrip()


@release.command(options_metavar="[选项]", short_help="退回到以前的版本。")
@click.argument("asked", required=False, default="", metavar="[版本]")
@repository_option
@click.option("--force", is_flag=True, help="即使会让现在不公开的内容重新公开，也退回。")
def rollback(asked: str, repository: Path, force: bool) -> None:
    """退回到以前的版本，不写版本就是前一个。网站固定在这个版本，到下一次推送或 unpin 为止。

    会让已撤回、已到期的文件重新公开的，不退回，除非加 --force。
    """
    from gongkai.receiving.upkeep import roll_back

    with opened(repository) as server:
        target = roll_back(server, asked, is_forced=force)
        click.echo(f"已退回到版本 {target.name}，网站固定在这个版本，到下一次推送或 gongkai release unpin 为止。")


@release.command(options_metavar="[选项]", short_help="取消固定，回到主分支的最新内容。")
@repository_option
def unpin(repository: Path) -> None:
    """取消固定，公布主分支的最新内容。"""
    from gongkai.receiving.upkeep import unpin as unpin_release

    with opened(repository) as server:
        click.echo("已取消固定。" if unpin_release(server) else "没有固定的版本。")


@release.command(options_metavar="[选项]", short_help="清理旧版本。")
@repository_option
@click.option("--keep", type=click.IntRange(min=1), help="留几个，默认按设置。")
def prune(repository: Path, keep: int | None) -> None:
    """删去多余的旧版本，以及会公开现在不公开的内容的旧版本。正在公布的总是留着。"""
    with opened(repository) as server:
        _prune(server, keep or server.settings.keep)


def _prune(server: "Server", keep: int) -> None:
    from gongkai.receiving.upkeep import prune as remove_old

    gone = remove_old(server, keep)
    for one in gone:
        click.echo(f"已删去版本 {one.name}")
    click.echo(f"删去 {len(gone)} 个版本，留着 {len(server.releases.newest_first())} 个。")
