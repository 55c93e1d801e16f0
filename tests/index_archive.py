"""A search index brought up to date again and again, with what it should be made whole."""

import shutil
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path

from hooks.search.entry import Entry
from hooks.search.index import Index, build_index, member_of, update_index
from hooks.search.inline import Inline
from hooks.search.texts import FOLDER, text_file, text_name

COLUMNS = {"plans": "工作计划", "notices": "通知公告"}
DEPARTMENTS = {"office": "办公室", "hightech": "高新技术科"}


@dataclass
class Archive:
    """A site's folder whose index is brought up to date again and again."""

    folder: Path
    executor: Executor = field(default_factory=Inline)
    entries: dict[int, Entry] = field(default_factory=dict)
    known: Index | None = None
    generation: int = 0

    def update(self, *, is_old_kept: bool = True) -> None:
        """Bring the index of the present entries up to date; texts of those that left stay only in the old site."""
        old, site = self._site(), self.folder / f"site-{self.generation + 1}"
        if old.exists():
            shutil.copytree(old, site)
        shutil.rmtree(site / FOLDER / "texts", ignore_errors=True)
        members = []
        for entry in self.entries.values():
            path, data = text_file(entry)
            (site / path).parent.mkdir(parents=True, exist_ok=True)
            (site / path).write_bytes(data)
            members.append(member_of(entry, text_name(path)))
        self.known = update_index(
            members,
            self.known,
            columns=COLUMNS,
            departments=DEPARTMENTS,
            site=site,
            gone=old if is_old_kept else None,
            scratch=self.folder / f"scratch-{self.generation}",
            executor=self.executor,
            tell=lambda done, total: None,
        )
        for left in set(files_below(site / FOLDER)) - {
            path.removeprefix(f"{FOLDER}/") for path in self.known.paths
        }:
            if not left.startswith("texts/"):
                (site / FOLDER / left).unlink()
        self.generation += 1

    def files(self) -> dict[str, bytes]:
        return files_below(self._site() / FOLDER)

    def whole(self) -> dict[str, bytes]:
        made = build_index(self.entries.values(), columns=COLUMNS, departments=DEPARTMENTS)
        return {path.removeprefix(f"{FOLDER}/"): data for path, data in made}

    def path_of(self, entry: Entry) -> Path:
        """Where the text of an entry lies in the site as it stands."""
        return self._site() / text_file(entry)[0]

    def _site(self) -> Path:
        return self.folder / f"site-{self.generation}"


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


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
