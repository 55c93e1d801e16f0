"""A search index brought up to date again and again, with what it should be made whole."""

import shutil
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path

from gongkai.memory.pool import Inline
from gongkai.search.entry import Entry
from gongkai.search.index import Index, build_index, update_index, written_page
from gongkai.search.opening import Names
from gongkai.search.texts import FOLDER, page_path

NAMES = Names(
    {"plans": "工作计划", "notices": "通知公告"},
    {"office": "办公室", "hightech": "高新技术科"},
)


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
            [written_page(site, entry) for entry in self.entries.values()],
            self.known,
            names=NAMES,
            site=site,
            gone=old if is_old_kept else None,
            scratch=self.folder / f"scratch-{self.generation}",
            executor=self.executor,
            tell=lambda done, total: None,
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
