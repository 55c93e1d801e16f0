"""`gongkai release`: the published versions of a site that receives pushes, and going back to one."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gongkai.commands.receive import opened, repository_option

if TYPE_CHECKING:
    from gongkai.receiving.publication import Server
    from gongkai.receiving.releases import Release


@click.group(options_metavar="[选项]", subcommand_metavar="子命令 [参数]...", short_help="发布过的版本。")
def release() -> None:
    """发布过的版本：列出、退回、清理。"""


@release.command("list", options_metavar="[选项]", short_help="列出留着的版本。")
@repository_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="输出格式。",
)
def list_command(repository: Path, form: str) -> None:
    """列出留着的版本，新的在前：版本、什么时候的、公开文件件数、是不是正在公布的。"""
    from gongkai.receiving.publication import pinned
    from gongkai.receiving.releases import json_of, plain

    with opened(repository) as server:
        current, pin = server.shelf.current(), pinned(server)
        shown = current.name if current else ""
        releases = server.shelf.releases()
        if form == "json":
            rows = (plain(one, is_current=one.name == shown, is_pinned=one.name == pin) for one in releases)
            click.echo(json_of(rows))
            return
        for one in releases:
            click.echo(_line(one, is_current=one.name == shown, is_pinned=one.name == pin))


def _line(one: "Release", *, is_current: bool, is_pinned: bool) -> str:
    marks = ("正在公布" if is_current else "") + ("，已固定" if is_pinned else "")
    return "\t".join(
        (one.name, f"{one.facts.at:%Y-%m-%d %H:%M:%S}", f"{one.facts.public} 件", marks)
    ).rstrip()


@release.command(options_metavar="[选项]", short_help="退回到以前的版本。")
@click.argument("asked", required=False, default="", metavar="[版本]")
@repository_option
@click.option("--force", is_flag=True, help="即使会让现在不公开的内容重新公开，也退回。")
def rollback(asked: str, repository: Path, force: bool) -> None:
    """退回到以前的版本，不写版本就是前一个。网站固定在这个版本，到下一次推送或 unpin 为止。

    会让已撤回、已到期的文件重新公开的，不退回，除非加 --force。
    """
    from gongkai.receiving.publication import roll_back

    with opened(repository) as server:
        target = roll_back(server, asked, is_forced=force)
        click.echo(
            f"已退回到版本 {target.name}，网站固定在这个版本，到下一次推送或 gongkai release unpin 为止。"
        )


@release.command(options_metavar="[选项]", short_help="取消固定，回到主分支的最新内容。")
@repository_option
def unpin(repository: Path) -> None:
    """取消固定，公布主分支的最新内容。"""
    from gongkai.receiving.publication import unpin as let_go

    with opened(repository) as server:
        click.echo("已取消固定。" if let_go(server) else "没有固定的版本。")


@release.command(options_metavar="[选项]", short_help="清理旧版本。")
@repository_option
@click.option("--keep", type=click.IntRange(min=1), help="留几个，默认按设置。")
def prune(repository: Path, keep: int | None) -> None:
    """删去多余的旧版本，以及会公开现在不公开的内容的旧版本。正在公布的总是留着。"""
    with opened(repository) as server:
        _pruned(server, keep or server.settings.keep)


def _pruned(server: "Server", keep: int) -> None:
    from gongkai.receiving.publication import prune as drop_old

    gone = drop_old(server, keep)
    for one in gone:
        click.echo(f"已删去版本 {one.name}")
    click.echo(f"删去 {len(gone)} 个版本，留着 {len(server.shelf.releases())} 个。")
