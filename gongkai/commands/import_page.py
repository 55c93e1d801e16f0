"""`gongkai import`: papers, pages of old sites and flattened text to documents, character for character or not at all."""

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gongkai.commands.options import archive_of, config_option, say, stop
from gongkai.commands.register import entered

if TYPE_CHECKING:
    from gongkai.catalogue.archive import Archive
    from gongkai.engine.settings import Settings
    from gongkai.imports.bundle import Item
    from gongkai.imports.filing import Imported, ImportOptions


@click.command("import", options_metavar="[选项]", short_help="导入 Word 文件、旧网页、文本，逐字核对。")
@click.argument("files", nargs=-1, required=True, metavar="文件...", type=click.Path(exists=True, path_type=Path))
@click.option("--column", "column_key", metavar="栏目", help="放入哪个栏目，如 summaries；默认按页面上的信息类别。")
@click.option("--title", metavar="标题", help="文件里看不出标题时用；一次只能导入一个文件。")
@click.option("--created", metavar="日期", help="文件里看不出生成日期时用，如 2026-01-31。")
@click.option("--published", metavar="时间", help="文件里看不出发布时间时用，如 '2026-01-31 09:00:00'。")
@click.option(
    "--field", "pairs", multiple=True, metavar="字段=值", help="填写别的字段，如 责任部门=办公室；可以写几次。"
)
@config_option
@click.option(
    "--docs-dir", type=click.Path(file_okay=False, path_type=Path), help="存放文件的文件夹，默认按 mkdocs.yml（docs）。"
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
    from gongkai.imports.filing import ImportOptions

    settings = _settings(config_file, docs_dir, column_key)
    given = {"title": title, "created": created, "published": published}
    options = ImportOptions(
        site=settings.site,
        docs_dir=settings.docs_dir,
        extensions=settings.extensions,
        extension_configs=settings.extension_configs,
        now=datetime.now(settings.site.zone),
        find_damage=_damage_in,
        column_key=column_key,
        fields={**_fields(pairs), **{key: value for key, value in given.items() if value}},
        overwrite=overwrite,
        allow_differences=allow_differences,
        keep_original=keep_original,
    )
    sys.exit(_import(files, settings, options, form))


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


def _damage_in(text: str) -> "Iterator[tuple[int, str]]":
    from gongkai.checks.damage import find_damage

    return ((damage.line, f"{damage.message}：“{damage.excerpt}”") for damage in find_damage(text))


def _import(files: tuple[Path, ...], settings: "Settings", options: "ImportOptions", form: str) -> int:
    """Import all of them; 1 where any was not."""
    from gongkai.imports.bundle import open_bundle

    bundle = open_bundle(files)
    say(bundle.messages)
    if len(bundle.pages) > 1 and "title" in options.fields:
        stop("--title 一次只能用于一个文件", 2)
    archive = archive_of(settings)
    done = list(_imported(bundle.pages, archive, options, form))
    unregistered = {result.path for _, result in done if result.may_be_unregistered}
    lines = entered(archive, unregistered, event="imported", now=options.now) if unregistered else ""
    if form == "json":
        click.echo(_json(done))
    elif lines:
        click.echo(lines)
    return 1 if bundle.failures or len(done) < len(bundle.pages) else 0


def _imported(
    pages: tuple["Item", ...], archive: "Archive", options: "ImportOptions", form: str
) -> Iterator[tuple["Item", "Imported"]]:
    """Each page that could be imported; ends at the first that needs a number of a register that cannot be read."""
    from gongkai.catalogue.register import BrokenRegisterError
    from gongkai.imports.bundle import stems_of
    from gongkai.imports.filing import ImportFailedError, holdings_of, import_item

    stems, holdings = stems_of(pages), holdings_of(archive, options.now.year)
    for item in pages:
        try:
            result = import_item(item, stems[item.shown], options, holdings)
        except ImportFailedError as problem:
            say([*(_at(item, line) for line in problem.args), f"{item.shown}: 没有导入，什么也没有写。"])
            continue
        except BrokenRegisterError as problem:
            say([problem])
            return
        say(_at(item, line) for line in result.warnings)
        if form == "text":
            click.echo("\n".join(result.report))
        yield item, result


def _at(item: "Item", line: str) -> str:
    """A message with the file's name; one that begins with a line's number follows it at once."""
    return f"{item.shown}:{line}" if line[:1].isdecimal() else f"{item.shown}: {line}"


def _json(done: list[tuple["Item", "Imported"]]) -> str:
    counted = ("characters", "numbers", "tables", "cells", "notes", "pictures")
    rows = [
        {
            "source": item.shown,
            "path": result.path,
            "index": result.number,
            "changed": result.is_changed,
            **{key: getattr(result.comparison, key) for key in counted},
            "told": [line.strip() for line in result.report[1:]],
            "warnings": list(result.warnings),
        }
        for item, result in done
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)
