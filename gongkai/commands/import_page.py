"""`gongkai import`: papers, pages of old sites and flattened text to documents, character for character or not at all."""

import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gongkai.commands.importing import Archive, Done, Given, ImportFailedError, import_item
from gongkai.commands.options import archive_of, config_option, say, stop
from gongkai.commands.register import entered

if TYPE_CHECKING:
    from gongkai.catalogue.archive import Archive as Documents
    from gongkai.engine.settings import Settings
    from gongkai.imports.bundle import Item

_FOR_ONE = ("title", "created", "published")


@click.command("import", options_metavar="[选项]", short_help="导入 Word 文件、旧网页、文本，逐字核对。")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="文件...",
    type=click.Path(exists=True, path_type=Path),
)
@click.option(
    "--column", "column_key", metavar="栏目", help="放入哪个栏目，如 summaries；默认按页面上的信息类别。"
)
@click.option("--title", metavar="标题", help="文件里看不出标题时用；一次只能导入一个文件。")
@click.option("--created", metavar="日期", help="文件里看不出生成日期时用，如 2026-01-31。")
@click.option("--published", metavar="时间", help="文件里看不出发布时间时用，如 '2026-01-31 09:00:00'。")
@click.option(
    "--field",
    "pairs",
    multiple=True,
    metavar="字段=值",
    help="填写别的字段，如 责任部门=办公室；可以写几次。",
)
@config_option
@click.option(
    "--docs-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="存放文件的文件夹，默认按 mkdocs.yml（docs）。",
)
@click.option("--overwrite", is_flag=True, help="目标文件已有不同内容时，用导入的内容替换。")
@click.option("--allow-differences", is_flag=True, help="有对不上、放不进来的内容也导入，并逐处列出。")
@click.option("--keep-original", is_flag=True, help="把原件也作为附件公开。")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="报告的格式。")
def import_page(  # noqa: PLR0913 - an argument for each option
    *,
    files: tuple[Path, ...],
    column_key: str | None,
    title: str | None,
    created: str | None,
    published: str | None,
    pairs: tuple[str, ...],
    config_file: Path | None,
    docs_dir: Path | None,
    overwrite: bool,
    allow_differences: bool,
    keep_original: bool,
    form: str,
) -> None:
    """导入 Word 文件（docx）、旧网站的网页和页面文本、Markdown，写成带字段区的文件。

    文件夹和 zip 可以整个导入，图片和附件一起带来。文字、数字、表格逐一核对：有一处对不上，就什么也不写。
    """
    settings = _settings(config_file, docs_dir, column_key)
    fields = {**_fields(pairs), **_given({"title": title, "created": created, "published": published})}
    given = Given(
        settings=settings,
        now=datetime.now(settings.site.zone),
        column_key=column_key,
        fields=fields,
        overwrite=overwrite,
        allow_differences=allow_differences,
        keep_original=keep_original,
    )
    sys.exit(_import(files, given, form))


def _settings(config_file: Path | None, docs_dir: Path | None, column_key: str | None) -> "Settings":
    from gongkai.engine.settings import find_config, read_settings
    from gongkai.site import SettingsError

    try:
        settings = read_settings(find_config(config_file))
    except SettingsError as problem:
        stop(str(problem), 2)
    if docs_dir:
        settings = replace(settings, docs_dir=docs_dir.absolute())
    if column_key and column_key not in settings.site.column_by_key:
        keys = "、".join(f"{column.key}（{column.name}）" for column in settings.site.columns)
        stop(f"没有“{column_key}”这个栏目。可用的栏目：{keys}", 2)
    return settings


def _given(options: dict[str, str | None]) -> dict[str, str]:
    return {key: value for key, value in options.items() if value}


def _fields(pairs: tuple[str, ...]) -> dict[str, str]:
    """The fields of `--field 标签=值` by key; ends the command where one is none."""
    from gongkai.records.vocabulary import KEY_OF, nearest

    found = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        key = KEY_OF.get(name.strip())
        if not sign or key is None:
            near = nearest(name, list(KEY_OF))
            stop(f"--field 应为“字段=值”，实为“{pair}”。{f'是不是“{near}”？' if near else ''}", 2)
        found[key] = value.strip()
    return found


def _import(files: tuple[Path, ...], given: Given, form: str) -> int:
    """Import all of them; 1 where any was not."""
    items, failures = _items(files)
    if len(items) > 1 and "title" in given.fields:
        stop("--title 一次只能用于一个文件", 2)
    opened = archive_of(given.settings)
    archive = _numbers(opened)
    before = frozenset(archive.taken)
    stems, done = _stems(items), []
    for item in items:
        try:
            result = import_item(item, stems[item.shown], given, archive)
        except ImportFailedError as problem:
            failures += 1
            say([*(_at(item, line) for line in problem.args), f"{item.shown}: 没有导入，什么也没有写。"])
            continue
        done.append((item, result))
        say(_at(item, line) for line in result.warned)
        click.echo("\n".join(result.told)) if form == "text" else None
    # Those of an import that was cut off before it came to the register as well.
    fresh = {result.path for _, result in done if result.path not in before or not result.is_changed}
    told = entered(opened, fresh, event="imported", now=given.now)
    if form == "json":
        click.echo(_json(done))
    elif told:
        click.echo(told)
    return 1 if failures else 0


def _at(item: "Item", line: str) -> str:
    """A message with the file's name; one that begins with a line's number follows it at once."""
    return f"{item.shown}:{line}" if line[:1].isdecimal() else f"{item.shown}: {line}"


def _items(files: tuple[Path, ...]) -> tuple[list["Item"], int]:
    """All pages of what was given, and how many of the arguments could not be opened.

    In folders and archives a file that a page leads to is that page's attachment, not a page.
    """
    from gongkai.imports.bundle import items_of
    from gongkai.imports.page import UnreadableFileError
    from gongkai.imports.reading import KINDS

    found: list[Item] = []
    failures = 0
    for file in files:
        try:
            items = items_of(file)
        except UnreadableFileError as problem:
            failures += 1
            say([f"{file}: {problem}"])
            continue
        is_one = not file.is_dir() and file.suffix.lower() != ".zip"
        led_to = set() if is_one else _led_to(items)
        pages = [item for item in items if is_one or (item.ending in KINDS and item.name not in led_to)]
        found += pages
        _tell_of_others(file, items, pages, led_to)
    return found, failures


def _led_to(items: list["Item"]) -> set[str]:
    """The files that pages of HTML and Markdown among `items` lead to, other pages left out."""
    from gongkai.imports.page import UnreadableFileError
    from gongkai.imports.reading import HTML, MARKDOWN, read_page

    asked: set[str] = set()

    def beside_of(item: "Item") -> Callable[[str], bytes | None]:
        def beside(path: str) -> bytes | None:
            found = item.beside(path)
            asked.update([found.name] if found else [])
            return found.read() if found else None

        return beside

    for item in items:
        if item.ending in (*HTML, *MARKDOWN):
            try:
                read_page(item.read(), item.ending, beside_of(item))
            except UnreadableFileError:
                continue  # told when it is imported
    return asked


def _tell_of_others(file: Path, items: list["Item"], pages: list["Item"], led_to: set[str]) -> None:
    known = {item.name for item in pages} | led_to
    others = [item.name for item in items if item.name not in known]
    if others:
        names = "、".join(others[:5]) + ("等" if len(others) > 5 else "")
        say([f"{file}: 没有页面用到、也不能作为正文导入的文件 {len(others)} 个，没有导入：{names}"])
    if not pages:
        say([f"{file}: 里面没有可以导入的文件"])


def _stems(items: list["Item"]) -> dict[str, str]:
    """The name that each page without a number is filed under; with its folder's where another has the same."""
    counts = Counter(item.stem.lower() for item in items)
    return {
        item.shown: item.stem
        if counts[item.stem.lower()] == 1
        else item.name.rpartition(".")[0].replace("/", "-")
        for item in items
    }


def _json(done: list[tuple["Item", Done]]) -> str:
    import json

    rows = [
        {
            "source": item.shown,
            "path": result.path,
            "index": result.number,
            "changed": result.is_changed,
            **{
                key: getattr(result.comparison, key)
                for key in ("characters", "numbers", "tables", "cells", "notes", "pictures")
            },
            "told": [line.strip() for line in result.told[1:]],
            "warnings": list(result.warned),
        }
        for item, result in done
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def _numbers(opened: "Documents") -> Archive:
    """The numbers that documents have, by their path, and those that are free for pages that have none."""
    from gongkai.catalogue.numbers import used_numbers
    from gongkai.engine.edition import read_now
    from gongkai.records.numbering import free_numbers

    year = read_now(None, opened.site).year
    taken = {document.path: document.record.index.text for document in opened.documents}
    free = free_numbers(opened.site.organisation.code, year, partial(used_numbers, opened, year))
    return Archive(taken, free)
