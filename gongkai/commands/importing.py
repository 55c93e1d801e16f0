"""One page on its way into the archive: fields, proof, number, place; whole or not at all."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from gongkai.memory.files import write_atomically

if TYPE_CHECKING:
    from gongkai.engine.settings import Settings
    from gongkai.imports.bundle import Item
    from gongkai.imports.fidelity import Comparison
    from gongkai.imports.page import Page
    from gongkai.records.reading import Defaults
    from gongkai.site import Column

#: What is usual for a paper that is to be made public; said wherever it stands in for a field.
USUAL: Mapping[str, str] = {"disclosure": "主动公开", "term": "常年公开", "audience": "面向全社会"}
#: The options that give what is missing.
OPTIONS: Mapping[str, str] = {
    "title": "--title 标题",
    "created": "--created 2026-01-31",
    "published": "--published '2026-01-31 09:00:00'",
}


class ImportFailedError(Exception):
    """One file could not be imported; the arguments are the lines to print, after the file's name."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the command was told about all files."""

    settings: "Settings"
    now: datetime
    column_key: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    overwrite: bool = False
    allow_differences: bool = False
    keep_original: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one file; `told` is the report, `warned` what the clerk should look at."""

    path: str
    number: str
    is_changed: bool
    told: tuple[str, ...]
    warned: tuple[str, ...]
    comparison: "Comparison"


@dataclass(slots=True)
class Archive:
    """What is there already: the number of every document by its path, and the numbers that are free."""

    taken: dict[str, str]
    free: Iterator[str]


def import_item(item: "Item", stem: str, given: Given, archive: Archive) -> Done:
    """Import one file under its name `stem`; raises ImportFailedError, and then nothing was written."""
    page, data = _read(item)
    losses = _refused(page, given)
    comparison, differences = _proved(page, given)
    if (losses or differences) and not given.allow_differences:
        hint = "确要照样导入请加 --allow-differences，并对照原件检查"
        raise ImportFailedError(*differences, *losses, hint)
    column = _column(given, page.fields.get("category", ""))
    page, assumed = _completed(page, column, given)
    if given.keep_original:
        page, kept = _with_original(page, item, data)
        assumed += kept
    page, number, path, issued = _placed(page, stem, column, given, archive)
    told = _write(given.settings.docs_dir / path, page, overwrite=given.overwrite)
    archive.taken[path] = number
    damages = tuple(_damages(page))
    head = f"{told}：{given.settings.docs_dir / path}（{_summary(comparison, bool(differences))}"
    count = f"；原文有 {len(damages)} 处像是缺损，已列出，均未改动，请查对原件" if damages else ""
    return Done(
        path=path,
        number=number,
        is_changed=told != _UNCHANGED,
        told=(
            f"{head}{issued}{count}）",
            *(f"  {note}" for note in (*assumed, *page.notes) if told != _UNCHANGED),
        ),
        warned=(*differences, *losses, *damages),
        comparison=comparison,
    )


_UNCHANGED = "已有同样的文件，未改动"


def _read(item: "Item") -> tuple["Page", bytes]:
    from gongkai.imports.page import UnreadableFileError
    from gongkai.imports.reading import read_page

    def beside(path: str) -> bytes | None:
        found = item.beside(path)
        return found.read() if found is not None else None

    try:
        data = item.read()
        return read_page(data, item.ending, beside), data
    except UnreadableFileError as problem:
        raise ImportFailedError(str(problem)) from None


def _refused(page: "Page", given: Given) -> tuple[str, ...]:
    """What the page could not keep; raises ImportFailedError where nobody may see it at all."""
    disclosure = given.fields.get("disclosure") or page.fields.get("disclosure", "")
    if disclosure == "不予公开":
        raise ImportFailedError("原文写明不予公开，没有导入。放进仓库的文件，看得到仓库的人都看得到")
    return page.losses


def _proved(page: "Page", given: Given) -> tuple["Comparison", tuple[str, ...]]:
    """What was compared, and every place where the page is not its source, in words."""
    from gongkai.imports.fidelity import compared

    settings = given.settings
    found = compared(page, extensions=settings.extensions, extension_configs=settings.extension_configs)
    differences = (
        f"{_where(page, one.line)}原文“{one.source_excerpt}”变成了“{one.result_excerpt}”"
        for one in found.differences
    )
    return found, (*differences, *found.otherwise)


def _where(page: "Page", line: int) -> str:
    return f"{line}: " if page.is_by_line else f"第 {line} 段："


def _damages(page: "Page") -> Iterator[str]:
    from gongkai.checks.damage import find_damage

    for damage in find_damage("\n".join(line.replace("\n", " ") for line in page.source)):
        yield f"{_where(page, damage.line)}{damage.message}：“{damage.excerpt}”"


def _summary(found: "Comparison", differs: bool) -> str:
    counts = {
        "个数字": found.numbers,
        "张表格": found.tables,
        "个单元格": found.cells,
        "条脚注": found.notes,
        "张图片": found.pictures,
    }
    rest = "、".join(f"{count} {name}" for name, count in counts.items() if count)
    proof = "与原文有出入，已列出" if differs else "逐字核对无误"
    return f"正文 {found.characters} 字{'、' if rest else ''}{rest}，{proof}"


def _column(given: Given, category: str) -> "Column":
    site = given.settings.site
    if given.column_key:
        return site.column_by_key[given.column_key]
    found = next((column for column in site.columns if column.name == category), None)
    if found is None:
        keys = "、".join(f"{column.key}（{column.name}）" for column in site.columns)
        said = f"页面上的信息类别是“{category}”" if category else "文件里没有写信息类别"
        raise ImportFailedError(f"{said}，看不出属于哪个栏目。请加 --column，可用：{keys}")
    return found


def _defaults(given: Given, column: "Column") -> "Defaults":
    from gongkai.catalogue.sources import FolderDefaults

    return FolderDefaults(given.settings.docs_dir, given.settings.site.zone).of(column.key)


def _completed(page: "Page", column: "Column", given: Given) -> tuple["Page", tuple[str, ...]]:
    """The page with the fields that options give and what is usual, and what was assumed."""
    from gongkai.records.vocabulary import label

    fields = {**page.fields, **given.fields}
    defaults = _defaults(given, column).values
    assumed = {}
    if page.may_assume:
        assumed = {
            key: value for key, value in USUAL.items() if not fields.get(key) and not defaults.get(key)
        }
        if not fields.get("category") and not defaults.get("category"):
            fields["category"] = column.name
    if page.is_new and not fields.get("published"):
        fields["published"] = given.now.strftime("%Y-%m-%d %H:%M:00")
        assumed["published"] = fields["published"]
    told = "、".join(f"{label(key)}“{value}”" for key, value in assumed.items())
    found = [
        f"{label(key)}“{page.fields[key]}”"
        for key in ("title", "document_number", "created")
        if page.fields.get(key)
    ]
    notes = [f"从文件里读出：{'、'.join(found)}"] if page.is_new and found else []
    notes += [f"没有写明，按通常填写，请核对：{told}"] if told else []
    return replace(page, fields={**fields, **assumed}), tuple(notes)


def _with_original(page: "Page", item: "Item", data: bytes) -> tuple["Page", tuple[str, ...]]:
    from gongkai.imports.images import named_by_content
    from gongkai.records.editing import quoted

    name = named_by_content(data, item.ending.lstrip("."), "original")
    raw = f"[{{file: {name}, title: {quoted(page.fields.get('title') or item.stem)}}}]"
    note = "原件已作为附件。原件里的作者、批注、修订和隐藏文字也会公开，请先清除（文件 → 信息 → 检查文档）"
    return replace(page, raw={**page.raw, "attachments": raw}, assets={**page.assets, name: data}), (note,)


def _placed(
    page: "Page", stem: str, column: "Column", given: Given, archive: Archive
) -> tuple["Page", str, str, str]:
    """The page with its number, the number, where it goes, and what to tell of an issued number.

    A page without a number gets that of its earlier import, else the next that is free.
    """
    from gongkai.imports.documents import file_names

    own = page.fields.get("index", "").strip()
    paths = tuple(f"{column.key}/{name}" for name in file_names(own, stem))
    issued = ""
    if not own:
        earlier = archive.taken.get(paths[0])
        page = _as_before(page, given.settings.docs_dir / paths[0]) if earlier else page
        page = replace(page, fields={**page.fields, "index": earlier or next(archive.free)})
    number = _number(page, paths[0], column, given)
    if not own:
        issued = f"，没有信息索取号，已编为 {number}"
    return page, number, _free_path(number, paths, given.settings, archive), issued


def _as_before(page: "Page", target: Path) -> "Page":
    """A page that became public with an earlier import keeps that moment."""
    from gongkai.records.front_matter import read_source
    from gongkai.records.vocabulary import KEY_OF

    if not page.is_new or not target.is_file():
        return page
    entries = read_source(target.read_bytes()).entries
    earlier = next((entry.value for entry in entries if KEY_OF.get(entry.key) == "published"), None)
    return replace(page, fields={**page.fields, "published": earlier}) if isinstance(earlier, str) else page


def _number(page: "Page", path: str, column: "Column", given: Given) -> str:
    """The index number of the result; raises ImportFailedError where the result could not be published."""
    from gongkai.imports.documents import document_text
    from gongkai.records.reading import read_document
    from gongkai.records.vocabulary import label

    defaults = _defaults(given, column)
    reading = read_document(
        document_text(page).encode(), path=path, zone=given.settings.site.zone, defaults=defaults
    )
    if reading.document is None:
        raise ImportFailedError(
            *(
                f"页面上的{label(error.field)}：{error.message}{_option(page, error.field)}"
                for error in reading.findings
                if error.is_refusal
            )
        )
    return reading.document.record.index.text


def _option(page: "Page", key: str) -> str:
    """How to give what the file does not have."""
    is_missing = not page.fields.get(key)
    return f"；导入时可以加 {OPTIONS[key]}" if is_missing and key in OPTIONS else ""


def _free_path(number: str, paths: tuple[str, ...], settings: "Settings", archive: Archive) -> str:
    """Where among `paths` the document stands or may stand; raises ImportFailedError where its number is elsewhere."""
    from gongkai.catalogue.sources import shown_path

    for path, other in archive.taken.items():
        if other == number and path not in paths:
            where = shown_path(settings.docs_dir / path)
            raise ImportFailedError(f"信息索取号“{number}”已经用在 {where}。同一页面导入过了，或号有误")
    own = [path for path in paths if archive.taken.get(path, number) == number]
    return next((path for path in own if path in archive.taken), (own or paths)[0])


def _write(target: Path, page: "Page", *, overwrite: bool) -> str:
    """Put the page and its files in place by rename, the files first; what was done.

    Raises ImportFailedError rather than lose another text, and where it cannot write: then what it wrote is gone.
    """
    from gongkai.imports.documents import document_text

    text = document_text(page).encode()
    files = {target.parent / name: data for name, data in page.assets.items()}
    missing = {path: data for path, data in files.items() if not path.is_file() or path.read_bytes() != data}
    if target.is_file() and target.read_bytes() == text and not missing:
        return _UNCHANGED
    if target.is_file() and target.read_bytes() != text and not overwrite:
        raise ImportFailedError(f"{target}: 已有这个文件，内容不同。确要替换请加 --overwrite")
    written: list[Path] = []
    try:
        for path, data in {**missing, target: text}.items():
            is_there = path.exists()
            write_atomically(path, data)
            written += [] if is_there else [path]
    except OSError as problem:
        _undo(written)
        raise ImportFailedError(f"{target}: 写不进去：{problem.strerror}。请检查文件夹和权限") from None
    return "已导入"


def _undo(written: list[Path]) -> None:
    for path in written:
        with suppress(OSError):
            path.unlink()
