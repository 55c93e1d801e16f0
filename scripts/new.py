"""`gongkai new`: a document begun with its number, its dates and its fields."""

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scripts.files import put
from scripts.number import issued
from scripts.options import config_option, docs_option, now_option, settings_at, stop

if TYPE_CHECKING:
    from datetime import datetime

    from hooks.engine.settings import Settings
    from hooks.site import Column


@click.command(options_metavar="[选项]", short_help="新建一份文件，编好信息索取号。")
@click.option("--column", "column_key", metavar="栏目", help="放入哪个栏目，如 notices。")
@click.option("--title", metavar="标题", help="文件名称。")
@click.option("--department", metavar="部门", default="", help="责任部门。")
@click.option("--name", metavar="文件名", help="存成什么文件名，默认用信息索取号的后半段。")
@click.option("--draft", is_flag=True, help="标为草稿：删去“时效: 草稿”一行才会公开。")
@config_option
@docs_option
@now_option
def new(  # noqa: PLR0913 - an argument for each option
    *,
    column_key: str | None,
    title: str | None,
    department: str,
    name: str | None,
    draft: bool,
    config_file: Path | None,
    docs_dir: Path | None,
    now: str | None,
) -> None:
    """新建一份文件：编好信息索取号，填好日期和默认的字段，接着写正文就行。

    生成日期是今天，发布时间是现在，正文写好、推送之前都可以改；推送以后，到了发布时间就公开。
    """
    from hooks.catalogue.sources import shown_path

    settings, moment = settings_at(config_file, docs_dir, now)
    column = _column(settings, column_key or _asked("栏目", "--column", _choices(settings)))
    title = (title or _asked("标题", "--title")).strip()
    number = issued(settings, moment.year)
    target = settings.docs_dir / column.key / f"{_stem(name, number)}.md"
    if target.exists():
        stop(f"{shown_path(target)}: 已有这个文件，没有改动。请用 --name 另起文件名", 1)
    given = {"title": title, "index": number, "department": department, "status": "草稿" if draft else ""}
    text = _text(settings, column, moment, given)
    _refuse_wrong(text, target, settings)
    try:
        put(target, text.encode())
    except OSError as problem:
        stop(f"{shown_path(target)}：写不进去：{problem.strerror}。请检查权限", 2)
    click.echo(f"已新建：{shown_path(target)}（{number}）")
    click.echo("写好正文后运行 gongkai check。" + ("删去“时效: 草稿”一行才会公开。" if draft else ""))


def _asked(what: str, option: str, hint: str = "") -> str:
    """The answer of whoever sits there; ends the command where nobody does."""
    if not sys.stdin.isatty():
        stop(f"缺少 {option}" + (f"。{hint}" if hint else ""), 2)
    answer: str = click.prompt(f"{what}（{hint}）" if hint else what)
    return answer


def _choices(settings: "Settings") -> str:
    return "可用：" + "、".join(f"{column.key}（{column.name}）" for column in settings.site.columns)


def _column(settings: "Settings", asked: str) -> "Column":
    """The column by its key or its name."""
    found = next((c for c in settings.site.columns if asked.strip() in (c.key, c.name)), None)
    return found or stop(f"没有“{asked}”这个栏目。{_choices(settings)}", 2)


def _stem(name: str | None, number: str) -> str:
    wanted = (name or number.rpartition("/")[2]).removesuffix(".md")
    return re.sub(r"[^\w-]+", "-", wanted).strip("-") or "document"


def _text(settings: "Settings", column: "Column", now: "datetime", given: dict[str, str]) -> str:
    """The file; a field that the folder's defaults fill is left to them."""
    from hooks.catalogue.sources import FolderDefaults
    from hooks.records.editing import front_matter_text
    from hooks.records.vocabulary import TABLE

    defaults = FolderDefaults(settings.docs_dir, settings.site.zone).of(column.key).values
    ready = {
        "category": column.name,
        "disclosure": "主动公开",
        "created": now.date().isoformat(),
        "term": "常年公开",
        "audience": "面向全社会",
        "published": now.strftime("%Y-%m-%d %H:%M:00"),
        "source": "本局",
    }
    values = {**ready, **{key: value for key, value in given.items() if value}}
    status = ("status",) if given["status"] else ()
    order = ("title", *TABLE, "published", "source", *status)
    kept = {key: values.get(key, "") for key in order if key not in defaults or given.get(key)}
    return front_matter_text(kept, "")


def _refuse_wrong(text: str, target: Path, settings: "Settings") -> None:
    """End the command where the fields as given could not be published."""
    from hooks.catalogue.sources import FolderDefaults, shown_path
    from hooks.records.reading import read_document

    zone = settings.site.zone
    path = target.relative_to(settings.docs_dir).as_posix()
    defaults = FolderDefaults(settings.docs_dir, zone).of(path.rpartition("/")[0])
    reading = read_document(text.encode(), path=path, shown=shown_path(target), zone=zone, defaults=defaults)
    errors = [str(finding) for finding in reading.findings if finding.is_error]
    if errors:
        stop("\n".join([*errors, "没有新建。"]), 1)
