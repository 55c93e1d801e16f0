"""Whether a push may be published, and how that is told at a clerk's terminal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from hooks.catalogue.attachments import public_files
from hooks.catalogue.history import HistoryError
from hooks.catalogue.order import public_documents
from hooks.checks.archive import check_archive
from hooks.checks.attached import attached_findings
from hooks.engine.readings import read_all
from hooks.engine.workers import crew
from hooks.receiving.desk import Desk
from hooks.receiving.failures import RefusedError
from hooks.records.findings import Finding
from hooks.site import Site

_ERRORS, _WARNINGS = 50, 10
UNCHANGED = "网站没有变化。"


@dataclass(frozen=True, slots=True)
class Judgement:
    """Every finding in a commit, errors first, and how many documents could be read."""

    findings: tuple[Finding, ...]
    documents: int

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.is_error)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if not finding.is_error)


def judge(
    desk: Desk, site: Site, now: datetime, *, since: str | None, memory: Path, jobs: int | None
) -> Judgement:
    """All that `gongkai check --since` finds in the commit that is laid out; None compares it to nothing.

    Attachments are opened only where they or their documents are new since then. `memory` is the folder where the build
    remembers what it read. Paths are told from the present folder, which should be the desk's tree.
    """
    try:
        with crew(jobs=jobs, scheduler=None) as workers:
            read = partial(read_all, site=site, memory=memory, crew=workers, tell=_unheard)
            checked = check_archive(desk.docs_dir, site, now, since=since, read=read)
    except HistoryError as problem:
        raise RefusedError(f"无法与推送以前的提交比较：{problem}。请告诉网站管理员") from None
    fresh = desk.changed_documents(since) if since else None
    attached = [
        finding
        for public in public_documents(checked.decided)
        if fresh is None or not fresh.isdisjoint({public.document.path, *public_files(public.document)})
        for finding in attached_findings(public, desk.docs_dir)
    ]
    found = sorted([*checked.findings, *attached], key=lambda one: (not one.is_error, one))
    return Judgement(tuple(found), len(checked.documents))


def _unheard(done: int, total: int) -> None:
    """It is over before anyone could read of it, but for the first time."""


def refusal(judgement: Judgement) -> Iterator[str]:
    """What a clerk reads whose push is not accepted."""
    errors, warnings = judgement.errors, judgement.warnings
    yield f"检查没有通过：{len(errors)} 处错误必须改正，推送没有被接受。{UNCHANGED}"
    yield ""
    yield from _listed(errors, _ERRORS, "错误")
    if warnings:
        yield ""
        yield f"另有 {len(warnings)} 条提醒，不改也能发布："
        yield from _listed(warnings, _WARNINGS, "提醒")
    yield ""
    yield from what_to_do()


def what_to_do() -> Iterator[str]:
    yield "怎么办："
    yield "  1. 按上面写的文件和行号改正；改好后在本机运行 scripts/gongkai check，直到 0 处错误；"
    yield "  2. 再提交、再推送：git add docs，git commit，git push。"
    yield "方括号里的代号在工作人员手册的“错误和提醒”一页里有说明和改法。"


def acceptance(judgement: Judgement) -> Iterator[str]:
    """What a clerk reads whose push passed; the report of what the push makes public belongs here, too."""
    warnings = judgement.warnings
    yield f"检查通过：可读文件 {judgement.documents:,} 件，{len(warnings)} 条提醒。"
    yield from _listed(warnings, _WARNINGS, "提醒")


def findings_of_preview(judgement: Judgement) -> Iterator[str]:
    """What is told of a branch that is only looked at."""
    errors, warnings = judgement.errors, judgement.warnings
    yield f"检查：{len(errors)} 处错误，{len(warnings)} 条提醒。"
    yield from _listed(errors, _ERRORS, "错误")
    yield from _listed(warnings, _WARNINGS, "提醒")


def _listed(findings: Sequence[Finding], limit: int, kind: str) -> Iterator[str]:
    for finding in findings[:limit]:
        yield f"  {finding} [{kind} {finding.code}]"
    if len(findings) > limit:
        left = len(findings) - limit
        yield f"  ……还有 {left} 条{kind}。要看全部，请在本机运行 scripts/gongkai check。"
