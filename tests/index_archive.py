"""Invented documents in a search index, made whole or brought up to date again and again."""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from gongkai.memory.files import write_atomically
from gongkai.memory.pool import Inline
from gongkai.search.index import Index, update_index
from gongkai.search.members import (
    FOLDER,
    AttachedPage,
    Member,
    Text,
    attached_file,
    attached_path,
    body_of_page,
    listed_attachments,
    page_path,
)
from gongkai.search.opening import Names

NAMES = Names({"plans": "工作计划", "notices": "通知公告"}, {"office": "办公室", "hightech": "高新技术科"})


class AttachedText(NamedTuple):
    """What of an attachment can be searched: the name shown for it, its address, its pages in their order."""

    name: str
    address: str
    pages: Sequence[AttachedPage]


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as its texts say it."""

    url: str  # relative to the site's root, e.g. "summaries/2018/"
    title: str
    index: str  # the index number verbatim, "000014349/2019-136425"
    document_number: str  # "" when none
    column: str  # key
    department: str  # key or ""
    year: int  # of publication
    published: str  # "2018-07-26T09:55:00+08:00"
    text: str  # visible text of the body, a line per block
    genre: str = ""  # 体裁 as written
    validity: str = "in-force"  # a key of opening.VALIDITY
    has_files: bool = False  # whether attachments are listed beside it
    attached: tuple[AttachedText, ...] = ()


def text_of(entry: Entry) -> Text:
    """The text of `entry`."""
    said = (page.text for file in entry.attached for page in file.pages)
    return Text(entry.title, entry.index, entry.document_number, entry.text, "\n".join(said))


def member_of(entry: Entry, attached: str = "") -> Member:
    """How the index lists `entry`; `attached` is as a member has it."""
    return Member(
        text=text_of(entry).digest,
        published=entry.published,
        index=entry.index,
        url=entry.url,
        title=entry.title,
        document_number=entry.document_number,
        year=entry.year,
        column=entry.column,
        department=entry.department,
        genre=entry.genre,
        validity=entry.validity,
        has_files=entry.has_files,
        attached=attached,
    )


def build_index(entries: Iterable[Entry], names: Names) -> Iterator[tuple[str, bytes]]:
    """Every file of an index made whole, with plain pages for the texts: its path from the site's root, its bytes."""
    with TemporaryDirectory(prefix="gongkai-index-") as folder:
        site = Path(folder, "site")
        members = [write_page(site, entry) for entry in entries]
        update_index(
            members,
            None,
            names=names,
            site=site,
            gone=None,
            scratch=Path(folder, "scratch"),
            executor=Inline(),
            progress=lambda done, total: None,
        )
        for file in sorted(path for path in site.rglob("*") if path.is_file()):
            yield file.relative_to(site).as_posix(), file.read_bytes()


def write_page(site: Path, entry: Entry) -> Member:
    """Put the page of `entry`, of nothing but what the index needs, and the text of its attachments into `site`."""
    lines = "".join(f"<p>{escape(line)}</p>" for line in entry.text.split("\n"))
    html = f"<!doctype html><meta charset=utf-8><h1>{escape(entry.title)}</h1><div data-document-body>{lines}</div>"
    write_atomically(site / page_path(entry.url), html.encode())
    printed = replace(entry, text=body_of_page(html))
    listed = []
    for file in entry.attached:
        name, data = attached_file(file.address, file.pages)
        write_atomically(site / attached_path(name), data)
        listed.append((file.name, file.address, name))
    return member_of(printed, listed_attachments(listed))


@dataclass
class Archive:
    """A site's folder whose index is brought up to date again and again."""

    folder: Path
    executor: Executor = field(default_factory=Inline)
    entries: dict[int, Entry] = field(default_factory=dict)
    known: Index | None = None
    generation: int = 0

    def update(self, *, is_old_kept: bool = True) -> None:
        """Bring the index of the present entries up to date; pages of those that left stay only in the old site."""
        old, site = self._site(), self.folder / f"site-{self.generation + 1}"
        if (old / FOLDER).exists():
            shutil.copytree(old / FOLDER, site / FOLDER)
        self.known = update_index(
            [write_page(site, entry) for entry in self.entries.values()],
            self.known,
            names=NAMES,
            site=site,
            gone=old if is_old_kept else None,
            scratch=self.folder / f"scratch-{self.generation}",
            executor=self.executor,
            progress=lambda done, total: None,
        )
        for left in {f"{FOLDER}/{path}" for path in files_below(site / FOLDER)} - set(self.known.paths):
            if "/files/" not in left:
                (site / left).unlink()
        self.generation += 1

    def files(self) -> dict[str, bytes]:
        return files_below(self._site() / FOLDER)

    def site(self) -> dict[str, bytes]:
        return files_below(self._site())

    def whole(self) -> dict[str, bytes]:
        made = build_index(self.entries.values(), NAMES)
        below = f"{FOLDER}/"
        return {path.removeprefix(below): data for path, data in made if path.startswith(below)}

    def path_of(self, entry: Entry) -> Path:
        """Where the page of an entry lies in the site as it stands."""
        return self._site() / page_path(entry.url)

    def _site(self) -> Path:
        return self.folder / f"site-{self.generation}"


def files_below(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def entry(number: int, text: str = "加强研发投入，新增高新技术企业63家。", day: int = 1) -> Entry:
    column = ("plans", "notices")[number % 2]
    return Entry(
        url=f"{column}/{number}/",
        title=f"第{number}号通知",
        index=f"SLKJ00012/2025-{number:05}",
        document_number="示科字〔2025〕8号" if number % 3 == 0 else "",
        column=column,
        department=("", "office", "hightech")[number % 3],
        year=2020 + day % 5,
        published=f"{2020 + day % 5}-01-{day % 28 + 1:02}T09:00:00+08:00",
        text=text,
    )
