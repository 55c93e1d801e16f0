"""`gongkai import`: flattened text pages to documents, character for character or not at all."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scripts.files import put
from scripts.options import config_option, say, stop
from scripts.register import enter

if TYPE_CHECKING:
    from hooks.engine.settings import Settings
    from hooks.site import Column


class ImportFailedError(Exception):
    """One file could not be imported; the arguments are the lines to print."""


@click.command("import", options_metavar="[选项]", short_help="导入旧网站的页面文本。")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="文件...",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option(
    "--column", "column_key", metavar="栏目", help="放入哪个栏目，如 summaries；默认按页面上的信息类别。"
)
@config_option
@click.option(
    "--docs-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="存放文件的文件夹，默认按 mkdocs.yml（docs）。",
)
@click.option("--overwrite", is_flag=True, help="目标文件已有不同内容时，用导入的内容替换。")
def import_page(
    files: tuple[Path, ...],
    column_key: str | None,
    config_file: Path | None,
    docs_dir: Path | None,
    overwrite: bool,
) -> None:
    """导入旧网站的页面文本，写成带字段区的 Markdown 文件。

    文字逐字核对：有一个字对不上，就什么也不写。原文里像是缺损的地方只列出来，不改动。
    """
    from hooks.engine.settings import find_config, read_settings
    from hooks.site import SettingsError

    try:
        settings = read_settings(find_config(config_file))
    except SettingsError as problem:
        stop(str(problem), 2)
    if docs_dir:
        settings = replace(settings, docs_dir=docs_dir.absolute())
    if column_key and column_key not in settings.site.column_by_key:
        keys = "、".join(f"{column.key}（{column.name}）" for column in settings.site.columns)
        stop(f"没有“{column_key}”这个栏目。可用的栏目：{keys}", 2)
    failures = 0
    taken = _numbers_taken(settings)
    before = frozenset(taken)
    free = _free_numbers(settings)
    for file in files:
        try:
            click.echo(_import_file(file, settings, column_key, taken, free, overwrite=overwrite))
        except ImportFailedError as problem:
            failures += 1
            say([*problem.args, f"{file}: 没有导入，什么也没有写。"])
    told = enter(settings, datetime.now(settings.site.zone), taken.keys() - before, first="imported")
    if told:
        click.echo(told)
    sys.exit(1 if failures else 0)


def _free_numbers(settings: "Settings") -> Iterator[str]:
    """Numbers for pages that have none, of the year of the import."""
    from hooks.catalogue.numbers import used_numbers
    from hooks.engine.edition import read_now
    from hooks.records.numbering import free_numbers

    code = settings.site.organisation.code
    year = read_now(None, settings.site).year
    return free_numbers(code, year, partial(used_numbers, settings.docs_dir, code, year))


def _numbers_taken(settings: "Settings") -> dict[str, str]:
    """The index number of every document that is there, by its path."""
    from hooks.catalogue.sources import FolderDefaults, read_sources

    readings = read_sources(settings.docs_dir, FolderDefaults(settings.docs_dir, settings.site.zone))
    documents = (reading.document for reading in readings if reading.document)
    return {document.path: document.record.index.text for document in documents}


def _import_file(
    file: Path,
    settings: "Settings",
    column_key: str | None,
    taken: dict[str, str],
    free: Iterator[str],
    *,
    overwrite: bool,
) -> str:
    """Import one file, add its number to `taken`; what to tell about it. Raises ImportFailedError.

    A page without a number gets that of its earlier import, else the next of `free`.
    """
    from hooks.checks.damage import find_damage
    from hooks.imports.documents import document_text, file_names
    from hooks.imports.flattened import NotFlattened, body_of, read_flattened

    text = _text_of(file)
    try:
        imported, body = read_flattened(text), body_of(text)
    except NotFlattened as problem:
        raise ImportFailedError(f"{file}: {problem}") from None
    column = _column(file, settings, column_key, imported.fields["category"])
    _compare(file, body, imported.body, settings)
    paths = tuple(f"{column.key}/{name}" for name in file_names(imported, file.stem))
    is_issued = not imported.fields.get("index", "").strip()
    if is_issued:
        own = taken.get(paths[0]) or next(free)
        imported = replace(imported, fields={**imported.fields, "index": own})
    result = document_text(imported)
    number = _number(file, paths[0], result, settings)
    path = _free_path(number, paths, taken, settings)
    target = settings.docs_dir / path
    try:
        told = _write(target, result, overwrite=overwrite)
    except OSError as problem:
        raise ImportFailedError(f"{target}: 写不进去：{problem.strerror}。请检查文件夹和权限") from None
    taken[path] = number
    damages = find_damage(body)
    say(f"{file}:{damage.line}: {damage.message}：“{damage.excerpt}”" for damage in damages)
    issued = f"，页面上没有信息索取号，已编为 {number}" if is_issued else ""
    count = f"；原文有 {len(damages)} 处像是缺损，已列出，均未改动，请查对原件" if damages else ""
    return f"{told}：{target}（正文 {len(''.join(body.split()))} 字，逐字核对无误{issued}{count}）"


def _text_of(file: Path) -> str:
    from hooks.records.front_matter import decode

    text, problems = decode(file.read_bytes())
    if text is None:
        raise ImportFailedError(*(f"{file}:{problem.line}: {problem.message}" for problem in problems))
    return text


def _column(file: Path, settings: "Settings", key: str | None, category: str) -> "Column":
    if key:
        return settings.site.column_by_key[key]
    found = next((column for column in settings.site.columns if column.name == category), None)
    if found is None:
        keys = "、".join(f"{column.key}（{column.name}）" for column in settings.site.columns)
        raise ImportFailedError(
            f"{file}: 页面上的信息类别是“{category}”，看不出属于哪个栏目。请加 --column，可用：{keys}"
        )
    return found


def _compare(file: Path, source: str, markdown: str, settings: "Settings") -> None:
    """The rendered result against the source, without white space; raises ImportFailedError where they differ."""
    from hooks.imports.fidelity import compare

    differences = compare(
        source, markdown, extensions=settings.extensions, extension_configs=settings.extension_configs
    )
    if differences:
        raise ImportFailedError(
            *(f"{file}:{d.line}: 原文“{d.source_excerpt}”变成了“{d.result_excerpt}”" for d in differences)
        )


def _number(file: Path, path: str, text: str, settings: "Settings") -> str:
    """The index number of the result; raises ImportFailedError where the result could not be published."""
    from hooks.catalogue.sources import FolderDefaults
    from hooks.records.reading import read_document
    from hooks.records.vocabulary import label

    zone = settings.site.zone
    defaults = FolderDefaults(settings.docs_dir, zone).of(path.rpartition("/")[0])
    reading = read_document(text.encode(), path=path, shown=str(file), zone=zone, defaults=defaults)
    if reading.document is None:
        errors = (finding for finding in reading.findings if finding.is_error)
        raise ImportFailedError(
            *(f"{file}: 页面上的{label(error.field)}：{error.message}" for error in errors)
        )
    return reading.document.record.index.text


def _free_path(number: str, paths: tuple[str, ...], taken: Mapping[str, str], settings: "Settings") -> str:
    """Where among `paths` the document stands or may stand; raises ImportFailedError where its number is elsewhere."""
    from hooks.catalogue.sources import shown_path

    for path, other in taken.items():
        if other == number and path not in paths:
            where = shown_path(settings.docs_dir / path)
            raise ImportFailedError(f"信息索取号“{number}”已经用在 {where}。同一页面导入过了，或号有误")
    own = [path for path in paths if taken.get(path, number) == number]
    return next((path for path in own if path in taken), (own or paths)[0])


def _write(target: Path, text: str, *, overwrite: bool) -> str:
    """Put `text` in place by rename; what was done. Raises ImportFailedError rather than lose another text."""
    if target.is_file():
        if target.read_bytes() == text.encode():
            return "已有同样的文件，未改动"
        if not overwrite:
            raise ImportFailedError(f"{target}: 已有这个文件，内容不同。确要替换请加 --overwrite")
    put(target, text.encode())
    return "已导入"
