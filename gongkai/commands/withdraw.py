"""`gongkai withdraw`: the proper way for a published document to go."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gongkai.commands.options import archive_of, config_option, docs_option, now_option, settings_at, stop
from gongkai.commands.register import entered
from gongkai.memory.files import write_atomically

if TYPE_CHECKING:
    from gongkai.catalogue.order import Decided


@click.command(options_metavar="[选项]", short_help="撤回一份公开过的文件，写明原因。")
@click.argument("number", metavar="信息索取号")
@click.option("--reason", metavar="原因", required=True, help="撤回的原因，会印在说明页上。")
@config_option
@docs_option
@now_option
def withdraw(number: str, reason: str, config_file: Path | None, docs_dir: Path | None, now: str | None) -> None:
    """撤回一份公开过的文件：正文和附件撤下，留下写明原因的说明页，网址和信息索取号不变。

    信息索取号可以只写后半段，如 2025-00003。
    """
    from gongkai.catalogue.sources import shown_path
    from gongkai.records.editing import quoted, with_field

    settings, moment = settings_at(config_file, docs_dir, now)
    docs = settings.docs_dir
    archive = archive_of(settings)
    one = _meant(number, archive.decided(moment))
    record, shown = one.document.record, shown_path(docs / one.document.path)
    if record.withdrawn:
        when = record.withdrawn.date.isoformat()
        click.echo(f"{shown}：已经撤回（{when}，{record.withdrawn.reason}），没有改动。")
        return
    if one.is_hidden:
        stop(f"{shown}：这份文件没有公开（{one.decision.reason}），不用撤回；不需要就直接删去", 1)
    if not reason.strip() or "\n" in reason:
        stop("--reason 应写一句原因，不能空着，也不能换行", 2)
    value = f"{{日期: {moment.date().isoformat()}, 原因: {quoted(reason.strip())}}}"
    data = with_field((docs / one.document.path).read_bytes(), "withdrawn", value)
    try:
        write_atomically(docs / one.document.path, data)
    except OSError as problem:
        stop(f"{shown}：写不进去：{problem.strerror}。请检查权限", 2)
    click.echo(f"已撤回：{shown}（{record.index}《{record.title}》）。原因会印在它的页面上。")
    in_register = entered(archive, [one.document.path], event="published", now=moment)
    click.echo(f"{in_register}请提交、推送。")


def _meant(asked: str, documents: "Sequence[Decided]") -> "Decided":
    """The one document that is meant; ends the command where there is none, or more than one."""
    from gongkai.records.numbering import matching_numbers

    found = matching_numbers(asked, (one.document.record.index.text for one in documents))
    if len(found) != 1:
        stop(_not_one(asked, found, [one.document.record.index.text for one in documents]), 1)
    return next(one for one in documents if one.document.record.index.text == found[0])


def _not_one(asked: str, found: Sequence[str], known: list[str]) -> str:
    from gongkai.records.vocabulary import nearest

    if found:
        return f"“{asked}”可能是：{'、'.join(found)}。请写完整"
    near = nearest(asked, known)
    return f"没有信息索取号是“{asked}”的文件。" + (f"是不是“{near}”？" if near else "请核对")
