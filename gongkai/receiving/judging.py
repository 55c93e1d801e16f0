"""Whether a push may be published, and how that is told at a clerk's terminal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gongkai.catalogue.history import HistoryError
from gongkai.catalogue.order import Decided
from gongkai.checks.protocol import Reported, Waived
from gongkai.checks.push_report import PushReport, as_text, everything_new, report_since
from gongkai.checks.run import Asked, check_folder
from gongkai.engine.settings import Settings, read_settings
from gongkai.memory.pool import open_pool
from gongkai.receiving.desk import Desk
from gongkai.receiving.failures import FlawedError, RefusedError
from gongkai.site import SettingsError

_ERRORS, _WARNINGS = 50, 10
UNCHANGED = "网站没有变化。"


@dataclass(frozen=True, slots=True)
class Judgement:
    """Every finding in a commit, errors first, those that were waived, how many documents could be read, and what becomes public."""

    findings: tuple[Reported, ...]
    waived: tuple[Waived, ...]
    documents: int
    report: PushReport

    @property
    def errors(self) -> tuple[Reported, ...]:
        return tuple(finding for finding in self.findings if finding.is_error)

    @property
    def warnings(self) -> tuple[Reported, ...]:
        return tuple(finding for finding in self.findings if not finding.is_error)


def judge(desk: Desk, now: datetime, *, since: str, memory: Path, jobs: int | None) -> Judgement:
    """All that `gongkai check --changed --since` finds in the commit that is laid out, and what the push does.

    "" stands for no commit before: then everything is looked at. `memory` is the folder that remembers what was read.
    Paths are told from the present folder, which should be the desk's tree.
    """
    settings = _settings(desk)
    asked = Asked(is_thorough=True, since=since, is_narrow=bool(since))
    memory.mkdir(parents=True, exist_ok=True)
    memory.chmod(0o700)  # it remembers documents that are not public
    try:
        with open_pool(jobs=jobs, scheduler=None) as workers:
            found = check_folder(
                settings.docs_dir,
                settings.site,
                now,
                asked,
                memory=memory,
                pool=workers,
                anchors_of=settings.anchors_of,
            )
        report = _report(settings, now, found.decided, since)
    except HistoryError as problem:
        raise RefusedError(f"无法与推送以前的提交比较：{problem}。请告诉网站管理员") from None
    findings = sorted(filter(found.is_asked, found.findings), key=lambda one: (not one.is_error, one))
    return Judgement(tuple(findings), found.waived, len(found.decided), report)


def _settings(desk: Desk) -> Settings:
    try:
        return read_settings(desk.config_file, docs_dir=desk.docs_dir)
    except SettingsError as problem:
        raise FlawedError(*str(problem).splitlines()) from None


def _report(settings: Settings, now: datetime, everything: Sequence[Decided], since: str) -> PushReport:
    if not since:
        return everything_new(settings.docs_dir, everything, now)
    return report_since(settings.docs_dir, settings.site, now, everything, since=since)


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


def acceptance(judgement: Judgement, *, address: str) -> Iterator[str]:
    """What a clerk reads whose push passed; `address` is the site's."""
    warnings = judgement.warnings
    yield f"检查通过：可读文件 {judgement.documents:,} 件，{len(warnings)} 条提醒。"
    yield from _listed(warnings, _WARNINGS, "提醒")
    yield from waived(judgement)
    yield ""
    yield from as_text(judgement.report, site=address).split("\n")
    yield ""


def waived(judgement: Judgement) -> Iterator[str]:
    """What the documents' own waivers answer for: nobody should let that pass unseen."""
    for finding, waiver in judgement.waived:
        yield f"  已豁免：{finding} [{finding.code}] 原因：{waiver.reason}；批准：{waiver.allowed_by}"


def findings_of_preview(judgement: Judgement, *, address: str) -> Iterator[str]:
    """What is told of a branch that is only looked at; `address` is the preview's."""
    errors, warnings = judgement.errors, judgement.warnings
    yield f"检查：{len(errors)} 处错误，{len(warnings)} 条提醒。"
    yield from _listed(errors, _ERRORS, "错误")
    yield from _listed(warnings, _WARNINGS, "提醒")
    yield from waived(judgement)
    if not errors:
        yield from as_text(judgement.report, preview=address).split("\n")


def _listed(findings: Sequence[Reported], limit: int, kind: str) -> Iterator[str]:
    for finding in findings[:limit]:
        yield f"  {finding} [{kind} {finding.code}]"
    if len(findings) > limit:
        left = len(findings) - limit
        yield f"  ……还有 {left} 条{kind}。要看全部，请在本机运行 scripts/gongkai check。"
