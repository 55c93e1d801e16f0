"""What a clerk hands over: files, folders and archives, each as the pages in it and the files beside them."""

import os
import posixpath
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final
from zipfile import BadZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError  # noqa: N812 - the library's name is in lower case

from gongkai.imports.page import UnreadableFileError
from gongkai.imports.reading import HTML, KINDS, MARKDOWN, read_page

LARGEST: Final = 64 * 1024 * 1024
_MOST_FILES: Final = 20_000
_MOST_BYTES: Final = 2 * 1024 * 1024 * 1024
"""Of all files of an archive, unpacked."""
_JUNK: Final = ("thumbs.db", "desktop.ini", "__macosx")
_UTF8: Final = 0x800
_FIRST_HAN: Final = "\u2e80"
"""Below it are the letters of UTF-8 for which two bytes of GBK may be taken: 通 in GBK is also a sign of Greek."""


Read = Callable[[], bytes]
"""Reads one file; raises UnreadableFileError."""


@dataclass(frozen=True, slots=True)
class Item:
    """A file: `name` is its path within what was given, `shown` how messages name it."""

    shown: str
    name: str
    read: Read
    beside: Callable[[str], "Item | None"]
    """The file at a path relative to this one's folder."""

    @property
    def stem(self) -> str:
        return posixpath.splitext(posixpath.basename(self.name))[0]

    @property
    def ending(self) -> str:
        return posixpath.splitext(self.name)[1].lower()

    def data_beside(self, path: str) -> bytes | None:
        found = self.beside(path)
        return found.read() if found else None


@dataclass(frozen=True, slots=True)
class Bundle:
    """All that was given: the pages to import, what to tell of the rest, how many arguments could not be opened."""

    pages: tuple[Item, ...]
    messages: tuple[str, ...]
    failures: int


def open_bundle(given: Sequence[Path]) -> Bundle:
    """In folders and archives a file that a page leads to is that page's attachment, not a page."""
    pages: list[Item] = []
    messages: list[str] = []
    failures = 0
    for file in given:
        try:
            items = items_of(file)
        except UnreadableFileError as problem:
            failures += 1
            messages.append(f"{file}: {problem}")
            continue
        is_one = not file.is_dir() and file.suffix.lower() != ".zip"
        attached = set() if is_one else _attached(items)
        found = [item for item in items if is_one or (item.ending in KINDS and item.name not in attached)]
        pages += found
        messages += _left_out(file, [item.name for item in items], {item.name for item in found}, attached)
    return Bundle(tuple(pages), tuple(messages), failures)


def _attached(items: Sequence[Item]) -> set[str]:
    """The files that pages of HTML and Markdown among `items` lead to, other pages left out."""
    asked: set[str] = set()
    for item in items:
        if item.ending in (*HTML, *MARKDOWN):
            with suppress(UnreadableFileError):  # told when it is imported
                read_page(item.read(), item.ending, partial(_asked_for, item, asked))
    return asked


def _asked_for(page: Item, asked: set[str], path: str) -> bytes | None:
    found = page.beside(path)
    asked.update([found.name] if found else [])
    return found.read() if found else None


def _left_out(file: Path, names: list[str], pages: set[str], attached: set[str]) -> Iterator[str]:
    others = [name for name in names if name not in pages | attached]
    if others:
        shown = "、".join(others[:5]) + ("等" if len(others) > 5 else "")
        yield f"{file}: 没有页面用到、也不能作为正文导入的文件 {len(others)} 个，没有导入：{shown}"
    if not pages:
        yield f"{file}: 里面没有可以导入的文件"


def stems_of(pages: Iterable[Item]) -> dict[str, str]:
    """The name that each page without a number is filed under, by `shown`.

    With its folder's name where another page has the same.
    """
    pages = list(pages)
    counts = Counter(page.stem.lower() for page in pages)
    return {
        page.shown: page.stem if counts[page.stem.lower()] == 1 else page.name.rpartition(".")[0].replace("/", "-")
        for page in pages
    }


def items_of(given: Path) -> list[Item]:
    """The files of one argument in the order of their names; raises UnreadableFileError for an archive that is none."""
    if given.is_dir():
        return _items(given, {name: partial(_read_file, given / name) for name in _names(given)})
    if given.suffix.lower() == ".zip":
        return _items(given, _members(given))
    return [_item(str(given), given.name, partial(_read_file, given), partial(_near, given.parent))]


def _items(given: Path, files: Mapping[str, Read]) -> list[Item]:
    return [_item(f"{given}/{name}", name, files[name], files.get) for name in sorted(files)]


def _item(shown: str, name: str, read: Read, find: Callable[[str], Read | None]) -> Item:
    def beside(path: str) -> Item | None:
        wanted = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
        found = None if wanted.startswith(("/", "..")) or _is_junk(wanted) else find(wanted)
        return _item(posixpath.join(posixpath.dirname(shown), path), wanted, found, find) if found else None

    return Item(shown, name, read, beside)


def _near(folder: Path, name: str) -> Read | None:
    """A file in or below the folder of one that was given alone."""
    path = folder / name
    is_inside = path.is_file() and path.resolve().is_relative_to(folder.resolve())
    return partial(_read_file, path) if is_inside else None


def _is_junk(name: str) -> bool:
    """Hidden files, what macOS and Windows leave behind, what Word keeps of an open file."""
    parts = name.casefold().split("/")
    return any(part.startswith((".", "~$")) or part in _JUNK for part in parts)


def _names(folder: Path) -> Iterator[str]:
    for place, folders, files in os.walk(folder):
        below = Path(place).relative_to(folder).as_posix()
        names = (posixpath.normpath(posixpath.join(below, name)) for name in files)
        yield from (name for name in names if not _is_junk(name) and not (folder / name).is_symlink())
        folders[:] = [name for name in folders if not _is_junk(name)]


def _read_file(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise UnreadableFileError(f"文件有 {size // 2**20} MB，太大了，没有读。最多 {LARGEST // 2**20} MB")
        return path.read_bytes()
    except OSError as problem:
        raise UnreadableFileError(f"文件打不开：{problem.strerror}。请检查文件是否还在、是否有权限") from None


def _members(given: Path) -> Mapping[str, Read]:
    """The files of an archive by their names; none is ever unpacked to a place that the archive chooses."""
    try:
        with ZipFile(given) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    except (BadZipFile, OSError, NotImplementedError, ValueError):
        raise UnreadableFileError("压缩包打不开，不是 zip 或者已损坏。请重新压缩，再导入") from None
    if len(entries) > _MOST_FILES or sum(entry.file_size for entry in entries) > _MOST_BYTES:
        raise UnreadableFileError("压缩包里的文件太多或者展开以后太大，没有读。请分成几个压缩包")
    found: dict[str, Read] = {}
    for entry in entries:
        name = _name_of(entry)
        if name.startswith("/") or ":" in name.split("/")[0] or ".." in name.split("/"):
            raise UnreadableFileError(f"压缩包里有不该有的路径“{name[:60]}”，没有读。请重新压缩，再导入")
        if not _is_junk(name) and not stat.S_ISLNK(entry.external_attr >> 16):
            found[posixpath.normpath(name)] = partial(_read_member, given, entry)
    return found


def _name_of(entry: ZipInfo) -> str:
    """Chinese Windows writes names in GBK and says nothing of it; zipfile then reads them as code page 437."""
    if entry.flag_bits & _UTF8:
        return entry.filename.replace("\\", "/")
    read = (_decoded(entry.filename, encoding) for encoding in ("utf-8", "gb18030"))
    names = [name for name in read if name is not None]
    likely = (name for name in names if name.isascii() or any(sign >= _FIRST_HAN for sign in name))
    return next(likely, next(iter(names), entry.filename)).replace("\\", "/")


def _decoded(name: str, encoding: str) -> str | None:
    try:
        return name.encode("cp437").decode(encoding)
    except UnicodeError:
        return None


def _read_member(archive_file: Path, entry: ZipInfo) -> bytes:
    try:
        with ZipFile(archive_file) as archive, archive.open(entry) as member:
            data = member.read(LARGEST + 1)
    except RuntimeError:
        raise UnreadableFileError("压缩包设了密码，读不了。请解开以后再导入") from None
    except (BadZipFile, ZlibError, EOFError, OSError, NotImplementedError):
        raise UnreadableFileError("压缩包里的这个文件已损坏，读不了。请重新压缩，再导入") from None
    if len(data) > LARGEST:
        raise UnreadableFileError(f"文件展开以后超过 {LARGEST // 2**20} MB，没有读")
    return data
