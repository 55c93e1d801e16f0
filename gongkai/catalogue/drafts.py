"""New documents: their fields filled in, and next year's drafted on the lines of this year's."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gongkai.catalogue.archive import Archive
from gongkai.catalogue.series import Series, going_on, skeleton, title_pattern, yearly_series, years_on
from gongkai.catalogue.sources import folder_of, shown_path
from gongkai.memory.files import write_atomically
from gongkai.records.editing import front_matter_text
from gongkai.records.findings import as_line
from gongkai.records.numbering import matching_numbers
from gongkai.records.reading import Document, body_of, read_document
from gongkai.records.vocabulary import TABLE
from gongkai.site import Column

#: What the next of a series takes over from the one before, beside its skeleton.
_INHERITED = ("category", "department", "disclosure", "audience", "source", "subject", "genre", "publisher")
_EXTRA = ("subject", "genre", "publisher", "keywords", "status")


class DraftError(Exception):
    """No document can be begun; `str()` says why, `exit_code` whether content (1) or the call (2) is to blame."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the clerk asked for; None for what was left open."""

    title: str | None = None
    department: str | None = None
    name: str | None = None
    draft: bool | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What will be written: into which folder, under which name (None: the number's), with which fields and body.

    `fields` in `given` are printed even where the folder's defaults fill them alike; `model` is the title of the
    document that it follows, "" for none.
    """

    folder: str
    column: Column
    fields: Mapping[str, str]
    name: str | None = None
    body: str = ""
    model: str = ""
    given: frozenset[str] = frozenset()

    def stem(self, number: str) -> str:
        """The file's name without its ending."""
        wanted = (self.name or number.rpartition("/")[2]).removesuffix(".md")
        return re.sub(r"[^\w-]+", "-", wanted).strip("-") or "document"


def fresh_draft(column: Column, wishes: Wishes) -> Draft:
    """A document of its own."""
    status = "草稿" if wishes.draft else ""
    fields = {"title": wishes.title or "", "department": wishes.department or "", "status": status}
    given = frozenset(key for key, value in fields.items() if value)
    return Draft(column.key, column, fields, wishes.name, given=given)


def series_to_go_on(archive: Archive, column: Column, now: datetime) -> tuple[Series, ...]:
    """The series of the column that may be gone on with; one document alone counts where all come yearly."""
    is_yearly = column.key in archive.site.series
    found = yearly_series(document for document in archive.documents if document.column == column.key)
    return tuple(one for one in going_on(found, now.year) if is_yearly or len(one.years) > 1)


def document_like(asked: str, archive: Archive) -> Document:
    """The one document of that number or path; raises DraftError where there is none, or more than one."""
    path = Path(asked)
    here = [one for one in archive.documents if (archive.docs_dir / one.path).resolve() == path.resolve()]
    if here:
        return here[0]
    if path.is_file():
        docs = shown_path(archive.docs_dir)
        raise DraftError(f"{shown_path(path)}：不是可读的文件，或不在 {docs} 里。请先运行 gongkai check", 1)
    numbers = matching_numbers(asked, (one.record.index.text for one in archive.documents))
    if len(numbers) != 1:
        several = f"可能是：{'、'.join(numbers)}。请写完整" if numbers else "没有这样的文件。请写信息索取号或路径"
        raise DraftError(f"--like {asked}：{several}", 1)
    return next(one for one in archive.documents if one.record.index.text == numbers[0])


def following(model: Document, archive: Archive, column: Column, wishes: Wishes) -> Draft:
    """Next year's document on the lines of `model`; raises DraftError where it is there, or cannot be named."""
    title = _next_title(model, archive, wishes)
    stem = model.path.rpartition("/")[2].removesuffix(".md")
    next_stem = years_on(stem, 1)
    own = {"title", "year", "keywords", "status"} | ({"department"} if wishes.department else set())
    return Draft(
        folder=model.folder,
        column=column,
        fields=_next_fields(model, title, wishes),
        name=wishes.name or (next_stem if next_stem != stem else None),
        body=skeleton(body_of((archive.docs_dir / model.path).read_bytes()), 1),
        model=model.record.title,
        given=frozenset(own),
    )


def _next_title(model: Document, archive: Archive, wishes: Wishes) -> str:
    title = wishes.title or years_on(model.record.title, 1)
    twins = (one for one in archive.documents if one.record.title == title and one.column == model.column)
    twin = next(twins, None)
    if twin:
        raise DraftError(f"已有《{title}》：{archive.docs_dir.name}/{twin.path}。没有新建", 1)
    if title == model.record.title:
        raise DraftError(f"《{title}》里没有年份，看不出下一份叫什么。请加 --title", 2)
    return title


def _next_fields(model: Document, title: str, wishes: Wishes) -> Mapping[str, str]:
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


def create(draft: Draft, archive: Archive, number: str, now: datetime) -> Path:
    """Write the document that `draft` plans; raises DraftError, and then nothing was written."""
    target = archive.docs_dir / draft.folder / f"{draft.stem(number)}.md"
    shown = shown_path(target)
    if target.exists():
        raise DraftError(f"{shown}: 已有这个文件，没有改动。请用 --name 另起文件名", 1)
    data = _text(draft, archive, number, now).encode()
    path = target.relative_to(archive.docs_dir).as_posix()
    defaults = archive.defaults.of(folder_of(path))
    reading = read_document(data, path=path, zone=archive.site.zone, defaults=defaults)
    refusals = [as_line(shown, line, one.field, one.message) for line, one in reading.refusals()]
    if refusals:
        raise DraftError("\n".join([*refusals, "没有新建。"]), 1)
    try:
        write_atomically(target, data)
    except OSError as problem:
        raise DraftError(f"{shown}：写不进去：{problem.strerror}。请检查权限", 2) from None
    return target


def _text(draft: Draft, archive: Archive, number: str, now: datetime) -> str:
    """The file; a field that the folder's defaults fill alike is left to them."""
    defaults = archive.defaults.of(draft.folder).values
    ready = {
        "category": draft.column.name,
        "disclosure": "主动公开",
        "created": now.date().isoformat(),
        "term": "常年公开",
        "audience": "面向全社会",
        "published": now.strftime("%Y-%m-%d %H:%M:00"),
        "source": "本局",
        "index": number,
    }
    values = {**ready, **{key: value for key, value in draft.fields.items() if value}}
    shown = (*TABLE, "published", "source")
    kept = {
        key: values.get(key, "")
        for key in ("title", "year", *shown, *_EXTRA)
        if (key in draft.given and values.get(key)) or (key not in defaults and (values.get(key) or key in shown))
    }
    return front_matter_text(kept, draft.body)
