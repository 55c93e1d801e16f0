"""One page on its way into docs/: text proved, fields completed, number and place found, files written.

Whole or not at all: whatever fails is told before anything is written.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from gongkai.catalogue.archive import Archive
from gongkai.catalogue.numbers import used_numbers
from gongkai.catalogue.sources import FolderDefaults, shown_path
from gongkai.imports.assets import named_by_content
from gongkai.imports.bundle import Item
from gongkai.imports.fidelity import Comparison, compared
from gongkai.imports.page import Page, UnreadableFileError, document_text, file_names
from gongkai.imports.reading import read_page
from gongkai.memory.files import write_atomically
from gongkai.records.editing import quoted
from gongkai.records.front_matter import read_source
from gongkai.records.numbering import free_numbers
from gongkai.records.reading import read_document
from gongkai.records.vocabulary import KEY_OF, label
from gongkai.site import Column, Site

_USUAL: Mapping[str, str] = {"disclosure": "主动公开", "term": "常年公开", "audience": "面向全社会"}
"""What is usual for a paper that is to be made public; reported wherever it stands in for a field."""
_OPTION_FOR: Mapping[str, str] = {
    "title": "--title 标题",
    "created": "--created 2026-01-31",
    "published": "--published '2026-01-31 09:00:00'",
}
"""The option of the command that gives a field which the file does not have."""
_ORIGINAL_KEPT = "原件已作为附件。原件里的作者、批注、修订和隐藏文字也会公开，请先清除（文件 → 信息 → 检查文档）"


class ImportFailedError(Exception):
    """One file could not be imported; the arguments are the lines to print, after the file's name."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What holds for all files of one import."""

    site: Site
    docs_dir: Path
    extensions: Sequence[str]
    """The Markdown extensions that pages are rendered with."""
    extension_configs: Mapping[str, Mapping[str, object]]
    now: datetime
    find_damage: Callable[[str], Iterable[tuple[int, str]]]
    """What looks damaged in a text: (line from 1, words for the clerk)."""
    column_key: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    """By key; they count more than what the file says."""
    overwrite: bool = False
    allow_differences: bool = False
    keep_original: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one file; `report` is for stdout, `warnings` are what the clerk should look at."""

    path: str
    """Relative to docs/."""
    number: str
    is_changed: bool
    may_be_unregistered: bool
    """True as well for one that is unchanged: an earlier import may have been cut off before the register."""
    report: tuple[str, ...]
    warnings: tuple[str, ...]
    comparison: Comparison


@dataclass(slots=True)
class Holdings:
    """What docs/ has already; an import adds to `numbers` as it goes."""

    numbers: dict[str, str]
    """The index number of every document by its path."""
    free: Iterator[str]
    """Numbers to be issued, of the year of the import."""
    defaults: FolderDefaults


def holdings_of(archive: Archive, year: int) -> Holdings:
    """What an import in `year` asks the archive for."""
    numbers = {document.path: document.record.index.text for document in archive.documents}
    code = archive.site.organisation.code
    return Holdings(numbers, free_numbers(code, year, partial(used_numbers, archive, year)), archive.defaults)


def import_item(item: Item, stem: str, options: ImportOptions, holdings: Holdings) -> Imported:
    """Import one file under its name `stem`; raises ImportFailedError, and then nothing was written."""
    page, data = _read(item)
    _refuse_undisclosed(page, options)
    comparison, differences = _compared(page, options)
    problems = (*differences, *page.losses)
    if problems and not options.allow_differences:
        raise ImportFailedError(*problems, "确要照样导入请加 --allow-differences，并对照原件检查")
    column = _column(page.fields.get("category", ""), options)
    page, notes = _completed(page, column, options, holdings)
    if options.keep_original:
        page, notes = _with_original(page, item, data), (*notes, _ORIGINAL_KEPT)
    is_issued = not page.fields.get("index", "").strip()
    page, number, path = _placed(page, stem, column, options, holdings)
    is_changed = _write(options.docs_dir / path, page, overwrite=options.overwrite)
    is_known = path in holdings.numbers
    holdings.numbers[path] = number
    damages = tuple(_damages(page, options))
    summary = _summary(comparison, number if is_issued else "", len(damages), differs=bool(differences))
    head = f"{'已导入' if is_changed else '已有同样的文件，未改动'}：{options.docs_dir / path}（{summary}）"
    return Imported(
        path=path,
        number=number,
        is_changed=is_changed,
        may_be_unregistered=not (is_known and is_changed),
        report=(head, *(f"  {note}" for note in (*notes, *page.notes) if is_changed)),
        warnings=(*problems, *damages),
        comparison=comparison,
    )


def _read(item: Item) -> tuple[Page, bytes]:
    try:
        data = item.read()
        return read_page(data, item.ending, item.data_beside), data
    except UnreadableFileError as problem:
        raise ImportFailedError(str(problem)) from None


def _refuse_undisclosed(page: Page, options: ImportOptions) -> None:
    if (options.fields.get("disclosure") or page.fields.get("disclosure", "")) == "不予公开":
        raise ImportFailedError("原文写明不予公开，没有导入。放进仓库的文件，看得到仓库的人都看得到")


def _compared(page: Page, options: ImportOptions) -> tuple[Comparison, tuple[str, ...]]:
    """What was compared, and every place where the page is not its source, in words."""
    found = compared(page, extensions=options.extensions, extension_configs=options.extension_configs)
    differences = (
        f"{_where(page, one.line)}原文“{one.source_excerpt}”变成了“{one.result_excerpt}”" for one in found.differences
    )
    return found, (*differences, *found.otherwise)


def _where(page: Page, line: int) -> str:
    return f"{line}: " if page.is_by_line else f"第 {line} 段："


def _damages(page: Page, options: ImportOptions) -> Iterator[str]:
    source = "\n".join(line.replace("\n", " ") for line in page.source)
    return (f"{_where(page, line)}{words}" for line, words in options.find_damage(source))


def _summary(found: Comparison, issued: str, damages: int, *, differs: bool) -> str:
    counts = {
        "个数字": found.numbers,
        "张表格": found.tables,
        "个单元格": found.cells,
        "条脚注": found.notes,
        "张图片": found.pictures,
    }
    sizes = "、".join([f"正文 {found.characters} 字", *(f"{count} {name}" for name, count in counts.items() if count)])
    proof = "与原文有出入，已列出" if differs else "逐字核对无误"
    number = f"，没有信息索取号，已编为 {issued}" if issued else ""
    damaged = f"；原文有 {damages} 处像是缺损，已列出，均未改动，请查对原件" if damages else ""
    return f"{sizes}，{proof}{number}{damaged}"


def _column(category: str, options: ImportOptions) -> Column:
    """The column that the option names, else the one that the page says it belongs to."""
    if options.column_key:
        return options.site.column_by_key[options.column_key]
    columns = options.site.columns
    found = next((column for column in columns if column.name == category), None)
    if found is None:
        keys = "、".join(f"{column.key}（{column.name}）" for column in columns)
        said = f"页面上的信息类别是“{category}”" if category else "文件里没有写信息类别"
        raise ImportFailedError(f"{said}，看不出属于哪个栏目。请加 --column，可用：{keys}")
    return found


def _completed(page: Page, column: Column, options: ImportOptions, holdings: Holdings) -> tuple[Page, tuple[str, ...]]:
    """The page with the fields that options give and what is usual, and what to report of them."""
    fields = {**page.fields, **options.fields}
    defaults = holdings.defaults.of(column.key).values
    assumed = {}
    if page.may_assume:
        assumed = {key: value for key, value in _USUAL.items() if not fields.get(key) and not defaults.get(key)}
        if not fields.get("category") and not defaults.get("category"):
            fields["category"] = column.name
    if page.is_new and not fields.get("published"):
        assumed["published"] = options.now.strftime("%Y-%m-%d %H:%M:00")
    notes = []
    read = {key: page.fields[key] for key in ("title", "document_number", "created") if page.fields.get(key)}
    if page.is_new and read:
        notes.append(f"从文件里读出：{_labelled(read)}")
    if assumed:
        notes.append(f"没有写明，按通常填写，请核对：{_labelled(assumed)}")
    return replace(page, fields={**fields, **assumed}), tuple(notes)


def _labelled(fields: Mapping[str, str]) -> str:
    return "、".join(f"{label(key)}“{value}”" for key, value in fields.items())


def _with_original(page: Page, item: Item, data: bytes) -> Page:
    name = named_by_content(data, item.ending.lstrip("."), "original")
    raw = f"[{{file: {name}, title: {quoted(page.fields.get('title') or item.stem)}}}]"
    return replace(page, raw={**page.raw, "attachments": raw}, assets={**page.assets, name: data})


def _placed(page: Page, stem: str, column: Column, options: ImportOptions, holdings: Holdings) -> tuple[Page, str, str]:
    """The page with its number, the number, and its path relative to docs/.

    A page without a number gets that of its earlier import, else the next that is free.
    """
    own = page.fields.get("index", "").strip()
    paths = tuple(f"{column.key}/{name}" for name in file_names(own, stem))
    if not own:
        earlier = holdings.numbers.get(paths[0])
        page = _as_before(page, options.docs_dir / paths[0]) if earlier else page
        page = replace(page, fields={**page.fields, "index": earlier or next(holdings.free)})
    number = _number(page, paths[0], column, options, holdings)
    return page, number, _free_path(number, paths, options, holdings)


def _as_before(page: Page, target: Path) -> Page:
    """A page that became public with an earlier import keeps that moment."""
    if not page.is_new or not target.is_file():
        return page
    entries = read_source(target.read_bytes()).entries
    earlier = next((entry.value for entry in entries if KEY_OF.get(entry.key) == "published"), None)
    return replace(page, fields={**page.fields, "published": earlier}) if isinstance(earlier, str) else page


def _number(page: Page, path: str, column: Column, options: ImportOptions, holdings: Holdings) -> str:
    """The index number of the document; raises ImportFailedError where it could not be published."""
    reading = read_document(
        document_text(page).encode(), path=path, zone=options.site.zone, defaults=holdings.defaults.of(column.key)
    )
    if reading.document is None:
        errors = (finding for _, finding in reading.refusals())
        raise ImportFailedError(
            *(f"页面上的{label(one.field)}：{one.message}{_option_for(page, one.field)}" for one in errors)
        )
    return reading.document.record.index.text


def _option_for(page: Page, key: str) -> str:
    """How to give what the file does not have."""
    is_missing = not page.fields.get(key)
    return f"；导入时可以加 {_OPTION_FOR[key]}" if is_missing and key in _OPTION_FOR else ""


def _free_path(number: str, paths: tuple[str, ...], options: ImportOptions, holdings: Holdings) -> str:
    """Where among `paths` the document stands or may stand; raises ImportFailedError where its number is elsewhere."""
    known = holdings.numbers
    for path, other in known.items():
        if other == number and path not in paths:
            where = shown_path(options.docs_dir / path)
            raise ImportFailedError(f"信息索取号“{number}”已经用在 {where}。同一页面导入过了，或号有误")
    own = [path for path in paths if known.get(path, number) == number]
    return next((path for path in own if path in known), (own or paths)[0])


def _write(target: Path, page: Page, *, overwrite: bool) -> bool:
    """Put the page and its files in place by rename, the files first; False where all of it stood there already.

    Raises ImportFailedError rather than lose another text, and where it cannot write: then what it wrote is gone.
    """
    text = document_text(page).encode()
    files = {target.parent / name: data for name, data in page.assets.items()}
    missing = {path: data for path, data in files.items() if not path.is_file() or path.read_bytes() != data}
    is_there = target.is_file()
    is_same = is_there and target.read_bytes() == text
    if is_same and not missing:
        return False
    if is_there and not is_same and not overwrite:
        raise ImportFailedError(f"{target}: 已有这个文件，内容不同。确要替换请加 --overwrite")
    written: list[Path] = []
    try:
        for path, data in {**missing, target: text}.items():
            existed = path.exists()
            write_atomically(path, data)
            written += [] if existed else [path]
    except OSError as problem:
        _undo(written)
        raise ImportFailedError(f"{target}: 写不进去：{problem.strerror}。请检查文件夹和权限") from None
    return True


def _undo(written: list[Path]) -> None:
    for path in written:
        with suppress(OSError):
            path.unlink()
