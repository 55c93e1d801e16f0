"""`gongkai new`: a document begun with its number, its dates and its fields, from last year's where there is one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gongkai.commands.asking import asked, chosen, is_attended
from gongkai.commands.number import issued
from gongkai.commands.options import config_option, docs_option, now_option, settings_at, stop
from gongkai.memory.files import write_atomically

if TYPE_CHECKING:
    from datetime import datetime

    from gongkai.catalogue.series import Series
    from gongkai.engine.settings import Settings
    from gongkai.records.reading import Document
    from gongkai.site import Column

#: What the next of a series takes over from the one before, beside its skeleton.
_INHERITED = ("category", "department", "disclosure", "audience", "source", "subject", "genre", "publisher")


@click.command(options_metavar="[选项]", short_help="新建一份文件，编好信息索取号。")
@click.option("--column", "column_key", metavar="栏目", help="放入哪个栏目，如 notices。")
@click.option("--title", metavar="标题", help="文件名称。")
@click.option("--department", metavar="部门", help="责任部门。")
@click.option("--name", metavar="文件名", help="存成什么文件名，默认用信息索取号的后半段。")
@click.option("--like", metavar="文件", help="按这份文件的框架起草下一年的，写信息索取号或路径。")
@click.option(
    "--draft/--no-draft",
    default=None,
    help="是否标为草稿：删去“时效: 草稿”一行才会公开。用 --like 时默认标上。",
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
    settings, moment = settings_at(config_file, docs_dir, now)
    wishes = _Wishes(column_key, title, department, name, like, draft)
    plan = _planned(settings, moment, wishes)
    number = issued(settings, moment.year)
    target = settings.docs_dir / plan.folder / f"{_stem(plan.name, number)}.md"
    _create(target, _text(settings, plan, moment, number), settings)
    for line in _told(target, number, plan):
        click.echo(line)
    if edit:
        click.edit(filename=str(target))


@dataclass(frozen=True, slots=True)
class _Wishes:
    """The options as given; None for one that was not."""

    column: str | None
    title: str | None
    department: str | None
    name: str | None
    like: str | None
    draft: bool | None


@dataclass(frozen=True, slots=True)
class _Plan:
    """What will be written: into which folder, under which name (None: the number's), with which fields and body."""

    folder: str
    column: "Column"
    fields: Mapping[str, str]
    name: str | None = None
    body: str = ""
    model: str = ""
    given: frozenset[str] = frozenset()


def _planned(settings: "Settings", now: "datetime", wishes: _Wishes) -> _Plan:
    """The wishes, and the answers to what they leave open."""
    documents = _documents(settings)
    if wishes.like:
        return _following(_meant(wishes.like, documents, settings), documents, settings, wishes)
    column = _column(settings, wishes.column)
    if not wishes.title:
        model = _offered(_series(documents, column, settings, now), wishes.title)
        if model:
            return _following(model, documents, settings, wishes)
    title = asked("标题", "--title", wishes.title)
    department = _department(settings, column, wishes.department)
    fields = {"title": title, "department": department, "status": "草稿" if wishes.draft else ""}
    return _Plan(column.key, column, fields, wishes.name, given=frozenset(k for k, v in fields.items() if v))


def _documents(settings: "Settings") -> "tuple[Document, ...]":
    from gongkai.catalogue.sources import FolderDefaults, read_sources

    readings = read_sources(settings.docs_dir, FolderDefaults(settings.docs_dir, settings.site.zone))
    return tuple(reading.document for reading in readings if reading.document)


# From a document of last year


def _series(
    documents: "Sequence[Document]", column: "Column", settings: "Settings", now: "datetime"
) -> "tuple[Series, ...]":
    """The series of the column that may be gone on with; one document alone counts where all come yearly."""
    from gongkai.catalogue.series import going_on, yearly_series

    is_yearly = column.key in settings.site.series
    found = yearly_series(document for document in documents if document.column == column.key)
    return tuple(one for one in going_on(found, now.year) if is_yearly or len(one.years) > 1)


def _offered(series: "Sequence[Series]", title: str | None) -> "Document | None":
    """The document whose next year's the clerk wants; without a clerk none, but what there is is said."""
    from gongkai.catalogue.series import years_on

    pairs = [(years_on(one.documents[0].record.title, 1), one.documents[0]) for one in series]
    if not is_attended():
        if not title and pairs:
            hints = (f"  --like {old.record.index}　起草《{then}》" for then, old in pairs)
            stop("\n".join(["缺少 --title。每年都有的文件也可以按上一年的框架起草：", *hints]), 2)
        return None
    for then, old in pairs:
        if click.confirm(f"按《{old.record.title}》的框架起草《{then}》吗？", default=len(pairs) == 1):
            return old
    return None


def _meant(asked: str, documents: "Sequence[Document]", settings: "Settings") -> "Document":
    """The one document of that number or path; ends the command where there is none, or more than one."""
    from gongkai.catalogue.sources import shown_path
    from gongkai.records.numbering import matching_numbers

    path = Path(asked)
    here = [one for one in documents if (settings.docs_dir / one.path).resolve() == path.resolve()]
    if here:
        return here[0]
    if path.is_file():
        stop(
            f"{shown_path(path)}：不是可读的文件，或不在 {shown_path(settings.docs_dir)} 里。请先运行 gongkai check",
            1,
        )
    numbers = matching_numbers(asked, (one.record.index.text for one in documents))
    if len(numbers) != 1:
        several = (
            f"可能是：{'、'.join(numbers)}。请写完整" if numbers else "没有这样的文件。请写信息索取号或路径"
        )
        stop(f"--like {asked}：{several}", 1)
    return next(one for one in documents if one.record.index.text == numbers[0])


def _following(
    model: "Document", documents: "Sequence[Document]", settings: "Settings", wishes: _Wishes
) -> _Plan:
    """Next year's document on the lines of `model`."""
    from gongkai.catalogue.series import skeleton, years_on
    from gongkai.records.reading import body_of

    column = settings.site.column_by_key.get(model.column) or _column(settings, wishes.column)
    if wishes.column and wishes.column not in (column.key, column.name):
        stop(f"--column {wishes.column}：--like 的文件在“{column.name}”栏目，两项只写一项", 2)
    title = _next_title(model, documents, settings, wishes)
    stem = model.path.rpartition("/")[2].removesuffix(".md")
    next_stem = years_on(stem, 1)
    own = {"title", "year", "keywords", "status"} | ({"department"} if wishes.department else set())
    return _Plan(
        folder=model.folder,
        column=column,
        fields=_next_fields(model, title, wishes),
        name=wishes.name or (next_stem if next_stem != stem else None),
        body=skeleton(body_of((settings.docs_dir / model.path).read_bytes()), 1),
        model=model.record.title,
        given=frozenset(own),
    )


def _next_title(
    model: "Document", documents: "Sequence[Document]", settings: "Settings", wishes: _Wishes
) -> str:
    """What next year's document is called; ends the command where it is there already, or cannot be told."""
    from gongkai.catalogue.series import years_on

    title = wishes.title or years_on(model.record.title, 1)
    twin = next((one for one in documents if one.record.title == title and one.column == model.column), None)
    if twin:
        stop(f"已有《{title}》：{settings.docs_dir.name}/{twin.path}。没有新建", 1)
    if title == model.record.title:
        stop(f"《{title}》里没有年份，看不出下一份叫什么。请加 --title", 2)
    return title


def _next_fields(model: "Document", title: str, wishes: _Wishes) -> Mapping[str, str]:
    from gongkai.catalogue.series import title_pattern, years_on

    record = model.record
    year = record.year + 1 if record.year else title_pattern(title)[1]
    return {
        **{key: str(getattr(record, key)) for key in _INHERITED},
        "title": title,
        "department": wishes.department or record.department,
        "year": str(year or ""),
        "keywords": "、".join(years_on(word, 1) for word in record.keywords),
        "status": "" if wishes.draft is False else "草稿",
    }


def _column(settings: "Settings", given: str | None) -> "Column":
    """The column by its key or its name."""
    columns = settings.site.columns
    choices = "可用：" + "、".join(f"{column.key}（{column.name}）" for column in columns)
    if not given and is_attended():
        given = chosen("栏目", [(column.key, column.name) for column in columns], {})
    name = asked("栏目", "--column", given, choices)
    found = next((column for column in columns if name in (column.key, column.name)), None)
    return found or stop(f"没有“{name}”这个栏目。{choices}", 2)


def _department(settings: "Settings", column: "Column", given: str | None) -> str:
    """The department; asked only where somebody sits there and the folder's defaults have none."""
    from gongkai.catalogue.sources import FolderDefaults

    defaults = FolderDefaults(settings.docs_dir, settings.site.zone).of(column.key).values
    departments = settings.site.departments
    if given is not None or not is_attended() or not departments or defaults.get("department"):
        return (given or "").strip()
    names = [(one.name, one.name) for one in departments]
    return chosen("责任部门", names, {one.key: one.name for one in departments}, none="（不填）")


# Writing


def _stem(name: str | None, number: str) -> str:
    wanted = (name or number.rpartition("/")[2]).removesuffix(".md")
    return re.sub(r"[^\w-]+", "-", wanted).strip("-") or "document"


def _text(settings: "Settings", plan: _Plan, now: "datetime", number: str) -> str:
    """The file; a field that the folder's defaults fill alike is left to them."""
    from gongkai.catalogue.sources import FolderDefaults
    from gongkai.records.editing import front_matter_text
    from gongkai.records.vocabulary import TABLE

    defaults = FolderDefaults(settings.docs_dir, settings.site.zone).of(plan.folder).values
    ready = {
        "category": plan.column.name,
        "disclosure": "主动公开",
        "created": now.date().isoformat(),
        "term": "常年公开",
        "audience": "面向全社会",
        "published": now.strftime("%Y-%m-%d %H:%M:00"),
        "source": "本局",
        "index": number,
    }
    values = {**ready, **{key: value for key, value in plan.fields.items() if value}}
    extra = ("subject", "genre", "publisher", "keywords", "status")
    order = ("title", "year", *TABLE, "published", "source", *extra)
    kept = {
        key: values.get(key, "")
        for key in order
        if (key in plan.given and values.get(key))
        or (key not in defaults and (values.get(key) or key in (*TABLE, "published", "source")))
    }
    return front_matter_text(kept, plan.body)


def _create(target: Path, text: str, settings: "Settings") -> None:
    """Put the file in place; ends the command where one is there, or where it could not be published."""
    from gongkai.catalogue.sources import FolderDefaults, shown_path
    from gongkai.records.reading import read_document

    if target.exists():
        stop(f"{shown_path(target)}: 已有这个文件，没有改动。请用 --name 另起文件名", 1)
    zone = settings.site.zone
    path = target.relative_to(settings.docs_dir).as_posix()
    defaults = FolderDefaults(settings.docs_dir, zone).of(path.rpartition("/")[0])
    reading = read_document(text.encode(), path=path, shown=shown_path(target), zone=zone, defaults=defaults)
    errors = [str(finding) for finding in reading.findings if finding.is_error]
    if errors:
        stop("\n".join([*errors, "没有新建。"]), 1)
    try:
        write_atomically(target, text.encode())
    except OSError as problem:
        stop(f"{shown_path(target)}：写不进去：{problem.strerror}。请检查权限", 2)


def _told(target: Path, number: str, plan: _Plan) -> Sequence[str]:
    from gongkai.catalogue.sources import shown_path

    lines = [f"已新建：{shown_path(target)}（{number}）"]
    if plan.model:
        skeleton = "保留了各级标题和表格的表头" if plan.body else "原文没有标题，正文留空"
        lines.append(f"框架取自《{plan.model}》，年份顺延一年：{skeleton}，数字和文字没有照抄。")
    lift = "删去“时效: 草稿”一行才会公开。" if plan.fields.get("status") else ""
    return [*lines, f"写好正文后运行 gongkai check。{lift}"]
