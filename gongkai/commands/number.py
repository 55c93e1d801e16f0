"""`gongkai number`: the next free index number, all that were used, and what one of them means."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gongkai.commands.options import archive_of, config_option, docs_option, now_option, settings_at, stop

if TYPE_CHECKING:
    from datetime import datetime

    from gongkai.catalogue.archive import Archive
    from gongkai.catalogue.numbers import Use
    from gongkai.engine.settings import Settings
    from gongkai.records.numbering import IndexNumber

year_option = click.option("--year", type=click.IntRange(1949, 2100), help="哪一年的号，默认是今年。")


@click.group(options_metavar="[选项]", subcommand_metavar="子命令 [参数]...", short_help="查信息索取号。")
def number() -> None:
    """查信息索取号：下一个可用的号、用过的号、某个号的意思。"""


@number.command("next", options_metavar="[选项]", short_help="下一个可用的号。")
@config_option
@docs_option
@year_option
@now_option
def next_command(config_file: Path | None, docs_dir: Path | None, year: int | None, now: str | None) -> None:
    """印出这一年下一个可用的信息索取号；公开的、撤回的、删去的、改过名的文件用过的号都不再用。"""
    settings, moment = settings_at(config_file, docs_dir, now)
    click.echo(issued(archive_of(settings), year or moment.year))


def issued(archive: "Archive", year: int) -> str:
    """The next free number of `year`; ends the command where there is none."""
    from gongkai.catalogue.numbers import used_numbers
    from gongkai.catalogue.register import BrokenRegisterError
    from gongkai.records.numbering import NumbersUsedUpError, next_number

    try:
        return next_number(archive.site.organisation.code, year, used_numbers(archive, year)).text
    except (BrokenRegisterError, NumbersUsedUpError) as problem:
        stop(str(problem), 1)


@number.command("list", options_metavar="[选项]", short_help="用过的号。")
@config_option
@docs_option
@year_option
@now_option
def list_command(config_file: Path | None, docs_dir: Path | None, year: int | None, now: str | None) -> None:
    """印出用过的信息索取号，一行一个：号、状态、标题、文件，中间是制表符。"""
    settings, moment = settings_at(config_file, docs_dir, now)
    for use in _uses(settings, moment, year or moment.year):
        if year is None or f"/{year}-" in use.number:
            click.echo("\t".join((use.number, use.state, use.title, use.path)))


@number.command("explain", options_metavar="[选项]", short_help="某个号的意思和用处。")
@click.argument("asked", metavar="信息索取号")
@config_option
@docs_option
@now_option
def explain_command(asked: str, config_file: Path | None, docs_dir: Path | None, now: str | None) -> None:
    """说明一个信息索取号：由什么组成、是不是本单位的、给了哪份文件。可以只写后半段。"""
    from gongkai.records.numbering import matching_numbers, parse_index_number

    settings, moment = settings_at(config_file, docs_dir, now)
    try:
        parsed = parse_index_number(asked)
    except ValueError as problem:
        stop(f"{problem}，实为“{asked}”", 2)
    known = {use.number: use for use in _uses(settings, moment, parsed.year or moment.year)}
    found = matching_numbers(asked, known)
    if len(found) > 1:
        stop(f"“{asked}”可能是：{'、'.join(found)}。请写完整", 1)
    shown = parse_index_number(found[0]) if found else parsed
    for line in (*_parts(shown, settings), *_use(known.get(found[0]) if found else None)):
        click.echo(line)


def _parts(parsed: "IndexNumber", settings: "Settings") -> Iterator[str]:
    """What the number is made of, and whose it is."""
    from gongkai.records.numbering import is_organisation_code, organisation_of

    yield f"信息索取号：{parsed}"
    if not parsed.is_regular:
        yield "不是“组织机构代码/年份-序号”的形式；旧号照原样保留，新号不会是这样"
        return
    own = organisation_of(parsed.organisation) == organisation_of(settings.site.organisation.code)
    whose = f"本单位（{settings.site.organisation.name}）" if own else "别的单位"
    check = "" if is_organisation_code(parsed.organisation) else "，校验位不符"
    yield f"组织机构代码：{parsed.organisation}（{whose}{check}）"
    yield f"年份：{parsed.year}　序号：{parsed.serial}"


def _use(use: "Use | None") -> Iterator[str]:
    if use is None:
        yield "没有用过。"
        return
    yield f"状态：{use.state}"
    if use.title:
        yield f"文件：《{use.title}》　{use.path}　发布时间 {use.published}"
    for path in use.moves:
        yield f"曾用位置：{path}"


def _uses(settings: "Settings", now: "datetime", year: int) -> "tuple[Use, ...]":
    from gongkai.catalogue.numbers import uses
    from gongkai.catalogue.register import BrokenRegisterError

    try:
        return uses(archive_of(settings), now, year=year)
    except BrokenRegisterError as problem:
        stop(str(problem), 1)
