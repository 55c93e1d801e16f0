"""`gongkai new`: a document begun with its number, its dates and its fields, from last year's where there is one."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gongkai.commands.asking import asked, chosen, is_attended
from gongkai.commands.number import issued
from gongkai.commands.options import archive_of, config_option, docs_option, now_option, settings_at, stop

if TYPE_CHECKING:
    from datetime import datetime

    from gongkai.catalogue.archive import Archive
    from gongkai.catalogue.drafts import Draft, Wishes
    from gongkai.catalogue.series import Series
    from gongkai.records.reading import Document
    from gongkai.site import Column, Site


@click.command(options_metavar="[选项]", short_help="新建一份文件，编好信息索取号。")
@click.option("--column", "column_key", metavar="栏目", help="放入哪个栏目，如 notices。")
@click.option("--title", metavar="标题", help="文件名称。")
@click.option("--department", metavar="部门", help="责任部门。")
@click.option("--name", metavar="文件名", help="存成什么文件名，默认用信息索取号的后半段。")
@click.option("--like", metavar="文件", help="按这份文件的框架起草下一年的，写信息索取号或路径。")
@click.option(
    "--draft/--no-draft", default=None, help="是否标为草稿：删去“时效: 草稿”一行才会公开。用 --like 时默认标上。"
)
@click.option("--edit", is_flag=True, help="建好以后用编辑器打开。")
@config_option
@docs_option
@now_option
def new(  # noqa: PLR0913 - an argument for each option
    *,
    column_key: str | None,
    title: str | None,
    department: str | None,
    name: str | None,
    like: str | None,
    draft: bool | None,
    edit: bool,
    config_file: Path | None,
    docs_dir: Path | None,
    now: str | None,
) -> None:
    """新建一份文件：编好信息索取号，填好日期和默认的字段，接着写正文就行。

    没有写的选项会问；每年都有的文件，可以按上一年的框架起草。生成日期是今天，发布时间是现在，
    正文写好、推送之前都可以改；推送以后，到了发布时间就公开。
    """
    from gongkai.catalogue.drafts import DraftError, Wishes, create

    settings, moment = settings_at(config_file, docs_dir, now)
    archive = archive_of(settings)
    wishes = Wishes(title, department, name, draft)
    try:
        planned = _planned(archive, moment, wishes, column_key=column_key, like=like)
        number = issued(archive, moment.year)
        target = create(planned, archive, number, moment)
    except DraftError as problem:
        stop(str(problem), problem.exit_code)
    for line in _lines(target, number, planned):
        click.echo(line)
    if edit:
        click.edit(filename=str(target))


def _planned(
    archive: "Archive", now: "datetime", wishes: "Wishes", *, column_key: str | None, like: str | None
) -> "Draft":
    """The wishes, and the answers to what they leave open."""
    from gongkai.catalogue.drafts import document_like, following, fresh_draft, series_to_go_on

    if like:
        model = document_like(like, archive)
        return following(model, archive, _column_of(model, archive.site, column_key), wishes)
    column = _column(archive.site, column_key)
    if not wishes.title:
        model_of_series = _offered(series_to_go_on(archive, column, now))
        if model_of_series:
            return following(model_of_series, archive, column, wishes)
    title = asked("标题", "--title", wishes.title)
    return fresh_draft(column, replace(wishes, title=title, department=_department(archive, column, wishes.department)))


def _column_of(model: "Document", site: "Site", given: str | None) -> "Column":
    """The model's own column; ends the command where another was asked for."""
    column = site.column_by_key.get(model.column) or _column(site, given)
    if given and given not in (column.key, column.name):
        stop(f"--column {given}：--like 的文件在“{column.name}”栏目，两项只写一项", 2)
    return column


def _offered(series: "Sequence[Series]") -> "Document | None":
    """The document whose next year's the clerk wants; without a clerk the command ends and says what there is."""
    from gongkai.catalogue.series import years_on

    pairs = [(years_on(one.documents[0].record.title, 1), one.documents[0]) for one in series]
    if pairs and not is_attended():
        hints = (f"  --like {old.record.index}　起草《{then}》" for then, old in pairs)
        stop("\n".join(["缺少 --title。每年都有的文件也可以按上一年的框架起草：", *hints]), 2)
    for then, old in pairs:
        if click.confirm(f"按《{old.record.title}》的框架起草《{then}》吗？", default=len(pairs) == 1):
            return old
    return None


def _column(site: "Site", given: str | None) -> "Column":
    """The column by its key or its name."""
    columns = site.columns
    choices = "可用：" + "、".join(f"{column.key}（{column.name}）" for column in columns)
    if not given and is_attended():
        given = chosen("栏目", [(column.key, column.name) for column in columns], {})
    name = asked("栏目", "--column", given, choices)
    found = next((column for column in columns if name in (column.key, column.name)), None)
    return found or stop(f"没有“{name}”这个栏目。{choices}", 2)


def _department(archive: "Archive", column: "Column", given: str | None) -> str:
    """The department; asked only where somebody sits there and the folder's defaults have none."""
    departments = archive.site.departments
    is_filled = archive.defaults.of(column.key).values.get("department")
    if given is not None or not is_attended() or not departments or is_filled:
        return (given or "").strip()
    names = [(one.name, one.name) for one in departments]
    return chosen("责任部门", names, {one.key: one.name for one in departments}, none="（不填）")


def _lines(target: Path, number: str, draft: "Draft") -> "Iterator[str]":
    """What was done, and what comes next."""
    from gongkai.catalogue.sources import shown_path

    yield f"已新建：{shown_path(target)}（{number}）"
    if draft.model:
        skeleton = "保留了各级标题和表格的表头" if draft.body else "原文没有标题，正文留空"
        yield f"框架取自《{draft.model}》，年份顺延一年：{skeleton}，数字和文字没有照抄。"
    lift = "删去“时效: 草稿”一行才会公开。" if draft.fields.get("status") else ""
    yield f"写好正文后运行 gongkai check。{lift}"
