"""`gongkai check --fix`: what has one right answer, shown first and then written."""

import difflib
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from gongkai.commands.options import say, stop
from gongkai.memory.files import write_atomically

if TYPE_CHECKING:
    from gongkai.checks.archive import Checked
    from gongkai.engine.settings import Settings


class Change(NamedTuple):
    """A file, what stands in it and what should; `is_public` where readers have it before them."""

    file: Path
    shown: str
    before: bytes
    after: bytes
    is_public: bool


def fix_files(paths: Iterable[str], checked: "Checked", settings: "Settings", *, is_agreed: bool) -> bool:
    """Mend the documents at `paths` (relative to docs/) once somebody agreed; whether anything was written."""
    changes = list(_changes(paths, checked, settings))
    if not changes:
        click.echo("没有可以自动改正的写法。")
        return False
    for change in changes:
        click.echo("".join(_difference(change)), nl=False)
    if not is_agreed and not _agreed(len(changes)):
        return False
    for change in changes:
        try:
            write_atomically(change.file, change.after)
        except OSError as problem:
            stop(f"{change.shown}：写不进去：{problem.strerror}。请检查权限，前面的文件已经改好", 2)
    click.echo(f"已改正 {len(changes)} 个文件。")
    public = [change.shown for change in changes if change.is_public]
    if public:
        told = (
            "下面的文件已经公开，文字有了改动。改的若不只是标点，请在“更正”里加一条说明（change-unnoted）："
        )
        say([told, *(f"  {shown}" for shown in public)])
    return True


def _agreed(count: int) -> bool:
    """Whether whoever sits there says yes; nobody does where nobody sits."""
    if sys.stdin.isatty():
        return click.confirm(f"写入以上 {count} 个文件的改动？")
    say([f"以上 {count} 个文件可以改正，还没有写入。要写入，请加 --yes"])
    return False


def _changes(paths: Iterable[str], checked: "Checked", settings: "Settings") -> Iterator[Change]:
    from gongkai.catalogue.sources import FolderDefaults, folder_of, shown_path
    from gongkai.checks.fixing import fixed

    zone = settings.site.zone
    defaults = FolderDefaults(settings.docs_dir, zone)
    public = {one.document.path for one in checked.decided if not one.is_hidden}
    for path in paths:
        file = settings.docs_dir / path
        before = file.read_bytes()
        after = fixed(before, zone, defaults.of(folder_of(path)))
        if after != before:
            yield Change(file, shown_path(file), before, after, path in public)


def _difference(change: Change) -> Iterator[str]:
    from gongkai.records.front_matter import decode

    before, after = (
        (decode(data)[0] or "").splitlines(keepends=True) for data in (change.before, change.after)
    )
    lines = list(difflib.unified_diff(before, after, change.shown, change.shown, n=1))
    if not lines:
        yield f"--- {change.shown}\n（编码改为 UTF-8，文字不变）\n"
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n（文件末尾没有换行）\n"
