"""`gongkai register`: the register of everything ever published, brought up to date."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gongkai.commands.options import config_option, docs_option, now_option, say, settings_at, stop

if TYPE_CHECKING:
    from datetime import datetime

    from gongkai.catalogue.archive import Archive
    from gongkai.catalogue.register import Entry, Event

#: What only an old document may have.
_OLD = ("published-back-dated", "published-before-created")
_WORDS = {
    "published": "首次公开",
    "imported": "从旧网站移来",
    "withdrawn": "撤回",
    "moved": "移动",
    "changed": "内容改动",
    "state": "状态改变",
}


@click.command(options_metavar="[选项]", short_help="把新公开的文件和改动记入登记簿。")
@config_option
@docs_option
@click.option("--imported", is_flag=True, help="新记入的文件是从旧网站移来的，发布时间可以早于今天。")
@now_option
def register(config_file: Path | None, docs_dir: Path | None, imported: bool, now: str | None) -> None:
    """把新公开的文件和公开文件的改动记入登记簿（docs/.register）。

    登记簿只续写、不改写，请和文件一起提交。有错误时什么也不写。
    """
    from gongkai.catalogue.history import HistoryError
    from gongkai.catalogue.order import public_documents
    from gongkai.catalogue.register import append, due, read_register, without_claim
    from gongkai.catalogue.sources import shown_path
    from gongkai.checks.run import Asked
    from gongkai.commands.check import checked_by

    settings, moment = settings_at(config_file, docs_dir, now)
    try:
        checked = checked_by(settings, moment, Asked(is_thorough=True, since=""))
    except HistoryError as problem:
        stop(str(problem), 2)
    refused = [f for f in checked.findings if f.is_error and not (imported and f.code in _OLD)]
    if refused:
        say([*(f"{finding} [错误 {finding.code}]" for finding in refused), "登记簿没有改动。"])
        raise SystemExit(1)
    first: Event = "imported" if imported else "published"
    lost = without_claim(read_register(settings.docs_dir), checked.claims)
    documents = public_documents(checked.decided)
    lines = list(due(documents, checked.claims, now=moment, first=first, lost=lost))
    if not lines:
        click.echo("登记簿没有要续写的。")
        return
    file = append(settings.docs_dir, lines)
    click.echo(f"登记簿续写 {len(lines)} 行（{_counted(lines)}）：{shown_path(file)}。请和文件一起提交。")


def entered(archive: "Archive", paths: "Iterable[str]", *, event: "Event", now: "datetime") -> str:
    """Enter documents, by path relative to docs/, where there is a register; the sentence to print, "" for none."""
    from gongkai.catalogue.register import BrokenRegisterError, enter

    try:
        lines = enter(archive.defaults, paths, event=event, now=now)
    except BrokenRegisterError as problem:
        return f"{problem}。改好以后请运行 gongkai register"
    return f"登记簿续写 {len(lines)} 行（{_counted(lines)}）。" if lines else ""


def _counted(lines: "Sequence[Entry]") -> str:
    """How many lines of which kind, in words."""
    kinds = Counter(entry.event for entry in lines)
    return "，".join(f"{_WORDS[event]} {count}" for event, count in kinds.most_common())
